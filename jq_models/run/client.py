"""Start a client's study from an export: copy the file, propose how to read it."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from jq_models import paths
from jq_models.data import read_table
from jq_models.data.propose import Proposal, propose
from jq_models.data.propose_items import match_items
from jq_models.data.sheets import sheets_of
from jq_models.data.table import RawTable
from jq_models.data.upload import checked_bytes
from jq_models.errors import DataError, RunError, SpecError, suggest
from jq_models.run.client_draft import client_draft
from jq_models.spec import (
    LANGUAGES,
    MODULES,
    Instrument,
    check_name,
    load_instrument,
    load_study,
    with_modules,
)
from jq_models.spec.study_text import is_untouched, study_text

DEFAULT_INSTRUMENT = "ccc_job_quality"
_PART = re.compile(r"\.(.+)\.(?:csv|txt|tsv|xlsx|xlsm|sav|zsav)\.[0-9a-f]{8}")  # `_write` makes them
_OLD = 3600.0  # seconds: nothing writes for so long


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """What starting a client wrote, and what was guessed.

    Attributes
    ----------
    name : str
    study, data : Path
        The study file, and the copy of the export.
    proposal : Proposal
    rows : int
        Rows under the header of the export.
    set_aside : mapping of str to int
        Rows left out because the tool marks them as no answers, by rule.
    tool : str
        The survey tool whose layout was recognised; empty when none was.
    language : {"en", "nl"}
        Of the report.
    reading : str
        From which end the codes are taken to count, where the file does not say; else empty.
    sheet : str or None
        Of a workbook with several sheets, the one that is read.
    other_sheets : tuple of str
        Those that are not.
    """

    name: str
    study: Path = field(repr=False)
    data: Path = field(repr=False)
    proposal: Proposal = field(repr=False)
    rows: int
    set_aside: Mapping[str, int]
    tool: str
    language: str
    reading: str = ""
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()


def new_client(
    name: str,
    *,
    data: str | Path,
    instrument: str = DEFAULT_INSTRUMENT,
    language: str | None = None,
    sheet: str | None = None,
    title: str | None = None,
    again: bool = False,
) -> NewClient:
    """Copy an export to ``data/raw`` and write a study file that proposes how to read it.

    Nothing is written when the export cannot be read or holds no question of the questionnaire.

    Parameters
    ----------
    name : str
        Of the study and the client: the files are called after it.
    data : str or Path
        The export. Of a link the file behind it is copied.
    instrument : str
        The questionnaire.
    language : {"en", "nl"}, optional
        Of the report; default: the language of the export's questions or answers, else English.
    sheet : str, optional
        Of a workbook; default: the only one that looks like answers.
    title : str, optional
        On top of the report, in both languages; default: the questionnaire's title with the name.
    again : bool
        Replace what an earlier call wrote, unless a person has changed the study file since.

    Raises
    ------
    SpecError
        When the name cannot be one, or the questionnaire or language is not known.
    DataError
        When the export cannot be read, or no question is recognised.
    RunError
        When files of this name exist, the copy would lead out of ``data/raw``, or there is no project.
    """
    paths.own_project()
    study = paths.studies() / f"{check_name(name)}.toml"
    if language is not None and language not in LANGUAGES:
        raise SpecError(f"No language '{language}'. {suggest(language, LANGUAGES)}")
    questionnaire = load_instrument(instrument)
    earlier = _earlier(study, again=again)
    source = Path(data)
    chosen, others = _sheet(source, sheet)
    raw = read_table(source, sheet=chosen)
    questionnaire = _with_modules_of(raw, questionnaire)
    proposal = propose(raw, questionnaire)
    copy = _copy_path(name, source=source, earlier=earlier)
    draft = client_draft(
        name,
        proposal=proposal,
        raw=raw,
        instrument=questionnaire,
        file=f"data/raw/{copy.name}",
        sheet=chosen,
        other_sheets=others,
        language=language or proposal.language or "en",
        title=title,
    )
    content = checked_bytes(source)
    if hashlib.sha256(content).hexdigest() != raw.sha256:
        raise DataError(
            f"{source.name} changed while it was read. Close the program that writes it; try again."
        )
    _sweep(name)
    if not (copy.exists() and copy.samefile(source)):
        _write(copy, content)
    if earlier is not None and earlier != copy:
        earlier.unlink(missing_ok=True)
    _write(study, study_text(draft).encode("utf-8"))
    return NewClient(
        name=name,
        study=study,
        data=copy,
        proposal=proposal,
        rows=raw.n,
        set_aside=raw.set_aside,
        tool=raw.tool,
        language=draft.language,
        reading=draft.reading,
        sheet=chosen,
        other_sheets=others,
    )


def _earlier(study: Path, *, again: bool) -> Path | None:
    """Return the copy of the export that an earlier call made; None when there was no call.

    Raises
    ------
    RunError
        When there is a study file that may not be replaced.
    """
    if not (study.exists() or study.is_symlink()):
        return None
    if not again:
        raise RunError(
            f"data/studies/{study.name} exists already. Take another name, or add --again to propose it anew."
        )
    if study.is_symlink() or not is_untouched(study.read_text(encoding="utf-8", errors="replace")):
        raise RunError(
            f"data/studies/{study.name} was changed by hand, or not written by new-client: it stays. "
            "Move it away first, or take another name."
        )
    return paths.raw() / Path(load_study(study.stem).file).name


def _with_modules_of(raw: RawTable, questionnaire: Instrument) -> Instrument:
    """Return the questionnaire with those modules behind it of which the file has at least half the items."""
    modules = load_instrument(MODULES)
    names = tuple(modules.modules)
    try:
        asked = with_modules(questionnaire, modules, names)
    except SpecError:  # a questionnaire that shares codes or scales with the modules goes without them
        return questionnaire
    found = {match.item for match in match_items(raw, asked).found}
    for name in names:
        items = [i.code for c in modules.constructs if c.module == name for i in c.items]
        if sum(code in found for code in items) < len(items) / 2:
            names = tuple(other for other in names if other != name)
    return with_modules(questionnaire, modules, names) if names else questionnaire


def _sheet(source: Path, sheet: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Return the sheet to read and the others: the one named, else the only one that looks like answers."""
    facts = sheets_of(source)
    titles = tuple(fact.title for fact in facts)
    if sheet is None and len(facts) > 1:
        likely = [fact.title for fact in facts if fact.looks_like_answers]
        if len(likely) != 1:
            names = ", ".join(f"'{title}'" for title in titles)
            found = "several look" if likely else "none looks"
            raise DataError(
                f"{source.name} has the sheets {names}; {found} like answers. Name one with --sheet."
            )
        sheet = likely[0]
    return sheet, tuple(title for title in titles if sheet not in (None, title))


def _copy_path(name: str, *, source: Path, earlier: Path | None) -> Path:
    """Return where the export is copied to.

    Raises
    ------
    RunError
        When something else of that name is there, a link among them, or ``data/raw`` leads elsewhere.
    """
    copy = paths.raw() / f"{name}{source.suffix.lower()}"
    paths.inside(paths.project_root(), "data/raw")
    if copy.is_symlink():
        raise RunError(
            f"data/raw/{copy.name} is a link. Remove it: clients' files are kept in data/raw itself."
        )
    if copy.exists() and copy != earlier and not copy.samefile(source):
        raise RunError(
            f"data/raw/{copy.name} exists already, of another study. Take another name, or purge it."
        )
    return copy


def _sweep(name: str) -> None:
    """Delete what a call that was killed left of a copy: this client's, and others' when it is old."""
    for path in paths.raw().glob(".*"):
        part = _PART.fullmatch(path.name)
        with suppress(OSError):
            if part and (part[1] == name or time.time() - path.lstat().st_mtime > _OLD):
                path.unlink()


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; a link of that name is replaced, never followed."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RunError(f"{path.parent.name}/{path.name} cannot be written: {error.strerror}.") from None
