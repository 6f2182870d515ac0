"""Whether the scales mean the same in several groups: the whole ladder in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import numpy as np
import pandas as pd

from jq_models.data import Responses
from jq_models.evaluate.invariance.frames import GROUP, frame_of
from jq_models.evaluate.invariance.ladder import EQUAL, Release, Step, first_step, ladder_table, next_step
from jq_models.evaluate.invariance.latent_means import COLUMNS, latent_means
from jq_models.evaluate.invariance.lines import ACCEPTED, PERSONS_AN_ITEM
from jq_models.evaluate.invariance.ordinal import ORDINAL_STEPS, ordinal_text
from jq_models.evaluate.invariance.release import with_releases
from jq_models.sem import FailedFit, Reason, SemFit, try_fit
from jq_models.spec import Model
from jq_models.spec.syntax import Statement, parse

# "partly": intercepts equal but for the items released; "metric", "configural": means cannot be compared
LEVELS = ("strict", "scalar", "partly", "metric", "configural", "none", "too_few")
OUTCOMES = ("holds", "partly", "fails")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariance:
    """How far the groups can be compared.

    Attributes
    ----------
    group : str
        Name of the grouping.
    labels : tuple of str
        The groups compared; the first is the reference.
    sizes : tuple of int
        Complete answers in each.
    steps : mapping of str to Step
        As far as the ladder went.
    means : DataFrame
        As `latent_means`; no rows where intercepts are not equal, not even in part.
    level : str
        The highest step that holds: "strict", "scalar"; "partly": scalar (and perhaps strict) with some items
        released; "metric", "configural"; "none": not even estimated; "too_few": not tried, since a group has
        fewer than two persons an item.
    """

    group: str
    labels: tuple[str, ...]
    sizes: tuple[int, ...]
    steps: dict[str, Step] = field(repr=False)
    means: pd.DataFrame = field(repr=False)
    level: str

    @property
    def releases(self) -> tuple[Release, ...]:
        """Every equality given up, in order."""
        return tuple(r for step in self.steps.values() for r in step.releases)

    @property
    def table(self) -> pd.DataFrame:
        """The ladder as numbers, see `ladder_table`."""
        return ladder_table(self.steps)

    @property
    def with_care(self) -> dict[str, tuple[Reason, ...]]:
        """The steps whose solution is inadmissible, with the reasons."""
        return {name: step.reasons for name, step in self.steps.items() if step.reasons}

    @property
    def compares_means(self) -> bool:
        """Whether latent means may be compared: intercepts equal, wholly or in part."""
        return self.level in ("strict", "scalar", "partly")


def invariance(
    model: Model,
    data: Responses | pd.DataFrame,
    *,
    group: str,
    groups: Sequence[str] | None = None,
    estimator: str = "MLR",
    ordered: Sequence[str] = (),
    partial: bool = True,
) -> Invariance:
    """Climb the ladder of measurement invariance.

    The measured model has correlated factors of items: with a second-order model, means of the first-order
    factors need the same equalities, so the ladder is the same one. Factors have variance 1 in the first
    group, in place of marker items, so that every item's equality can be tested and released. An item whose
    loading was released has its intercept free as well.

    Parameters
    ----------
    model : Model
        Factors and their items, freely correlated.
    data : Responses or DataFrame
        Complete answers are used.
    group : str
    groups : sequence of str, optional
        The groups compared, the reference first; by default all.
    estimator : str
        For continuous items: MLR or ML. Ordered items go by WLSMV.
    ordered : sequence of str
        Items to be treated as ordered categories, all of them or none: a ladder of thresholds, loadings,
        intercepts (see `ordinal`), without releases: there are no score tests for this estimator.
    partial : bool
        Release equalities of a rejected step, and stop where that does not help. Else every step is fitted
        and tested against the one before, whatever comes out.

    Returns
    -------
    Invariance
        Also when a model cannot be estimated; the verdict says so.

    Raises
    ------
    DataError
        On an unknown grouping or fewer than two groups.
    """
    frame, labels = frame_of(data, group=group, groups=groups)
    items = _items(model)
    frame = frame[[*items, GROUP]].dropna().reset_index(drop=True)
    sizes = [int((frame[GROUP] == label).sum()) for label in labels]
    steps: dict[str, Step] = {}
    if min(sizes) < PERSONS_AN_ITEM * len(items):
        return _result(group, labels, sizes, steps, level="too_few")
    climb = _Climb(model=model, frame=frame, labels=labels, estimator=estimator, ordered=tuple(ordered))
    for name in ORDINAL_STEPS if ordered else EQUAL:
        step = _taken(name, climb, steps=steps, sizes=sizes, partial=partial and not ordered)
        steps[name] = step
        if step.verdict == "not_estimated" or (partial and not step.accepted):
            break
    return _result(group, labels, sizes, steps, level=level_of(steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Climb:
    """What every fit of a ladder shares."""

    model: Model
    frame: pd.DataFrame = field(repr=False)
    labels: tuple[str, ...]
    estimator: str
    ordered: tuple[str, ...]

    def fit(self, step: str, free: tuple[str, ...] = ()) -> SemFit | FailedFit:
        """Fit a step, some of its equalities released."""
        if not self.ordered:
            return try_fit(
                self.model,
                self.frame,
                estimator=self.estimator,
                group=GROUP,
                equal=EQUAL[step],
                free=free,
                std_lv=True,
                meanstructure=True,
            )
        categories = {item: int(self.frame[item].nunique()) for item in self.ordered}
        text = ordinal_text(
            self.model.text,
            step=step,
            items=categories,
            factors=self.model.factors,
            groups=len(self.labels),
        )
        return try_fit(
            text,
            self.frame,
            estimator="WLSMV",
            group=GROUP,
            equal=ORDINAL_STEPS[step],
            # equal thresholds bring equal intercepts along, as in lavaan, unless they are released
            free=tuple(f"{item} ~1" for item in self.ordered) if step in ("thresholds", "metric") else (),
            ordered=self.ordered,
            std_lv=True,
        )


def _taken(name: str, climb: _Climb, *, steps: dict[str, Step], sizes: list[int], partial: bool) -> Step:
    if not steps:
        return first_step(climb.fit(name), sizes=sizes)
    before = list(steps.values())[-1]
    given_up = _free([r for step in steps.values() for r in step.releases])
    step = next_step(name, climb.fit(name, given_up), before=before, sizes=sizes)
    if not partial:
        return step
    return with_releases(
        step, lambda more: climb.fit(name, given_up + more), before=before, labels=climb.labels
    )


def _free(releases: list[Release]) -> tuple[str, ...]:
    """Return what later steps leave free: a released loading takes its item's intercept along."""
    names = {"loading": "{0.factor} =~ {0.item}", "intercept": "{0.item} ~1"}
    found = [names[r.kind].format(r) for r in releases if r.kind in names]
    found += [f"{r.item} ~1" for r in releases if r.kind == "loading"]
    return tuple(dict.fromkeys(found))


