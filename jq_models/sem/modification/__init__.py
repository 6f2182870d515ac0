"""What would change if a fixed parameter were freed or an equality released."""
