"""Texts of agreement, in Dutch and English, as positions on five or seven points.

A text alone does not say where it stands: "Somewhat disagree" is the second of five points beside "Strongly
disagree", the third of seven beside "Disagree" as well. So all texts of a file are read together: each says
how strongly it (dis)agrees, and the strengths that occur are put in order, when there are just as many of
them as the scale has places on a side. Else none is read: no text is ever given a place on a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from jq_models.data.table import Cell, text_of
from jq_models.spec import Scale

NO_ANSWER = frozenset({
    "weet niet", "weet ik niet", "weet het niet", "geen mening", "geen antwoord", "niet van toepassing",
    "n.v.t.", "n.v.t", "nvt", "zeg ik liever niet", "wil ik niet zeggen", "don't know", "dont know",
    "do not know", "no opinion", "no answer", "not applicable", "n/a", "n.a.", "na", "prefer not to say",
    "kan ik niet beoordelen", "kan niet beoordelen", "niet te beoordelen", "geen idee", "wil niet zeggen",
    "liever niet zeggen", "i don't know", "cannot judge", "unable to judge", "no idea", "rather not say",
})  # fmt: skip
_EITHER = re.compile(r"\s*[/,;()]\s*|\s+(?:of|or)\s+")  # "Weet niet / n.v.t."
# how strongly a text (dis)agrees: only the order counts
EXTREME, STRONG, MOSTLY, PLAIN, MODERATE, SOMEWHAT, SLIGHT = range(7, 0, -1)
_STRENGTHS = {
    "nl": {
        EXTREME: "helemaal volledig geheel totaal volstrekt absoluut compleet",
        STRONG: "zeer sterk erg heel|erg zeer|sterk",
        MOSTLY: "grotendeels",
        PLAIN: "",
        MODERATE: "redelijk tamelijk",
        SOMEWHAT: "enigszins eerder ietwat",
        SLIGHT: "een|beetje beetje licht lichtelijk iets",
    },
    "en": {
        EXTREME: "totally completely entirely fully absolutely wholly",
        STRONG: "strongly very|much definitely",
        MOSTLY: "mostly largely",
        PLAIN: "",
        MODERATE: "moderately fairly",
        SOMEWHAT: "somewhat rather tend|to partly",
        SLIGHT: "slightly a|little a|bit mildly",
    },
}
_STRENGTH_OF = {
    language: {
        word.replace("|", " "): strength for strength, words in table.items() for word in words.split()
    }
    for language, table in _STRENGTHS.items()
}
_DUTCH = re.compile(r"(?:ik ben het (?:er )?)?(?:(.+?) )??(niet )?(?:er )?(?:mee )?(eens|oneens)")
_ENGLISH = re.compile(r"(?:i )?(?:(.+?) )??(do not |don't |not )?(agree|disagree)(?: (.+))?")
_NEUTRAL = frozenset({
    "neutraal", "niet mee eens niet mee oneens", "niet mee eens en niet mee oneens", "niet eens niet oneens",
    "niet eens en niet oneens", "niet mee eens noch mee oneens", "niet mee eens of mee oneens",
    "noch mee eens noch mee oneens", "noch eens noch oneens", "eens noch oneens", "mee eens noch mee oneens",
    "niet mee oneens niet mee eens", "niet oneens niet eens", "deels mee eens deels mee oneens",
    "deels eens deels oneens", "neutral", "neither agree nor disagree", "neither disagree nor agree",
    "neither agree or disagree", "neither", "neither nor",
})  # fmt: skip
_PUNCTUATION = re.compile(r"[,;/.()\[\]–—-]")
_NUMBERED = re.compile(r"\(?([0-9]{1,4})\)?\s*[-–=.:)]?\s*(\D.*)")  # "5 - Strongly agree", "(1) Oneens"
_NUMBER_BEHIND = re.compile(r"(\D.*?)(?:\s*[-–=(]\s*|\s)([0-9]{1,4})\)?")  # "Strongly agree (5)"
_ANSWER_CODE = re.compile(r"AO?0*([0-9]{1,2})")  # LimeSurvey's codes of a list of answers: "A3", "AO03"
_WHOLE = re.compile(r"[0-9]{1,15}(?:[.,]0+)?")
_UNANSWERED = 8  # and above: 8, 9, 88, 99 and their like say that there is no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a text of agreement says: how strongly (one of the strengths), and which way.

    `side` is -1 for disagreement, 0 for neither, 1 for agreement.
    """

    language: str
    side: int
    strength: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleGuess:
    """The agreement scale some cells were answered on.

    `name` is "agree5", "agree7" or None; `share` the part of the answers it explains, 0 to 1; `kind` is
    "texts", "codes" (1 to 5 or 7) or "answer_codes" (LimeSurvey's A1 and the like), empty without a name.
    """

    name: str | None
    share: float
    kind: str = ""


