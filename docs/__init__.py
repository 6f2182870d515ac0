"""The documentation site: hand-written pages, and what makes the others."""
