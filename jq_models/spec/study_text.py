"""A study file written for a person to read and mend: what was guessed, how sure, and what is left to do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jq_models.spec.strict import LANGUAGES, Text

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STAMP = re.compile(r"# written by jq-models, untouched while this fits: ([0-9a-f]{64})\n")
_WIDTH = 36  # where comments begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A line of ``[columns]`` or ``[covariates]``: what is looked for, its column, how it was found."""

    name: str
    column: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """A ``[[groups]]`` table; `labels` may be empty."""

    name: str
    column: str
    label: Text
    labels: Mapping[str, Text] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDraft:
    """All that a new study file says.

    Attributes
    ----------
    name, instrument, file, language : str
    title : Text
    source : str
        The file the answers came in, for the first comment.
    sheet, scale : str or None
    other_sheets : tuple of str
        The workbook's sheets that are not read.
    scales : tuple of str
        Names of the questionnaire's answer scales, for the comment.
    missing : mapping of int to int
        Codes for "no answer" and the cells that hold them.
    columns, covariates : tuple of Column
    groups : tuple of Grouping
    ignore : mapping of str to tuple of str
        Columns never read, by what they seem to hold.
    unmatched : tuple of str
        Sentences about items that have no column.
    reading : str
        From which end the codes are taken to count, where the file does not say.
    modules : tuple of str
        The file of the modules and those asked; empty where none was.
    """

    name: str
    instrument: str
    title: Text
    file: str
    source: str
    language: str
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()
    scale: str | None = None
    scales: tuple[str, ...] = ()
    missing: Mapping[int, int] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    covariates: tuple[Column, ...] = ()
    groups: tuple[Grouping, ...] = ()
    ignore: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    reading: str = ""
    modules: tuple[str, ...] = ()


def study_text(draft: StudyDraft) -> str:
    """Write a study file that `load_study` reads, with a stamp that tells whether a person changed it."""
    parts = (_head, _data, _modules, _columns, _groups, _covariates, _client, _options)
    text = "\n".join(line for part in parts for line in (*part(draft), "")).rstrip("\n") + "\n"
    return f"{text}\n# written by jq-models, untouched while this fits: {_hash(text)}\n"


def is_untouched(text: str) -> bool:
    """Say whether a study file is as `study_text` wrote it."""
    body, _, _ = text.rpartition("\n# ")
    stamp = _STAMP.fullmatch(text[len(body) + 1 :])
    return stamp is not None and stamp[1] == _hash(body)


def quoted(text: str) -> str:
    """Write a TOML string; whatever cannot be seen is written as its number."""
    return '"' + "".join(map(_escaped, text)) + '"'


def comment(text: str) -> str:
    """Bring a text on one line, without characters that a comment may not hold."""
    shown = "".join(letter if letter.isprintable() or letter == " " else " " for letter in text)
    return " ".join(shown.split())


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    number = ord(letter)
    if 0xD800 <= number <= 0xDFFF:  # half a character: no file can hold it
        number = 0xFFFD
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else quoted(name)


def _both(text: Text) -> str:
    return "{ " + ", ".join(f"{language} = {quoted(text[language])}" for language in LANGUAGES) + " }"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _line(code: str, note: str = "") -> str:
    return f"{code:<{_WIDTH - 1}} # {comment(note)}" if note else code


def _head(draft: StudyDraft) -> Iterator[str]:
    yield f"# The study '{draft.name}', proposed by `jq-models new-client` from {comment(draft.source)}."
    yield "# Read it once: what was guessed says so. Every key is explained in demo.toml."
    yield ""
    yield f"name = {quoted(draft.name)}"
    yield f"instrument = {quoted(draft.instrument)}"
    yield ""
    yield _line("[title]", "stands on top of the report")
    for language in LANGUAGES:
        yield f"{language} = {quoted(draft.title[language])}"


