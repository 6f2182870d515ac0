"""Text that a spreadsheet would take for a formula, made plain.

Names of groups, columns and titles come from a client's file: "=HYPERLINK(...)" is a possible name of a team.
"""

from __future__ import annotations

import re

# with the signs of full width that East Asian spreadsheets read alike, and what is skipped before a sign
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where semicolons separate lists, as in Dutch Excel, a file with commas is cut at those, and at line ends.
_INSIDE = re.compile(r"([;,|\t\r\n]\s*)(?=[=+@＝＋－＠-])")


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet could compute this text."""
    return text.lstrip(" \u00a0").startswith(FORMULA) or text.startswith(FORMULA)


def harmless(value: object) -> object:
    """Return a cell of delimited text: an apostrophe before what would be a formula; numbers as they are."""
    if not isinstance(value, str):
        return value
    inside = _INSIDE.sub(r"\1'", value)
    return f"'{inside}" if is_formula(inside) else inside
