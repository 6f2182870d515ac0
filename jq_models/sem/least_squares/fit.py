"""A fit by least squares, with ordered items or without: model and data in, a frozen fit out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from jq_models.errors import DataError, SpecError, suggest
from jq_models.numeric.moments import Array, Moments, UnfitError, above, read_only
from jq_models.sem.least_squares.discrepancy import LeastSquares
from jq_models.sem.least_squares.inference import least_squares_inference
from jq_models.sem.least_squares.statistics import SampleStatistics, sample_statistics
from jq_models.sem.least_squares.units import working_units
from jq_models.sem.matrices import THRESHOLD, ModelMatrices, model_matrices
from jq_models.sem.optimise import minimise
from jq_models.sem.result import SemFit, estimate_table
from jq_models.sem.sample import Data, Sample, read_sample
from jq_models.sem.start import start_values
from jq_models.sem.status import judge, with_errors
from jq_models.sem.table import Parameters, parameter_table
from jq_models.sem.table.roles import Roles, roles_of
from jq_models.spec.model import Model
from jq_models.spec.syntax import Statement, parse

if TYPE_CHECKING:
    from jq_models.sem.fit import Options

ALL = ("all",)
# the least eigenvalue of a correlation matrix that starting values are taken from
SMOOTH = 0.05


def fit_least_squares(spec: Model, data: Data, options: Options, *, labels: tuple[str, ...]) -> SemFit:
    """Fit by ULS, GLS, WLS or DWLS.

    Parameters
    ----------
    spec : Model
    data : Responses, DataFrame, Moments, or mapping of group label to Moments
    options : Options
        With an estimator of least squares.
    labels : tuple of str
        The groups.

    Raises
    ------
    SpecError
        On options that do not go with least squares.
    DataError
        As `read_sample` and `least_squares.statistics`.
    """
    roles = roles_of(tuple(part for part in parse(spec.text) if isinstance(part, Statement)))
    ordered = _ordered_names(roles, options)
    _check(options, roles, ordered)
    raw = read_sample(data, roles.observed, labels=labels, group=options.group)
    coded, levels = recoded(raw, roles.observed, ordered=ordered)
    parameters = _parameters(spec, options, labels, levels=levels)
    kind, by_name = options.estimator, dict(levels)
    statistics = []
    for group in coded.groups:
        with _in_group(group.label, n=raw.n):
            found = sample_statistics(
                group,
                kind=kind.discrepancy,
                levels=tuple(by_name.get(name, 0) for name in parameters.observed),
                means=parameters.meanstructure,
                robust=kind.se == "robust.sem",
            )
        statistics.append(found)
    sample = replace(
        raw,
        groups=tuple(replace(g, moments=s.moments) for g, s in zip(raw.groups, statistics, strict=True)),
    )
    groups = tuple(model_matrices(parameters.of_group(g + 1), s.moments) for g, s in enumerate(statistics))
    return _solved(spec, options, parameters, sample=sample, discrepancy=LeastSquares(groups, statistics))


@contextmanager
def _in_group(label: str, *, n: int) -> Iterator[None]:
    """Name the group in a diagnosis, and count the cases of all."""
    try:
        yield
    except UnfitError as problem:
        if not label:
            raise
        where = tuple(f"{place} [{label}]" for place in problem.where)
        raise UnfitError(f"Group '{label}': {problem}", code=problem.code, where=where, n=n) from problem


def _solved(
    spec: Model, options: Options, parameters: Parameters, *, sample: Sample, discrepancy: LeastSquares
) -> SemFit:
    kind, groups = options.estimator, discrepancy.groups
    moments = discrepancy.n_statistics
    # searched and judged in units in which absolute tolerances do not matter, reported in the data's
    working = working_units(discrepancy)
    own = minimise(working.discrepancy, _start(working.discrepancy))
    status = judge(
        working.discrepancy.groups,
        own.theta,
        point=own.point,
        moments=moments,
        iterations=own.iterations,
        standing=own.standing,
        admissible=own.proper,
    )
    optimum = working.in_data_units(own)
    found = least_squares_inference(
        kind,
        discrepancy,
        theta=optimum.theta,
        point=optimum.point,
        df=moments - parameters.n_free,
        identified=status.identified,
    )
    return SemFit(
        model=spec,
        table=estimate_table(parameters, groups, optimum.theta, vcov=found.vcov),
        theta=read_only(optimum.theta),
        vcov=read_only(found.vcov),
        information=read_only(optimum.point.information),
        sample=sample,
        groups=groups,
        discrepancy=discrepancy,
        objective=optimum.point.objective,
        test=found.test,
        baseline=found.baseline,
        status=with_errors(status, found.vcov, parameters.free_names),
        estimator=kind.name,
        engine=options.engine,
        missing=options.missing,
        information_kind="expected",
    )


def _ordered_names(roles: Roles, options: Options) -> tuple[str, ...]:
    dependent = roles.observed[: len(roles.observed) - len(roles.covariates)]
    if options.ordered == ALL and "all" not in roles.observed:
        return dependent
    for name in options.ordered:
        if name not in roles.observed:
            raise SpecError(f"The ordered item '{name}' is not in the model. {suggest(name, dependent)}")
    return tuple(name for name in roles.observed if name in options.ordered)


def _check(options: Options, roles: Roles, ordered: tuple[str, ...]) -> None:
    """Refuse what least squares does not do."""
    name = options.estimator.name
    if ordered and options.estimator.discrepancy in ("ML", "GLS"):
        raise SpecError(
            f"Ordered items are not fitted by {name}. Take estimator='WLSMV' (or ULSMV, DWLS, ULS, WLS)."
        )
    if options.engine != "jq":
        raise SpecError(f"The engine '{options.engine}' does not fit by {name}. Take engine='jq'.")
    if options.missing != "listwise":
        raise SpecError(
            f"missing='{options.missing}' needs maximum likelihood; {name} and ordered items take complete "
            "cases. Leave missing= out, or treat the items as continuous with estimator='MLR'."
        )
    if options.cluster is not None or options.weights is not None:
        raise SpecError(f"Clusters and weights are not offered with {name}. Take estimator='MLR'.")
    if options.information == "observed":
        raise SpecError(f"{name} has expected information only. Leave information= out.")
    if roles.covariates:
        raise SpecError(
            f"{name} with observed covariates ({', '.join(roles.covariates)}) is not offered: their moments "
            "would not stay those of the sample. Measure each by a factor of its own (age_ =~ age), or take "
            "estimator='MLR' without ordered items."
        )


def recoded(
    sample: Sample, names: tuple[str, ...], *, ordered: tuple[str, ...]
) -> tuple[Sample, tuple[tuple[str, int], ...]]:
    """Code the answers to ordered items 0 .. K - 1 by their distinct values over all groups.

    Raises
    ------
    DataError
        When only moments are known, or answers are not whole numbers.
    """
    if not ordered:
        return sample, ()
    cases = [x.copy() for x in sample.require_cases("Ordered items")]
    together = np.concatenate(cases)
    levels = []
    for name in ordered:
        j = names.index(name)
        values = np.unique(together[:, j])
        if (values != np.floor(values)).any():
            raise DataError(
                f"Answers to the ordered item '{name}' are not all whole numbers. Code its categories 1, 2, "
                "3, ... or leave it out of ordered=."
            )
        levels.append((name, len(values)))
        for x in cases:
            x[:, j] = np.searchsorted(values, x[:, j])
    groups = tuple(replace(g, cases=read_only(x)) for g, x in zip(sample.groups, cases, strict=True))
    return replace(sample, groups=groups), tuple(levels)


def _parameters(
    spec: Model, options: Options, labels: tuple[str, ...], *, levels: tuple[tuple[str, int], ...]
) -> Parameters:
    found = parameter_table(
        spec.text,
        groups=labels,
        ordered=levels,
        meanstructure=len(labels) > 1 if options.means is None else options.means,
        equal=options.equal,
        free=options.free,
        std_lv=options.std_lv,
        parameterization=options.parameterization,
    )
    if not found.n_free:
        raise SpecError(f"The model '{spec.name}' has no free parameter. Free at least one.")
    return found


def _start(discrepancy: LeastSquares) -> Array:
    statistics = discrepancy.statistics
    start = start_values(discrepancy.groups, [_smooth(s.moments) for s in statistics])
    return _with_thresholds(discrepancy, start)


def _smooth(moments: Moments) -> Moments:
    """Return moments whose correlations are positive definite, as pairwise polychorics need not be."""
    scale = np.sqrt(np.diag(moments.covariance))
    R = moments.covariance / np.outer(scale, scale)
    if above(R, SMOOTH):
        return moments
    share = min(1.0, (SMOOTH - float(np.linalg.eigvalsh(R)[0])) / (1.0 - SMOOTH))
    R = (R + share * np.eye(len(R))) / (1.0 + share)
    return replace(moments, covariance=read_only(R * np.outer(scale, scale)))


def _with_thresholds(discrepancy: LeastSquares, start: Array) -> Array:
    """Start each threshold at the sample's, in the model's metric; equal ones at their mean."""
    sums, counts = np.zeros(len(start)), np.zeros(len(start))
    for model, sample in zip(discrepancy.models, discrepancy.statistics, strict=True):
        at = model.at(start)
        if at is None:
            continue
        for a, value in _sample_thresholds(model.matrices, sample, at.scale):
            columns = np.flatnonzero(model.matrices.design[a])
            if len(columns) == 1 and model.matrices.design[a, columns[0]] == 1.0:
                sums[columns] += value
                counts[columns] += 1
    return np.where(counts > 0, sums / np.maximum(counts, 1), start)


def _sample_thresholds(
    matrices: ModelMatrices, sample: SampleStatistics, scale: Array
) -> Sequence[tuple[int, float]]:
    found = []
    for a in np.flatnonzero(matrices.where == THRESHOLD):
        i, t, given = matrices.row[a], matrices.column[a], matrices.parameters.rows[a].start
        value = given if np.isfinite(given) else sample.thresholds[i][t] / scale[i]
        found.append((int(a), float(value)))
    return found
