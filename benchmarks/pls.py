"""The composite route beside seminr: a consistent fit, and 5,000 bootstraps of it with HTMT.

Both sides on the same data, with one BLAS thread, stopping at weights that move by less than 1e-10, in turns;
before anything counts, both estimate the same drawn samples and must agree.
"""

from __future__ import annotations

import math
import os
import platform
import statistics
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import by_seminr
from benchmarks.by_pls import COMPARED, DRAWS, WORKERS, N, fitted, ours, same_samples, sample
from benchmarks.data import DIMENSIONS, FOUR_EACH
from benchmarks.markdown import grid, number
from jq_models.pls import PlsFit

TITLES = {
    "fit": "a PLSc fit with HTMT",
    "one": f"{DRAWS:,} bootstraps with HTMT, one thread",
    "two": f"{DRAWS:,} bootstraps with HTMT, {WORKERS} threads (seminr: {WORKERS} processes)",
}
MOST_SECONDS, LEAST_RATIO, MOST_BYTES, TOLERANCE = 2.0, 50.0, 0.5e9, 1e-8
LIMIT = 1200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """How often both sides take turns, and the draws that seminr is timed on."""

    rounds: int
    repeats: int
    draws: int


FULL, QUICK = Rounds(rounds=3, repeats=9, draws=400), Rounds(rounds=1, repeats=3, draws=60)


@dataclass(slots=True, kw_only=True)
class Beside:
    """Seconds of both sides: task -> one number a round; why a side has none."""

    ours: dict[str, list[float]] = field(default_factory=dict)
    theirs: dict[str, list[float]] = field(default_factory=dict)
    peak_bytes: float = math.nan
    quantities: int = 0
    apart: float = math.nan
    versions: str = ""
    reasons: dict[str, str] = field(default_factory=dict)


def measure(effort: Rounds) -> Beside:
    """Time both sides in turns."""
    found = Beside()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.csv"
        sample().to_csv(data, index=False)
        _compare(found, data)
        for _ in range(effort.rounds):
            one, reason = ours(repeats=effort.repeats)
            _note(found.ours, one)
            if one is None:
                found.reasons["jq"] = reason
            else:
                found.peak_bytes, found.quantities = one["peak_bytes"], one["quantities"]
            request = _request(data, repeats=effort.repeats, draws=effort.draws)
            peer, reason = by_seminr.ask(request, limit=LIMIT)
            _note(found.theirs, peer)
            if peer is None:
                found.reasons["seminr"] = reason
    return found


def _note(seconds: dict[str, list[float]], answer: dict[str, Any] | None) -> None:
    for task in TITLES if answer else ():
        value = answer[task]
        seconds.setdefault(task, []).extend(value if isinstance(value, list) else [whole(value)])


def whole(timed: dict[str, float], *, draws: int = DRAWS) -> float:
    """Return what all draws would take: what the fewest took, and each further one its share."""
    each = (timed["many"] - timed["few"]) / (timed["draws"] - timed["fewest"])
    return timed["few"] + (draws - timed["fewest"]) * each


def _request(
    data: Path, *, repeats: int = 0, draws: int = 0, cases: list[list[int]] | None = None
) -> dict[str, Any]:
    return {
        "data": str(data),
        "constructs": {name: [f"{name}{i + 1}" for i in range(size)] for name, size in FOUR_EACH.items()},
        "paths": {"SAT": list(DIMENSIONS), "COM": ["SAT", *DIMENSIONS]},
        "digits": 10,
        "iterations": 300,
        "repeats": repeats,
        "draws": draws,
        "cases": cases,
    }


def _compare(found: Beside, data: Path) -> None:
    """Let both sides estimate the same drawn samples."""
    fit = fitted()
    cases, values = same_samples(fit)
    peer, reason = by_seminr.ask(_request(data, cases=cases), limit=LIMIT)
    if peer is None:
        found.reasons["seminr"] = reason
        return
    found.versions = peer["versions"]
    found.apart = apart(fit, values=values, theirs=peer["same"])


def apart(fit: PlsFit, *, values: pd.DataFrame, theirs: dict[str, Any]) -> float:
    """Return the largest difference in the same samples: loadings, weights, paths, total effects, HTMT."""
    largest = 0.0
    for op, each in theirs.items():
        rows, columns, found = each["rows"], each["columns"], np.array(each["values"])
        for lhs, rhs in fit.table.loc[fit.table["op"] == op, ["lhs", "rhs"]].itertuples(index=False):
            # paths lead from row to column, items load on columns, HTMT stands above the diagonal
            at = (lhs, rhs) if op == "htmt" else (rhs, lhs)
            mine, yours = values[op, lhs, rhs].to_numpy(), found[:, rows.index(at[0]), columns.index(at[1])]
            largest = max(largest, float(np.max(np.abs(mine - yours))))
    return largest