def plain(text: str) -> str:
    """Fold case, spaces and typographic apostrophes: exports differ in them."""
    return " ".join(text.replace("’", "'").casefold().split())


def numbered(text: str) -> tuple[int, str] | None:
    """Return code and label of ``"5 - strongly agree"``; None when a text is no such pair."""
    if match := _NUMBERED.fullmatch(text):
        return int(match[1]), match[2]
    behind = _NUMBER_BEHIND.fullmatch(text)
    return (int(behind[2]), behind[1]) if behind else None


def says_nothing(text: str) -> bool:
    """Say whether a text means that there is no answer: alone, numbered, or several such in one."""
    words = _label(text)
    parts = [part for part in _EITHER.split(words) if part]
    return words in NO_ANSWER or (bool(parts) and all(part in NO_ANSWER for part in parts))


def wording(text: str) -> Wording | None:
    """Return what a text of agreement says; None for any other text."""
    words = " ".join(_PUNCTUATION.sub(" ", plain(text)).split())
    if words in _NEUTRAL:
        return Wording(language="", side=0, strength=0)
    if match := _DUTCH.fullmatch(words):
        said, denied, verb = match.groups()
        strength = _strength("nl", said)
        if strength is None or (denied and verb == "oneens"):
            return None
        return Wording(language="nl", side=-1 if denied or verb == "oneens" else 1, strength=strength)
    if match := _ENGLISH.fullmatch(words):
        before, denied, verb, after = match.groups()
        after = None if denied and after == "at all" else after
        strength = _strength("en", before or after)
        if strength is None or (before and after) or (denied and verb == "disagree"):
            return None
        return Wording(language="en", side=-1 if denied or verb == "disagree" else 1, strength=strength)
    return None


def positions(texts: Iterable[str], *, points: int) -> dict[str, int]:
    """Return the position, 1 to `points`, of every text of agreement whose place is beyond doubt.

    Parameters
    ----------
    texts : iterable of str
        All texts answered on one scale, as they stand in the file, numbered ("5 - agree") or not.
    points : {5, 7}
    """
    found = {}
    for text in texts:
        label = _label(text)
        if (said := wording(label)) is not None:
            found[label] = said
    side = points // 2
    places = {
        language: _places({w.strength for w in found.values() if w.side and w.language == language}, side)
        for language in _STRENGTHS
    }
    known: dict[str, int] = {}
    for label, said in found.items():
        if said.side == 0:
            known[label] = side + 1
        elif said.strength in places[said.language]:
            place = places[said.language][said.strength]
            known[label] = place + 1 if said.side < 0 else points - place
    return known


def labels_of(scale: Scale, *, texts: Iterable[str]) -> dict[str, int]:
    """Return the code of every text that stands for one on a scale: its own labels, and customary ones.

    Customary texts count when the scale is one of agreement on five or seven points. Its own labels may be
    among them, and then keep their code unless the file's other texts show that they stand elsewhere:
    "Agree" beside "Somewhat agree", and nothing stronger, is the end of five points.
    """
    own = {
        plain(word): code
        for words in scale.labels.values()
        for code, word in zip(scale.values, words, strict=True)
    }
    if not is_agreement(scale):
        return own
    texts = tuple(texts)
    found = positions(texts, points=len(scale.values))
    return _by_number(texts, scale) | own | {label: scale.values[place - 1] for label, place in found.items()}


