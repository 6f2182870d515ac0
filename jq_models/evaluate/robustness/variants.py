"""Fit the second-order model in every variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.data.responses import Responses, read_only
from jq_models.errors import DataError, SpecError
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.key_paths import DIRECT, KEYS, key_effects, key_paths
from jq_models.evaluate.nesting import clustered_data, nested_groupings
from jq_models.evaluate.robustness.careless import careless_counts, careless_flags
from jq_models.evaluate.robustness.method_factor import with_method_factor
from jq_models.evaluate.robustness.result import Robustness, Variant
from jq_models.sem import FailedFit, Reason, SemFit, try_fit
from jq_models.spec import Model

LEFT_OUT = "ENJ"  # close in meaning to satisfaction: always shown without
MOST_GROUPS = 30  # groups to be left out one by one; more would each change next to nothing


def compare_variants(
    opened: OpenStudy, *, plan: Plan, shown: Mapping[str, pd.Series] | None = None
) -> Robustness | None:
    """Estimate the key paths of the second-order model in every variant.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        Its gate ``second_order`` decides whether anything is fitted, in every variant anew.
    shown : mapping of str to Series, optional
        Grouping -> sizes, NaN where a group may not be shown (``disclosure.shown_group_sizes``): only shown
        groups are left out one by one. Without it, groups from the study's minimum on.

    Returns
    -------
    Robustness or None
        None when the gate is closed, or the outcomes of the model were not asked.
    """
    if not plan.allows("second_order") or not opened.has_paths:
        return None
    at_least = plan.needs("second_order")
    fitter = _Fitter(opened, at_least=at_least)
    variants = [
        fitter.fit("ml"),
        fitter.fit("mlr", estimator="MLR"),
        fitter.fit("wlsmv", ordered=fitter.several),
        fitter.fit("fiml", data=opened.responses, estimator="MLR", missing="fiml"),
        _clustered(fitter),
        _careful(fitter),
        fitter.fit("method", model=with_method_factor(fitter.model, fitter.complete)),
        _partial(fitter),
        _without(fitter),
    ]
    last, left_out, failed = _left_out(fitter, shown=shown)
    cluster = variants[4]
    n_clusters = 0
    if cluster.grouping:
        n_clusters = int(fitter.complete.groups[cluster.grouping].nunique())
    return Robustness(
        paths=fitter.paths,
        variants=(*variants, last),
        left_out=left_out,
        failed_groups=failed,
        careless=careless_counts(_used_items(fitter)),
        n_clusters=n_clusters,
    )


class _Fitter:
    """The study's model and answers, and the one way from a fit to a variant."""

    def __init__(self, opened: OpenStudy, *, at_least: int) -> None:
        self.opened = opened
        self.model: Model = opened.model("second_order")
        self.complete: Responses = opened.complete
        self.paths = key_paths(opened.outcomes)
        self.at_least = at_least
        single = set(self.model.single_items)
        used = set(self.model.factors) - single
        # a lone ordered item has no error variance to speak of: it stays as it is in the other variants
        self.several = tuple(
            i.code
            for i in self.complete.instrument.items
            if i.construct in used and i.code in self.complete.items
        )

    def fit(
        self,
        code: str,
        *,
        model: Model | None = None,
        data: Responses | pd.DataFrame | None = None,
        extra: Sequence[tuple[str, str, str]] = (),
        **options: Any,
    ) -> Variant:
        """Fit a variant; what cannot be used gives its reasons and no estimates."""
        answers = self.complete if data is None else data
        rows = len(answers) if isinstance(answers, pd.DataFrame) else answers.n
        if rows < self.at_least:
            return Variant(code=code, why_not="too_few")
        if not options.get("ordered", "all"):
            return Variant(code=code, why_not="no_construct")
        try:
            fit: SemFit | FailedFit = try_fit(model or self.model, answers, **options)
        except (DataError, SpecError):
            return Variant(code=code, why_not="failed")
        if not isinstance(fit, SemFit) or not fit.usable:
            return Variant(code=code, why_not="failed", reasons=fit.status.reasons)
        estimates = key_effects(fit, self.opened.outcomes, paths=(*self.paths, *extra))
        return Variant(code=code, n=fit.n, estimates=estimates, reasons=fit.status.reasons)


