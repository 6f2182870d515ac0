"""The tables: what was measured side by side, and the targets beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from benchmarks.data import N_FREE
from benchmarks.growth import Step
from benchmarks.measure import FLOOR_FLOP, Measured, agree
from benchmarks.replicates import Replicates
from benchmarks.tasks import (
    DRAWS,
    ENGINES,
    JUDGED,
    MOST_BYTES,
    MOST_FLOORS,
    MOST_SECONDS,
    RATIOS,
    WORKERS,
    Cell,
    Ratio,
)

PEERS = tuple(name for name in ENGINES if name != "jq")


def task_rows(cells: Sequence[Cell]) -> pd.DataFrame:
    """Return one row a task and sample size: seconds, repeats, ratios, chi-squares, agreement."""
    keys = list(dict.fromkeys((cell.task, cell.n) for cell in cells))
    rows = []
    for task, n in keys:
        by = {cell.engine: cell.measured for cell in cells if (cell.task, cell.n) == (task, n)}
        row: dict[str, object] = {"task": task.name, "title": task.title, "n": n}
        for engine, one in by.items():
            row |= {f"{engine}_{name}": value for name, value in _figures(one).items()}
        row |= {f"{peer}_ratio": ratio(by, peer)[0] for peer in PEERS if peer in by}
        row["same"] = _same(by.values(), tolerance=task.tolerance)
        rows.append(row)
    return pd.DataFrame(rows)


def _figures(one: Measured) -> dict[str, object]:
    return {
        "seconds": one.median,
        "repeats": len(one.seconds),
        "optimising": one.optimising_median,
        "fitting": one.fitting_median,
        "chi_square": one.chi_square,
        "chi_square_scaled": one.chi_square_scaled,
        "df": one.df,
        "n_free": one.n_free,
        "at_least": one.at_least,
        "reason": one.reason,
        "note": one.note,
    }


def ratio(by: dict[str, Measured], peer: str) -> tuple[float, bool]:
    """Return a peer's median over ours, and whether that is only a lower bound as the peer was stopped."""
    ours, theirs = by["jq"].median, by[peer].median
    bound = math.isnan(theirs)
    return (by[peer].at_least if bound else theirs) / ours, bound


def _same(measured: Iterable[Measured], *, tolerance: float) -> str:
    done = [one for one in measured if one.seconds]
    if len(done) < 2:
        return "one engine only" if done else "nobody"
    plain = agree([one.chi_square for one in done], tolerance=tolerance)
    scaled = agree([one.chi_square_scaled for one in done], tolerance=max(tolerance, 1e-5))
    same_df = len({one.df for one in done}) == 1
    return "yes" if plain and scaled and same_df else "NO"


def count_problems(cells: Sequence[Cell]) -> list[str]:
    """Return the engines that do not have the study model's number of free parameters under ML."""
    return [
        f"{cell.engine}, n = {cell.n}: {cell.measured.n_free} free parameters in place of {N_FREE}"
        for cell in cells
        if cell.task.name == "ml" and cell.measured.seconds and cell.measured.n_free != N_FREE
    ]


def target_rows(cells: Sequence[Cell], *, whole: Replicates) -> pd.DataFrame:
    """Return one row a target: what is asked, what was measured, and whether it is met."""
    by: dict[str, dict[str, Measured]] = {}
    for cell in cells:
        if cell.n == JUDGED:
            by.setdefault(cell.task.name, {})[cell.engine] = cell.measured
    rows = [_ratio_row(wanted, by) for wanted in RATIOS if wanted.task in by]
    rows.append(
        _most(f"{DRAWS} replicates on {WORKERS} cores, s", whole.seconds, most=MOST_SECONDS, why=whole.reason)
    )
    rows.append(
        _most("their peak memory, GB", whole.peak_bytes / 1e9, most=MOST_BYTES / 1e9, why=whole.reason)
    )
    if "ml" in by:
        ours = by["ml"]["jq"]
        cell = next(c for c in cells if (c.task.name, c.n, c.engine) == ("ml", JUDGED, "jq"))
        floor = FLOOR_FLOP / cell.flops
        for name, seconds in (
            ("optimiser in a loop, as the product is", ours.looped_median),
            ("optimiser within whole calls", ours.optimising_median),
            ("whole call", ours.median),
        ):
            title = f"ML over the arithmetic floor, {name}"
            rows.append(_most(title, seconds / floor, most=MOST_FLOORS, why=ours.reason))
        rows.append(_beside(ours.optimising_median * cell.shaped / FLOOR_FLOP))
    return pd.DataFrame(rows)


def _ratio_row(wanted: Ratio, by: dict[str, dict[str, Measured]]) -> dict[str, object]:
    value, bound = ratio(by[wanted.task], wanted.peer)
    why = "; ".join(one.reason for one in (by[wanted.task]["jq"], by[wanted.task][wanted.peer]) if one.reason)
    verdict = _verdict(value, met=value >= wanted.least, why=why)
    if bound and verdict == "not met":
        verdict = f"open: {why}"
    return {
        "target": f"{wanted.task}: times as fast as {wanted.peer}",
        "asked": f">= {wanted.least:g}",
        "measured": value,
        "bound": bound and not math.isnan(value),
        "verdict": verdict,
    }


def _beside(value: float) -> dict[str, object]:
    """Return the row of the other floor, which small products could reach: said beside, not judged."""
    target = "the same at the speed of products of the model's shapes, optimiser within whole calls"
    return {"target": target, "asked": "–", "measured": value, "bound": False, "verdict": "for comparison"}


def _most(target: str, value: float, *, most: float, why: str) -> dict[str, object]:
    verdict = _verdict(value, met=value <= most, why=why or "not measured here")
    return {"target": target, "asked": f"<= {most:g}", "measured": value, "bound": False, "verdict": verdict}


def _verdict(value: float, *, met: bool, why: str) -> str:
    if math.isnan(value):
        return f"not measured: {why}"
    return "met" if met else "not met"


def growth_rows(steps: Sequence[Step]) -> pd.DataFrame:
    """Return one row a direction and size, full precision."""
    keys = list(dict.fromkeys((step.kind.name, step.size) for step in steps))
    rows = []
    for name, size in keys:
        at = [step for step in steps if (step.kind.name, step.size) == (name, size)]
        row: dict[str, object] = {"growing": name, "size": size, "task": at[0].kind.task}
        for step in at:
            row |= {f"{step.engine}_{key}": value for key, value in _figures(step.measured).items()}
        row["same"] = _same([step.measured for step in at], tolerance=1e-6)
        rows.append(row)
    return pd.DataFrame(rows)
