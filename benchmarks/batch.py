"""``python -m benchmarks.batch [--quick]``: many clients in a batch beside single runs of some of them.

Simulated clients in a project of their own. Single runs come half before and half after the batch, so that
a machine that grows slower favours neither; each client run both ways must have the same tables.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from benchmarks.markdown import grid, number
from benchmarks.measure import stopwatch
from jq_models.data.simulate import write_simulated
from jq_models.spec import load_instrument, load_study

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).with_name("results") / "batch"
DEMO, ORGANISATIONS = "demo", 3
MOST = 0.6  # of as many single runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How many clients of which size, and how many of them are run singly as well."""

    clients: int
    singles: int
    n: int


FULL, QUICK = Effort(clients=50, singles=4, n=150), Effort(clients=6, singles=2, n=150)


@dataclass(slots=True, kw_only=True)
class Found:
    """Seconds of each single run and of the batch, and what was wrong."""

    singles: list[float] = field(default_factory=list)
    batch: float = float("nan")
    compared: int = 0
    wrong: list[str] = field(default_factory=list)

    def ratio(self, clients: int) -> float:
        """Return the batch's seconds over those of as many single runs."""
        return self.batch / (clients * statistics.mean(self.singles))


def make_project(folder: Path, effort: Effort) -> list[str]:
    """Make a project of simulated clients and return their names."""
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    studies, demo = folder / "data" / "studies", load_study(DEMO)
    text, instrument = (
        (studies / f"{DEMO}.toml").read_text(encoding="utf-8"),
        load_instrument(demo.instrument),
    )
    modules = load_instrument(demo.modules.instrument) if demo.modules.names else None
    names = [f"client{k:02d}" for k in range(1, effort.clients + 1)]
    for seed, name in enumerate(names, start=1):
        write_simulated(
            instrument,
            folder=(folder / demo.file).parent,
            seed=seed,
            n=effort.n,
            organisations=ORGANISATIONS,
            name=name,
            modules=modules,
        )
        own = text.replace(f'name = "{DEMO}"', f'name = "{name}"').replace(
            demo.file, f"data/simulated/{name}.csv"
        )
        (studies / f"{name}.toml").write_text(own, encoding="utf-8")
    return names


def measure(effort: Effort, *, at_once: int | None = None) -> Found:
    """Run some clients singly, all in a batch, then some others singly."""
    found = Found()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "project"
        names = make_project(folder, effort)
        tables: dict[str, dict[str, bytes]] = {}
        half = effort.singles // 2
        for name in names[:half]:
            found.singles.append(_run(folder, ["study", name], found))
            tables[name] = _tables(folder, name)
        if found.wrong:
            raise SystemExit("\n".join(["Nothing was measured: single runs fail.", *found.wrong]))
        words = ["batch", *names, "--again", *(["--at-once", str(at_once)] if at_once else [])]
        found.batch = _run(folder, words, found)
        _judge(folder, names, found)
        for name in names[half : effort.singles]:
            tables[name] = _tables(folder, name)
            found.singles.append(_run(folder, ["study", name], found))
        # one half was run singly first and then in the batch, the other half the other way round
        for name, before in tables.items():
            found.compared += 1
            if not before or before != _tables(folder, name):
                found.wrong.append(f"{name}: single run and batch have different tables")
    return found


def _run(folder: Path, words: Sequence[str], found: Found) -> float:
    variables = {**os.environ, "JQ_MODELS_PROJECT": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "jq_models.cli", *words]
    seconds, done = stopwatch(
        lambda: subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    )
    print(f"  {' '.join(words[:2])}: {seconds:.1f} s", file=sys.stderr, flush=True)
    if done.returncode:
        found.wrong.append(f"{' '.join(words[:2])} ended with code {done.returncode}: {done.stderr[-300:]}")
    return seconds


def _judge(folder: Path, names: Sequence[str], found: Found) -> None:
    path = folder / "reports" / "batch.csv"
    if not path.exists():
        found.wrong.append("the batch left no summary")
        return
    with path.open(encoding="utf-8", newline="") as file:
        told = {row["study"]: row["result"] for row in csv.DictReader(file)}
    found.wrong += [f"{name}: {told.get(name, 'absent')}" for name in names if told.get(name) != "made"]


def _tables(folder: Path, name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "reports" / name / "tables").glob("*.csv")}


def rows(found: Found, effort: Effort) -> pd.DataFrame:
    """Return one row: seconds and their ratio, full precision."""
    return pd.DataFrame(
        [
            {
                "clients": effort.clients,
                "n": effort.n,
                "batch_seconds": found.batch,
                "single_seconds": statistics.mean(found.singles),
                "single_least": min(found.singles),
                "single_most": max(found.singles),
                "singles": len(found.singles),
                "ratio": found.ratio(effort.clients),
            }
        ]
    )


def page(found: Found, effort: Effort, *, load: str) -> str:
    """Return the whole page."""
    ratio, each = found.ratio(effort.clients), found.batch / effort.clients
    least, most = min(found.singles), max(found.singles)
    packages = ", ".join(f"{name} {version(name)}" for name in ("jq-models", "distributed"))
    body = [
        f"{effort.clients}",
        number(found.batch),
        number(each),
        f"{number(statistics.mean(found.singles))} ({number(least)} to {number(most)}; {len(found.singles)})",
        number(ratio),
        f"<= {MOST:g}",
        "met" if ratio <= MOST and not found.wrong else "not met",
    ]
    heads = ["clients", "batch, s", "a client, s", "a single run, s", "ratio", "asked", ""]
    return "\n".join(
        [
            "# A batch beside single runs",
            "",
            f"Written by `python -m benchmarks.batch`. Simulated clients of n = {effort.n} in {ORGANISATIONS}"
            " organisations,",
            "whole reports with PDF; whole commands, the start of Python and of the cluster included.",
            "",
            f"- {packages}, Python {platform.python_version()} on {platform.system()} {platform.machine()}",
            f"- {os.cpu_count()} cores, load before the run {load}",
            "- ratio: the batch over as many single runs as it has clients, at their mean",
            f"- {found.compared} clients were run both ways: "
            + (
                "something was wrong, see below"
                if found.wrong
                else "their tables are the same, byte for byte"
            ),
            "",
            *grid(heads, [body]),
            *(["", *(f"- {line}" for line in found.wrong)] if found.wrong else []),
            "",
        ]
    )


def main(words: Sequence[str]) -> int:
    """Measure, write and print; return 1 when a report is missing or differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="6 clients instead of 50")
    parser.add_argument("--clients", type=int, help="so many clients")
    parser.add_argument("--at-once", type=int, help="clients at a time; default: one a core")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the tables")
    asked = parser.parse_args(words)
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    effort = QUICK if asked.quick else FULL
    if asked.clients:
        effort = Effort(clients=asked.clients, singles=min(effort.singles, asked.clients), n=effort.n)
    found = measure(effort, at_once=asked.at_once)
    text = page(found, effort, load=load)
    asked.results.mkdir(parents=True, exist_ok=True)
    (asked.results / "bench.md").write_text(text, encoding="utf-8")
    rows(found, effort).to_csv(asked.results / "tasks.csv", index=False, lineterminator="\n")
    print(text)
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
