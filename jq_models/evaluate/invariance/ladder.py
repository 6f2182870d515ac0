"""The ladder of measurement invariance: configural, metric, scalar, strict, each against the one before."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from jq_models.evaluate.fit_indices import FitIndices, fit_indices
from jq_models.evaluate.invariance.lines import (
    ACCEPTED,
    ALPHA,
    ChangeLines,
    StepVerdict,
    change_lines,
    within,
)
from jq_models.evaluate.judge import judge_fit
from jq_models.evaluate.likelihood_ratio import NestedTest, likelihood_ratio
from jq_models.sem import FailedFit, Reason, SemFit

EQUAL = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One equality given up.

    Attributes
    ----------
    step : str
        The step that asked for it.
    item, factor : str
    kind : {"loading", "intercept", "residual"}
    group : str
        Where the item deviates most from the first group.
    chi_square, p_value : float
        Score test of this equality, 1 degree of freedom, unscaled.
    epc : float
        Expected difference from the first group when released, in the item's own units.
    size : float
        The same in standard deviations of the item (in the first group); of a loading: as a difference of
        standardised loadings.
    difference : float
        The difference estimated by the model without this equality, standardised the same way.
    """

    step: str
    item: str
    factor: str
    kind: str
    group: str
    chi_square: float
    p_value: float
    epc: float
    size: float
    difference: float = math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the ladder.

    Attributes
    ----------
    name : str
        "configural", "thresholds" (ordered items), "metric", "scalar" or "strict".
    fit : SemFit or FailedFit
        With every equality of the step, but those given up at earlier steps.
    final : SemFit or FailedFit
        Without the equalities released at this step; `fit` itself when there are none.
    indices, final_indices : FitIndices or None
    test, final_test : NestedTest or None
        Of `fit` and of `final` against the last accepted step.
    changes, final_changes : (float, float, float)
        Of CFI, RMSEA and SRMR: robust where the estimator is.
    lines : ChangeLines
    releases : tuple of Release
    verdict : str
        "holds": the test does not reject. "small": it does, but the indices hardly change and no single item
        deviates by much. "partial": accepted after releases. "fails". "doubtful": a configural model that
        fits poorly. "not_estimated".
    """

    name: str
    fit: SemFit | FailedFit = field(repr=False)
    final: SemFit | FailedFit = field(repr=False)
    indices: FitIndices | None = field(repr=False)
    final_indices: FitIndices | None = field(repr=False)
    test: NestedTest | None
    final_test: NestedTest | None
    changes: tuple[float, float, float]
    final_changes: tuple[float, float, float]
    lines: ChangeLines = field(repr=False)
    verdict: StepVerdict
    releases: tuple[Release, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the ladder goes on from here."""
        return self.verdict in ACCEPTED

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the solution behind the verdict is inadmissible; empty where it is not, or was not estimated.

        The verdict stands, but must not be given without these.
        """
        usable = isinstance(self.final, SemFit) and self.final.usable
        return self.final.status.reasons if usable and not self.final.status.admissible else ()


UNKNOWN = (math.nan, math.nan, math.nan)


def best_indices(indices: FitIndices) -> tuple[float, float, float]:
    """Return CFI, RMSEA and SRMR: the robust ones where they exist, else the scaled, else the plain."""

    def first(name: str) -> float:
        found = (float(getattr(indices, f"{name}{end}")) for end in ("_robust", "_scaled", ""))
        return next((x for x in found if not math.isnan(x)), math.nan)

    return first("cfi"), first("rmsea"), indices.srmr


def changes_of(smaller: FitIndices, larger: FitIndices) -> tuple[float, float, float]:
    """Return how CFI, RMSEA and SRMR change from the larger model to the smaller one."""
    a, b = best_indices(smaller), best_indices(larger)
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def first_step(fit: SemFit | FailedFit, *, sizes: list[int], name: str = "configural") -> Step:
    """Judge the model without equalities: by its fit alone."""
    indices = fit_indices(fit) if isinstance(fit, SemFit) and fit.usable else None
    verdict: StepVerdict = "not_estimated"
    if indices is not None:
        cfi, rmsea, srmr = best_indices(indices)
        seen = replace(indices, cfi=cfi, tli=_tli(indices), rmsea=rmsea, srmr=srmr)
        verdict = "doubtful" if judge_fit(seen).level == "poor" else "holds"
    return Step(
        name=name,
        fit=fit,
        final=fit,
        indices=indices,
        final_indices=indices,
        test=None,
        final_test=None,
        changes=UNKNOWN,
        final_changes=UNKNOWN,
        lines=change_lines(name, sizes=sizes),
        verdict=verdict,
    )


def _tli(indices: FitIndices) -> float:
    found = (indices.tli_robust, indices.tli_scaled, indices.tli)
    return next((x for x in found if not math.isnan(x)), math.nan)


def next_step(name: str, fit: SemFit | FailedFit, *, before: Step, sizes: list[int]) -> Step:
    """Judge a fit with more equalities against the last accepted one; releases come later."""
    lines = change_lines(name, sizes=sizes)
    indices, test, changes = None, None, UNKNOWN
    verdict: StepVerdict = "not_estimated"
    if isinstance(fit, SemFit) and fit.usable and isinstance(before.final, SemFit):
        assert before.final_indices is not None  # only usable fits are accepted
        indices = fit_indices(fit)
        changes = changes_of(indices, before.final_indices)
        test = tested(fit, before.final)
        verdict = judged(test, changes, lines)
    return Step(
        name=name,
        fit=fit,
        final=fit,
        indices=indices,
        final_indices=indices,
        test=test,
        final_test=test,
        changes=changes,
        final_changes=changes,
        lines=lines,
        verdict=verdict,
    )


def tested(smaller: SemFit, larger: SemFit) -> NestedTest:
    """Test the step; without degrees of freedom there is nothing to test, and the p value is 1."""
    if smaller.df == larger.df:
        kind = "satorra_bentler_2001"
        return NestedTest(difference=0.0, df=0, p_value=1.0, factor=1.0, kind=kind)
    test = likelihood_ratio(smaller, larger)
    if math.isnan(test.p_value) and test.kind == "satorra_bentler_2001":
        test = likelihood_ratio(smaller, larger, kind="satorra_bentler_2010")
    return test


def judged(
    test: NestedTest, changes: tuple[float, float, float], lines: ChangeLines, *, alpha: float = ALPHA
) -> StepVerdict:
    """Return "holds", "small" or "fails"; a test without a number counts as rejected."""
    if test.p_value >= alpha:
        return "holds"
    return "small" if within(changes, lines) else "fails"


def ladder_table(steps: Mapping[str, Step]) -> pd.DataFrame:
    """Return the ladder as numbers.

    Returns
    -------
    DataFrame
        One row a fit (a step, and once more after its releases): step, releases (number), chi_square, df,
        difference, df_difference, p_value, cfi, rmsea, srmr, delta_cfi, delta_rmsea, delta_srmr, verdict.
    """
    rows = []
    for step in steps.values():
        if step.releases and step.indices is not None:
            whole = "fails" if step.verdict != "small" else "small"
            rows.append(_row(step.name, 0, step.indices, step.test, step.changes, whole))
        rows.append(
            _row(
                step.name,
                len(step.releases),
                step.final_indices,
                step.final_test,
                step.final_changes,
                step.verdict,
            )
        )
    return pd.DataFrame(rows)


def _row(
    name: str,
    releases: int,
    indices: FitIndices | None,
    test: NestedTest | None,
    changes: tuple[float, float, float],
    verdict: str,
) -> dict[str, Any]:
    cfi, rmsea, srmr = (math.nan,) * 3 if indices is None else best_indices(indices)
    chi_square = math.nan
    if indices is not None:
        scaled = indices.chi_square_scaled
        chi_square = indices.chi_square if math.isnan(scaled) else scaled
    return {
        "step": name,
        "releases": releases,
        "chi_square": chi_square,
        "df": math.nan if indices is None else float(indices.df),
        "difference": math.nan if test is None else test.difference,
        "df_difference": math.nan if test is None else float(test.df),
        "p_value": math.nan if test is None else test.p_value,
        "cfi": cfi,
        "rmsea": rmsea,
        "srmr": srmr,
        "delta_cfi": changes[0],
        "delta_rmsea": changes[1],
        "delta_srmr": changes[2],
        "verdict": verdict,
    }
