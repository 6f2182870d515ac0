"""The whole bootstrap of the study model in a process of its own: seconds and peak memory.

``python -m benchmarks.replicates`` prints them as JSON; ``replicates`` runs that and reads it.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.by_jq import fitted, part
from benchmarks.data import study_model, study_sample
from benchmarks.measure import Setting
from benchmarks.tasks import DRAWS, JUDGED, WORKERS

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicates:
    """Seconds of the bootstrap (without the first fit) and the peak memory of all its processes."""

    seconds: float = math.nan
    peak_bytes: float = math.nan
    reason: str = ""


def replicates(*, limit: float = 600.0) -> Replicates:
    """Run the bootstrap in a child process."""
    command = [sys.executable, "-m", "benchmarks.replicates"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=limit)
    except subprocess.TimeoutExpired:
        return Replicates(reason=f"stopped after {limit:.0f} s")
    if done.returncode:
        return Replicates(reason=done.stderr.strip().splitlines()[-1])
    return Replicates(**json.loads(done.stdout))


def _here() -> Replicates:
    setting = Setting(task="ml", model=study_model(), data=study_sample(JUDGED), repeats=1, budget=0.0)
    fit = fitted(setting)
    start = time.perf_counter()
    result = part("bootstrap")(fit, draws=DRAWS, seed=1, workers=WORKERS)
    seconds = time.perf_counter() - start
    if len(result.theta) != DRAWS:
        raise ValueError(f"{DRAWS} draws were asked for; found {len(result.theta)}.")
    return Replicates(seconds=seconds, peak_bytes=_peak())


def _peak() -> float:
    """Return an upper bound of the memory in use at once: pages that workers share count for each of them."""
    try:
        import resource
    except ImportError:  # not on Windows
        return math.nan
    unit = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return float(unit * (own + WORKERS * largest_child))


if __name__ == "__main__":
    print(json.dumps(asdict(_here())))
