"""Make a report again from its ``run.json``, apart from the report, and compare every table."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from contextlib import ExitStack, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jq_models import paths
from jq_models.data import OpenStudy, open_study
from jq_models.disclosure import ISSUED_VARIABLE, as_issued, open_release
from jq_models.errors import RunError
from jq_models.report import SHEETS, load_sheets, themed, wording, write_workbook
from jq_models.report.reproduce_record import Compared, Departure, Reproduction
from jq_models.run.kernel import warm_kernels, with_threads
from jq_models.run.made_from import made_from
from jq_models.run.reproduced_parts import departures, versions_between
from jq_models.run.reproduced_tables import (
    compare_tables,
    compare_texts,
    compare_workbooks,
    items_moved,
)
from jq_models.run.study import from_shell, shape_of
from jq_models.run.together import AT_ONCE, Progress, run_together

OLDEST, NEWEST = 1, 2  # formats of run.json that can be read
_NOT_ISSUED = (
    "The data differ, and the numbers found were made for this comparison alone: beside the report they "
    "could tell about single people. Keep them to yourself; to hand out new numbers, run the study."
)
_LATER = (
    "What had been issued before this report is not kept here. It was held against what is issued by now, so "
    "groups may be hidden that the report shows."
)
_FORMAT_1 = (
    "This run.json is of format 1: it does not tell which question or option changed, only which file."
)


def report_at(place: str | Path) -> Path:
    """Return the folder of a report, given as a folder or as a name in ``reports``.

    Raises
    ------
    RunError
        When there is no report.
    """
    given = Path(place)
    for folder in (paths.project_root() / given, paths.reports() / given, given):
        if (folder / "run.json").is_file():
            return folder.resolve()
    raise RunError(
        f"There is no report '{given.name}' with a run.json. Name a folder of reports/, or run the study "
        "first."
    )


def read_run(report: Path) -> dict[str, Any]:
    """Read a report's ``run.json``.

    Raises
    ------
    RunError
        When it cannot be read, or was written by a later version of this package.
    """
    try:
        found = json.loads((report / "run.json").read_text(encoding="utf-8"))
        parameters = found["parameters"]
        str(parameters["study"]), str(parameters["language"]), int(parameters["seed"])
        readable = OLDEST <= int(found.get("format", 0)) <= NEWEST
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        raise RunError(
            f"reports/{report.name}/run.json is no record of a run. Restore it, or run the study again."
        ) from None
    if not readable:
        raise RunError(
            f"reports/{report.name}/run.json is of format {found.get('format')}, and this version reads "
            f"{OLDEST} to {NEWEST}. Use the version that made the report: jq_models {found.get('jq_models')}."
        )
    return dict(found)


def reproduce(
    report: str | Path,
    *,
    data: Path | None = None,
    threads: int = 1,
    on_progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> Reproduction:
    """Run a report's study again with what is here now, and compare it with the report.

    Study, language, parameters and seed are those of ``run.json``. Everything is written to a temporary
    folder: neither the report nor the record of issued reports changes.

    Parameters
    ----------
    report : str or Path
        A folder, or its name in ``reports``.
    data : Path, optional
        The data file; default: the study file's.
    threads : int
        Of BLAS in the notebooks' kernels.
    on_progress : callable, optional
        Called from worker threads.
    at_once : int
        Notebooks that run at a time.

    Returns
    -------
    Reproduction

    Raises
    ------
    JQError
        When the report cannot be made again: no ``run.json``, no such study, unusable data, a notebook that
        fails.
    """
    start = time.monotonic()
    if threads < 1:
        raise RunError(f"threads = {threads}: give a whole number from 1 on.")
    folder = report_at(report)
    stored = read_run(folder)
    given = stored["parameters"]
    file = data or from_shell()
    opened = open_study(str(given["study"]), language=str(given["language"]), data=file)
    file = file.resolve() if file else paths.inside(paths.project_root(), opened.spec.file)
    with ExitStack() as stack:
        work = Path(stack.enter_context(TemporaryDirectory(prefix="jq-models-", ignore_cleanup_errors=True)))
        known = _stand(stack, opened, report=folder, work=work)
        found = _run(
            work,
            opened,
            file=file,
            parameters=given,
            settings={"on_progress": on_progress, "at_once": at_once},
            threads=threads,
        )
        compared = _compared(folder, work, versions=versions_between(stored, found))
        moved = items_moved(folder / "tables", work / "tables")
    departed = _with_answers(departures(stored, found), compared, moved)
    return Reproduction(
        report=folder.name,
        study=opened.spec.name,
        language=opened.language,
        seed=int(given["seed"]),
        simulated=opened.spec.simulated,
        seconds=time.monotonic() - start,
        compared=compared,
        departures=departed,
        notes=_notes(stored, departed, opened, known=known),
    )


def _stand(stack: ExitStack, opened: OpenStudy, *, report: Path, work: Path) -> bool:
    """Hold what follows against what had been issued before the report; say whether that is known."""
    stack.enter_context(themed(opened.spec.client.theme))
    if opened.spec.simulated:
        return True
    ledgers = work / "issued"
    ledgers.mkdir()
    run = hashlib.sha256((report / "run.json").read_bytes()).hexdigest()
    return stack.enter_context(as_issued(opened.spec.name, report.name, run=run, folder=ledgers))


def _run(
    work: Path,
    opened: OpenStudy,
    *,
    file: Path,
    parameters: Mapping[str, object],
    settings: Mapping[str, Any],
    threads: int,
) -> dict[str, Any]:
    """Run the notebooks, write the workbook, and return what a report's ``run.json`` would say."""
    open_release(opened).require_whole()  # before minutes are spent
    beside = with_threads(threads) if threads > 1 else {}
    if not opened.spec.simulated:
        beside |= {ISSUED_VARIABLE: str(work / "issued")}
    # a forked kernel has the threads of the process that loaded BLAS
    with (warm_kernels() if threads == 1 else None) or nullcontext() as warm:
        timing = run_together(
            work,
            parameters=parameters,
            data=file,
            theme=opened.spec.client.theme,
            beside=beside,
            warm=warm,
            **settings,
        )
    w = wording(opened.language)
    write_workbook(load_sheets(work / SHEETS), work / "study.xlsx", w=w, simulated=opened.spec.simulated)
    return made_from(
        study=opened.spec,
        instrument=opened.instrument,
        data=file,
        parameters=parameters,
        timing=timing,
        n=opened.responses.n,
        shape=shape_of(opened, file=file),
        threads=threads,
    )


