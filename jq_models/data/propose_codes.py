"""The answer scale a file was fielded with, and the codes in it that stand for no answer."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from jq_models.data.background import RANGE
from jq_models.data.labels import answer_code, guess_scale, numbered, plain, says_nothing, wording
from jq_models.data.table import Cell, RawTable, number_of, text_of
from jq_models.spec import Instrument, Scale

# What survey tools and SPSS files write for "no answer". 0 is not among them: with answers 0 to 4 it is one.
MISSING = frozenset({8, 9, 66, 77, 88, *range(95, 100), 666, 777, 888, *range(995, 1000), 9999})
NEGATIVE = frozenset({-1, -2, -7, -8, *(-code for code in MISSING)})
_FEW = 0.20  # share of the cells a code for "no answer" stays below
_FITTING = 0.99  # share of the numbers a scale must hold: single cells may be mistyped
_MANY = (
    0.10  # share of the answers that the further codes of a longer scale must have; of 6 and 7, evenly, 0.29
)
_TOGETHER, _RISING, _PERSONS = 0.3, 0.1, 30  # correlations, and persons below which there is none
_SPREAD = 0.02  # share of them that must lie above a shorter scale before a longer one is believed


def fielded_scale(raw: RawTable, *, instrument: Instrument, columns: Iterable[str]) -> str | None:
    """Return the name of the answer scale, None where the questionnaire's own fits or nothing is clear.

    Parameters
    ----------
    raw : RawTable
    instrument : Instrument
    columns : iterable of str
        Those of the items that use the questionnaire's default scale.
    """
    columns = list(columns)
    read = {column: _as_labelled(raw, column) for column in columns}
    by_words = guess_scale([cell for cells in read.values() for cell in cells])
    known = {scale.name for scale in instrument.scales}
    if by_words.kind == "texts" and by_words.name in known:
        return None if by_words.name == instrument.default_scale else by_words.name
    coded = raw.frame[columns].map(_code).astype(float)
    nothing = {column: _no_answers(raw, column) for column in columns}
    coded = pd.DataFrame({name: coded[name].mask(coded[name].isin(nothing[name])) for name in columns})
    return _by_range(coded, instrument)


def answer_words(raw: RawTable, columns: Iterable[str]) -> bool:
    """Say whether answers are given as texts of agreement, or the file labels its codes with such texts."""
    labels = [label for column in columns for label in raw.value_labels.get(column, {}).values()]
    cells = [cell for column in columns for cell in raw.frame[column].dropna().unique()]
    return any((word := wording(_bare(text_of(cell)))) and word.side for cell in (*labels, *cells))


def _bare(text: str) -> str:
    pair = numbered(plain(text))
    return pair[1] if pair else text


def _as_labelled(raw: RawTable, column: str) -> list[Cell]:
    """Return a column's answers in the words of the file's own labels, and these whether chosen or not."""
    labels = raw.value_labels.get(column, {})
    said = [label for label in labels.values() if not says_nothing(label)]
    return said + [labels.get(text_of(cell), cell) for cell in raw.frame[column].dropna()]


def _no_answers(raw: RawTable, column: str) -> list[float]:
    """Return the codes of a column whose label in the file says that there is no answer."""
    labels = raw.value_labels.get(column, {})
    numbers = [number_of(code) for code, label in labels.items() if says_nothing(label)]
    return [number for number in numbers if number is not None]


def _code(cell: Cell) -> float | None:
    number = number_of(cell)
    if number is None and (pair := numbered(plain(text_of(cell)))) and wording(pair[1]):
        return pair[0]
    return answer_code(cell) if number is None else number


def _by_range(coded: pd.DataFrame, instrument: Instrument) -> str | None:
    """Return the shortest longer scale that holds the numbers, None when the default scale does.

    A longer scale's further codes must look like answers (`_are_answers`): on five points 6 may stand for
    "don't know" and 7 for "not applicable". In doubt the default scale stays, and the check stops at them.
    """
    numbers = Counter(coded.to_numpy()[coded.notna().to_numpy()].tolist())
    answers = Counter({n: count for n, count in numbers.items() if n not in MISSING | NEGATIVE})
    total = answers.total()
    default = _scale(instrument)
    if not total or _inside(answers, default) >= (1.0 - _SPREAD) * total:
        return None
    longer = sorted(
        (s for s in instrument.scales if s.low == default.low and len(s.values) > len(default.values)),
        key=lambda scale: len(scale.values),
    )
    fitting = [s for s in longer if answers[s.high] and _inside(answers, s) >= _FITTING * total]
    return fitting[0].name if fitting and _are_answers(coded, default, fitting[0]) else None


def _are_answers(coded: pd.DataFrame, default: Scale, longer: Scale) -> bool:
    """Say whether the codes of a longer scale above the default one are answers.

    They are when they are many, occur in most items, and are chosen by the persons who answer high
    otherwise; who does not know is found among all. The last is asked only of items that hang together.
    """
    above = coded.gt(default.high) & coded.le(longer.high)
    inside = coded.where(coded.isin(list(default.values)))
    many = above.to_numpy().sum() >= _MANY * (above | inside.notna()).to_numpy().sum()
    if not many or not above.any().mean() > 0.5:
        return False
    halves = _correlation(inside.iloc[:, ::2].mean(axis=1), inside.iloc[:, 1::2].mean(axis=1))
    given = above | inside.notna()
    share = above.sum(axis=1) / given.sum(axis=1).where(given.any(axis=1))
    return not (halves > _TOGETHER and _correlation(inside.mean(axis=1), share) < _RISING)


def _correlation(first: pd.Series[float], second: pd.Series[float]) -> float:
    """Return the correlation of the persons that have both; NaN where it says nothing."""
    both = first.notna() & second.notna()
    one, other = first[both].to_numpy(dtype=float), second[both].to_numpy(dtype=float)
    if len(one) < _PERSONS or np.ptp(one) == 0 or np.ptp(other) == 0:
        return math.nan
    return float(np.corrcoef(one, other)[0, 1])


def _scale(instrument: Instrument) -> Scale:
    return next(scale for scale in instrument.scales if scale.name == instrument.default_scale)


def _inside(answers: Counter[float], scale: Scale) -> int:
    return sum(count for number, count in answers.items() if number in scale.values)


def missing_codes(
    raw: RawTable, *, instrument: Instrument, columns: Mapping[str, str], covariates: Mapping[str, str]
) -> dict[int, int]:
    """Return the codes for "no answer" found outside the answer scales, with how many cells hold each.

    Only codes of a known list are returned that few cells hold and that stand apart from the answers: on a
    scale of ten points 8 and 9 are answers. Any other number outside a scale is left for the check to find.

    Parameters
    ----------
    raw : RawTable
    instrument : Instrument
        With the scale as fielded.
    columns : mapping of item to column
    covariates : mapping of covariate to column
    """
    ranges = [(column, instrument.item(item).scale.values) for item, column in columns.items()]
    inside = [
        (column, range(int(RANGE[name][0]), int(RANGE[name][1]) + 1)) for name, column in covariates.items()
    ]
    together: dict[tuple[int, ...], Counter[float]] = defaultdict(Counter)
    for column, answers in (*ranges, *inside):
        numbers = [number_of(cell) for cell in raw.frame[column].dropna()]
        together[tuple(answers)].update(number for number in numbers if number is not None)
    found: Counter[int] = Counter()
    for answers, counts in together.items():
        found.update(_apart(counts, answers))
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _apart(counts: Counter[float], answers: tuple[int, ...]) -> dict[int, int]:
    """Return the codes for "no answer" of the columns with one scale: few, with a gap to what is answered."""
    taken = set(answers) | {number for number in counts if number not in MISSING | NEGATIVE}
    found = {}
    for number in sorted(counts):
        if number not in MISSING | NEGATIVE or number in answers:
            continue
        if number > 0 and number - 1 in taken:
            taken.add(number)  # 8 beside 7, then 9 beside 8
        elif counts[number] < _FEW * counts.total():
            found[int(number)] = counts[number]
    return found
