"""Run by the Python of seminr's own environment: ``python seminr_peer.py REQUEST.json ANSWER.json``.

Imports nothing of ours, as neither the package nor the benchmark is installed there.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import seminr
from numpy.typing import NDArray

# draws timed first: what a bootstrap costs however few its draws, such as starting processes
FEW = 2


def main(words: list[str]) -> None:
    """Fit, time and compare as the request asks."""
    asked = json.loads(Path(words[0]).read_text(encoding="utf-8"))
    lines = Path(asked["data"]).read_text(encoding="utf-8").splitlines()
    columns = tuple(lines[0].split(","))
    cases = np.loadtxt(lines[1:], delimiter=",")
    measures = seminr.constructs(*[seminr.reflective(name, own) for name, own in asked["constructs"].items()])
    arrows = seminr.relationships(*[seminr.paths(causes, to) for to, causes in asked["paths"].items()])

    def fit() -> Any:
        return seminr.estimate_pls(
            (columns, cases), measures, arrows, stop_criterion=asked["digits"], max_it=asked["iterations"]
        )

    model = fit()
    answer: dict[str, Any] = {"versions": versions()}
    answer["fit"] = [seconds(lambda: seminr.htmt(fit())) for _ in range(asked["repeats"])]
    for name, cores in (("one", None), ("two", 2)):
        answer[name] = bootstraps(model, draws=asked["draws"], cores=cores) if asked["draws"] else None
    answer["same"] = drawn(model, np.array(asked["cases"])) if asked["cases"] else None
    Path(words[1]).write_text(json.dumps(answer), encoding="utf-8")


def bootstraps(model: Any, *, draws: int, cores: int | None) -> dict[str, float]:
    """Return the seconds of a few draws and of many."""
    few, many = (
        seconds(lambda count=count: seminr.bootstrap_model(model, count, seed=1, cores=cores))
        for count in (FEW, draws)
    )
    return {"few": few, "many": many, "fewest": FEW, "draws": draws}


def drawn(model: Any, cases: NDArray[np.intp]) -> dict[str, Any]:
    """Return the estimates in samples of these cases, shape (b, n)."""
    boot = seminr.bootstrap_model(model, indices=cases)
    found = {
        "~": boot.boot_paths,
        "=~": boot.boot_loadings,
        "<~": boot.boot_weights,
        "total": boot.boot_total_paths,
        "htmt": boot.boot_htmt,
    }
    return {
        op: {"rows": each[0].rows, "columns": each[0].cols, "values": [one.values.tolist() for one in each]}
        for op, each in found.items()
    }


def seconds(call: Callable[[], object]) -> float:
    """Return the seconds a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def versions() -> str:
    """Name what is compared."""
    return f"seminr {seminr.__version__} on Python {platform.python_version()}, numpy {np.__version__}"


if __name__ == "__main__":
    main(sys.argv[1:])
