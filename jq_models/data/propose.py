"""Propose how an unknown export maps to a questionnaire: what is unique is guessed, all else is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from jq_models.data.exports import personal_columns
from jq_models.data.propose_background import (
    GroupGuess,
    guess_covariates,
    guess_groups,
    ignored_kinds,
    names_to_write,
)
from jq_models.data.propose_codes import answer_words, fielded_scale, missing_codes
from jq_models.data.propose_items import Match, match_items
from jq_models.data.question_text import normal
from jq_models.data.table import RawTable
from jq_models.errors import DataError
from jq_models.spec import LANGUAGES, Instrument

# what to choose in a tool whose export may hold neither the codes nor the texts of the questions
_HOW = {
    "limesurvey": "In LimeSurvey, choose 'Question code & question text' under Headings. ",
    "surveymonkey": "In SurveyMonkey, choose condensed columns, not expanded ones. ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an export seems to hold. No number of invited people: a file of answers cannot tell it.

    Attributes
    ----------
    matches : tuple of Match
        Items with their columns, in the questionnaire's order.
    not_found : tuple of str
        Items without a column.
    doubtful : mapping of item to columns
        Items that several columns claim, or whose column's name and question say different things.
    scale : str or None
        The answer scale as fielded, None when it is the questionnaire's own.
    missing : mapping of int to int
        Codes for "no answer" found, and the cells that hold each.
    groups : tuple of GroupGuess
    covariates : mapping of covariate to column
    ignored : mapping of kind to columns
        Every other column but those in doubt, by what it seems to hold (`propose_background.IGNORED`).
    unspoken : int
        Further columns that are not used, and whose name is not repeated: it may be an answer.
    language : str
        The language of the question texts and answers; empty when the file has neither.
    numbers_only : bool
        Whether no answer text says from which end of the scale the codes count.
    """

    matches: tuple[Match, ...]
    not_found: tuple[str, ...]
    doubtful: Mapping[str, tuple[str, ...]]
    scale: str | None
    missing: Mapping[int, int]
    groups: tuple[GroupGuess, ...]
    covariates: Mapping[str, str]
    ignored: Mapping[str, tuple[str, ...]]
    unspoken: int
    language: str
    numbers_only: bool = False

    @property
    def columns(self) -> dict[str, str]:
        """The column of each item that has one."""
        return {match.item: match.column for match in self.matches}


def propose(raw: RawTable, instrument: Instrument) -> Proposal:
    """Guess what each column of a file holds.

    Raises
    ------
    DataError
        When not one item is recognised. No column name is repeated: without a header row they would be a
        person's answers.
    """
    matched = match_items(raw, instrument)
    if not matched.found:
        raise DataError(
            f"{raw.name} does not look like answers to {instrument.name}: none of its "
            f"{len(raw.frame.columns)} columns has the code or the text of a question. Export with the codes "
            f"or texts of the questions in the first row. {_HOW.get(raw.tool, '')}"
            "Another questionnaire is named with --instrument."
        )
    columns = {match.item: match.column for match in matched.found}
    default = {i.code for i in instrument.items if i.scale.name == instrument.default_scale}
    scale = fielded_scale(
        raw, instrument=instrument, columns=[column for item, column in columns.items() if item in default]
    )
    fielded = instrument.with_scale(scale) if scale else instrument
    unclear = {column for claimed in matched.doubtful.values() for column in claimed}
    free = [str(c) for c in raw.frame.columns if c not in {*columns.values(), *unclear}]
    personal = personal_columns(raw)
    covariates = guess_covariates(raw, [c for c in free if c not in personal])
    groups = guess_groups(raw, [c for c in free if c not in (*personal, *covariates.values())])
    used = {*covariates.values(), *(group.column for group in groups)}
    unused = [column for column in free if column not in used]
    names = names_to_write(raw, unused, known=columns.values())
    found = set(columns) | set(matched.doubtful)
    return Proposal(
        matches=matched.found,
        not_found=tuple(item.code for item in instrument.items if item.code not in found),
        doubtful=matched.doubtful,
        scale=scale,
        missing=missing_codes(raw, instrument=fielded, columns=columns, covariates=covariates),
        groups=groups,
        covariates=covariates,
        ignored=ignored_kinds(raw, [column for column in unused if column in names], personal=personal),
        unspoken=len(unused) - len(names),
        language=_language(raw, matched.found, fielded),
        numbers_only=not answer_words(raw, columns.values()),
    )


def _language(raw: RawTable, matches: tuple[Match, ...], instrument: Instrument) -> str:
    """Return the language most questions were recognised in, else that of most answers."""
    counts = Counter(match.language for match in matches if match.language)
    if not counts:
        words = {
            language: {normal(word) for item in instrument.items for word in item.scale.labels[language]}
            for language in LANGUAGES
        }
        for match in matches:
            texts = {normal(c) for c in raw.frame[match.column].dropna().unique() if isinstance(c, str)}
            counts.update({language: len(texts & known) for language, known in words.items()})
    counts = +counts
    return counts.most_common(1)[0][0] if counts else ""
