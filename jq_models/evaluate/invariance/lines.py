"""How much worse a model with one more equality may fit: published lines, and ours, with their sources.

cheung_rensvold_2002    Cheung & Rensvold (2002), Structural Equation Modeling 9, 233-255
chen_2007               Chen (2007), Structural Equation Modeling 14, 464-504
cohen_1988              Cohen (1988), Statistical power analysis for the behavioral sciences (2nd ed.)
byrne_1989              Byrne, Shavelson & Muthen (1989), Psychological Bulletin 105, 456-466
muthen_2014             Muthen & Asparouhov (2014), Frontiers in Psychology 5, 978
package                 a choice of this package

Chen's lines come in two sets: groups of equal size with more than 300 persons in all, and small or unequal
groups. Both were found with maximum likelihood and few items; with many items one deviating item hardly moves
them, which is why the chi-square difference decides here and these lines stand beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jq_models.evaluate.judge import Line

STEPS = ("configural", "thresholds", "metric", "scalar", "strict")
INVARIANCE_SOURCES = (
    "cheung_rensvold_2002",
    "chen_2007",
    "cohen_1988",
    "byrne_1989",
    "muthen_2014",
    "package",
)
ALPHA = 0.05
# items of a factor that must keep loading and intercept for its means to be compared
ANCHORS = 2
# share of a step's constraints that may be released
RELEASED = Line(value=0.20, source="package")
# difference of one item that is named though the fit hardly changes: in standard deviations of the item, and
# in standardised loadings
SHIFT = Line(value=0.20, source="cohen_1988")
LOADING = Line(value=0.10, source="package")
NONINVARIANT = Line(value=0.25, source="muthen_2014")
# persons for each item in the smallest group; below it the whole model is not fitted
PERSONS_AN_ITEM = 2
# groups count as equal in size up to this ratio of the largest to the smallest
EQUAL_SIZES = 1.5
LARGE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLines:
    """The largest tolerable changes of one step: CFI down, RMSEA up, SRMR up."""

    cfi: Line
    rmsea: Line
    srmr: Line


def _chen(cfi: float, rmsea: float, srmr: float) -> ChangeLines:
    return ChangeLines(
        cfi=Line(value=cfi, source="chen_2007"),
        rmsea=Line(value=rmsea, source="chen_2007"),
        srmr=Line(value=srmr, source="chen_2007"),
    )


LARGE_EQUAL = {"metric": _chen(-0.010, 0.015, 0.030), "other": _chen(-0.010, 0.015, 0.010)}
SMALL_UNEQUAL = {"metric": _chen(-0.005, 0.010, 0.025), "other": _chen(-0.005, 0.010, 0.005)}


def change_lines(step: str, *, sizes: Sequence[int]) -> ChangeLines:
    """Return Chen's (2007) lines for a step: -.010, .015 and .030 for loadings, .010 for what follows.

    With 300 persons or fewer, or groups of unequal size: -.005, .010, .025 and .005.

    Parameters
    ----------
    step : str
        Such as ``"loadings"``.
    sizes : sequence of int
        Persons in each group.

    Examples
    --------
    >>> change_lines("loadings", sizes=[400, 400]).cfi.value
    -0.01
    >>> change_lines("loadings", sizes=[400, 150]).cfi.value
    -0.005
    """
    usual = sum(sizes) > LARGE and max(sizes) <= EQUAL_SIZES * min(sizes)
    return (LARGE_EQUAL if usual else SMALL_UNEQUAL)["metric" if step == "metric" else "other"]


def within(changes: tuple[float, float, float], lines: ChangeLines) -> bool:
    """Say whether no change of CFI, RMSEA or SRMR passes its line; False when one is unknown."""
    cfi, rmsea, srmr = changes
    if any(math.isnan(x) for x in changes):
        return False
    return cfi >= lines.cfi.value and rmsea <= lines.rmsea.value and srmr <= lines.srmr.value


StepVerdict = Literal["holds", "doubtful", "small", "partial", "fails", "not_estimated"]
STEP_VERDICTS: tuple[StepVerdict, ...] = ("holds", "doubtful", "small", "partial", "fails", "not_estimated")
ACCEPTED = ("holds", "doubtful", "small", "partial")
