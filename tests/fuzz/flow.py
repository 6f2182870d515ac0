"""What a user does with a file, and everything that is said on the way."""

from __future__ import annotations

import io
import logging
import traceback
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from good import MARKS

from jq_models.cli import client_command
from jq_models.data import RawTable, check_study, open_study, prepare, read_table
from jq_models.data.propose import propose
from jq_models.errors import JQError
from jq_models.report import problem_sentences, problem_table, wording
from jq_models.run.client import NewClient
from jq_models.spec import Instrument, Study, load_instrument, load_study


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a file.

    `kind` is "report" (it can be opened: a report follows), "table" (a table of problems), "refused" (one
    sentence) or "broken" (an exception that is no `JQError`); `said` all that was said.
    """

    kind: str
    said: str
    error: str = ""


def outcome(path: Path, study: str, *, whole: bool = True) -> Outcome:
    """Check a file, word what was found in both languages, propose a mapping, and open the study.

    When not `whole`, what opening a study does again after the check (reading, checking) is left out.
    """
    heard: list[str] = []
    logged = _Log()
    logging.getLogger().addHandler(logged)
    out = io.StringIO()
    kind, error = "broken", ""
    try:
        with redirect_stdout(out), redirect_stderr(out), warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            kind, error = _use(path, study, heard, whole=whole)
        heard += [str(w.message) for w in warned]
    except Exception as stray:  # noqa: BLE001 - this is what must not come out
        error = "".join(traceback.format_exception(stray))[-3000:]
        heard.append(error)
    finally:
        logging.getLogger().removeHandler(logged)
    return Outcome(kind=kind, said="\n".join([*heard, out.getvalue(), *logged.lines]), error=error)


def _use(path: Path, study: str, heard: list[str], *, whole: bool) -> tuple[str, str]:
    try:
        problems = check_study(study, data=path)
    except JQError as refused:
        heard += _chain(refused)
        _propose(path, heard)
        return "refused", str(refused)
    for language in ("en", "nl"):
        w = wording(language)
        shown = problem_table(problems, w)
        heard += [shown.title, shown.note, problem_sentences(problems, w)]
        heard += [str(cell) for frame in (shown.frame, shown.raw) for cell in frame.to_numpy().ravel()]
    heard.append(repr(problems))
    raw = _propose(path, heard)
    if any(problem.severity == "error" for problem in problems):
        return "table", ""
    try:
        if whole or raw is None:
            heard.append(repr(open_study(study, data=path)))
        else:
            spec = load_study(study)
            responses = prepare(raw, study=spec, instrument=fielded(spec), language="nl")
            heard += [repr(responses), repr(responses.log)]
    except JQError as refused:
        heard += _chain(refused)
        return "refused", str(refused)
    return "report", ""


def fielded(spec: Study) -> Instrument:
    """Return a study's questionnaire with the scale it was fielded with."""
    instrument = load_instrument(spec.instrument)
    return instrument if spec.scale is None else instrument.with_scale(spec.scale)


def _propose(path: Path, heard: list[str]) -> RawTable | None:
    """Do what `new-client` does before it writes: the proposal must come, or an error without a cell."""
    raw = None
    try:
        raw = read_table(path)
        heard.append(repr(raw))
        guess = propose(raw, load_instrument("ccc_job_quality"))
        client = NewClient(
            name="x", study=path, data=path, proposal=guess, rows=raw.n, tool=raw.tool, language="nl",
            set_aside=raw.set_aside,
        )  # fmt: skip
        heard += [text for line in client_command._lines(client) for text in line]
    except JQError as refused:
        heard += _chain(refused)
    return raw


def _chain(error: BaseException | None) -> list[str]:
    """Return an error's text and repr, and those of every exception it carries along."""
    texts = []
    while error is not None:
        texts += [str(error), repr(error)]
        error = error.__cause__ or error.__context__
    return texts


def leaks(said: str, cells: frozenset[str]) -> list[str]:
    """Return what of the respondents was said: marks, and whole cells."""
    folded = said.casefold()
    found = [mark for mark in MARKS if mark.casefold() in folded]
    return found + [cell for cell in cells if cell in folded]


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
