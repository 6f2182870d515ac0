"""lavaan's side: one R process for each task and sample, timed inside by ``lavaan.R``."""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from benchmarks.measure import Measured, Setting

SCRIPT = Path(__file__).with_name("lavaan.R")
ABSENT = {"ml_again": "the same as ml"}
LIMIT = 900.0


def measure(setting: Setting, *, limit: float = LIMIT) -> Measured:
    """Time a task in R; where R, lavaan or the time is lacking, the reason."""
    reason = ABSENT.get(setting.task) or absent()
    if reason:
        return Measured(reason=reason)
    with tempfile.TemporaryDirectory() as folder:
        model, data, out = (Path(folder) / name for name in ("model.txt", "data.csv", "out.csv"))
        model.write_text(setting.model, encoding="utf-8")
        setting.data.to_csv(data, index=False, na_rep="NA")
        words = [setting.task, model, data, setting.repeats, setting.budget, out]
        command = ["Rscript", str(SCRIPT), *map(str, words)]
        try:
            done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=limit)
        except subprocess.TimeoutExpired:
            return Measured(reason=f"stopped after {limit:.0f} s", at_least=limit)
        if done.returncode:
            return Measured(reason="lavaan: " + " ".join(done.stderr.split())[:200])
        return parse(out.read_text(encoding="utf-8"))


def parse(text: str) -> Measured:
    """Read what ``lavaan.R`` wrote: a quantity and a value a line, quantities may repeat."""
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["quantity"], []).append(row["value"])
    return Measured(
        seconds=tuple(map(float, found["seconds"])),
        optimising=tuple(map(float, found["optimising"])),
        fitting=tuple(map(float, found["fitting"])),
        chi_square=float(found["chi_square"][0]),
        chi_square_scaled=float(found.get("chi_square_scaled", ["nan"])[0]),
        df=int(found["df"][0]),
        n_free=int(found["n_free"][0]),
    )


@cache
def absent() -> str:
    """Return why lavaan can't be timed here; empty when it can."""
    return "" if version() else "R with lavaan is not installed"


@cache
def version() -> str:
    """Return the versions of R and lavaan and R's BLAS; empty where one of the two is not installed."""
    if shutil.which("Rscript") is None:
        return ""
    ask = (
        'cat("lavaan", as.character(packageVersion("lavaan")), "on R", as.character(getRversion()),'
        ' "with", basename(sessionInfo()$BLAS))'
    )
    told = subprocess.run(["Rscript", "-e", ask], capture_output=True, encoding="utf-8")
    return told.stdout.strip() if told.returncode == 0 else ""
