"""seminr's side: an environment of its own, made or found, and one process of it for each request.

seminr (PyPI, GPL) is no dependency of this project: nothing of it is imported, or installed beside ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = Path(__file__).with_name("seminr_peer.py")
RELEASE = "0.2.1"
# inside .venv, which git, pytest and ruff pass over and which do.py may empty
FOLDER = ROOT / ".venv" / "peers" / f"seminr-{RELEASE}"
PATIENCE = 300.0


def ask(request: dict[str, Any], *, limit: float) -> tuple[dict[str, Any] | None, str]:
    """Hand a request to `seminr_peer.py`; return its answer, or None and why there is none."""
    reason = absent()
    if reason:
        return None, reason
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "request.json", Path(folder) / "answer.json"
        asked.write_text(json.dumps(request), encoding="utf-8")
        one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        command = [str(_python(FOLDER)), str(SCRIPT), str(asked), str(answered)]
        reason = _run(command, limit=limit, env={**os.environ, **one_thread})
        return (None, reason) if reason else (json.loads(answered.read_text(encoding="utf-8")), "")


@cache
def absent() -> str:
    """Return why seminr can't be timed here, after an attempt to install it; empty when it can."""
    probe = f"import seminr, sys; sys.exit(seminr.__version__ != {RELEASE!r})"
    if not _run([str(_python(FOLDER)), "-c", probe], limit=PATIENCE):
        return ""
    # the same BLAS as ours on both sides
    wanted = [f"seminr=={RELEASE}", *(f"{name}=={version(name)}" for name in ("numpy", "scipy"))]
    pip = [sys.executable, "-m", "pip", "--python", str(_python(FOLDER)), "install", "--quiet", *wanted]
    for command in ([sys.executable, "-m", "venv", "--clear", "--without-pip", str(FOLDER)], pip):
        reason = _run(command, limit=PATIENCE)
        if reason:
            return f"seminr {RELEASE} is not here and can't be installed: {reason}"
    return ""


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _run(command: list[str], *, limit: float, env: dict[str, str] | None = None) -> str:
    """Run a command; return what went wrong, empty when nothing did."""
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=limit, env=env)
    except subprocess.TimeoutExpired:
        return f"stopped after {limit:.0f} s"
    except OSError as problem:
        return str(problem)
    if done.returncode == 0:
        return ""
    last = (done.stderr.strip() or "no message").splitlines()[-1]
    return f"{last[:200]} (exit code {done.returncode})"
