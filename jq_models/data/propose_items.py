"""Which column of an unknown file holds which item: by code, by question text, by a text like it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jq_models.data.question_text import MARGIN, SHORTEST, SIMILAR, abbreviated, likeness, normal, parts
from jq_models.data.table import RawTable
from jq_models.spec import LANGUAGES, Instrument

HOW = ("code", "text", "similar text")
# How sure each way is: the code itself, in other case, within a longer name; the question's own words.
# A text like the question is as sure as it is like it.
SURE = {"exact": 1.0, "folded": 0.98, "inside": 0.95, "text": 0.97}
_RANK = ("exact", "folded", "inside", "text")
_HEADER = 40  # letters of a column name in which a code is looked for; longer ones are sentences
_MOST_COLUMNS = 1000  # wider files are matched by codes and exact texts only
_LEADING = re.compile(r"[^\W_]\w*(?=\s*[.:)\]]\s|\s-\s)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An item and the column that holds it.

    Attributes
    ----------
    item, column : str
    how : {"code", "text", "similar text"}
    confidence : float
        0 to 1; an order, not a probability.
    language : str
        The language of the question text it was found by; empty when found by code alone.
    """

    item: str
    column: str
    how: str
    confidence: float
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """What was found, in the questionnaire's order, and the columns between which no choice was made."""

    found: tuple[Match, ...]
    doubtful: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Claim:
    column: str
    way: str
    agreed: bool  # code and text say the same
    language: str


def match_items(raw: RawTable, instrument: Instrument) -> Matches:
    """Match columns to items; whatever is not unique is no match.

    A column whose code and text name different items, a column whose name stands twice in the file and
    an item that two columns claim equally well are left to the reader.
    """
    texts = _texts(instrument)
    columns = [str(column) for column in raw.frame.columns]
    claims, doubtful = _claims(raw, instrument, texts=texts)
    found = {}
    for item, claimed in claims.items():
        chosen = None if item in doubtful else _best(raw, claimed)
        if chosen is None:
            doubtful[item] += [claim.column for claim in claimed]
        else:
            found[item] = _match(item, chosen)
    taken = {claim.column for claimed in claims.values() for claim in claimed}
    taken |= {column for names in doubtful.values() for column in names}
    wanted = {item.code for item in instrument.items} - set(found) - set(doubtful)
    free = [column for column in columns if column not in taken and column not in raw.duplicates]
    for match, rivals in _by_likeness(raw, free, wanted=wanted, texts=texts):
        if len(rivals) > 1:
            doubtful[match.item] = list(rivals)
        else:
            found[match.item] = match
    order = [item.code for item in instrument.items]
    return Matches(
        found=tuple(found[code] for code in order if code in found),
        doubtful={code: tuple(doubtful[code]) for code in order if code in doubtful},
    )


def _claims(
    raw: RawTable, instrument: Instrument, *, texts: Mapping[str, list[tuple[str, str]]]
) -> tuple[dict[str, list[_Claim]], dict[str, list[str]]]:
    """Return the columns that claim each item, and those whose claim is none: item -> column names."""
    claims: dict[str, list[_Claim]] = defaultdict(list)
    doubtful: dict[str, list[str]] = defaultdict(list)
    codes = {item.code: _code_pattern(item.code) for item in instrument.items}
    for column in map(str, raw.frame.columns):
        way, code = _by_code(column, codes)
        named, language = _by_text(_written(raw, column), texts)
        if (code and named and code != named) or ((code or named) and column in raw.duplicates):
            for claimed in dict.fromkeys(filter(None, (code, named))):
                doubtful[claimed].append(column)
        elif code or named:
            claim = _Claim(column, way or "text", bool(code and named), language)
            claims[code or named].append(claim)
    return claims, doubtful


def _texts(instrument: Instrument) -> dict[str, list[tuple[str, str]]]:
    """Return normalised question text -> (item, language); one text of two items has two entries."""
    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for item in instrument.items:
        for language in LANGUAGES:
            texts[normal(item.text[language])].append((item.code, language))
    return texts


def _written(raw: RawTable, column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((column, *filter(None, (raw.questions.get(column),)))))


