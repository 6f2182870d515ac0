"""A whole study: its notebooks, report, tables and manifest, published only when all of it is there."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from nbformat import NotebookNode

from jq_models import paths
from jq_models.data import DATA_VARIABLE, OpenStudy, open_study, read_table
from jq_models.disclosure import (
    describe,
    free_texts,
    row_signatures,
    scan_folder,
    shown_group_sizes,
    unlike,
)
from jq_models.errors import DisclosureError, RunError
from jq_models.report import (
    OUT_VARIABLE,
    SHEETS,
    label_figures,
    load_sheets,
    publish_html,
    publish_pdf,
    wording,
    write_workbook,
)
from jq_models.report.wording import Wording
from jq_models.run.clean import read_notebook
from jq_models.run.manifest import manifest_text, run_manifest
from jq_models.run.notebook import run_notebook
from jq_models.run.translate import load_catalogue, translate
from jq_models.run.whole import whole_run

NOTEBOOKS = ("01_sample", "02_measurement", "03_structure", "report")
AT_ONCE = 2  # kernels side by side; each holds one core

Progress = Callable[[str, int, int], None]
"""Called with a notebook's name, its code cells done and their total."""


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
    """

    folder: Path
    without_pdf: str
    seconds: float


def run_study(
    name: str,
    *,
    language: str | None = None,
    data: Path | None = None,
    seed: int | None = None,
    on_progress: Progress | None = None,
) -> Run:
    """Run a study from its data file to ``reports/NAME``.

    Parameters
    ----------
    name : str
        The study file's name without its ending.
    language : {"en", "nl"}, optional
        Default: the study file's. A report in the other language goes to ``reports/NAME-LANGUAGE``.
    data : Path, optional
        A data file in place of the study file's.
    seed : int, optional
        Default: the study file's.
    on_progress : callable, optional
        Called from worker threads.

    Raises
    ------
    JQError
        On anything that stops the run; the previous report then stays as it was.
    """
    start = time.monotonic()
    opened = open_study(name, language=language, data=data)
    file = _data_file(opened, data)
    parameters = {
        "study": name,
        "language": opened.language,
        "seed": opened.spec.seed if seed is None else seed,
    }
    folder = _folder(opened)
    with whole_run(paths.reports(), folder) as work:
        timing = _run_notebooks(work, parameters=parameters, data=file, on_progress=on_progress)
        without_pdf = _publish(work, opened)
        manifest = run_manifest(
            project=paths.project_root(),
            study=opened.spec,
            instrument=opened.instrument,
            data=file,
            notebooks=[_source(notebook) for notebook in NOTEBOOKS],
            parameters=parameters,
            timing=timing,
        )
        (work / "run.json").write_text(manifest_text(manifest), encoding="utf-8", newline="\n")
        _refuse_leaks(work, opened, file=file)
    return Run(folder=paths.reports() / folder, without_pdf=without_pdf, seconds=time.monotonic() - start)


def _folder(opened: OpenStudy) -> str:
    """Return the report's folder: the study's name, with the language when it is not the study's own."""
    name, language = opened.spec.name, opened.language
    if language == opened.spec.language:
        return name
    folder = f"{name}-{language}"
    if (paths.studies() / f"{folder}.toml").exists():
        raise RunError(
            f"The report would go to reports/{folder}, which belongs to the study '{folder}'. "
            "Give that study another name."
        )
    return folder


def _data_file(opened: OpenStudy, given: Path | None) -> Path:
    return given.resolve() if given else paths.inside(paths.project_root(), opened.spec.file)


def _source(notebook: str) -> Path:
    path = paths.notebooks() / f"{notebook}.ipynb"
    if not path.is_file():
        raise RunError(
            f"The notebook notebooks/study/{path.name} is missing. Restore it from the repository."
        )
    return path


def _content(notebook: str, language: str) -> NotebookNode:
    content = read_notebook(_source(notebook))
    if language == "en":
        return content
    return translate(content, name=notebook, language=language, catalogue=load_catalogue(language))


def _run_notebooks(
    work: Path, *, parameters: Mapping[str, object], data: Path, on_progress: Progress | None
) -> dict[str, float]:
    """Run all notebooks, two at a time, and return the seconds each took."""
    (work / "notebooks").mkdir()
    timing: dict[str, float] = {}

    def one(notebook: str) -> None:
        start = time.monotonic()
        run_notebook(
            _source(notebook),
            out=work / "notebooks" / f"{notebook}.ipynb",
            parameters=parameters,
            environment={OUT_VARIABLE: str(work), DATA_VARIABLE: str(data)},
            on_progress=None if on_progress is None else lambda k, n: on_progress(notebook, k, n),
            notebook=_content(notebook, str(parameters["language"])),
        )
        timing[notebook] = time.monotonic() - start

    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        # the longest first, so that no core waits for it at the end
        for done in [pool.submit(one, notebook) for notebook in reversed(NOTEBOOKS)]:
            done.result()
    finally:
        pool.shutdown(cancel_futures=True)
    return {notebook: timing[notebook] for notebook in NOTEBOOKS}