def _compared(report: Path, work: Path, *, versions: tuple[tuple[str, str], ...]) -> tuple[Compared, ...]:
    pairs = [(report / name, work / name) for name in ("tables", "study.xlsx", "notebooks")]
    ways = (compare_tables, compare_workbooks, compare_texts)
    return tuple(
        one
        for compare, (before, now) in zip(ways, pairs, strict=True)
        for one in compare(before, now, versions=versions)
    )


def _with_answers(
    departed: tuple[Departure, ...], compared: tuple[Compared, ...], moved: tuple[str, ...]
) -> tuple[Departure, ...]:
    """Add to a change of the data the items whose own numbers moved, or else the first table that did."""
    places = [k for k, one in enumerate(departed) if one.part == "data"]
    if not places:
        return departed
    told = [Departure(part="data", what=f"answers to {code}", given=True) for code in moved]
    first = next((one.name for one in compared if one.kind == "table" and one.state == "changed"), None)
    if not told and first is not None:
        told = [
            Departure(
                part="data", what=f"no item's own numbers; the first table that moved: {first}", given=True
            )
        ]
    after = places[-1] + 1
    return (*departed[:after], *told, *departed[after:])


def _notes(
    stored: Mapping[str, Any], departed: tuple[Departure, ...], opened: OpenStudy, *, known: bool
) -> tuple[str, ...]:
    differ = any(one.part == "data" for one in departed) and not opened.spec.simulated
    told = {_NOT_ISSUED: differ, _LATER: not known, _FORMAT_1: stored.get("format") == OLDEST}
    return tuple(note for note, holds in told.items() if holds)
