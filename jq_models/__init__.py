"""The job-quality workbook."""

__version__ = "0.1.0"
