"""What a comparison of variants gives: frozen records."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from jq_models.evaluate.robustness.careless import CarelessCounts
from jq_models.sem import Reason

VARIANTS = (
    "ml",  # maximum likelihood, complete answers: the reference
    "mlr",  # errors robust to non-normality
    "wlsmv",  # answers as ordered categories
    "fiml",  # everybody, missing answers taken into account
    "cluster",  # errors robust to the smallest groups people are nested in
    "careful",  # without those flagged as careless
    "method",  # with an unmeasured method factor
    "partial",  # with a direct path from job quality to turnover intention
    "without",  # without enjoying the work
    "left_out",  # every large group left out once
)
# reasons that a solution is there and cannot be true
INADMISSIBLE = (
    "negative_variance",
    "latent_not_positive_definite",
    "residual_not_positive_definite",
    "loading_above_one",
    "correlation_above_one",
)
WHY_NOT = (
    "no_grouping",  # the study has no grouping that fits
    "nobody",  # nobody is flagged: the reference itself
    "no_construct",  # the construct is not in the study
    "too_few",  # below the gate
    "failed",  # the fit cannot be used: `reasons` say why
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to arrive at the key paths.

    Attributes
    ----------
    code : str
        One of `VARIANTS`.
    n : int
        Persons used; 0 when nothing was fitted.
    estimates : DataFrame
        source, target, kind, estimate, se, z, pvalue, ci_low, ci_high; no rows when nothing may be used.
    why_not : str
        One of `WHY_NOT`, or ``""`` when there are estimates.
    reasons : tuple of Reason
        Of the fit, also of one that may be used with care.
    grouping : str
        Of ``cluster`` and ``left_out``.
    """

    code: str
    n: int = 0
    estimates: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)
    why_not: str = ""
    reasons: tuple[Reason, ...] = ()
    grouping: str = ""

    @property
    def inadmissible(self) -> bool:
        """Whether the solution lies outside what is possible, such as a variance below zero."""
        return any(reason.code in INADMISSIBLE for reason in self.reasons) and not self.why_not


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """The key paths under every variant.

    Attributes
    ----------
    paths : tuple of (source, target, kind)
        Key paths, in order.
    variants : tuple of Variant
        In the order of `VARIANTS`; the last, ``left_out``, has its estimates in `left_out`.
    left_out : DataFrame
        group, n, source, target, kind, estimate, se, z, pvalue, ci_low, ci_high: the key paths without one
        group, a block for every group that may be shown.
    failed_groups : int
        Groups without which the model could not be used, or had impossible values.
    careless : CarelessCounts
        Of the complete answers.
    n_clusters : int
        Behind the errors of ``cluster``; 0 without.
    """

    paths: tuple[tuple[str, str, str], ...]
    variants: tuple[Variant, ...]
    left_out: pd.DataFrame = field(repr=False)
    failed_groups: int
    careless: CarelessCounts
    n_clusters: int

    def of(self, code: str) -> Variant:
        """Return a variant by its code."""
        return next(v for v in self.variants if v.code == code)

    @property
    def reference(self) -> Variant:
        """Maximum likelihood on complete answers."""
        return self.variants[0]

    @property
    def usable(self) -> bool:
        """Whether the reference gave estimates; without them there is nothing to compare with."""
        return not self.reference.why_not
