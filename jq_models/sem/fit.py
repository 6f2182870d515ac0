"""Model and data in, a frozen fit out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.errors import SpecError, suggest
from jq_models.numeric.moments import read_only
from jq_models.numeric.threads import one_thread
from jq_models.sem.baseline import baseline_test
from jq_models.sem.chi_square import model_test
from jq_models.sem.covariance import vcov_of
from jq_models.sem.estimators import Estimator, find_estimator, usual_estimator
from jq_models.sem.least_squares.fit import fit_least_squares
from jq_models.sem.matrices import ModelMatrices, model_matrices
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.missing.patterns import missing_data, patterns_of
from jq_models.sem.normal import NormalTheory
from jq_models.sem.optimise import Discrepancy, Optimum, minimise
from jq_models.sem.result import SemFit, estimate_table
from jq_models.sem.robust.inference import robust_parts
from jq_models.sem.sample import Data, Sample, group_labels, read_sample
from jq_models.sem.standardize import with_defined_rows
from jq_models.sem.start import start_values
from jq_models.sem.status import judge, with_clusters, with_errors
from jq_models.sem.table import Parameters, parameter_table
from jq_models.spec.model import Model
from jq_models.spec.own_model import as_model

ENGINES = ("jq", "semopy")
MISSING = ("listwise", "fiml")
INFORMATION = ("expected", "observed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to fit: the keyword arguments of `fit_sem`, checked."""

    estimator: Estimator
    engine: str
    missing: str
    ordered: tuple[str, ...]
    group: str | None
    equal: tuple[str, ...]
    free: tuple[str, ...]
    cluster: str | None
    weights: str | None
    means: bool | None
    information: str | None
    std_lv: bool
    parameterization: str


def fit_sem(
    model: Model | str,
    data: Data,
    *,
    estimator: str | None = None,
    engine: str = "jq",
    missing: str = "listwise",
    ordered: tuple[str, ...] | str = (),
    group: str | None = None,
    equal: tuple[str, ...] | str = (),
    free: tuple[str, ...] | str = (),
    cluster: str | None = None,
    weights: str | None = None,
    meanstructure: bool | None = None,
    information: str | None = None,
    std_lv: bool = False,
    parameterization: str = "delta",
) -> SemFit:
    """Fit a structural equation model.

    Parameters
    ----------
    model : Model or str
        A model of the package, or a text in lavaan's language.
    data : Responses, DataFrame, Moments, or mapping of group label to Moments
    estimator : str, optional
        ML, MLR, MLM, MLMV, MLF (divisor N, lavaan's likelihood = "normal"), ULS, GLS, WLS, DWLS, WLSMV,
        ULSMV. By default ML; MLR with clusters or weights, WLSMV with ordered items.
    engine : {"jq", "semopy"}
        Who optimises; every statistic is computed here. semopy: maximum likelihood (ML and its robust
        kin), one group, complete data, no mean structure.
    missing : {"listwise", "fiml"}
        Complete cases only, or full-information maximum likelihood.
    ordered : tuple of str, or "all"
        Items to be treated as ordered categories.
    group : str, optional
        A column; one model for each of its values, in order of appearance.
    equal : tuple of str
        What is equal over groups: "loadings", "intercepts", "residuals", "means", "regressions",
        "lv.variances", "lv.covariances", "residual.covariances", "thresholds".
    free : tuple of str
        Parameters released from `equal`, such as ``"f =~ x3"`` or ``"x3 ~1"``.
    cluster, weights : str, optional
        Columns: standard errors and tests that respect clusters and sampling weights (MLR).
    meanstructure : bool, optional
        Whether intercepts are parameters; by default where groups, missing data, clusters or the model
        text ask for them.
    information : {"expected", "observed"}, optional
        Behind the standard errors; by default the estimator's, and observed with missing data.
    std_lv : bool
        Fix the variances of latent variables at 1 in place of their first loadings.
    parameterization : {"delta", "theta"}
        Of ordered items.

    Returns
    -------
    SemFit
        Always, also when the optimiser failed: ``status`` says so and ``require()`` raises.

    Raises
    ------
    SyntaxProblem, SpecError
        When the model or an option cannot be read.
    DataError
        When the data cannot carry it: constant or dependent columns, too few cases, absent variables.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem
    >>> loadings = np.array([0.8, 0.7, 0.6, 0.5])
    >>> S = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> moments = Moments(names=("x1", "x2", "x3", "x4"), covariance=S, mean=np.zeros(4), n=300)
    >>> fit = fit_sem("F =~ x1 + x2 + x3 + x4", moments, std_lv=True)
    >>> fit.status.converged, fit.status.admissible, fit.df
    (True, True, 2)
    """
    clustered = cluster is not None or weights is not None
    if estimator is None or (estimator == "ML" and clustered):
        estimator = usual_estimator(ordered=bool(ordered), clustered=clustered)
    kind = find_estimator(estimator)
    _known("engine", engine, ENGINES)
    _known("way with missing data", missing, MISSING)
    if information is not None:
        _known("information", information, INFORMATION)
        if kind.se == "first.order":
            raise SpecError("MLF takes its standard errors from first derivatives. Leave `information` out.")
    spec = as_model(model)
    options = Options(
        estimator=kind,
        engine=engine,
        missing=missing,
        ordered=(ordered,) if isinstance(ordered, str) else tuple(ordered),
        group=group,
        equal=(equal,) if isinstance(equal, str) else tuple(equal),
        free=(free,) if isinstance(free, str) else tuple(free),
        cluster=cluster,
        weights=weights,
        means=meanstructure,
        information=information,
        std_lv=std_lv,
        parameterization=parameterization,
    )
    with one_thread():
        return _fitted(spec, data, options)


