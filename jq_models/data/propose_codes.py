"""The answer scale a file was fielded with, and the codes in it that stand for no answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from jq_models.data.background import RANGE
from jq_models.data.coding import number_of
from jq_models.data.labels import answer_code, guess_scale
from jq_models.data.table import Cell, RawTable
from jq_models.spec import Instrument, Scale

# What survey tools and SPSS files write for "no answer". 0 is not among them: with answers 0 to 4 it is one.
MISSING = frozenset({8, 9, 66, 77, 88, *range(95, 100), 666, 777, 888, *range(995, 1000), 9999})
NEGATIVE = frozenset({-1, -2, -7, -8, *(-code for code in MISSING)})
_FITTING = 0.99  # share of the numbers a scale must hold: single cells may be mistyped
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
    cells = [cell for column in columns for cell in raw.frame[column].dropna()]
    by_words = guess_scale(cells)
    known = {scale.name for scale in instrument.scales}
    if by_words.kind == "texts" and by_words.name in known:
        return None if by_words.name == instrument.default_scale else by_words.name
    return _by_range(Counter(number for cell in cells if (number := _code(cell)) is not None), instrument)


def _code(cell: Cell) -> float | None:
    number = number_of(cell)
    return answer_code(cell) if number is None else number


def _by_range(numbers: Counter[float], instrument: Instrument) -> str | None:
    """Return the shortest longer scale that holds the numbers, None when the default scale does.

    A longer scale's highest code must occur: on five points a 6 may stand for "don't know".
    """
    answers = Counter({n: count for n, count in numbers.items() if n not in MISSING | NEGATIVE})
    total = answers.total()
    default = _scale(instrument)
    if not total or _inside(answers, default) >= (1.0 - _SPREAD) * total:
        return None
    longer = sorted(
        (s for s in instrument.scales if s.low == default.low and len(s.values) > len(default.values)),
        key=lambda scale: len(scale.values),
    )
    fitting = [s.name for s in longer if answers[s.high] and _inside(answers, s) >= _FITTING * total]
    return fitting[0] if fitting else None


def _scale(instrument: Instrument) -> Scale:
    return next(scale for scale in instrument.scales if scale.name == instrument.default_scale)


def _inside(answers: Counter[float], scale: Scale) -> int:
    return sum(count for number, count in answers.items() if number in scale.values)


def missing_codes(
    raw: RawTable, *, instrument: Instrument, columns: Mapping[str, str], covariates: Mapping[str, str]
) -> dict[int, int]:
    """Return the codes for "no answer" found outside the answer scales, with how many cells hold each.

    Only codes of a known list are returned: any other number outside a scale is left for the check to find.

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
    found: Counter[int] = Counter()
    for column, answers in (*ranges, *inside):
        for number in map(number_of, raw.frame[column].dropna()):
            if number is not None and number in MISSING | NEGATIVE and number not in answers:
                found[int(number)] += 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
