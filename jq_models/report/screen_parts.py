"""What the screens of fits share: a key and a text beside it, tables that fit, numbers for pasting.

Numbers are written with a plain hyphen as minus, so that they can be pasted into other programs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from jq_models.report.wording import MINUS, wording

# decimals of estimates: enough for two figures of the smallest standard error, within these
FEWEST, MOST = 3, 6
KEY_WIDTH, NAME_WIDTH = 10, 14


def opening(failed: str, *, failure: str, warnings: Iterable[str]) -> list[RenderableType]:
    """Return what must be known first: the failure after the words `failed`, then the warnings."""
    parts: list[RenderableType] = []
    if failure:
        parts.append(Text(f"{failed}: {failure}", style="bold red"))
    said = [warning for warning in warnings if warning not in failure]
    parts += [_hanging("Warning", warning, style="yellow") for warning in said]
    return [*parts, Text("")] if parts else []


def facts_grid(facts: Mapping[str, str]) -> RenderableType:
    """Return keys with a text beside each."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="bold", no_wrap=True, width=KEY_WIDTH)
    grid.add_column(overflow="fold")
    for key, value in facts.items():
        grid.add_row(key, Text(value))
    return grid


def numbers_grid(headings: Iterable[str]) -> Table:
    """Return a table without rows: a column of names, then columns of numbers."""
    grid = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1), pad_edge=False)
    grid.add_column("", overflow="fold", min_width=NAME_WIDTH)
    for heading in headings:
        grid.add_column(heading, justify="right", no_wrap=True)
    return grid


class Fitting:
    """The first of some tables that fits the console: a number cut off would be a wrong number."""

    def __init__(self, tables: list[Table]) -> None:
        self._tables = tables

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        endless = options.update_width(1000)  # a narrower one would bound what is measured
        fitting = (
            t for t in self._tables if Measurement.get(console, endless, t).minimum <= options.max_width
        )
        yield next(fitting, self._tables[-1])


def digits_for(se: pd.Series[float]) -> int:
    """Return how many decimals show two figures of the smallest standard error."""
    moving = se[se > 0]
    if moving.empty:
        return FEWEST
    return int(np.clip(1 - math.floor(math.log10(moving.min())), FEWEST, MOST))


def number(x: float, digits: int = 3) -> str:
    """Write a number."""
    return plain_signs(wording("en").number(x, digits)).replace(",", "")


def share(x: float) -> str:
    """Write a coefficient without the zero before its point."""
    return plain_signs(wording("en").coefficient(x, 3))


def plain_signs(text: str) -> str:
    """Write minus signs and dashes as hyphens."""
    return text.replace(MINUS, "-").replace("\N{EN DASH}", "-")


def _hanging(key: str, text: str, *, style: str) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style=f"bold {style}", no_wrap=True, width=KEY_WIDTH)
    grid.add_column(overflow="fold")
    grid.add_row(key, Text(text))
    return grid
