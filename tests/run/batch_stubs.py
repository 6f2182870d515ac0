"""Stand-ins for a client's run, for workers to import: light, and failing or dying as their names say."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from jq_models import paths
from jq_models.run.batch_client import Job, Outcome
from jq_models.run.whole import tidy, whole_run

FILES = ("first.txt", "run.json", "second.txt")


def light(job: Job) -> Outcome:
    """Write a report in two steps; keep one that is there.

    ``raises``: raise; ``mortal``: kill the worker half-way, always; ``once``: the first time only.
    """
    name, folder = job.study, paths.reports() / job.study
    tidy(folder)
    if (folder / "run.json").exists() and not job.again:
        return Outcome(study=name, result="kept", n=os.getpid(), report=name)
    if name.startswith("raises"):
        raise ValueError("answer 4711")
    with whole_run(paths.reports(), name) as work:
        (work / "first.txt").write_text(f"{job.language} {job.at_once}", encoding="utf-8")
        time.sleep(0.2)
        if name.startswith("mortal") or (name.startswith("once") and _first(name)):
            os.kill(os.getpid(), signal.SIGKILL)
        for file in FILES[1:]:
            (work / file).write_text(str(os.getpid()), encoding="utf-8")
    return Outcome(study=name, result="made", n=os.getpid(), report=name)


def _first(name: str) -> bool:
    try:
        (paths.project_root() / f"{name}.died").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def whole(reports: Path) -> list[str]:
    """Return the reports, having checked that each is whole."""
    folders = sorted(path for path in reports.iterdir() if path.is_dir() and not path.name.startswith("."))
    for folder in folders:
        assert sorted(path.name for path in folder.iterdir()) == list(FILES)
    return [folder.name for folder in folders]
