"""The tables as one Markdown page, rounded for reading."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from benchmarks.table import PEERS


def page(
    *, machine: Sequence[str], targets: pd.DataFrame, tasks: pd.DataFrame, growth: pd.DataFrame | None
) -> str:
    """Return the whole page."""
    lines = [
        "# Speed of the engine beside its peers",
        "",
        "Written by `python3 do.py bench`. Study model: 12 dimensions of 3 items, SAT 4, COM 5; 181 free",
        "parameters. Median milliseconds of whole calls (fit, standard errors and fit measures, from model",
        "text and data frame); in brackets how often it was run. `>`: stopped after that time.",
        "",
        *(f"- {line}" for line in machine),
        "",
        "## Targets (n = 800)",
        "",
        *grid(["target", "asked", "measured", ""], [_target(row) for row in _records(targets)]),
        "",
        "## Tasks",
        "",
        *grid(_task_heads(), [_task(row) for row in _records(tasks)]),
        "",
        *_remarks(tasks),
    ]
    if growth is not None:
        engines = [name for name in ("jq", *PEERS) if f"{name}_seconds" in growth]
        heads = ["growing", "size", "task", *engines, "same chi-square"]
        body = [_step(row, engines) for row in _records(growth)]
        lines += ["", "## How the cost grows", "", *grid(heads, body), "", *_remarks(growth)]
    return "\n".join(lines).rstrip() + "\n"


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    return [f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *rows)]


def number(value: float) -> str:
    """Return a number with three significant digits, a dash for NaN."""
    if math.isnan(value):
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _target(row: dict[str, Any]) -> list[str]:
    sign = "> " if row["bound"] else ""
    return [row["target"], row["asked"], sign + number(row["measured"]), row["verdict"]]


def _task_heads() -> list[str]:
    ratios = [f"{peer} / jq" for peer in PEERS]
    return ["task", "n", "jq", *PEERS, "sem() of lavaan alone", *ratios, "same chi-square"]


def _task(row: dict[str, Any]) -> list[str]:
    times = [milliseconds(row, engine) for engine in ("jq", *PEERS)]
    ratios = [_ratio(row, peer) for peer in PEERS]
    alone = number(1e3 * row["lavaan_fitting"])
    return [row["title"], str(row["n"]), *times, alone, *ratios, row["same"]]


def _ratio(row: dict[str, Any], peer: str) -> str:
    stopped = not math.isnan(row[f"{peer}_at_least"]) and not math.isnan(row[f"{peer}_ratio"])
    return ("> " if stopped else "") + number(row[f"{peer}_ratio"])


def milliseconds(row: dict[str, Any], engine: str) -> str:
    """Return the median of an engine with its number of repeats; a dash where a remark says why not."""
    if not math.isnan(row[f"{engine}_at_least"]):
        return "> " + number(1e3 * row[f"{engine}_at_least"])
    if not row[f"{engine}_repeats"]:
        return "–"
    return f"{number(1e3 * row[f'{engine}_seconds'])} ({row[f'{engine}_repeats']})"


def _step(row: dict[str, Any], engines: Sequence[str]) -> list[str]:
    times = [milliseconds(row, engine) for engine in engines]
    return [row["growing"], str(row["size"]), row["task"], *times, row["same"]]


def _remarks(frame: pd.DataFrame) -> list[str]:
    """Return why an engine was not timed, or what it leaves out, each said once with where it applies."""
    where: dict[tuple[str, str], list[str]] = {}
    for row in _records(frame):
        place = f"{row['task']} {row.get('n', row.get('size'))}"
        for engine in ("jq", *PEERS):
            for text in (row.get(f"{engine}_reason"), row.get(f"{engine}_note")):
                if text:
                    where.setdefault((engine, str(text)), []).append(place)
    return [f"- {engine}: {text} ({', '.join(places)})" for (engine, text), places in where.items()]
