"""Columns that hold addresses, whatever their name."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any

import pandas as pd

_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[A-Za-z]{2,}")
_SAMPLE = 200


def holds_addresses(cells: pd.Series[Any]) -> bool:
    """Say whether half of a column's cells or more are e-mail or internet addresses."""
    found = [cell for cell in cells if cell is not None][:_SAMPLE]
    return bool(found) and 2 * sum(map(_is_address, found)) >= len(found)


def _is_address(cell: object) -> bool:
    if not isinstance(cell, str):
        return False
    if _MAIL.fullmatch(cell):
        return True
    try:
        ip_address(cell)
    except ValueError:
        return False
    return True
