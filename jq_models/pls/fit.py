"""The one call: model and data in, a frozen PLS fit out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import pandas as pd

from jq_models.errors import SpecError, suggest
from jq_models.numeric.moments import Moments
from jq_models.numeric.threads import one_thread
from jq_models.pls.algorithm import SCHEMES, Outer
from jq_models.pls.design import design_of
from jq_models.pls.quantities import quantities, quantity_rows
from jq_models.pls.result import PlsFit, correlation_of
from jq_models.pls.sample import Answers, sample_of
from jq_models.pls.solution import Measured, Search, Solution, solve
from jq_models.pls.status import judge
from jq_models.spec.model import Model
from jq_models.spec.own_model import as_model

# the largest tolerance: a looser one stops before anything was searched for
COARSEST = 0.01


def fit_pls(
    model: Model | str,
    data: Answers | pd.DataFrame | Moments,
    *,
    scheme: str = "path",
    consistent: bool = True,
    modes: Mapping[str, str] | None = None,
    dominant: Mapping[str, str] | None = None,
    cluster: str | None = None,
    tolerance: float = 1e-10,
    max_iterations: int = 300,
) -> PlsFit:
    """Estimate a model by partial least squares path modelling.

    Parameters
    ----------
    model : Model or str
        Factors ``f =~ x1 + x2``, composites ``c <~ x1 + x2``, arrows ``y ~ f + c``, second-order constructs
        of constructs (``g =~ f1 + f2`` or ``g <~ f1 + f2``), formulas of labelled paths (``ind := a*b``).
        Covariances, intercepts and loadings held equal have no counterpart and are left out:
        ``design.ignored`` names them.
    data : Responses, DataFrame or Moments
        Cases with a missing answer to an indicator are left out (listwise).
    scheme : {"path", "factorial", "centroid"}
        Inner weights.
    consistent : bool
        Correct factors of several indicators in mode A for attenuation: consistent PLS (Dijkstra &
        Henseler 2015). Composites are never corrected.
    modes : mapping, optional
        Construct -> "A" (correlation weights) or "B" (regression weights). Default: A for ``=~``, B for
        ``<~``.
    dominant : mapping, optional
        Construct -> the indicator that correlates positively with it. Default: the first of the text, as
        lavaan's marker.
    cluster : str, optional
        A column of the table; `bootstrap_pls` then draws whole clusters.
    tolerance : float
        The algorithm stops when no weight changes by as much; at most `COARSEST`.
    max_iterations : int
        Per stage.

    Returns
    -------
    PlsFit
        Also when the algorithm did not converge or the solution is impossible: ``status`` says so, and
        `PlsFit.require` refuses its numbers, NaN in ``table``.

    Raises
    ------
    SpecError
        On an unknown scheme, or a model PLS cannot estimate.
    DataError
        On an absent, doubled or non-numeric column, fewer than 2 clusters, impossible moments; as
        `UnfitError` on a constant column, or fewer than 3 cases.

    Notes
    -----
    Where programs differ. First weights are all equal, as in seminr. The path scheme regresses a construct on
    all that comes before it and correlates it with what comes after it (Lohmöller 1989), as SmartPLS, seminr
    and openpls do. Attenuation is corrected for factors only (seminr: what is called reflective; openpls:
    every construct in mode A), with weights and correlations of one divisor; openpls mixes N and N - 1, so
    that its rho_A is N / (N - 1) times as large. In the second stage every other construct keeps what the
    first found of it; seminr weighs its items anew, which is the same for single items. Tests compare with
    all of them.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments
    >>> L = np.kron(np.eye(2), np.array([[0.8], [0.7], [0.6]]))
    >>> S = L @ np.array([[1.0, 0.5], [0.5, 1.0]]) @ L.T
    >>> np.fill_diagonal(S, 1.0)
    >>> moments = Moments(names=tuple("abcxyz"), covariance=S, mean=np.zeros(6), n=300)
    >>> fit_pls("F =~ a + b + c\\nG =~ x + y + z\\nG ~ F", moments, consistent=True)
    PlsFit('own', PLSc, path scheme, n = 300: converged, admissible)
    """
    if scheme not in SCHEMES:
        raise SpecError(f"No scheme '{scheme}'. {suggest(scheme, SCHEMES)}")
    if not 0.0 < tolerance <= COARSEST or max_iterations < 1:
        raise SpecError(
            f"tolerance = {tolerance}, max_iterations = {max_iterations}: both must be above 0, and "
            f"tolerance not above {COARSEST}. 1e-10 and 300 are usual."
        )
    spec = as_model(model)
    design = design_of(spec, scheme=scheme, consistent=consistent, modes=modes, dominant=dominant)
    names, search = design.first.indicators, Search(tolerance=tolerance, max_iterations=max_iterations)
    sample = sample_of(data, names, cluster=cluster)
    with one_thread():
        R = correlation_of(sample.moments.covariance)[None]
        solution = solve(R, design, search=search)
        status = judge(solution, design, R=R)
        with np.errstate(all="ignore"):
            values = quantities(solution, R, design)[0]
        if not status.usable:
            values[:] = np.nan
    _lock(solution)
    return PlsFit(
        model=spec,
        design=design,
        solution=solution,
        table=quantity_rows(design).assign(est=values),
        moments=sample.moments,
        cases=sample.cases,
        clusters=sample.clusters,
        rows=sample.rows,
        status=status,
        consistent=consistent,
        search=search,
        n_dropped=sample.n_dropped,
    )


def _lock(part: Solution | Measured | Outer) -> None:
    """Make every array of a solution read-only."""
    for name in (f.name for f in fields(part)):
        value = getattr(part, name)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        elif isinstance(value, Measured | Outer):
            _lock(value)
