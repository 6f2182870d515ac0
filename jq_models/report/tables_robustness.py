"""Tables on the key paths in every variant, and on signs of careless answering."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from jq_models.evaluate.key_paths import KEYS
from jq_models.evaluate.robustness import CARELESS_INDICES, CarelessCounts, Robustness, Variant
from jq_models.evaluate.robustness.careless import (
    EVEN_ODD_LINE,
    LONG_STRING_SHARE,
    MAHALANOBIS_ALPHA,
    MINIMUM_HALVES,
)
from jq_models.report.columns import Column, numbers, words
from jq_models.report.columns import estimates as estimate_column
from jq_models.report.names import construct_of
from jq_models.report.table import Table, build
from jq_models.report.tables_nesting import label_of
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Group, Instrument

Path = tuple[str, str, str]
BOUNDS = ["estimate", "ci_low", "ci_high"]
NOTHING = dict.fromkeys(BOUNDS, math.nan)


def variant_name(variant: Variant, w: Wording, *, groups: Sequence[Group]) -> str:
    """Return what a variant is called."""
    if variant.code in ("cluster", "left_out"):
        if not variant.grouping:
            return w(f"robustness.{variant.code}_none")
        return w(f"robustness.{variant.code}", label=label_of(variant.grouping, groups=groups, w=w))
    return w(f"robustness.{variant.code}")


def marked_name(variant: Variant, w: Wording, *, groups: Sequence[Group]) -> str:
    """Return what a variant is called, marked where its solution is inadmissible."""
    name = variant_name(variant, w, groups=groups)
    return w("robustness.inadmissible", variant=name) if variant.inadmissible else name


def robustness_tables(
    found: Robustness, w: Wording, *, groups: Sequence[Group], instrument: Instrument, minimum: int
) -> list[Table]:
    """Show the key paths side by side, a row a variant: one table to the attitudes, one to leaving.

    Parameters
    ----------
    found : Robustness
        As ``evaluate.compare_variants`` returns it.
    minimum : int
        Smallest number of people shown: so few left out do not follow from n either.
    """
    tables = []
    for part in ("attitudes", "turnover"):
        paths = [path for path in found.paths if (path[1] == "TIN") == (part == "turnover")]
        if paths:
            tables.append(
                _table(part, found, w=w, paths=paths, groups=groups, instrument=instrument, minimum=minimum)
            )
    return tables


def _table(
    part: str,
    found: Robustness,
    *,
    w: Wording,
    paths: Sequence[Path],
    groups: Sequence[Group],
    instrument: Instrument,
    minimum: int,
) -> Table:
    variants = list(found.variants[:-1])
    names = [marked_name(v, w, groups=groups) for v in variants]
    codes = [v.code for v in variants]
    sizes = [shown_n(v, found, minimum=minimum) for v in variants]
    note, last = w("robustness.note", dash=DASH), found.of("left_out")
    if not last.why_not:
        label = label_of(last.grouping, groups=groups, w=w)
        names += [w("robustness.left_low", label=label), w("robustness.left_high", label=label)]
        codes += ["left_out_lowest", "left_out_highest"]
        sizes += [math.nan, math.nan]
        count = int(found.left_out["group"].nunique())
        note = f"{note} {w('robustness.note_left_out', label=label, count=count)}"
    return build(
        f"robustness_{part}",
        title=w(f"robustness.title_{part}"),
        note=note,
        columns=[
            words("variant", heading=w("robustness.variant"), shown=names, values=codes),
            numbers("n", heading=w("robustness.n"), values=sizes, w=w, kind="count"),
            *(_path_column(path, found, w=w, instrument=instrument) for path in paths),
        ],
    )


def shown_n(variant: Variant, found: Robustness, *, minimum: int) -> float:
    """Return the people used; NaN where nobody was, or where a few left out would follow from it."""
    few = variant.code == "careful" and 0 < found.careless.flagged < minimum
    # persons without a group are left out of what knows about groups
    few |= variant.code == "cluster" and 0 < found.reference.n - variant.n < minimum
    return math.nan if few or not variant.n else float(variant.n)


def _path_column(path: Path, found: Robustness, *, w: Wording, instrument: Instrument) -> Column:
    rows = [estimate_of(variant.estimates, path) for variant in found.variants[:-1]]
    if not found.of("left_out").why_not:
        own = rows_of(found.left_out, path).sort_values("estimate", kind="stable")
        rows += [dict(own.iloc[0][BOUNDS]), dict(own.iloc[-1][BOUNDS])]
    code = "_".join(path).lower()
    heading = short_path(path, w=w, instrument=instrument)
    frame = pd.DataFrame(rows, columns=BOUNDS)
    return estimate_column((code, f"{code}_low", f"{code}_high"), heading=heading, frame=frame, w=w)


def short_path(path: Path, *, w: Wording, instrument: Instrument) -> str:
    """Return a path with the short names of what it connects; an indirect one passes through ``…``."""
    source, target = (construct_of(code, instrument) for code in path[:2])
    start = w("word.job_quality") if source is None else w.of(source.short)
    end = path[1] if target is None else w.of(target.short)
    end = end if end[1:2].isupper() else end[:1].lower() + end[1:]
    return w("paths.arrow", source=f"{start} → …" if path[2] == "indirect" else start, target=end)


def rows_of(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return the rows of one path."""
    if frame.empty:
        return pd.DataFrame(columns=[*KEYS, *BOUNDS])
    return frame[(frame[KEYS] == list(path)).all(axis=1)]


def estimate_of(frame: pd.DataFrame, path: Path) -> dict[str, float]:
    """Return estimate and interval of one path, NaN where it was not estimated."""
    rows = rows_of(frame, path)
    return {name: float(rows.iloc[0][name]) for name in BOUNDS} if len(rows) else dict(NOTHING)


def careless_table(counts: CarelessCounts, w: Wording, *, minimum: int) -> Table:
    """Show how many people each sign of careless answering flags; small numbers are not shown.

    Parameters
    ----------
    counts : CarelessCounts
    minimum : int
        Smallest count shown.
    """
    names = [*CARELESS_INDICES, "any"]
    found = [*(counts.counts[name] for name in CARELESS_INDICES), counts.flagged]
    lines = {
        "long_string": w.percent(LONG_STRING_SHARE),
        "even_odd": w.coefficient(EVEN_ODD_LINE),
        "mahalanobis": w.coefficient(MAHALANOBIS_ALPHA, 3),
        "any": "",
    }
    order = w("careless.order_asked") if counts.as_asked else w("careless.order_questionnaire")
    return build(
        "careless",
        title=w("careless.title"),
        note=w("careless.note", n=counts.n, order=order, halves=MINIMUM_HALVES),
        columns=[
            words(
                "sign", heading=w("careless.sign"), shown=[w(f"careless.{n}") for n in names], values=names
            ),
            words(
                "line",
                heading=w("careless.line"),
                shown=[w(f"careless.{name}_line", line=lines[name]) for name in names],
            ),
            words(
                "count",
                heading=w("careless.count"),
                shown=[_count(count, w, minimum=minimum) for count in found],
                values=[None if c is None or c < minimum else c for c in found],
            ),
        ],
    )


def _count(count: int | None, w: Wording, *, minimum: int) -> str:
    if count is None:
        return w("careless.not_computed")
    return w("careless.fewer", minimum=minimum) if count < minimum else w.count(count)
