"""A whole study: its notebooks, report, tables and manifest, published only when all of it is there."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from jq_models import paths
from jq_models.data import DATA_VARIABLE, OpenStudy, open_study, read_table
from jq_models.disclosure import (
    issued_with,
    issuing,
    keep_before,
    ledger_path,
    open_release,
    require_own_record,
    shown_sizes,
    standing,
    write_ledger,
)
from jq_models.errors import RunError
from jq_models.evaluate import Plan, plan
from jq_models.report import (
    SHEETS,
    Cover,
    clear_working,
    closed_gates,
    label_figures,
    load_sheets,
    publish_html,
    publish_office,
    themed,
    wording,
    write_workbook,
)
from jq_models.report.wording import Wording
from jq_models.run.leaks import refuse_leaks
from jq_models.run.made_from import made_from
from jq_models.run.manifest import manifest_text
from jq_models.run.printing import printing
from jq_models.run.together import AT_ONCE, NOTEBOOKS, Progress, run_together
from jq_models.run.warm import Warm
from jq_models.run.whole import whole_run
from jq_models.spec import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a study run gave.

    Attributes
    ----------
    folder : Path
        The report's folder.
    without_pdf : str
        Why there is no PDF; empty when there is one.
    seconds : float
        How long it took.
    n : int
        Respondents.
    """

    folder: Path
    without_pdf: str
    seconds: float
    n: int


def run_study(
    name: str,
    *,
    language: str | None = None,
    data: Path | None = None,
    seed: int | None = None,
    on_progress: Progress | None = None,
    at_once: int = AT_ONCE,
    warm: Warm | None = None,
) -> Run:
    """Run a study from its data file to ``reports/NAME``.

    Parameters
    ----------
    name : str
        The study file's name without its ending.
    language : {"en", "nl"}, optional
        Default: the study file's. A report in the other language goes to ``reports/NAME-LANGUAGE``.
    data : Path, optional
        A data file in place of the study file's; default: the one ``JQ_MODELS_DATA`` names, if any.
    seed : int, optional
        Default: the study file's.
    on_progress : callable, optional
        Called from worker threads.
    at_once : int
        Notebooks that run at a time.
    warm : Warm, optional
        A process to fork their kernels from (`warm_kernels`).

    Raises
    ------
    JQError
        On anything that stops the run; the previous report then stays as it was.
    """
    start = time.monotonic()
    paths.own_project()
    require_own_record()
    given = data or from_shell()  # settled once: page, notebooks and manifest read the same file
    opened = open_study(name, language=language, data=given)
    file = given.resolve() if given else paths.inside(paths.project_root(), opened.spec.file)
    parameters = {
        "study": name,
        "language": opened.language,
        "seed": opened.spec.seed if seed is None else seed,
    }
    folder = report_folder(opened.spec, opened.language)
    theme = opened.spec.client.theme
    with whole_run(paths.reports(), folder) as work, themed(theme):
        open_release(opened).require_whole()  # before minutes are spent
        begun = standing(opened)
        timing = run_together(
            work,
            parameters=parameters,
            data=file,
            on_progress=on_progress,
            theme=theme,
            at_once=at_once,
            warm=warm,
        )
        without_pdf, clean = _publish(work, opened, file=file, apart=at_once > 1)
        with issuing(opened):
            issued = issued_with(opened, begun=begun)
            manifest = made_from(
                study=opened.spec,
                instrument=opened.instrument,
                data=file,
                parameters=parameters,
                timing=timing,
                n=opened.responses.n,
                shape=shape_of(opened, file=file),
                issued=issued,
            )
            text = manifest_text(manifest)
            (work / "run.json").write_text(text, encoding="utf-8", newline="\n")
            refuse_leaks(work, opened, file=file, clean=clean)
            if issued is not None:  # before the report is handed out: a record too many only hides more
                keep_before(name, folder, run=hashlib.sha256(text.encode()).hexdigest())
                write_ledger(ledger_path(name), issued)
    seconds = time.monotonic() - start
    return Run(
        folder=paths.reports() / folder, without_pdf=without_pdf, seconds=seconds, n=opened.responses.n
    )


def shape_of(opened: OpenStudy, *, file: Path) -> dict[str, int]:
    """Return how many rows and columns a study's data file has."""
    return {
        "rows": opened.responses.n_read,
        "columns": len(read_table(file, sheet=opened.spec.sheet).frame.columns),
    }


def report_folder(study: Study, language: str) -> str:
    """Return the report's folder: the study's name, with the language when it is not the study's own.

    Raises
    ------
    RunError
        When that name belongs to another study.
    """
    name = study.name
    if language == study.language:
        return name
    folder = f"{name}-{language}"
    if (paths.studies() / f"{folder}.toml").exists():
        raise RunError(
            f"The report would go to reports/{folder}, which belongs to the study '{folder}'. "
            "Give that study another name."
        )
    return folder


def from_shell() -> Path | None:
    """Return the data file that the shell names in place of the study file's, if any."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else None


def _publish(work: Path, opened: OpenStudy, *, file: Path, apart: bool) -> tuple[str, dict[str, str]]:
    """Write every file of the report, and search all but the PDF for what may not be shown.

    Returns
    -------
    (str, dict)
        Why there is no PDF, or nothing; the files searched (`refuse_leaks`).
    """
    w = wording(opened.language)
    simulated = opened.spec.simulated
    write_workbook(load_sheets(work / SHEETS), work / "study.xlsx", w=w, simulated=simulated)
    if simulated:
        label_figures(work / "figures", text=w("label.simulated"))
    title, version = w.of(opened.instrument.title), opened.instrument.version
    report = work / "notebooks" / "report.ipynb"
    parts = [work / "notebooks" / f"{name}.ipynb" for name in NOTEBOOKS if name != "report"]
    cover = Cover(
        title=w("html.report"),
        subtitle=w.of(opened.spec.title),
        facts={
            w("html.instrument"): f"{title} ({w('html.version')} {version})",
            w("html.respondents"): w.count(opened.responses.n),
            w("html.file"): opened.data_name,
        },
        simulated=simulated,
        notes=_notes(opened, w),
        closed=closed_gates(_plan(opened), w),
    )
    html = publish_html(
        report,
        parts=parts,
        out=work / "report.html",
        language=opened.language,
        title=cover.title,
        subtitle=cover.subtitle,
        facts=cover.facts,
        simulated=simulated,
        notes=cover.notes,
        closed=cover.closed,
    )
    with printing(html, language=opened.language, apart=apart) as printed:
        publish_office(report, parts=parts, work=work, cover=cover, language=opened.language)
        clear_working(work)
        clean = refuse_leaks(work, opened, file=file)
        return printed(work / "report.pdf"), clean


def _plan(opened: OpenStudy) -> Plan:
    return plan(opened, shown=shown_sizes(opened))


def _notes(opened: OpenStudy, w: Wording) -> dict[str, str]:
    """Return where the data and the questions come from, for the cover."""
    notes = {w("html.about_data"): w.of(opened.spec.note)} if opened.spec.note else {}
    return {**notes, w("html.about_questions"): w.of(opened.instrument.source)}
