"""What both engines stand on: moments, resampling in blocks, interval formulas, one BLAS thread."""
