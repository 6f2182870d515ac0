"""Damage good files and see that each gives a report, a table of problems or one sentence.

    python tests/fuzz/run_fuzz.py --files 10000 --seed 1 --workers 2

A file is made from the seed and its number alone: ``--only 4711`` makes and reads that
one again, and keeps it.
Each worker is a process of its own, so that a crash of a library is seen as one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from good import Good, good_files, make_project
from mutate import damage_bytes, damage_grid, damage_text, written
from mutate_containers import book_of, damage_book, damage_toml, sav_of

from jq_models.paths import PROJECT_VARIABLE

SECONDS = 10.0
MEGABYTES = 2_500


def damaged(good: Good, rng: np.random.Generator, *, folder: Path) -> tuple[str, Good]:
    """Return what was done to a file, and the damaged file."""
    draw = rng.random()
    if good.grid is not None and draw < 0.5:
        grid = damage_grid(good.grid, rng)
        if good.ending == ".csv":
            return "grid", replace(
                good, data=written(grid, rng), ending=str(rng.choice([".csv", ".txt", ".tsv"]))
            )
        data = book_of(grid, rng) if good.ending == ".xlsx" else sav_of(grid, folder / "made.sav")
        if data is not None:
            return "grid", replace(good, data=data)
    if good.ending == ".xlsx" and draw < 0.85:
        return "parts", replace(good, data=damage_book(good.data, rng))
    if good.ending == ".csv" and draw < 0.8:
        return "text", replace(good, data=damage_text(good.data, rng))
    if draw < 0.87:
        return "study", good
    if draw < 0.89:
        return "ending", replace(
            good, ending=str(rng.choice([".csv", ".xlsx", ".xlsm", ".sav", ".zsav", ".txt"]))
        )
    first = int(rng.choice([200, 3_000])) if rng.random() < 0.6 else None
    return "bytes", replace(good, data=damage_bytes(good.data, rng, first=first))


def one(
    number: int, *, seed: int, goods: list[Good], project: Path, keep: Path | None = None
) -> dict[str, Any]:
    """Make a damaged file, use it, and return what came of it."""
    from flow import leaks, outcome

    rng = np.random.default_rng([seed, number])
    good = goods[int(rng.integers(len(goods)))]
    how, file = damaged(good, rng, folder=project)
    studies = project / "data" / "studies"
    text = (studies / f"{file.study}.toml").read_text(encoding="utf-8")
    if how == "study":
        (studies / "damaged.toml").write_bytes(
            damage_toml(text.replace(f'"{file.study}"', '"damaged"', 1), rng)
        )
    study = "damaged" if how == "study" else file.study
    path = project / f"file{file.ending}"
    path.write_bytes(file.data)
    if keep:
        (keep / f"{number}{file.ending}").write_bytes(file.data)
    begin = _seconds()
    found = outcome(path, study, whole=number % 10 == 0)
    return {
        "number": number,
        "file": good.name,
        "how": how,
        "kind": found.kind,
        "error": found.error,
        "seconds": round(_seconds() - begin, 2),
        "leaks": [leak[:80] for leak in leaks(found.said, file.cells)],
        "megabytes": _megabytes(),
    }


def _seconds() -> float:
    """Return the processor time of this process and its children: what else the machine does matters not."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _megabytes() -> int:
    """Return the most memory this process has ever had."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def run_here(numbers: range, *, seed: int, keep: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield what comes of each file, in this process."""
    before = os.environ.get(PROJECT_VARIABLE)
    with tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder) / "project")
        os.environ[PROJECT_VARIABLE] = str(project)
        try:
            goods = good_files(project)
            for number in numbers:
                yield one(number, seed=seed, goods=goods, project=project, keep=keep)
        finally:
            if before is None:
                del os.environ[PROJECT_VARIABLE]
            else:
                os.environ[PROJECT_VARIABLE] = before


def run(files: int, *, seed: int, workers: int) -> list[dict[str, Any]]:
    """Return what comes of all files; a process that dies is an outcome ("crashed") of the file it had."""
    started = []
    for worker in range(workers):
        command = [sys.executable, __file__, "--files", str(files), "--seed", str(seed)]
        command += ["--part", f"{worker}/{workers}"]
        log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - read when the process has ended
        started.append((worker, subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT), log))
    results = []
    for worker, process, log in started:
        code = process.wait()
        log.seek(0)
        lines = log.read().splitlines()
        part = [json.loads(line) for line in lines if line.startswith('{"number"')]
        results += part
        expected = range(worker, files, workers)
        if code or len(part) < len(expected):
            left = {"number": expected[len(part)] if len(part) < len(expected) else -1, "kind": "crashed"}
            last = "\n".join(lines[-15:])
            results.append({**left, "error": f"exit code {code}\n{last}", "leaks": [], "seconds": 0,
                            "megabytes": 0, "file": "", "how": ""})  # fmt: skip
    return sorted(results, key=lambda result: result["number"])


def faults(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the files that came out wrong."""
    return [
        result
        for result in results
        if result["kind"] in ("broken", "crashed")
        or result["leaks"]
        or result["seconds"] > SECONDS
        or result["megabytes"] > MEGABYTES
    ]


def summary(results: list[dict[str, Any]]) -> str:
    """Return how many files of each kind of damage ended how."""
    lines = [f"{len(results)} files: {dict(Counter(r['kind'] for r in results))}"]
    for how in sorted({r["how"] for r in results}):
        lines += [f"  {how or '?'}: {dict(Counter(r['kind'] for r in results if r['how'] == how))}"]
    slow = max(results, key=lambda r: r["seconds"])
    lines += [f"slowest {slow['seconds']} s (number {slow['number']})"]
    lines += [f"at most {max(r['megabytes'] for r in results)} MB"]
    return "\n".join(lines)


def main() -> int:
    """Run from the command line; exit code 1 when a file came out wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--part", help="this process's share, such as 0/2; prints a line of JSON a file")
    parser.add_argument("--only", type=int, help="this one file; it is kept in the current folder")
    given = parser.parse_args()
    if given.only is not None:
        print(
            json.dumps(
                next(run_here(range(given.only, given.only + 1), seed=given.seed, keep=Path())), indent=1
            )
        )
        return 0
    if given.part:
        first, step = map(int, given.part.split("/"))
        for result in run_here(range(first, given.files, step), seed=given.seed):
            print(json.dumps(result), flush=True)
        return 0
    results = run(given.files, seed=given.seed, workers=given.workers)
    wrong = faults(results)
    for result in wrong:
        print(json.dumps(result, indent=1).replace("\\n", "\n"))
    print(summary(results))
    print(f"{len(wrong)} came out wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
