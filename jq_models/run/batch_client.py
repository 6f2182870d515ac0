"""One client of a batch, as a worker makes it: kept when nothing changed, else run; what happened is told."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from jq_models import paths
from jq_models.errors import JQError
from jq_models.run.whole import reason_of, tidy
from jq_models.spec import Study, load_study, questionnaire_of

if TYPE_CHECKING:
    from jq_models.run.warm import Warm

Result = Literal["made", "kept", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a worker is told: names and settings, never data.

    Attributes
    ----------
    study : str
    language : str or None
        None: the study file's.
    again : bool
        Make the report even when it was made from the same already.
    at_once : int
        Notebooks that run at a time.
    """

    study: str
    language: str | None = None
    again: bool = False
    at_once: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a client.

    Attributes
    ----------
    study : str
    result : {"made", "kept", "failed"}
        kept: the report that was there is whole and made from the same.
    n : int or None
        Respondents; None where it failed.
    seconds : float
    report : str
        The report's folder in ``reports/``; empty where there is none of these inputs.
    reason : str
        Why it failed, or why there is no PDF; without paths and values.
    """

    study: str
    result: Result
    n: int | None = None
    seconds: float = 0.0
    report: str = ""
    reason: str = ""


def run_client(job: Job) -> Outcome:
    """Make a client's report, or say why not; raises nothing that a client's files can cause."""
    start = time.monotonic()
    try:
        return _made(job)
    except Exception as error:  # noqa: BLE001 - no client may stop the others
        reason = reason_of(error, paths.reports())
    return Outcome(study=job.study, result="failed", seconds=time.monotonic() - start, reason=reason)


def _made(job: Job) -> Outcome:
    kernels = _kernels()  # loads while this process loads what follows
    from jq_models.run.study import report_folder, run_study

    start = time.monotonic()
    study = load_study(job.study)
    language = job.language or study.language
    folder = paths.reports() / report_folder(study, language)
    tidy(folder)
    there = None if job.again else _there(folder, study=study, language=language)
    if there is not None:
        n, seconds = there.get("respondents"), time.monotonic() - start
        return Outcome(study=job.study, result="kept", n=n, seconds=seconds, report=folder.name)
    try:
        run = run_study(job.study, language=language, at_once=job.at_once, warm=kernels)
    except JQError:
        if kernels is None or kernels.alive:
            raise
        # its kernels died with it, through no fault of the client's
        run = run_study(job.study, language=language, at_once=job.at_once, warm=_kernels())
    return Outcome(
        study=job.study,
        result="made",
        n=run.n,
        seconds=time.monotonic() - start,
        report=folder.name,
        reason=run.without_pdf,
    )


def _there(folder: Path, *, study: Study, language: str) -> dict[str, Any] | None:
    """Return what the report that is there was made from, None where it would be another one now."""
    from jq_models.run.made_from import made_already, made_from

    try:
        wanted = made_from(
            study=study,
            instrument=questionnaire_of(study),
            data=paths.inside(paths.project_root(), study.file),
            parameters={"study": study.name, "language": language, "seed": study.seed},
        )
    except JQError:
        return None  # the run says what is wrong, in better words
    return made_already(folder, wanted)


class _Keeper:
    """The one warm process of this worker, for all its clients."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._warm: Warm | None = None

    def __call__(self) -> Warm | None:
        from jq_models.run.kernel import warm_kernels

        with self._lock:
            if self._warm is None or not self._warm.alive:
                self._warm = warm_kernels()
            return self._warm


_kernels = _Keeper()
