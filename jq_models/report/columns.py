"""Columns of tables: how a kind of number is written for a reader, a spreadsheet and a program."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pandas as pd

from jq_models.report.names import name_of, starred
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

BOUNDS = ("estimate", "ci_low", "ci_high")
Format = str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """One column of a table.

    Attributes
    ----------
    heading : str
        What a reader sees above it.
    shown : tuple of str
        The rounded cells.
    raw : mapping
        Column name -> full-precision values for the CSV file; two names for an interval.
    headings : tuple of str
        One spreadsheet heading a raw column.
    formats : tuple of (str, tuple of str, or None)
        One spreadsheet number format a raw column, or one a row; None for text, which is shown as worded.
    align : {"left", "right"}
        Numbers stand right with equal decimals, and so line up at the decimal sign.
    texts : tuple of str, optional
        Text cells of the spreadsheet, where they differ from those shown.
    """

    heading: str
    shown: tuple[str, ...]
    raw: dict[str, tuple[object, ...]]
    headings: tuple[str, ...]
    formats: tuple[Format, ...]
    align: str
    texts: tuple[str, ...] | None = None

    def showing(self, cells: Iterable[str]) -> Column:
        """Return the column with other rounded cells, such as a mask for small groups."""
        return replace(self, shown=tuple(cells))


def words(code: str, *, heading: str, shown: Iterable[str], values: Iterable[object] | None = None) -> Column:
    """Return a column of words; `values` are the codes the CSV file gets instead, if any."""
    shown = tuple(shown)
    raw = shown if values is None else tuple(values)
    return Column(
        heading=heading, shown=shown, raw={code: raw}, headings=(heading,), formats=(None,), align="left"
    )


def constructs(
    codes: Iterable[object],
    *,
    instrument: Instrument,
    w: Wording,
    heading: str | None = None,
    code: str = "construct",
    star: bool = False,
) -> Column:
    """Return a column of constructs by their names; the CSV file gets their codes.

    Parameters
    ----------
    heading : str, optional
        Default: that of a construct.
    star : bool
        Whether the new dimensions are marked.
    """
    named, found = starred if star else name_of, [str(one) for one in codes]
    shown = [named(one, instrument=instrument, w=w) for one in found]
    return words(code, heading=heading or w("col.construct"), shown=shown, values=found)


def verdicts(code: str, *, heading: str, codes: Iterable[str], prefix: str, w: Wording) -> Column:
    """Return a column of decisions, worded by the catalogue's ``prefix.CODE``."""
    codes = list(codes)
    return words(code, heading=heading, shown=[w(f"{prefix}.{c}") for c in codes], values=codes)


def numbers(
    code: str,
    *,
    heading: str,
    values: Iterable[float],
    w: Wording,
    kind: str = "number",
    digits: int = 2,
) -> Column:
    """Return a column of numbers.

    Parameters
    ----------
    kind : {"number", "coefficient", "percent", "count", "p_value"}
        How the language writes them. Spreadsheets get the full value under a matching format.
    digits : int
        Decimals; counts and probabilities have their own.
    """
    values = tuple(float(v) for v in values)
    shown = tuple(writer(w, kind=kind, digits=digits)(v) for v in values)
    return Column(
        heading=heading,
        shown=shown,
        raw={code: tuple(map(whole, values)) if kind == "count" else values},
        headings=(heading,),
        formats=(excel_format(kind, digits, w),),
        align="right",
    )


def estimates(
    codes: tuple[str, str, str], *, heading: str, frame: pd.DataFrame, w: Wording, digits: int = 2
) -> Column:
    """Return a column of ``estimate [interval]``; files get the three numbers apart.

    Parameters
    ----------
    codes : (str, str, str)
        Names of estimate, lower and upper bound in the CSV file.
    frame : DataFrame
        Columns estimate, ci_low, ci_high. Without an interval (NaN, or no width) nothing was estimated: the
        bare value is shown, and a dash for a zero, which is an arrow that the model does not have.
    """
    rows = frame[list(BOUNDS)].astype(float)
    absent = (rows["estimate"] == 0) & ~(rows["ci_high"] > rows["ci_low"])
    rows = rows.mask(absent)
    values = {code: tuple(rows[c]) for code, c in zip(codes, BOUNDS, strict=True)}
    shown = []
    for estimate, low, high in zip(*values.values(), strict=True):
        interval = w.coefficient_interval(low, high, digits) if high > low else ""
        shown.append(f"{w.coefficient(estimate, digits)} {interval}".strip())
    return Column(
        heading=heading,
        shown=tuple(shown),
        raw=dict(values),
        headings=(heading, w("table.lower", heading=heading), w("table.upper", heading=heading)),
        formats=(excel_format("coefficient", digits, w),) * 3,
        align="right",
    )


def measured(frame: pd.DataFrame, *specs: str, w: Wording) -> list[Column]:
    """Return one number column a spec ``"column heading.key kind digits"`` (digits optional, 2)."""
    columns = []
    for spec in specs:
        column, key, kind, *digits = spec.split()
        places = int(digits[0]) if digits else 2
        columns.append(numbers(column, heading=w(key), values=frame[column], w=w, kind=kind, digits=places))
    return columns


def intervals(
    codes: tuple[str, str],
    *,
    heading: str,
    low: Iterable[float],
    high: Iterable[float],
    w: Wording,
    kind: str = "coefficient",
    digits: int = 2,
) -> Column:
    """Return a column of intervals; files get two columns, lower and upper bound."""
    low, high = tuple(map(float, low)), tuple(map(float, high))
    write = w.interval if kind == "number" else w.coefficient_interval
    bounds = (w("table.lower", heading=heading), w("table.upper", heading=heading))
    return Column(
        heading=heading,
        shown=tuple(write(a, b, digits) for a, b in zip(low, high, strict=True)),
        raw={codes[0]: low, codes[1]: high},
        headings=bounds,
        formats=(excel_format(kind, digits, w),) * 2,
        align="right",
    )


def whole(value: float) -> int | None:
    """Return a count as a whole number; None when unknown or hidden."""
    return None if math.isnan(value) else int(value)


def writer(w: Wording, *, kind: str, digits: int) -> Callable[[float], str]:
    if kind == "count":
        return w.count
    if kind == "p_value":
        return w.p_value
    write = {"number": w.number, "coefficient": w.coefficient, "percent": w.percent}[kind]
    return lambda value: write(value, digits)


def excel_format(kind: str, digits: int, w: Wording) -> str:
    """Return Excel's notation; it writes the decimal sign of its own language, but in words of ours."""
    if kind == "count":
        return "#,##0"
    if kind == "p_value":
        return f'[<0.001]"{w.p_value(0.0)}";0.000'
    return ("0." + "0" * digits if digits else "0") + ("%" if kind == "percent" else "")