def _by_number(texts: Iterable[str], scale: Scale) -> dict[str, int]:
    """Return the codes of texts with their number, "1 (disagree)" beside a bare 2: often the ends only.

    Nothing unless each text agrees or disagrees as its number lies on the scale.
    """
    pairs = [pair for text in texts if (pair := numbered(plain(text))) and pair[0] in scale.values]
    middle = (scale.low + scale.high) / 2
    for number, label in pairs:
        said = wording(label)
        if said is None or said.side != (number > middle) - (number < middle):
            return {}
    return {label: number for number, label in pairs}


def is_agreement(scale: Scale) -> bool:
    """Say whether a scale asks for agreement on five or seven points: its labels do, in every language."""
    return _asks_for_agreement(tuple(tuple(words) for words in scale.labels.values()))


@lru_cache
def _asks_for_agreement(labels: tuple[tuple[str, ...], ...]) -> bool:
    # kept, for a scale is asked about once an item
    points = len(labels[0]) if labels else 0
    return points in (5, 7) and all(
        [positions(words, points=points).get(plain(word)) for word in words] == list(range(1, points + 1))
        for words in labels
    )


def answer_code(cell: Cell) -> int | None:
    """Return the number of LimeSurvey's code of an answer, 3 for ``"A3"`` and ``"AO03"``; None otherwise."""
    match = _ANSWER_CODE.fullmatch(cell) if isinstance(cell, str) else None
    return int(match[1]) if match else None


def guess_scale(cells: Iterable[Cell]) -> ScaleGuess:
    """Guess on which agreement scale cells were answered.

    Parameters
    ----------
    cells : iterable of str, float or None
        The cells of one question, or better of all questions together: few people use all of seven points.
    """
    found = [plain(text_of(cell)) for cell in cells if cell is not None]
    answered = [text for text in found if not says_nothing(text)]
    said = [word for text in answered if (word := wording(_label(text))) is not None]
    numbers = [int(float(text.replace(",", "."))) for text in answered if _WHOLE.fullmatch(text)]
    numbers += [pair[0] for text in answered if (pair := numbered(text)) and wording(pair[1])]
    numbers = [number for number in numbers if number < _UNANSWERED]
    codes = [code for text in answered if (code := answer_code(text.upper())) is not None]
    if not answered:
        return ScaleGuess(name=None, share=0.0)
    if 2 * len(said) >= len(answered) and any(word.side for word in said):
        strengths = [{w.strength for w in said if w.side and w.language == name} for name in _STRENGTHS]
        return ScaleGuess(
            name="agree7" if max(map(len, strengths)) > 2 else "agree5",
            share=len(said) / len(answered),
            kind="texts",
        )
    for values, kind in ((numbers, "codes"), (codes, "answer_codes")):
        inside = [value for value in values if 1 <= value <= 7]
        if 2 * len(inside) >= len(answered) and len(inside) == len(values):
            name = "agree7" if max(inside) > 5 else "agree5"
            return ScaleGuess(name=name, share=len(inside) / len(answered), kind=kind)
    return ScaleGuess(name=None, share=0.0)


def _label(text: str) -> str:
    """Return a text as it is looked up: plain, without the number before it."""
    pair = numbered(plain(text))
    return pair[1] if pair else plain(text)


def _strength(language: str, said: str | None) -> int | None:
    return PLAIN if said is None else _STRENGTH_OF[language].get(said)


def _places(strengths: set[int], places: int) -> dict[int, int]:
    """Return the place of each strength, 0 outermost; nothing unless there are as many as places.

    With fewer, one cannot know which place was never chosen; with more, they are of several scales.
    """
    ordered = sorted(strengths, reverse=True)
    return {s: place for place, s in enumerate(ordered)} if len(ordered) == places else {}
