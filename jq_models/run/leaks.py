"""What a report may not hold: what respondents wrote, rows of answers, names of hidden groups, paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pandas as pd

from jq_models.data import OpenStudy, read_table
from jq_models.data.table import text_of
from jq_models.disclosure import (
    describe,
    fingerprints,
    free_texts,
    row_signatures,
    scan_folder,
    shown_sizes,
    unlike,
)
from jq_models.errors import DisclosureError
from jq_models.report import wording


def refuse_leaks(
    work: Path,
    opened: OpenStudy,
    *,
    file: Path,
    clean: Mapping[str, str] | None = None,
    rows: bool = True,
) -> dict[str, str]:
    """Raise when anything in a run's folder tells on a respondent or on this machine.

    Parameters
    ----------
    work : Path
        The folder.
    opened : OpenStudy
        The study.
    file : Path
        Its data file.
    clean : mapping of str to str, optional
        What an earlier search of this folder returned: files that are still the same are not read again.
    rows : bool
        Whether runs of answers are searched for; synthetic answers hold such runs by chance.

    Returns
    -------
    dict of str to str
        The files searched, by name, with their hashes.

    Raises
    ------
    DisclosureError
        With the places and rules, and the columns whose cells were found; never with what was found.
    """
    raw = read_table(file, sheet=opened.spec.sheet).frame
    items = {opened.spec.column_of(item.code) for item in opened.everything.instrument.items}
    answers = raw[[column for column in raw.columns if column in items]]
    forbidden = _forbidden(raw, opened, items=items)
    searched = fingerprints(work)
    findings = scan_folder(
        work,
        forbidden={text for texts in forbidden.values() for text in texts},
        rows=row_signatures(answers) | row_signatures(opened.everything.items) if rows else frozenset(),
        clean=clean,
    )
    if not findings:
        return searched
    message = "The report was not published, for it holds what may not be shown:\n" + describe(findings)
    patterns = {name: re.compile("|".join(map(re.escape, texts))) for name, texts in forbidden.items()}
    columns = sorted({finding.rule for finding in scan_folder(work, patterns=patterns)})
    if columns:
        message += (
            f"\nIt repeats cells of the column {wording('en').join(columns)}. Take them out of the notebook "
            "or table that shows them; or, if they are words of the report itself, take that column out of "
            "the data file (a grouping: take it out of the study file)."
        )
    raise DisclosureError(message)


def refuse_own_words(opened: OpenStudy, *, file: Path) -> None:
    """Raise when a data file that is to be shared tells more of respondents than their answers.

    Parameters
    ----------
    opened : OpenStudy
        The study; simulated answers are nobody's.
    file : Path
        Its data file, which is copied as it is.

    Raises
    ------
    DisclosureError
        With the columns that the study does not use and that hold texts of few people, such as remarks or
        addresses; or when there is more in the file than what was read and so can be searched.
    """
    spec = opened.spec
    if spec.simulated:
        return
    table = read_table(file, sheet=spec.sheet)
    raw, apart = table.frame, table.unnamed + sum(n - 1 for n in table.duplicates.values())
    if apart or _further_sheets(file):
        raise DisclosureError(
            f"The data file holds more than the answers: columns without a header of their own: {apart}, "
            f"further sheets: {_further_sheets(file)}. Nothing in them was searched. Take them out "
            "of the file and run the study again, then archive it."
        )
    used = {spec.column_of(item.code) for item in opened.everything.instrument.items}
    used |= {group.column for group in spec.groups} | set(spec.covariates.values())
    beside = [str(column) for column in raw.columns if column not in used]
    told = [name for name in beside if free_texts(raw, columns=[name], minimum=spec.minimum_group)]
    if told:
        raise DisclosureError(
            f"The data file holds what people wrote themselves, beside their answers, in the column "
            f"{wording('en').join(told)}. Take that out of the file and run the study again, then archive it."
        )


def _further_sheets(file: Path) -> int:
    from openpyxl import load_workbook

    if file.suffix.lower() not in (".xlsx", ".xlsm"):
        return 0
    with closing(load_workbook(file, read_only=True)) as book:
        return len(book.sheetnames) - 1


def _forbidden(raw: pd.DataFrame, opened: OpenStudy, *, items: set[str]) -> dict[str, tuple[str, ...]]:
    """Return, by column, what respondents wrote and the names of groups that may not be shown."""
    spec, minimum = opened.spec, opened.spec.minimum_group
    groups = {group.name: group for group in spec.groups}
    sizes = shown_sizes(opened)
    harmless = _vocabulary(opened)
    harmless += [str(name) for shown in sizes.values() for name in shown.dropna().index]
    used = items | {group.column for group in spec.groups}
    forbidden = {
        str(column): free_texts(raw, columns=[column], minimum=minimum, harmless=harmless)
        for column in raw.columns
        if column not in used
    }
    for name, shown in sizes.items():
        hidden = {str(group).strip() for group in shown.index[shown.isna()]}
        labels = {code: text[opened.language] for code, text in groups[name].labels.items()}
        told = set(map(str, shown.dropna().index))
        # as in the file too, where a name or its label is not all of what the report calls a group
        cells = {text_of(cell) for cell in raw[groups[name].column].dropna()}
        hidden |= {text for c in cells if labels.get(c) not in told for text in (c, labels.get(c, c))}
        forbidden[groups[name].column] = unlike(hidden, harmless)
    return {column: texts for column, texts in forbidden.items() if texts}


def _vocabulary(opened: OpenStudy) -> list[str]:
    """Return the texts that a report of this study holds whatever its data say.

    Labels of groups are none of them: they may repeat the cells of a column of names.
    """
    spec, instrument, language = opened.spec, opened.everything.instrument, opened.language
    texts = [spec.title, instrument.title, instrument.source, *([spec.note] if spec.note else [])]
    texts += [item.text for item in instrument.items]
    for construct in instrument.constructs:
        texts += [construct.name, construct.short, construct.high, *construct.facets.values()]
    texts += [group.label for group in spec.groups]
    words = [text[language] for text in texts]
    words += [label for item in instrument.items for label in item.scale.labels[language]]
    return [*words, *wording(language).texts.values()]
