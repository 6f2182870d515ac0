"""Sphinx: a site that asks nothing of the network. The pages are put together by `python -m docs.make`."""

from __future__ import annotations

from typing import Any

from jq_models import __version__

project = "The job-quality workbook"
author = "the workbook's authors"
copyright = "MIT licence"
release = __version__
extensions = ["myst_parser", "docs.make.formulas"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns: list[str] = []
html_theme = "furo"
html_title = f"Job-quality workbook {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options: dict[str, Any] = {"navigation_with_keys": True, "top_of_page_buttons": []}
# no formula needs a script: docs.make.formulas writes MathML, which browsers set themselves
html_math_renderer = "mathml"
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
# one word of the code in two places is no mistake of a page
suppress_warnings = ["misc.highlighting_failure"]
nitpicky = True
