"""Many clients side by side on a Dask cluster, here or elsewhere: one that fails stops no other."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from jq_models import paths
from jq_models.data import DATA_VARIABLE
from jq_models.errors import RunError, SpecError, suggest
from jq_models.run.batch_client import Job, Outcome, run_client
from jq_models.run.batch_cluster import cluster
from jq_models.run.whole import tidy
from jq_models.spec import LANGUAGES, check_name, load_study

Runner = Callable[[Job], Outcome]
Progress = Callable[[Outcome], None]
"""Called with each client that is done."""

TWICE = 2  # a worker that dies with a client may have died of something else: it is tried once more
NOTEBOOKS_ALONE = 2  # notebooks at a time of a client that has the machine to itself
_COLUMNS = ("study", "result", "n", "seconds", "report", "reason")


def clients() -> tuple[str, ...]:
    """Return the studies of clients: every study file that does not say `simulated = true`.

    A file with a mistake is among them, so that its mistake is told.
    """
    return tuple(path.stem for path in sorted(paths.studies().glob("*.toml")) if not _simulated(path.stem))


def _simulated(name: str) -> bool:
    try:
        return load_study(name).simulated
    except SpecError:
        return False


def run_batch(
    names: Sequence[str],
    *,
    language: str | None = None,
    at_once: int | None = None,
    scheduler: str | None = None,
    again: bool = False,
    on_done: Progress | None = None,
    runner: Runner = run_client,
) -> tuple[Outcome, ...]:
    """Make the reports of many clients.

    A client whose report is whole and was made from the same (data, study file, questionnaire, notebooks,
    code, parameters) is kept as it is, so a batch that was stopped goes on where it was.

    Parameters
    ----------
    names : sequence of str
        Study files, without their ending; a name given twice counts once.
    language : {"en", "nl"}, optional
        Default: each study's own.
    at_once : int, optional
        Clients that run at a time; default: as many as this machine has cores, or the cluster threads.
    scheduler : str, optional
        Address of a Dask scheduler, such as ``"tcp://10.0.0.5:8786"``. Its workers need this package in the
        same version and the same project folder, named by ``JQ_MODELS_PROJECT`` or the one they started in.
    again : bool
        Make every report anew.
    on_done : callable, optional
    runner : callable
        What makes a client; a function of a module, for workers import it by name.

    Returns
    -------
    tuple of Outcome
        In the order of `names`.

    Raises
    ------
    SpecError
        When a study file does not exist, or on an unknown language.
    RunError
        On no names, fewer than one at once, a data file named by ``JQ_MODELS_DATA``, a scheduler that does
        not answer or has no workers.
    """
    studies = _checked(names, language=language, at_once=at_once)
    found: dict[str, Outcome] = {}
    try:
        with cluster(len(studies), at_once=at_once, scheduler=scheduler) as client:
            settings = {"language": language, "again": again}
            for outcome in _outcomes(client, studies, slots=at_once or 0, runner=runner, **settings):
                found[outcome.study] = outcome
                if on_done is not None:
                    on_done(outcome)
    finally:
        for name in studies:  # what killed workers left half-made
            for folder in (name, *(f"{name}-{code}" for code in LANGUAGES)):
                tidy(paths.reports() / folder)
    return tuple(found[name] for name in studies)


def _checked(names: Sequence[str], *, language: str | None, at_once: int | None) -> tuple[str, ...]:
    studies = tuple(dict.fromkeys(check_name(name) for name in names))
    if not studies:
        raise RunError("No client is named. Name studies of data/studies, or take --all.")
    if at_once is not None and at_once < 1:
        raise RunError(f"at_once = {at_once}: give a whole number from 1 on.")
    if language is not None and language not in LANGUAGES:
        raise SpecError(f"No language '{language}'. {suggest(language, LANGUAGES)}")
    if os.environ.get(DATA_VARIABLE):
        raise RunError(
            f"The variable {DATA_VARIABLE} names one data file, which would be every client's. Unset it."
        )
    for name in studies:
        if not (paths.studies() / f"{name}.toml").is_file():
            load_study(name)  # says which there are
    return studies


def _outcomes(
    client: Any, studies: Sequence[str], *, slots: int, runner: Runner, **settings: Any
) -> Iterator[Outcome]:
    """Give each free worker the next client; yield what becomes of each, as it comes."""
    from distributed import wait

    waiting, tries = deque(studies), Counter[str]()
    running: dict[Any, str] = {}
    first: Any = wait  # it has no types
    while waiting or running:
        threads = sum(client.nthreads().values()) or 1  # a dead worker is being replaced
        free = min(slots or threads, threads, len(studies)) - len(running)
        notebooks = 1 if min(slots or threads, len(studies)) > 1 else NOTEBOOKS_ALONE
        for name in [waiting.popleft() for _ in range(min(free, len(waiting)))]:
            job = Job(study=name, at_once=notebooks, **settings)
            # a new key each time: nothing is looked up by its name
            running[client.submit(runner, job, pure=False)] = name
            tries[name] += 1
        with client.as_current():
            done = first(list(running), return_when="FIRST_COMPLETED").done
        for future in done:
            name = running.pop(future)
            outcome = _outcome(future, name, tried=tries[name])
            if outcome is None:
                waiting.append(name)
            else:
                yield outcome


def _outcome(future: Any, name: str, *, tried: int) -> Outcome | None:
    """Return what became of a client, None when it should be tried once more."""
    from distributed import KilledWorker

    problem = future.exception()
    if problem is None:
        outcome: Outcome = future.result()
        if outcome.report and not (paths.reports() / outcome.report).is_dir():
            reason = "Made in another folder: the workers do not share this project. Start them in it."
            return Outcome(study=name, result="failed", seconds=outcome.seconds, reason=reason)
        return outcome
    if isinstance(problem, KilledWorker):
        if tried < TWICE:
            return None
        reason = "The worker died with it twice, often for lack of memory. Run fewer at once."
    else:
        reason = f"The worker could not run it: {type(problem).__name__}."
    return Outcome(study=name, result="failed", reason=reason)


def write_outcomes(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write what became of the clients as CSV; the file is there whole or not at all."""
    from jq_models.report.harmless import harmless  # the report's room takes seconds to load

    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for one in outcomes:
        n = "" if one.n is None else one.n
        rows.writerow([one.study, one.result, n, round(one.seconds, 1), one.report, harmless(one.reason)])
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text.getvalue(), encoding="utf-8", newline="")
    part.replace(path)