def _code_pattern(code: str) -> re.Pattern[str]:
    """Find a code as a word of its own, also written OPP_1, opp01 or OPP[1]."""
    letters = code.rstrip("0123456789")
    digits = code.removeprefix(letters)
    number = rf"[-_.\[]?0*{digits}" if digits and letters else digits
    return re.compile(rf"(?<![^\W_]){re.escape(letters)}{number}(?![^\W_]|[-–]\d)", re.IGNORECASE)


def _by_code(column: str, codes: Mapping[str, re.Pattern[str]]) -> tuple[str, str]:
    """Return how a column's name holds the code of one item, and the item; empty texts otherwise."""
    if column in codes:
        return "exact", column
    folded = [code for code in codes if code.casefold() == column.casefold().replace(" ", "")]
    if len(folded) == 1:
        return "folded", folded[0]
    leading = _LEADING.match(column)
    name = leading[0] if leading else column
    if len(name) > _HEADER or len(name.split()) > 2:
        return "", ""
    inside = [code for code, pattern in codes.items() if pattern.search(name)]
    return ("inside", inside[0]) if len(inside) == 1 else ("", "")


def _by_text(written: Iterable[str], texts: Mapping[str, list[tuple[str, str]]]) -> tuple[str, str]:
    """Return the one item whose question a column's texts hold, and the language; empty texts otherwise."""
    found = [
        (item, language)
        for text in written
        for part in parts(text)
        if len(part) >= SHORTEST
        for item, language in texts.get(part, ())
    ]
    return found[0] if len({item for item, _ in found}) == 1 else ("", "")


def _best(raw: RawTable, claims: list[_Claim]) -> _Claim | None:
    """Return the one claim that is better than all others, None when there is none."""
    filled = [claim for claim in claims if raw.frame[claim.column].notna().any()] or claims
    if any(claim.agreed for claim in filled):
        filled = [claim for claim in filled if claim.agreed]
    elif len({claim.way == "text" for claim in filled}) > 1:
        return None  # one column has the code, another one the words
    best = min(_RANK.index(claim.way) for claim in filled)
    first = [claim for claim in filled if _RANK.index(claim.way) == best]
    return first[0] if len(first) == 1 else None


def _match(item: str, claim: _Claim) -> Match:
    sure = 1.0 if claim.agreed else SURE[claim.way]
    how = "text" if claim.way == "text" else "code"
    return Match(item=item, column=claim.column, how=how, confidence=sure, language=claim.language)


def _by_likeness(
    raw: RawTable, free: list[str], *, wanted: set[str], texts: Mapping[str, list[tuple[str, str]]]
) -> list[tuple[Match, tuple[str, ...]]]:
    """Match the columns left over by texts like a question's, each with all columns that claim its item.

    A column counts only when it is clearly more like one item than like every other item, also those
    that have a column already.
    """
    if not wanted or len(free) > _MOST_COLUMNS:
        return []
    claims: dict[str, list[Match]] = defaultdict(list)
    for column in free:
        likely = _likely(_written(raw, column), texts)
        if not likely:
            continue
        item, language, best = likely
        if item in wanted:
            match = Match(item=item, column=column, how="similar text", confidence=best, language=language)
            claims[item].append(match)
    chosen = []
    for matches in claims.values():
        matches.sort(key=lambda match: -match.confidence)
        first = matches[0]
        near = [match.column for match in matches if first.confidence - match.confidence < MARGIN]
        chosen.append((first, tuple(near)))
    return chosen


def _likely(
    written: Iterable[str], texts: Mapping[str, list[tuple[str, str]]]
) -> tuple[str, str, float] | None:
    """Return item, language and likeness of the question a column's texts are like, if it is one."""
    best: dict[str, tuple[float, str]] = {}
    for text in written:
        beginning = abbreviated(text)
        # a question is a whole text or the end of one: stems and codes stand in front
        ends = [part for part in parts(text) if len(part) >= SHORTEST]
        for question, owners in texts.items():
            cut = len(beginning) >= SHORTEST and question.startswith(beginning)
            like = 1.0 - MARGIN if cut else max((likeness(part, question) for part in ends), default=0.0)
            for item, language in owners:
                best[item] = max(best.get(item, (0.0, "")), (like, language))
    ranked = sorted(((like, item, language) for item, (like, language) in best.items()), reverse=True)
    if not ranked or ranked[0][0] < SIMILAR:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN:
        return None
    like, item, language = ranked[0]
    return item, language, like