def _publish(work: Path, opened: OpenStudy) -> str:
    """Write HTML, PDF and Excel; return why there is no PDF, or nothing."""
    w = wording(opened.language)
    simulated = opened.spec.simulated
    write_workbook(load_sheets(work / SHEETS), work / "study.xlsx", w=w, simulated=simulated)
    if simulated:
        label_figures(work / "figures", text=w("label.simulated"))
    shutil.rmtree(work / SHEETS)
    title, version = w.of(opened.instrument.title), opened.instrument.version
    html = publish_html(
        work / "notebooks" / "report.ipynb",
        out=work / "report.html",
        language=opened.language,
        title=w("html.report"),
        subtitle=w.of(opened.spec.title),
        facts={
            w("html.instrument"): f"{title} ({w('html.version')} {version})",
            w("html.respondents"): w.count(opened.responses.n),
            w("html.file"): opened.data_name,
        },
        simulated=simulated,
        notes=_notes(opened, w),
    )
    try:
        publish_pdf(html, out=work / "report.pdf", language=opened.language)
    except RunError as error:  # the HTML holds everything the PDF would
        return str(error)
    return ""


def _notes(opened: OpenStudy, w: Wording) -> dict[str, str]:
    """Return where the data and the questions come from, for the cover."""
    notes = {w("html.about_data"): w.of(opened.spec.note)} if opened.spec.note else {}
    return {**notes, w("html.about_questions"): w.of(opened.instrument.source)}


def _refuse_leaks(work: Path, opened: OpenStudy, *, file: Path) -> None:
    """Raise when anything in the folder tells on a respondent or on this machine."""
    raw = read_table(file, sheet=opened.spec.sheet).frame
    items = {opened.spec.column_of(item.code) for item in opened.instrument.items}
    answers = raw[[column for column in raw.columns if column in items]]
    forbidden = _forbidden(raw, opened, items=items)
    findings = scan_folder(
        work,
        forbidden={text for texts in forbidden.values() for text in texts},
        rows=row_signatures(answers) | row_signatures(opened.responses.items),
    )
    if not findings:
        return
    message = "The report was not published, for it holds what may not be shown:\n" + describe(findings)
    patterns = {name: re.compile("|".join(map(re.escape, texts))) for name, texts in forbidden.items()}
    columns = sorted({finding.rule for finding in scan_folder(work, patterns=patterns)})
    if columns:
        message += (
            f"\nIt repeats cells of the column {wording('en').join(columns)}. Take them out of the notebook "
            "or table that shows them; or, if they are words of the report itself, take that column out of "
            "the data file (a grouping: give its groups labels in the study file)."
        )
    raise DisclosureError(message)


def _forbidden(raw: pd.DataFrame, opened: OpenStudy, *, items: set[str]) -> dict[str, tuple[str, ...]]:
    """Return, by column, what respondents wrote and the names of groups that may not be shown."""
    spec, responses, minimum = opened.spec, opened.responses, opened.spec.minimum_group
    groups = {group.name: group for group in spec.groups}
    sizes = shown_group_sizes(responses, minimum=minimum)
    harmless = _vocabulary(opened)
    harmless += [str(name) for shown in sizes.values() for name in shown.dropna().index]
    used = items | {group.column for group in spec.groups}
    forbidden = {
        str(column): free_texts(raw, columns=[column], minimum=minimum, harmless=harmless)
        for column in raw.columns
        if column not in used
    }
    for name, shown in sizes.items():
        hidden = [str(group).strip() for group in shown.index[shown.isna()]]
        forbidden[groups[name].column] = unlike(hidden, harmless)
    return {column: texts for column, texts in forbidden.items() if texts}


def _vocabulary(opened: OpenStudy) -> list[str]:
    """Return the texts that a report of this study holds whatever its data say."""
    spec, instrument, language = opened.spec, opened.instrument, opened.language
    texts = [spec.title, instrument.title, instrument.source, *([spec.note] if spec.note else [])]
    texts += [item.text for item in instrument.items]
    for construct in instrument.constructs:
        texts += [construct.name, construct.short, construct.high, *construct.facets.values()]
    for group in spec.groups:
        texts += [group.label, *group.labels.values()]
    words = [text[language] for text in texts]
    words += [label for item in instrument.items for label in item.scale.labels[language]]
    return [*words, *wording(language).texts.values()]
