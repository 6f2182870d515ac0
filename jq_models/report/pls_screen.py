"""A PLS fit as a readable screen: facts and distances, estimates, constructs, pairs that overlap most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from jq_models.pls import PlsFit
from jq_models.report.pls_record import INDICES, PlsRecord, unusual_modes
from jq_models.report.screen_parts import (
    FEWEST,
    Fitting,
    digits_for,
    facts_grid,
    number,
    numbers_grid,
    opening,
    share,
)
from jq_models.report.wording import wording

BLOCKS = {
    "Loadings": "=~",
    "Weights": "<~",
    "Paths": "~",
    "Indirect effects": "indirect",
    "Total effects": "total",
    "Defined parameters": ":=",
}
QUALITY = {"alpha": "alpha", "rho_a": "rho_A", "rho_c": "rho_C", "ave": "AVE"}
EXPLAINED = {"r2": "R2", "r2_adjusted": "adj. R2"}
# what is left out where the console is too narrow: the interval; adjusted R2, then alpha and rho_C
NARROWER_ESTIMATES = ((), ("ci_low", "ci_high"), ("se", "ci_low", "ci_high"))
NARROWER_QUALITY = ((), ("r2_adjusted",), ("r2_adjusted", "alpha", "rho_c"))
# pairs of constructs on the screen; all are in the JSON
MOST_PAIRS = 10


def pls_screen(record: PlsRecord) -> Group:
    """Return what a reader sees of a fit: what failed or must be known first, then facts, then estimates."""
    parts = opening(
        f"Failed: {record.model} on {record.data}", failure=record.failure, warnings=record.warnings
    )
    parts.append(facts_grid(_facts(record)))
    if record.table is not None:
        parts += [*_estimates(record, record.table), *_constructs(record), *_overlap(record.table)]
    if record.offer is not None and record.offer.fit is not None:
        parts += _offered(record.offer.fit)
    return Group(*parts)


def _facts(record: PlsRecord) -> dict[str, str]:
    w = wording("en")
    kind = "consistent PLS (PLSc)" if record.consistent else "PLS"
    steps = " + ".join(w.count(k) for k in record.iterations)
    facts = {
        "Model": f"{record.model}, {len(record.modes)} constructs, {w.count(record.n_items)} items",
        "Data": f"{record.data}, {w.count(record.n)} of {w.count(record.n + record.n_dropped)} cases",
        "Method": f"{kind}, {record.scheme} scheme" + (f", {steps} iterations" if steps else ""),
    }
    if (drawn := record.drawn) is not None:
        intervals = f"{drawn.interval} {100 * drawn.level:g}% intervals"
        facts["Bootstrap"] = f"{w.count(drawn.draws)} draws, seed {drawn.seed}, {intervals}"
    if record.distances is not None:
        for model, rows in record.distances.groupby("model", sort=False):
            facts[str(model).capitalize()] = ", ".join(
                _distance({str(k): v for k, v in row.items()}) for row in rows.to_dict("records")
            )
    return facts


def _distance(row: dict[str, Any]) -> str:
    """Write one distance, with what 95 % of the samples of a true model stay below."""
    write = share if row["index"] == "srmr" else number
    limit = f" (HI95 {write(row['hi95'])})" if row["hi95"] == row["hi95"] else ""
    return f"{INDICES[row['index']]} {write(row['value'])}{limit}"


def _estimates(record: PlsRecord, table: pd.DataFrame) -> Iterator[RenderableType]:
    shown = table[table["op"].isin(list(BLOCKS.values()))]
    drawn = record.drawn is not None and not record.failure
    digits = digits_for(shown["se"]) if drawn else FEWEST
    level = record.drawn.level if record.drawn is not None else 0.0
    headings = {"est": "Estimate", "se": "SE", "ci_low": f"{100 * level:g}% low", "ci_high": "high"}
    if not drawn:
        headings = {"est": "Estimate"}
    grids = []
    for left_out in NARROWER_ESTIMATES:
        kept = {c: h for c, h in headings.items() if c not in left_out}
        grid = numbers_grid(kept.values())
        for title, op in BLOCKS.items():
            rows = shown[shown["op"] == op]
            if rows.empty:
                continue
            grid.add_row(Text(title, style="bold"))
            for row in rows.to_dict("records"):
                grid.add_row(_name(row), *(_cell(row, c, digits=digits) for c in kept))
            grid.add_section()
        grids.append(grid)
    yield Fitting(grids)


def _name(row: dict[Any, Any]) -> Text:
    sign = "~" if row["op"] in ("indirect", "total") else row["op"]
    return Text(f"  {row['lhs']}" if sign == ":=" else f"  {row['lhs']} {sign} {row['rhs']}")


def _cell(row: dict[Any, Any], column: str, *, digits: int) -> Text:
    # what cannot move, such as the loading of a single item, has no interval worth reading
    fixed = column != "est" and row["se"] == 0
    return Text("" if fixed else number(float(row[column]), digits))


def _constructs(record: PlsRecord) -> Iterator[RenderableType]:
    assert record.quality is not None  # a record with a table has both
    assert record.explained is not None
    table = record.quality.join(record.explained[list(EXPLAINED)])
    columns = QUALITY | EXPLAINED
    grids: list[Table] = []
    for left_out in NARROWER_QUALITY:
        kept = {c: h for c, h in columns.items() if c not in left_out}
        grid = numbers_grid(["Mode", *kept.values()])
        grid.add_row(Text("Constructs", style="bold"))
        for name, row in table.iterrows():
            cells = ("" if pd.isna(row[c]) else share(float(row[c])) for c in kept)
            grid.add_row(Text(f"  {name}"), Text(str(row["mode"])), *map(Text, cells))
        grids.append(grid)
    yield Fitting(grids)


def _overlap(table: pd.DataFrame) -> Iterator[RenderableType]:
    """Show the pairs with the highest HTMT."""
    ratios = [table.loc[table["op"] == op, ["lhs", "rhs", "est"]] for op in ("htmt", "htmt2")]
    found = ratios[0].merge(ratios[1], on=["lhs", "rhs"], suffixes=("", "2"))
    if found.empty:
        return
    highest = found.sort_values("est", ascending=False, kind="stable").head(MOST_PAIRS)
    of = f", the {len(highest)} highest of {len(found)}" if len(found) > MOST_PAIRS else ""
    grid = numbers_grid(["HTMT", "HTMT2"])
    grid.add_row(Text(f"Pairs{of}", style="bold"))
    for row in highest.to_dict("records"):
        grid.add_row(Text(f"  {row['lhs']}, {row['rhs']}"), *(Text(share(row[c])) for c in ("est", "est2")))
    yield grid


def _offered(fit: PlsFit) -> list[RenderableType]:
    """Show the model to fit in place of one whose constructs overlap too much."""
    modes = ",".join(f"{name}={mode}" for name, mode in unusual_modes(fit.design).items())
    title = "Offered model, for the same options" + (f" and --mode {modes}" if modes else "")
    return [Text(title, style="bold"), Text(fit.model.text)]
