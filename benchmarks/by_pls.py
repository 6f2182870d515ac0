"""Our side of the composite route in a process of its own: seconds and peak memory.

``python -m benchmarks.by_pls REPEATS`` prints them as JSON; ``ours`` runs that and reads it.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.data import FOUR_EACH, study_model, study_sample
from benchmarks.measure import stopwatch
from jq_models.pls import PlsFit, bootstrap_pls, fit_pls, pls_estimates
from jq_models.pls.bootstrap import resampling_of

ROOT = Path(__file__).resolve().parents[1]
N, DRAWS, WORKERS = 1000, 5000, 2
COMPARED = 20


def ours(*, repeats: int, limit: float = 600.0) -> tuple[dict[str, Any] | None, str]:
    """Time our side in a child process; None and why not where that fails."""
    command = [sys.executable, "-m", "benchmarks.by_pls", str(repeats)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=limit)
    except subprocess.TimeoutExpired:
        return None, f"stopped after {limit:.0f} s"
    if done.returncode:
        return None, done.stderr.strip().splitlines()[-1]
    return json.loads(done.stdout), ""


def fitted() -> PlsFit:
    """Fit the model: consistent PLS, path scheme; HTMT is among its estimates."""
    return fit_pls(study_model(FOUR_EACH), sample())


def sample() -> pd.DataFrame:
    """Draw the benchmark's sample."""
    return study_sample(N, sizes=FOUR_EACH)


def same_samples(fit: PlsFit) -> tuple[list[list[int]], pd.DataFrame]:
    """Return the cases of the first replicates, and our estimates in them: columns as `fit.table`'s rows."""
    times = resampling_of(fit).times(1, range(COMPARED)).astype(int)
    cases = [np.repeat(np.arange(fit.n), row).tolist() for row in times]
    values = bootstrap_pls(fit, draws=COMPARED, seed=1).values
    return cases, pd.DataFrame(values, columns=pd.MultiIndex.from_frame(fit.table[["op", "lhs", "rhs"]]))


def _here(repeats: int) -> dict[str, Any]:
    text, data = study_model(FOUR_EACH), sample()
    fit = fit_pls(text, data)

    def bootstrap(draws: int, workers: int) -> int:
        boot = bootstrap_pls(fit, draws=draws, seed=1, workers=workers)
        return len(pls_estimates(fit, boot))

    bootstrap(200, WORKERS)
    found: dict[str, Any] = {"quantities": len(fit.table), "items": data.shape[1]}
    found["fit"] = [stopwatch(lambda: fit_pls(text, data))[0] for _ in range(repeats)]
    found["one"] = [stopwatch(lambda: bootstrap(DRAWS, 1))[0] for _ in range(max(repeats // 3, 1))]
    found["two"] = [stopwatch(lambda: bootstrap(DRAWS, WORKERS))[0] for _ in range(max(repeats // 3, 1))]
    found["peak_bytes"] = _peak()
    return found


def _peak() -> float:
    try:
        import resource
    except ImportError:  # not on Windows
        return math.nan
    unit = 1 if sys.platform == "darwin" else 1024
    return float(unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    print(json.dumps(_here(int(sys.argv[1]))))