def level_of(steps: dict[str, Step]) -> str:
    """Return the verdict on a ladder: one of `LEVELS`."""
    accepted = [step.name for step in takewhile(lambda step: step.accepted, steps.values())]
    if not accepted:
        return "none"
    released = any(r.kind != "residual" for step in steps.values() for r in step.releases if step.accepted)
    highest = accepted[-1]
    if highest in ("scalar", "strict"):
        strictly = highest == "strict" and not steps["strict"].releases
        return "partly" if released else "strict" if strictly else "scalar"
    return highest if highest == "metric" else "configural"


def _result(
    group: str, labels: tuple[str, ...], sizes: list[int], steps: dict[str, Step], *, level: str
) -> Invariance:
    means = pd.DataFrame(columns=COLUMNS)
    scalar = steps.get("scalar")
    if scalar is not None and scalar.verdict in ACCEPTED and isinstance(scalar.final, SemFit):
        given_up = [r for step in steps.values() for r in step.releases]
        with np.errstate(invalid="ignore"):
            means = latent_means(scalar.final, labels=labels, releases=given_up)
    return Invariance(group=group, labels=labels, sizes=tuple(sizes), steps=steps, means=means, level=level)


def _items(model: Model) -> list[str]:
    statements = [s for s in parse(model.text) if isinstance(s, Statement) and s.operator == "=~"]
    return list(dict.fromkeys(t.variable for s in statements for t in s.terms if s.lhs in model.factors))