def _data(draft: StudyDraft) -> Iterator[str]:
    yield "[data]"
    yield f"file = {quoted(draft.file)}"
    if draft.sheet is not None:
        others = ", ".join(draft.other_sheets)
        yield _line(f"sheet = {quoted(draft.sheet)}", f"not read: {others}" if others else "")
    others = f"described in the questionnaire: {', '.join(draft.scales)}"
    if draft.scale is not None:
        yield _line(f"scale = {quoted(draft.scale)}", f"guessed from the answers; {others}")
    else:
        yield f"# scale = ...  only where it is not the questionnaire's own; {comment(others)}"
    if draft.reading:
        yield f"# CHECK: {comment(draft.reading)}"
    found = "; ".join(f"{code} in {cells} cells" for code, cells in draft.missing.items())
    yield _line(
        f"missing = [{', '.join(map(str, draft.missing))}]", found or "no code for 'no answer' was found"
    )
    yield "ignore = [                          # never read"
    for kind, columns in draft.ignore.items():
        yield f"    # {comment(kind)}"
        yield from (f"    {quoted(column)}," for column in columns)
    yield "]"


def _modules(draft: StudyDraft) -> Iterator[str]:
    if not draft.modules:
        yield "# [modules]                         # scales asked beside the questionnaire: see demo.toml"
        return
    instrument, *names = draft.modules
    yield _line("[modules]", "found in the file, beside the questionnaire")
    yield f"instrument = {quoted(instrument)}"
    yield f"use = [{', '.join(map(quoted, names))}]"


def _columns(draft: StudyDraft) -> Iterator[str]:
    yield _line("[columns]", "item code = column, and how it was found")
    own = [line for line in draft.columns if line.name == line.column]
    if own:
        yield f"# {len(own)} items stand in columns called like them, and need no line here."
    for line in draft.columns:
        if line.name != line.column:
            yield _line(f"{_key(line.name)} = {quoted(line.column)}", line.note)
    for sentence in draft.unmatched:
        yield f"# {comment(sentence)}"


def _groups(draft: StudyDraft) -> Iterator[str]:
    yield "# Groups of respondents. `labels` give the values in the file their words in the report."
    if not draft.groups:
        yield "# None was recognised. As an example:"
        yield '# [[groups]]\n# name = "team"\n# column = "Team"\n# label = { en = "Team", nl = "Team" }'
    for group in draft.groups:
        yield ""
        yield _line("[[groups]]", group.note)
        yield f"name = {quoted(group.name)}"
        yield f"column = {quoted(group.column)}"
        yield f"label = {_both(group.label)}"
        if group.labels:
            yield ""
            yield "[groups.labels]"
            yield from (f"{_key(value)} = {_both(words)}" for value, words in group.labels.items())


def _covariates(draft: StudyDraft) -> Iterator[str]:
    yield _line("[covariates]", "numbers that are no answers to the questionnaire's items")
    for line in draft.covariates:
        yield _line(f"{line.name} = {quoted(line.column)}", line.note)
    named = {line.name for line in draft.covariates}
    if "recommend" not in named:
        yield '# recommend = "..."                 # 0 to 10: "would you recommend working here?"'
    if "customer_contact" not in named:
        yield '# customer_contact = "..."          # share of working time with customers, 0 to 100'


def _client(draft: StudyDraft) -> Iterator[str]:
    yield "# How many people were asked is not in a file of answers: fill it in for the response rate."
    yield "# [response]"
    yield "# invited = 900"
    group = draft.groups[0].name if draft.groups else "team"
    yield f"# [response.{group}]"
    yield '# "value in the file" = 120'
    yield ""
    yield "# [compare]"
    yield _line('# norm = "NAME"', "a file in data/norms")
    yield _line("# target = 4.0", "a score every dimension should reach")
    yield _line('# previous = "STUDY"', "the study of the wave before")


def _options(draft: StudyDraft) -> Iterator[str]:
    yield "[model]"
    yield _line('main = "second_order"', "correlated, second_order or direct")
    yield "turnover = true"
    yield "learning = true"
    yield ""
    yield "[options]"
    yield _line("minimum_group = 10", "smaller groups are not shown; never below 5")
    yield _line(f"language = {quoted(draft.language)}", "of the report: en or nl")
    yield _line('# theme = "NAME"', "house style: a file in data/themes")
    yield _line("seed = 1", "of everything random")