def _fitted(spec: Model, data: Data, options: Options) -> SemFit:
    labels = group_labels(data, options.group)
    # least squares and ordered items
    if options.estimator.discrepancy != "ML" or options.ordered:
        return with_defined_rows(fit_least_squares(spec, data, options, labels=labels))
    parameters = _parameters(spec, options, labels)
    if not parameters.n_free:
        raise SpecError(f"The model '{spec.name}' has no free parameter. Free at least one.")
    sample = read_sample(
        data,
        parameters.observed,
        labels=labels,
        group=options.group,
        missing=options.missing,
        covariates=parameters.covariates,
        cluster=options.cluster,
        weights=options.weights,
    )
    groups = tuple(
        model_matrices(parameters.of_group(g + 1), sample.groups[g].moments) for g in range(len(labels))
    )
    discrepancy = discrepancy_of(groups, sample, means=parameters.meanstructure)
    optimum = _optimum(groups, sample, discrepancy, options)
    status = judge(
        groups,
        optimum.theta,
        point=optimum.point,
        moments=count_moments(parameters),
        iterations=optimum.iterations,
        standing=optimum.standing,
        admissible=optimum.proper,
    )
    kind, information = options.estimator, _information(options)
    parts = None
    if status.identified and kind.se != "standard":
        parts = robust_parts(kind, discrepancy, sample, theta=optimum.theta, information=information)
    vcov = np.full((parameters.n_free,) * 2, np.nan)
    if status.identified:
        vcov = vcov_of(kind, discrepancy, optimum=optimum, information=information, parts=parts, n=sample.n)
    df = count_moments(parameters) - parameters.n_free
    fit = SemFit(
        model=spec,
        table=estimate_table(parameters, groups, optimum.theta, vcov=vcov),
        theta=read_only(optimum.theta),
        vcov=read_only(vcov),
        information=read_only(optimum.point.information),
        sample=sample,
        groups=groups,
        discrepancy=discrepancy,
        objective=optimum.point.objective,
        test=model_test(kind, discrepancy, sample, optimum=optimum, parts=parts, df=df),
        baseline=baseline_test(kind, discrepancy, sample, parts=parts, covariates=parameters.covariates),
        status=with_clusters(with_errors(status, vcov, parameters.free_names), sample.n_clusters),
        estimator=kind.name,
        engine=options.engine,
        missing=options.missing,
        information_kind=information,
    )
    return with_defined_rows(fit)


def _information(options: Options) -> str:
    return options.information or ("observed" if options.missing == "fiml" else options.estimator.information)


def _parameters(spec: Model, options: Options, labels: tuple[str, ...]) -> Parameters:
    asked = options.missing == "fiml" or (options.means is None and options.cluster is not None)
    return parameter_table(
        spec.text,
        groups=labels,
        meanstructure=True if asked else options.means,
        equal=options.equal,
        free=options.free,
        std_lv=options.std_lv,
    )


def discrepancy_of(
    groups: tuple[ModelMatrices, ...], sample: Sample, *, means: bool
) -> NormalTheory | MissingNormal:
    """Return the discrepancy function of a sample."""
    moments = [g.moments for g in sample.groups]
    if not sample.incomplete:
        return NormalTheory(groups, moments, means=means, sizes=[g.size for g in sample.groups])
    cases = sample.require_cases("Missing data")
    data = [
        missing_data(x, patterns_of(x), weights=g.weights) for x, g in zip(cases, sample.groups, strict=True)
    ]
    return MissingNormal(groups, data, moments=moments)


def _optimum(
    groups: tuple[ModelMatrices, ...], sample: Sample, discrepancy: Discrepancy, options: Options
) -> Optimum:
    start = start_values(groups, [g.moments for g in sample.groups])
    if options.engine == "semopy":
        # imported here: semopy brings sympy and scikit-learn, a second that our own engine does without
        from jq_models.sem.semopy_engine import by_semopy

        return by_semopy(groups, sample, discrepancy, start=start)
    return minimise(discrepancy, start)


def count_moments(parameters: Parameters) -> int:
    """Return the number of sample moments; those of observed covariates among themselves do not count."""
    p, q = len(parameters.observed), len(parameters.covariates)
    one = p * (p + 1) // 2 - q * (q + 1) // 2 + (p - q if parameters.meanstructure else 0)
    return one * len(parameters.groups)


def _known(what: str, found: str, allowed: tuple[str, ...]) -> None:
    if found not in allowed:
        raise SpecError(f"No {what} '{found}'. {suggest(found, allowed)}")
