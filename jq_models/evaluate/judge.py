"""Verdicts as codes, computed from numbers and published lines. The words for them are `report`'s.

Every line has a source key; the bibliography behind the keys:

bentler_bonett_1980     Bentler & Bonett (1980), Psychological Bulletin 88, 588-606
browne_cudeck_1993      Browne & Cudeck (1993), in Bollen & Long (eds.), Testing structural equation models
fornell_larcker_1981    Fornell & Larcker (1981), Journal of Marketing Research 18, 39-50
henseler_2015           Henseler, Ringle & Sarstedt (2015), J. of the Academy of Marketing Science 43, 115-135
hu_bentler_1999         Hu & Bentler (1999), Structural Equation Modeling 6, 1-55
nunnally_1978           Nunnally (1978), Psychometric theory (2nd ed.)
schermelleh_2003        Schermelleh-Engel, Moosbrugger & Müller (2003), MPR-online 8(2), 23-74
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from jq_models.evaluate.fit_indices import FitIndices

Level = Literal["good", "acceptable", "poor", "unknown"]
Direction = Literal["positive", "negative", "undecided", "not_estimated"]
LEVELS: tuple[Level, ...] = ("good", "acceptable", "poor", "unknown")
DIRECTIONS: tuple[Direction, ...] = ("positive", "negative", "undecided", "not_estimated")
SOURCES = (
    "bentler_bonett_1980",
    "browne_cudeck_1993",
    "fornell_larcker_1981",
    "henseler_2015",
    "hu_bentler_1999",
    "nunnally_1978",
    "schermelleh_2003",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A published line: from here on an index counts as `level`."""

    value: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The lines of one index and the side on which better values lie."""

    index: str
    higher_is_better: bool
    good: Line
    acceptable: Line

    def level(self, value: float) -> Level:
        """Return ``"good"``, ``"acceptable"`` or ``"poor"``; ``"unknown"`` for NaN."""
        if math.isnan(value):
            return "unknown"
        if self._reaches(value, self.good):
            return "good"
        return "acceptable" if self._reaches(value, self.acceptable) else "poor"

    def _reaches(self, value: float, line: Line) -> bool:
        return value >= line.value if self.higher_is_better else value <= line.value


_CFI = (Line(value=0.95, source="hu_bentler_1999"), Line(value=0.90, source="bentler_bonett_1980"))
_RMSEA = (Line(value=0.06, source="hu_bentler_1999"), Line(value=0.08, source="browne_cudeck_1993"))
_SRMR = (Line(value=0.08, source="hu_bentler_1999"), Line(value=0.10, source="schermelleh_2003"))
FIT_RULES = (
    Rule(index="cfi", higher_is_better=True, good=_CFI[0], acceptable=_CFI[1]),
    Rule(index="tli", higher_is_better=True, good=_CFI[0], acceptable=_CFI[1]),
    Rule(index="rmsea", higher_is_better=False, good=_RMSEA[0], acceptable=_RMSEA[1]),
    Rule(index="srmr", higher_is_better=False, good=_SRMR[0], acceptable=_SRMR[1]),
)
RELIABILITY_LINE = Line(value=0.70, source="nunnally_1978")
AVE_LINE = Line(value=0.50, source="fornell_larcker_1981")
RELIABILITY_LINES = {
    "alpha": RELIABILITY_LINE,
    "omega": RELIABILITY_LINE,
    "composite_reliability": RELIABILITY_LINE,
    "ave": AVE_LINE,
}
HTMT_STRICT = Line(value=0.85, source="henseler_2015")
HTMT_LIBERAL = Line(value=0.90, source="henseler_2015")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexVerdict:
    """One index held against its lines.

    `line` is the one that decided: the line reached, or the acceptable line that was missed.
    """

    index: str
    value: float
    level: Level
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class FitVerdict:
    """CFI, TLI, RMSEA and SRMR, and the weakest of their levels.

    `saturated` models reproduce the covariances by construction: their level is ``"unknown"``.
    """

    indices: tuple[IndexVerdict, ...]
    level: Level
    saturated: bool

    def of(self, index: str) -> IndexVerdict:
        """Return the verdict on ``"cfi"``, ``"tli"``, ``"rmsea"`` or ``"srmr"``."""
        return next(verdict for verdict in self.indices if verdict.index == index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A coefficient of a construct below its line."""

    construct: str
    coefficient: str
    value: float
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A pair of constructs whose HTMT lies above a line; `line` is the highest one passed."""

    first: str
    second: str
    value: float
    line: Line


def judge_fit(indices: FitIndices) -> FitVerdict:
    """Hold the fit indices against the lines of Hu & Bentler (1999) and the older, milder ones.

    The overall level is the weakest of the four: a model is as good as its worst index.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem
    >>> loadings = np.array([0.8, 0.7, 0.6, 0.5])
    >>> S = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> moments = Moments(names=("x1", "x2", "x3", "x4"), covariance=S, mean=np.zeros(4), n=300)
    >>> fit = fit_sem("F =~ x1 + x2 + x3 + x4", moments, std_lv=True)
    >>> from jq_models.evaluate import fit_indices, judge_fit
    >>> judge_fit(fit_indices(fit)).level
    'good'
    """
    verdicts = tuple(_verdict(rule, float(getattr(indices, rule.index))) for rule in FIT_RULES)
    saturated = indices.df == 0
    weakest = max((verdict.level for verdict in verdicts), key=LEVELS.index)
    return FitVerdict(indices=verdicts, level="unknown" if saturated else weakest, saturated=saturated)


def judge_reliability(table: pd.DataFrame) -> tuple[Shortfall, ...]:
    """Return every coefficient below its line: .70 (Nunnally 1978), AVE .50 (Fornell & Larcker 1981).

    Parameters
    ----------
    table : DataFrame
        As `reliability` returns it. NaN (single items) is not judged.
    """
    return tuple(
        Shortfall(construct=str(construct), coefficient=name, value=float(value), line=line)
        for name, line in RELIABILITY_LINES.items()
        for construct, value in zip(table.index, table[name].to_numpy(dtype=float), strict=True)
        if value < line.value
    )


def judge_htmt(table: pd.DataFrame) -> tuple[Overlap, ...]:
    """Return the pairs above .85, the highest first (Henseler, Ringle & Sarstedt 2015: .85 or .90).

    Parameters
    ----------
    table : DataFrame
        As `htmt` returns it. NaN is not judged.
    """
    names = [str(name) for name in table.index]
    values = table.to_numpy(dtype=float)
    pairs = [
        (names[i], names[j], float(values[i, j])) for i in range(len(names)) for j in range(i + 1, len(names))
    ]
    above = sorted((pair for pair in pairs if pair[2] > HTMT_STRICT.value), key=lambda p: -p[2])
    return tuple(
        Overlap(first=a, second=b, value=v, line=HTMT_LIBERAL if v > HTMT_LIBERAL.value else HTMT_STRICT)
        for a, b, v in above
    )


def judge_effect(row: Mapping[str, float] | pd.Series) -> Direction:
    """Return the direction of an effect when its interval (`ci_low`, `ci_high`) leaves out zero.

    ``"undecided"`` when the interval holds zero, ``"not_estimated"`` when it has no
    width: the model fixed the effect.

    Parameters
    ----------
    row : mapping or Series
        With ci_low and ci_high, as a row of `effects`.
    """
    low, high = float(row["ci_low"]), float(row["ci_high"])
    if not low < high:  # NaN, or no width: fixed by the model
        return "not_estimated"
    if low > 0:
        return "positive"
    return "negative" if high < 0 else "undecided"


def _verdict(rule: Rule, value: float) -> IndexVerdict:
    level = rule.level(value)
    line = rule.good if level == "good" else rule.acceptable
    return IndexVerdict(index=rule.index, value=value, level=level, line=line)