def rows(found: Beside) -> pd.DataFrame:
    """Return one row a task: median seconds of both sides and their ratio, full precision."""
    table = []
    for task, title in TITLES.items():
        mine, yours = found.ours.get(task, []), found.theirs.get(task, [])
        row: dict[str, object] = {"task": task, "title": title}
        for side, seconds in (("jq", mine), ("seminr", yours)):
            row |= {
                f"{side}_seconds": statistics.median(seconds) if seconds else math.nan,
                f"{side}_least": min(seconds, default=math.nan),
                f"{side}_repeats": len(seconds),
            }
        table.append(row)
    frame = pd.DataFrame(table)
    return frame.assign(ratio=frame["seminr_seconds"] / frame["jq_seconds"])


def targets(found: Beside) -> pd.DataFrame:
    """Return one row a target: what is asked, what was measured, whether it is met."""
    table = rows(found).set_index("task")
    why = "; ".join(f"{side}: {reason}" for side, reason in found.reasons.items()) or "not measured here"
    wanted = [
        (f"{TITLES['two']}, s", "<=", MOST_SECONDS, float(table.loc["two", "jq_seconds"])),
        ("times as fast as seminr, one thread", ">=", LEAST_RATIO, float(table.loc["one", "ratio"])),
        (f"times as fast as seminr, {WORKERS} threads", ">=", LEAST_RATIO, float(table.loc["two", "ratio"])),
        ("peak memory of our process, GB", "<=", MOST_BYTES / 1e9, found.peak_bytes / 1e9),
        ("largest difference from seminr in the same samples", "<=", TOLERANCE, found.apart),
    ]
    judged = []
    for title, sign, bound, value in wanted:
        met = value <= bound if sign == "<=" else value >= bound
        verdict = f"not measured: {why}" if math.isnan(value) else "met" if met else "not met"
        judged.append({"target": title, "asked": f"{sign} {bound:g}", "measured": value, "verdict": verdict})
    return pd.DataFrame(judged)


def page(found: Beside, *, effort: Rounds, load: str) -> str:
    """Return the whole page."""
    table, judged = rows(found), targets(found)
    times = [
        [
            row["title"],
            _seconds(row["jq_seconds"], row["jq_repeats"]),
            _seconds(row["seminr_seconds"], row["seminr_repeats"]),
            number(row["ratio"]),
        ]
        for row in table.to_dict("records")
    ]
    checked = [
        [r["target"], r["asked"], number(r["measured"]), r["verdict"]] for r in judged.to_dict("records")
    ]
    packages = ", ".join(f"{name} {version(name)}" for name in ("jq-models", "numpy"))
    return "\n".join(
        [
            "# Speed of the composite route beside seminr",
            "",
            "Written by `python3 do.py bench --only pls`. Consistent PLS, path scheme: 12 dimensions, SAT",
            f"and COM, 4 items each, {N} normal cases. Median seconds of whole calls; in brackets how often.",
            "",
            f"- {packages}, Python {platform.python_version()} on {platform.system()} {platform.machine()}",
            f"- {found.versions or 'seminr: ' + found.reasons.get('seminr', 'not measured')}",
            f"- one BLAS thread on both sides, {os.cpu_count()} cores, load before the run {load};"
            f" rounds in turns: {effort.rounds}",
            f"- ours: estimates, standard errors and percentile intervals of {found.quantities} quantities;"
            " seminr: means and standard deviations of loadings, weights, paths, total effects and HTMT",
            "- ours stops when no weight moves by 1e-10, seminr when all together do (its default: 1e-7)",
            f"- seminr's bootstraps are timed on {effort.draws} draws, its start on 2, and the difference is"
            f" carried on to {DRAWS:,}",
            "",
            *grid(["task", "jq, s", "seminr, s", "seminr / jq"], times),
            "",
            *grid(["target", "asked", "measured", ""], checked),
            "",
            f"Same samples: both sides estimated the first {COMPARED} resamples of our bootstrap.",
            "",
        ]
    )


def _seconds(value: float, repeats: int) -> str:
    return f"{number(value)} ({repeats})" if repeats else "–"


def problems(found: Beside) -> list[str]:
    """Return what is wrong with the numbers; speed is judged on the page."""
    wrong = [f"pls: {found.reasons['jq']}"] if "jq" in found.reasons else []
    if found.apart > TOLERANCE:
        wrong.append(f"pls: seminr's estimates in the same samples differ by {found.apart:.1e}")
    return wrong
