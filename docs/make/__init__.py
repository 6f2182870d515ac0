"""The documentation site: pages from docstrings, notebooks and measured numbers, built by Sphinx offline."""
