"""Predictions for cases held out: by PLS, by regression on the items, by the average, many folds at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from jq_models.evaluate.composites.chain import item_loadings, last_owner, score_weights
from jq_models.evaluate.composites.standard import StandardMoments, deviations
from jq_models.numeric.drawn import Drawn
from jq_models.numeric.moments import SINGULAR, Array, Whole
from jq_models.pls.bootstrap import solved_near
from jq_models.pls.design import Design
from jq_models.pls.result import PlsFit, correlation_of
from jq_models.pls.solution import Solution, structure, total_effects
from jq_models.pls.status import usable

WAYS = ("pls", "lm", "mean")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An endogenous construct: where its k items stand, and the items of what it is predicted from."""

    construct: int
    items: Whole
    predictors: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Prediction errors of one fold: the cases held out, and their errors by way, (3, cases, items).

    NaN where the model has no usable solution without these cases, or the regression none.
    """

    cases: Whole
    errors: Array


def targets_of(design: Design, *, antecedents: str) -> tuple[Target, ...]:
    """Return what is predicted, and from the items of which constructs."""
    stage, owner = design.last, last_owner(design)
    reach = total_effects(stage.paths[None].astype(float))[0] > 0
    found = []
    for i in stage.endogenous:
        causes = set(map(int, stage.causes(i)))
        if antecedents == "earliest":
            causes = set(map(int, np.flatnonzero(reach[i]))) - set(stage.endogenous)
        found.append(
            Target(
                construct=i,
                items=np.flatnonzero(owner == i),
                predictors=np.flatnonzero(np.isin(owner, sorted(causes))),
            )
        )
    return tuple(found)


class FoldReplicator:
    """Fits the model without the cases of a fold, and predicts those.

    Parameters
    ----------
    fit : PlsFit
    cases : ndarray, shape (n, p)
    fold : ndarray of int, shape (repetitions, n)
        The fold of each case.
    antecedents : {"direct", "earliest"}
    corrected : bool
    """

    def __init__(self, fit: PlsFit, cases: Array, *, fold: Whole, antecedents: str, corrected: bool) -> None:
        self.fit, self.fold, self.corrected = fit, fold, corrected
        self.antecedents = antecedents
        self.folds = int(fold.max()) + 1
        self.targets = targets_of(fit.design, antecedents=antecedents)
        self.moments = StandardMoments(cases)

    def run(self, first: int, last: int, *, stop: Callable[[], bool]) -> list[HeldOut]:
        """Predict the folds from `first` to before `last`, counted over the repetitions."""
        held = [self.fold[i // self.folds] == i % self.folds for i in range(first, last)]
        drawn = self.moments.of(1.0 - np.array(held, dtype=float))
        R, deviation = correlation_of(drawn.covariance), deviations(drawn)
        solution = solved_near(self.fit, R, stop=stop)
        with np.errstate(all="ignore"):
            slopes = self._slopes(solution, R) * deviation[:, None, self._items] / deviation[:, :, None]
        slopes[~usable(solution, self.fit.design)] = np.nan
        regressions = self._regressions(drawn)
        found = []
        for k, out in enumerate(held):
            cases = np.flatnonzero(out)
            distance = self.moments.z[cases] - drawn.mean[k]
            own = distance[:, self._items]
            errors = np.stack([own - distance @ slopes[k], own - distance @ regressions[k], own])
            errors[:, :, np.isnan(slopes[k]).any(axis=0)] = np.nan
            found.append(HeldOut(cases=cases, errors=errors * self.moments.unit[self._items]))
        return found

    @property
    def _items(self) -> Whole:
        """The items predicted, construct after construct."""
        return np.concatenate([t.items for t in self.targets])

    def _slopes(self, solution: Solution, R: Array) -> Array:
        """Return by how much each item's prediction moves with each item, standardised, (b, p, k)."""
        design = self.fit.design
        weights = score_weights(solution, design)
        common = R @ weights
        length = np.sqrt(np.einsum("bpm,bpm->bm", weights, common))
        weights, common = weights / length[:, None, :], common / length[:, None, :]
        if self.corrected:
            paths, loadings = solution.paths, item_loadings(solution, design)
        else:
            paths, _ = structure(weights.transpose(0, 2, 1) @ common, design.last)
            own = last_owner(design)
            loadings = common[:, np.arange(len(own)), own]
        leads = paths
        if self.antecedents == "earliest":
            leads = np.array(total_effects(paths))
            leads[:, :, list(design.last.endogenous)] = 0.0
        parts = [
            (weights @ leads[:, t.construct, :, None]) * loadings[:, None, t.items] for t in self.targets
        ]
        return np.concatenate(parts, axis=2)

    def _regressions(self, drawn: Drawn) -> Array:
        """Return the least-squares slopes of each item predicted on the items it is predicted from."""
        covariance = drawn.covariance
        b, p = covariance.shape[:2]
        parts = []
        for target in self.targets:
            x = target.predictors
            slopes = np.full((b, p, len(target.items)), np.nan)
            # the intercept takes one case more
            enough = drawn.size > len(x) + 1
            # what is regressed on items that determine one another has no slopes of its own
            left = covariance[:, x[:, None], x]
            known = enough & np.isfinite(covariance).all(axis=(1, 2))
            known[known] = np.linalg.eigvalsh(correlation_of(left[known]))[:, 0] > SINGULAR
            slopes[known] = 0.0
            found = np.linalg.solve(left[known], covariance[known][:, x[:, None], target.items])
            slopes[np.flatnonzero(known)[:, None], x] = found
            parts.append(slopes)
        return np.concatenate(parts, axis=2)
