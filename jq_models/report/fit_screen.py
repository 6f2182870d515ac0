"""A fit as a readable screen: facts, indices and estimates, numbers aligned at the decimal sign."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from jq_models.evaluate.fit_indices import FitIndices
from jq_models.report.fit_record import FitRecord
from jq_models.report.screen_parts import (
    Fitting,
    digits_for,
    facts_grid,
    number,
    numbers_grid,
    opening,
    plain_signs,
    share,
)
from jq_models.report.wording import wording

BLOCKS = (
    "Loadings",
    "Paths",
    "Covariances",
    "Variances",
    "Intercepts",
    "Means",
    "Thresholds",
    "Scale factors",
    "Defined parameters",
)
HEADINGS = ("Estimate", "SE", "z", "p", "high", "Std.")
# columns left out where the console is too narrow for all: z, then the interval, then all but the first two
NARROWER: tuple[tuple[int, ...], ...] = ((), (2,), (2, 4, 5), (2, 3, 4, 5, 6))


def fit_screen(record: FitRecord) -> Group:
    """Return what a reader sees of a fit: what failed or must be known first, then facts, then estimates."""
    parts = opening(
        f"Failed: {record.model} on {record.data}", failure=record.failure, warnings=record.warnings
    )
    parts += [_facts(record), *_estimates(record)]
    return Group(*parts)


def _facts(record: FitRecord) -> RenderableType:
    w = wording("en")
    parameters = "" if record.npar is None else f", {w.count(record.npar)} free parameters"
    cases = f", {w.count(record.n)} of {w.count(record.n + record.n_dropped)} cases"
    if len(record.groups) > 1:
        cases += f" in {len(record.groups)} groups"
    facts = {
        "Model": record.model + parameters,
        "Data": record.data + cases,
        "Estimator": ", ".join((record.estimator, *record.method)),
    }
    if record.indices is not None:
        facts |= _index_lines(record.indices)
    return facts_grid(facts)


def _index_lines(found: FitIndices) -> dict[str, str]:
    test = _test(found.chi_square, found.df, found.p_value)
    lines = {
        "Test": test,
        "Fit": _indices(found.cfi, found.tli, rmsea=(found.rmsea, found.rmsea_low, found.rmsea_high))
        + f", SRMR {share(found.srmr)}",
    }
    if not math.isnan(found.chi_square_scaled):
        scaled = _test(found.chi_square_scaled, found.df_scaled, found.p_value_scaled)
        factor = (
            f", scaling factor {number(found.scaling_factor)}"
            if found.scaling_factor == found.scaling_factor
            else ""
        )
        lines["Scaled"] = scaled + factor
    if not math.isnan(found.rmsea_robust) or not math.isnan(found.cfi_robust):
        bounds = (found.rmsea_robust, found.rmsea_robust_low, found.rmsea_robust_high)
        lines["Robust"] = _indices(found.cfi_robust, found.tli_robust, rmsea=bounds)
    if not math.isnan(found.log_likelihood):
        lines["Likelihood"] = ", ".join(
            f"{name} {number(value, 2)}"
            for name, value in (("logL", found.log_likelihood), ("AIC", found.aic), ("BIC", found.bic))
        )
    return lines


def _test(chi_square: float, df: float, p: float) -> str:
    written = f"chi-square {number(chi_square)}, df {number(df, 0 if float(df).is_integer() else 2)}"
    return (
        f"{written}, {plain_signs(wording('en').p_equals(p))}"
        if df
        else f"{written}: saturated, nothing to test"
    )


def _indices(cfi: float, tli: float, *, rmsea: tuple[float, float, float]) -> str:
    interval = plain_signs(wording("en").coefficient_interval(*rmsea[1:], 3))
    return f"CFI {share(cfi)}, TLI {share(tli)}, RMSEA {share(rmsea[0])} 90% {interval}"


def _estimates(record: FitRecord) -> Iterator[RenderableType]:
    table = record.table
    if table is None:
        return
    block, digits = block_of(table, record.latent), digits_for(table["se"])
    several = len(record.groups) > 1
    for g, (label, n) in enumerate(record.groups, start=1):
        if several:
            yield Text(f"\nGroup {g}: {label} ({wording('en').count(n)} cases)", style="bold")
        yield Fitting(_grids(table[table["group"] == g], block, digits=digits, level=record.level))
    if (table["group"] == 0).any():
        yield Fitting(_grids(table[table["group"] == 0], block, digits=digits, level=record.level))


def block_of(table: pd.DataFrame, latent: Iterable[str]) -> pd.Series[str]:
    """Return which of `BLOCKS` each row belongs to."""
    latent = set(latent)

    def name(row: pd.Series[str]) -> str:
        if row["op"] == "~~":
            return "Variances" if row["lhs"] == row["rhs"] else "Covariances"
        if row["op"] == "~1":
            return "Means" if row["lhs"] in latent else "Intercepts"
        kinds = {"=~": "Loadings", "~": "Paths", "|": "Thresholds", "~*~": "Scale factors"}
        return kinds.get(row["op"], "Defined parameters")

    return table[["lhs", "op", "rhs"]].apply(name, axis=1)


def _grids(rows: pd.DataFrame, block: pd.Series[str], *, digits: int, level: float) -> list[Table]:
    """Return the table with all columns, and narrower ones."""
    found = []
    for left_out in NARROWER:
        headings = [*HEADINGS[:4], f"{100 * level:g}% low", *HEADINGS[4:]]
        kept = [i for i in range(len(headings)) if i not in left_out]
        grid = numbers_grid(headings[i] for i in kept)
        for kind in BLOCKS:
            own = rows[(block.loc[rows.index] == kind) & ~_silent(rows)]
            if own.empty:
                continue
            grid.add_row(Text(kind, style="bold"))
            for row in own.to_dict("records"):
                name, *numbers = _cells({str(key): value for key, value in row.items()}, digits)
                grid.add_row(name, *(numbers[i] for i in kept))
            grid.add_section()
        found.append(grid)
    return found


def _silent(rows: pd.DataFrame) -> pd.Series[bool]:
    """Say which rows tell nothing: means fixed at 0, scale factors fixed at 1."""
    said = {"~1": 0.0, "~*~": 1.0}
    return (rows["free"] == 0) & (rows["est"] == rows["op"].map(said))


def _cells(row: dict[str, Any], digits: int) -> list[Text]:
    name = str(row["lhs"]) if row["op"] == ":=" else f"{row['lhs']} {row['op']} {row['rhs']}".rstrip()
    label = f" ({row['label']})" if row["label"] and row["op"] != ":=" else ""
    fixed = row["se"] == 0
    tests = ["", "", "", "", ""]
    if not fixed:
        se, z, p, low, high = (float(row[key]) for key in ("se", "z", "pvalue", "ci_low", "ci_high"))
        p_value = plain_signs(wording("en").p_value(p)).replace("< ", "<")
        tests = [number(se, digits), number(z, 2), p_value, number(low, digits), number(high, digits)]
    estimate, standard = number(float(row["est"]), digits), number(float(row["std_all"]))
    return [Text(f"  {name}{label}"), *map(Text, [estimate, *tests, standard])]
