"""Units in which a least-squares fit is searched for: whatever those of the items, its numbers are near 1.

Tolerances of starting values, optimiser and judge are absolute, so that items in other units would end a
search elsewhere. Continuous items are therefore divided by a power of two near their standard deviation,
which costs no digit, and the model with them: Sigma = L Psi L' + Theta keeps its form, an item in units u
measured by a factor in units e having a loading in units u / e. Weights go the other way, so that F is the
same number; that of ULS, which has units of its own, is divided by the squared mean variance besides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jq_models.numeric.moments import Array, read_only
from jq_models.sem.derivatives import Point
from jq_models.sem.least_squares.discrepancy import LeastSquares
from jq_models.sem.least_squares.statistics import SampleStatistics
from jq_models.sem.matrices import ALPHA, LOADING, NU, PATH, PSI, THETA, ModelMatrices
from jq_models.sem.optimise import Optimum


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """A least-squares problem in units of its own.

    Attributes
    ----------
    discrepancy : LeastSquares
        In these units; without influences.
    theta : ndarray, shape (k,)
        Parameters in the data's units = parameters in these * theta.
    objective : float
        The same for F.
    """

    discrepancy: LeastSquares
    theta: Array
    objective: float

    def in_data_units(self, optimum: Optimum) -> Optimum:
        """Return what a search in these units found, in the data's."""
        point = optimum.point
        k = len(self.theta)
        by = 1.0 / self.theta
        information = self.objective * point.information * np.multiply.outer(by, by)
        return Optimum(
            theta=optimum.theta * self.theta,
            point=Point(
                objective=self.objective * point.objective,
                gradient=self.objective * point.gradient * by,
                information=information.reshape(k, k),
            ),
            iterations=optimum.iterations,
        )


def working_units(discrepancy: LeastSquares) -> Working:
    """Put a problem in units in which its search does not depend on those of the data."""
    groups, statistics = discrepancy.groups, discrepancy.statistics
    observed, rows, theta = _chosen(groups, statistics)
    objective = 1.0
    if all(s.unweighted for s in statistics):
        variances = [np.diag(s.moments.covariance) for s in statistics]
        objective = float(_power_of_two(float(np.mean(variances))) ** 2)
    own = LeastSquares(
        [_model(g, rows=r, theta=theta) for g, r in zip(groups, rows, strict=True)],
        [_sample(s, observed, objective=objective) for s in statistics],
    )
    return Working(discrepancy=own, theta=theta, objective=objective)


def _chosen(
    groups: Sequence[ModelMatrices], statistics: Sequence[SampleStatistics]
) -> tuple[Array, list[Array], Array]:
    """Choose units of items (p,), rows (rows,) of each group, and free parameters (k,).

    Each item's own, when no two equal parameters would then need different units; else one for all.
    """
    logs = [0.5 * np.log2(np.diag(s.moments.covariance)) for s in statistics]
    deviation = np.mean(logs, axis=0)
    continuous = np.array([not levels for levels in statistics[0].layout.levels])
    middle = float(deviation[continuous].mean()) if continuous.any() else 0.0
    for size in (deviation, np.full_like(deviation, middle)):
        observed = np.where(continuous, np.exp2(np.round(size)), 1.0)
        rows = [_row_units(g, observed) for g in groups]
        theta, agree = _theta_units(groups, rows)
        if agree:
            break
    return observed, rows, theta


def _theta_units(groups: Sequence[ModelMatrices], rows: Sequence[Array]) -> tuple[Array, bool]:
    """Return each parameter's unit, that of the first row it stands in, and whether all its rows agree."""
    used = np.vstack([g.design for g in groups]) != 0.0
    unit = np.concatenate(rows)
    theta: Array = np.where(used.any(axis=0), unit[used.argmax(axis=0)], 1.0)
    return theta, bool((~used | (unit[:, None] == theta)).all())


def _row_units(matrices: ModelMatrices, observed: Array) -> Array:
    latent = _latent_units(matrices, observed)
    where, i, j = matrices.where, matrices.row, matrices.column
    # a row's places count in one of the two alone; past the end of the other nothing is read
    item, factor = (
        units[np.minimum(i, len(units) - 1)] if len(units) else units for units in (observed, latent)
    )
    if not len(latent):
        factor = np.ones(len(i))
    source = latent[np.minimum(j, len(latent) - 1)] if len(latent) else factor
    second = observed[np.minimum(j, len(observed) - 1)]
    kinds = {
        LOADING: item / source,
        PATH: factor / source,
        PSI: factor * source,
        THETA: item * second,
        NU: item,
        ALPHA: factor,
    }
    # thresholds and scale factors have no unit
    return np.select([where == kind for kind in kinds], list(kinds.values()), default=1.0)


def _latent_units(matrices: ModelMatrices, observed: Array) -> Array:
    """Return the unit of each latent variable: 1 with a fixed variance, else its marker's."""
    unit = dict(zip(matrices.observed, observed.tolist(), strict=True))
    rows = matrices.parameters.rows
    given = {r.lhs for r in rows if r.op == "~~" and r.lhs == r.rhs and not r.free and r.value > 0.0}
    of = {f: [r for r in rows if r.op == "=~" and r.lhs == f] for f in matrices.parameters.latent}
    while of:
        ready = [f for f, own in of.items() if f in given or all(r.rhs in unit for r in own)]
        factor = (ready or list(of))[0]
        known = [r for r in of.pop(factor) if r.rhs in unit]
        marker = next((r for r in known if not r.free and r.value), known[0] if known else None)
        unit[factor] = 1.0 if factor in given or marker is None else unit[marker.rhs]
    return np.array([unit[name] for name in matrices.latent])


def _model(matrices: ModelMatrices, *, rows: Array, theta: Array) -> ModelMatrices:
    parameters = matrices.parameters
    own = tuple(
        r if unit == 1.0 else replace(r, value=r.value / unit, start=r.start / unit)
        for r, unit in zip(parameters.rows, rows.tolist(), strict=True)
    )
    design = matrices.design * theta / rows[:, None]
    return replace(
        matrices,
        parameters=replace(
            parameters, rows=own, design=design, single=None, constant=parameters.constant / rows
        ),
        fixed=read_only(matrices.fixed / rows),
        design=design,
        single=None,
    )


def _sample(sample: SampleStatistics, observed: Array, *, objective: float) -> SampleStatistics:
    layout, moments = sample.layout, sample.moments
    unit = np.concatenate(
        [
            observed[layout.item],
            observed[layout.variances] ** 2,
            observed[layout.first] * observed[layout.second],
        ]
    )
    by = unit if sample.weight.ndim == 1 else unit[:, None]
    return replace(
        sample,
        vector=sample.vector / unit,
        influence=None,
        weight=by * (sample.weight / objective) * unit,
        moments=replace(
            moments,
            covariance=read_only(moments.covariance / np.multiply.outer(observed, observed)),
            mean=read_only(moments.mean / observed),
        ),
    )


def _power_of_two(x: float) -> float:
    return float(np.exp2(np.round(np.log2(x))))
