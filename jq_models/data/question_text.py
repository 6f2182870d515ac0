"""Question texts as survey tools write them: a question's own words among codes, stems and brackets."""

from __future__ import annotations

import html
import re
import unicodedata
from difflib import SequenceMatcher
from itertools import combinations

SIMILAR = 0.80  # likeness (difflib's ratio) from which a text is taken for a question
MARGIN = 0.10  # and by which it must be more like that question than like any other
SHORTEST = 12  # letters; shorter texts are like too many things
_CUTS = 12  # places at which a text is cut at most

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_WORD = re.compile(r"[^\W_]+")
_CUT = re.compile(r"\s+[-–—|/]\s+|[\[\](){}|:;\n\r\t]+|(?<=[.?!…])\s+")
_ABBREVIATED = re.compile(r"\s*(\.\.+|…)$")
# words that turn a question round: two texts that differ in them are not the same question
_NEGATIONS = frozenset({
    "niet", "geen", "nooit", "nauwelijks", "zonder", "oneens", "not", "no", "never", "hardly", "without",
    "don", "dont", "doesn", "isn", "aren", "cannot",
})  # fmt: skip


def normal(text: str) -> str:
    """Return a text's words in lower case, without marks, punctuation and accents."""
    plain = unicodedata.normalize("NFKD", html.unescape(_TAG.sub(" ", text)).replace("’", "'"))
    return " ".join(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c)).casefold()))


def parts(text: str) -> tuple[str, ...]:
    """Return what may be the question within a header: the whole, and each run between two cuts.

    ``"OPP1. Stem [The question.]"`` and ``"Stem - The question."`` both hold "The question.". Normalised,
    longest first, each once.
    """
    plain = _TAG.sub(" ", html.unescape(text))
    cuts = [match.span() for match in _CUT.finditer(plain)][:_CUTS]
    ends = [(0, 0), *cuts, (len(plain), len(plain))]
    found = {normal(plain[first[1] : last[0]]) for first, last in combinations(ends, 2)}
    return tuple(sorted(found - {""}, key=lambda part: (-len(part), part)))


def abbreviated(text: str) -> str:
    """Return the normalised beginning of a text that a tool cut off with dots; empty when it did not."""
    if not _ABBREVIATED.search(text.strip()):
        return ""
    beginning = _ABBREVIATED.sub("", text.strip())
    last = list(_CUT.finditer(beginning))
    return normal(beginning[last[-1].end() :] if last else beginning)


def likeness(first: str, second: str) -> float:
    """Return how alike two normalised texts are, 0 to 1; 0 when one denies what the other says."""
    words, others = set(first.split()), set(second.split())
    # comparing letters is slow, so texts with few words in common are left out at once
    if 2 * len(words & others) < min(len(words), len(others)) or (words ^ others) & _NEGATIONS:
        return 0.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= SIMILAR - MARGIN else 0.0
