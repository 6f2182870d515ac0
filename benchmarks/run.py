"""``python3 do.py bench [--quick] [--only TASK ...]``: time everything in one run and write the tables."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_info, threadpool_limits

from benchmarks import by_jq, by_lavaan, pls
from benchmarks.growth import KINDS, Step, grow
from benchmarks.markdown import page
from benchmarks.measure import FLOOR_FLOP, Measured
from benchmarks.replicates import Replicates, replicates
from benchmarks.table import count_problems, growth_rows, target_rows, task_rows
from benchmarks.tasks import ENGINES, FULL, QUICK, TASKS, Cell, Effort, run_cell

RESULTS = Path(__file__).with_name("results")
# lavaan grows with the engine only as far as it gets in this many seconds a size
GROWTH_LIMIT = 120.0
# the composite route, beside a peer of its own
COMPOSITES = "pls"


def main(words: Sequence[str]) -> int:
    """Run the benchmark; return 1 when engines that did a task disagree."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    asked = _parser().parse_args(words)
    codes = []
    with threadpool_limits(limits=1):
        if asked.only != [COMPOSITES]:
            codes.append(_engines(asked, load=load))
        if not asked.only or COMPOSITES in asked.only:
            codes.append(_composites(asked, load=load))
    return max(codes)


def _engines(asked: argparse.Namespace, *, load: str) -> int:
    """Time the engine for structural equation models beside semopy and lavaan."""
    effort = QUICK if asked.quick else FULL
    rehearse(asked.only)
    cells = list(_cells(effort, only=asked.only, without=asked.without))
    wanted = not asked.only or "bootstrap" in asked.only
    whole = replicates() if wanted else Replicates(reason="not asked for")
    steps = [] if asked.quick or asked.only else list(_steps(effort))
    tasks = task_rows(cells)
    targets = target_rows(cells, whole=whole)
    growth = growth_rows(steps) if steps else None
    text = page(machine=_machine(cells, load=load), targets=targets, tasks=tasks, growth=growth)
    write(asked.results, tables={"tasks": tasks, "targets": targets, "growth": growth}, text=text)
    print(text)
    return _judged(cells, tasks=tasks, growth=growth)


def _composites(asked: argparse.Namespace, *, load: str) -> int:
    """Time the composite route beside seminr; its page is a folder below the others."""
    effort = pls.QUICK if asked.quick else pls.FULL
    found = pls.measure(effort)
    text = pls.page(found, effort=effort, load=load)
    tables = {"tasks": pls.rows(found), "targets": pls.targets(found)}
    write(asked.results / COMPOSITES, tables=tables, text=text)
    print(text)
    return _said(pls.problems(found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="do.py bench", description=__doc__.split(": ", 1)[1])
    parser.add_argument("--quick", action="store_true", help="n = 800 only, few repeats, no growth")
    names = [*(task.name for task in TASKS), COMPOSITES]
    parser.add_argument("--only", nargs="+", choices=names, default=[], help="these tasks, no growth")
    others = [name for name in ENGINES if name != "jq"]
    parser.add_argument("--without", nargs="+", choices=others, default=[], help="leave out these engines")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the tables")
    return parser


def rehearse(only: Sequence[str]) -> None:
    """Run each of our tasks on a small model: a mistake in the engine shows now, not an hour into the run."""
    for task in TASKS:
        if not only or task.name in only:
            with suppress(*by_jq.NOT_THERE):
                by_jq.warm_up(task.name)


def _cells(effort: Effort, *, only: Sequence[str], without: Sequence[str]) -> Iterator[Cell]:
    for task in TASKS:
        for n in effort.sizes:
            for engine in ENGINES if not only or task.name in only else ():
                if engine in without:
                    cell = Cell(task=task, n=n, engine=engine, measured=Measured(reason="left out"))
                else:
                    cell = run_cell(task, n, engine=engine, effort=effort)
                _say(f"{task.name}, n = {n}, {engine}", cell)
                yield cell


def _steps(effort: Effort) -> Iterator[Step]:
    for kind in KINDS:
        for engine in ("jq", "lavaan"):
            for step in grow(kind, engine=engine, effort=effort, limit=GROWTH_LIMIT):
                _say(f"{kind.name} {step.size}, {engine}", step)
                yield step


def _say(what: str, done: Cell | Step) -> None:
    one = done.measured
    found = f"{1e3 * one.median:.2f} ms ({len(one.seconds)})" if one.seconds else one.reason
    print(f"  {what}: {found}", file=sys.stderr, flush=True)


def _machine(cells: Sequence[Cell], *, load: str) -> list[str]:
    blas = sorted({f"{one['internal_api']} {one['version']}" for one in threadpool_info()})
    speeds = [cell.flops / 1e9 for cell in cells if cell.engine == "jq"]
    middle, shaped = statistics.median(speeds), _shaped(cells)
    packages = ", ".join(f"{name} {version(name)}" for name in ("jq-models", "numpy", "scipy", "semopy"))
    return [
        f"Python {platform.python_version()} on {platform.system()} {platform.machine()}; {packages}",
        f"BLAS {', '.join(blas) or 'unknown'}, one thread; product of 1000 x 1000 before each of our tasks:"
        f" {min(speeds):.1f} to {max(speeds):.1f} Gflop/s, median {middle:.1f}",
        "products of 45 x 45 with 45 x 45 and 45 x 73, and of 73 x 45 with 45 x 73, before the first task:"
        f" {shaped / 1e9:.1f} Gflop/s, floor of ML at that {1e3 * FLOOR_FLOP / shaped:.2f} ms",
        f"floor of ML: {FLOOR_FLOP / 1e6:.0f} Mflop, at that median {FLOOR_FLOP / middle / 1e6:.2f} ms;"
        " the targets take the speed right before ML",
        f"{os.cpu_count()} cores, load before the run {load}",
        by_lavaan.version() or "R with lavaan is not installed: no lavaan columns",
    ]


def _shaped(cells: Sequence[Cell]) -> float:
    """Return the speed at the model's shapes right before the first task of ours."""
    return next(cell.shaped for cell in cells if cell.engine == "jq")


def write(folder: Path, *, tables: Mapping[str, pd.DataFrame | None], text: str) -> None:
    """Write the page and, in full precision, each table that there is."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.md").write_text(text, encoding="utf-8")
    for name, table in tables.items():
        if table is not None:
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def _judged(cells: Sequence[Cell], *, tasks: pd.DataFrame, growth: pd.DataFrame | None) -> int:
    problems = count_problems(cells)
    for table, at in ((tasks, "n"), (growth, "size")):
        if table is not None and len(table):
            apart = table[table["same"] == "NO"]
            problems += [
                f"{row.task}, {at} = {getattr(row, at)}: chi-squares differ" for row in apart.itertuples()
            ]
    return _said(problems)


def _said(problems: Sequence[str]) -> int:
    for problem in problems:
        print(f"bench: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
