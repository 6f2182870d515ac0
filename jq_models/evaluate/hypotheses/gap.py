"""Why something was not computed: a code with what it takes, for `report` to word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jq_models.data import OpenStudy
from jq_models.evaluate.gates import Analysis, Plan

if TYPE_CHECKING:
    from jq_models.sem import FailedFit, FitStatus, SemFit

GAPS = (
    "too_few",
    "not_asked",
    "no_covariate",
    "not_given",  # in the study file
    "hidden",  # a group, or who is not in it, may not be shown
    "no_facets",
    "failed",
    "inadmissible",  # a solution with impossible values, such as a variance below zero
    "constant",
    "collinear",
    "too_many",  # more dimensions (n) than a method can take (needs)
    "no_organisations",  # fewer than two that may be shown
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A reason.

    Attributes
    ----------
    code : str
        One of `GAPS`.
    where : tuple of str
        The constructs or the covariate at fault.
    needs, n : int
        Complete answers needed, and those there are.
    status : FitStatus, optional
        How the model ended that gave nothing, or nothing to rest a verdict on.
    """

    code: str
    where: tuple[str, ...] = ()
    needs: int = 0
    n: int = 0
    status: FitStatus | None = field(default=None, repr=False)


def missing_constructs(opened: OpenStudy, codes: Iterable[str]) -> Gap | None:
    """Return the gap of constructs that were not asked, or that do not take part."""
    known = {*opened.dimensions, *opened.outcomes}
    absent = tuple(code for code in codes if code not in known)
    return Gap(code="not_asked", where=absent) if absent else None


def closed_gate(plan: Plan, analysis: Analysis) -> Gap | None:
    """Return the gap of an analysis that the number of complete answers does not carry."""
    if plan.allows(analysis):
        return None
    return Gap(code="too_few", needs=plan.needs(analysis), n=plan.n)


def failed(*fits: SemFit | FailedFit) -> Gap | None:
    """Return the gap of the first model without a usable solution."""
    for fit in fits:
        if not fit.usable:
            return Gap(code="failed", status=fit.status)
    return None


def inadmissible(*fits: SemFit | FailedFit | None) -> Gap | None:
    """Return the gap of the first model whose solution has impossible values."""
    for fit in fits:
        if fit is not None and fit.usable and not fit.status.admissible:
            return Gap(code="inadmissible", status=fit.status)
    return None