def _clustered(fitter: _Fitter) -> Variant:
    """Respect the smallest groups: their number is what cluster-robust errors live on."""
    groupings = nested_groupings(fitter.complete)
    if not groupings:
        return Variant(code="cluster", why_not="no_grouping")
    name = groupings[-1]
    data = clustered_data(fitter.complete, name)
    return replace(fitter.fit("cluster", data=data, estimator="MLR", cluster=name), grouping=name)


def _careful(fitter: _Fitter) -> Variant:
    flagged = careless_flags(_used_items(fitter)).any(axis=1).to_numpy()
    if not flagged.any():
        return Variant(code="careful", why_not="nobody")
    kept = fitter.complete.items[~flagged].reset_index(drop=True)
    return fitter.fit("careful", data=kept)


def _partial(fitter: _Fitter) -> Variant:
    if "TIN" not in fitter.opened.outcomes:
        return Variant(code="partial", why_not="no_construct")
    model = replace(fitter.model, name="partial", text=f"{fitter.model.text}TIN ~ JQ\n")
    return fitter.fit("partial", model=model, extra=(DIRECT,))


def _without(fitter: _Fitter) -> Variant:
    if LEFT_OUT not in fitter.opened.dimensions:
        return Variant(code="without", why_not="no_construct")
    return fitter.fit("without", model=fitter.opened.model("second_order", without=(LEFT_OUT,)))


def _left_out(fitter: _Fitter, *, shown: Mapping[str, pd.Series] | None) -> tuple[Variant, pd.DataFrame, int]:
    """Leave out every group that may be shown, once, of the coarsest grouping that nests people."""
    groupings = nested_groupings(fitter.complete)
    names = [n for n in groupings if fitter.complete.groups[n].nunique() <= MOST_GROUPS]
    empty = pd.DataFrame(columns=["group", "n", *KEYS, "estimate", "ci_low", "ci_high"])
    if not names:
        return Variant(code="left_out", why_not="no_grouping"), empty, 0
    groups = fitter.complete.groups[names[0]]
    frames: list[pd.DataFrame] = []
    failed = 0
    reasons: tuple[Reason, ...] = ()
    candidates = _candidates(fitter, names[0], shown=shown)
    for group in candidates:
        kept = fitter.complete.items[(groups != group).to_numpy()].reset_index(drop=True)
        one = fitter.fit("left_out", data=kept)
        if one.why_not or one.inadmissible:
            failed += 1
            reasons = one.reasons or reasons
        else:
            frames.append(one.estimates.assign(group=group, n=one.n))
    why = "" if frames else ("failed" if candidates else "no_grouping")
    variant = Variant(code="left_out", grouping=names[0], why_not=why, reasons=() if frames else reasons)
    return variant, pd.concat(frames, ignore_index=True) if frames else empty, failed


def _candidates(fitter: _Fitter, name: str, *, shown: Mapping[str, pd.Series] | None) -> list[str]:
    counts = fitter.complete.groups[name].value_counts(sort=False)
    if shown is not None:
        visible = shown[name].dropna().index
        counts = counts[counts.index.isin(visible)]
    minimum = fitter.opened.spec.minimum_group
    return [str(group) for group in counts.index[counts >= minimum]]


def _used_items(fitter: _Fitter) -> Responses:
    """Return the complete answers to the items of the models only: others may be missing."""
    used = set(fitter.model.factors)
    codes = [i.code for i in fitter.complete.instrument.items if i.construct in used]
    items = fitter.complete.items[[c for c in fitter.complete.items if c in codes]]
    return replace(fitter.complete, items=read_only(items))
