"""Standard errors and tests that do not take answers as normal or independent."""
