"""The one call: model and data in, a frozen PLS fit out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pandas as pd

from jq_models.errors import DataError, SpecError, suggest
from jq_models.numeric.moments import Array, Moments, UnfitError, Whole, numbers_of, read_only
from jq_models.numeric.threads import one_thread
from jq_models.pls.algorithm import SCHEMES
from jq_models.pls.design import design_of
from jq_models.pls.quantities import quantities, quantity_rows
from jq_models.pls.result import PlsFit, correlation_of
from jq_models.pls.solution import Search, solve
from jq_models.pls.status import judge
from jq_models.spec.model import Model
from jq_models.spec.own_model import as_model

FEWEST = 3


class Answers(Protocol):
    """What a fit needs of ``data.Responses``: one column per item, NaN where missing."""

    @property
    def items(self) -> pd.DataFrame: ...


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
        Covariances and intercepts have no counterpart and are left out: ``design.ignored`` names them.
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
        The algorithm stops when no weight changes by as much.
    max_iterations : int
        Per stage.

    Returns
    -------
    PlsFit
        Also when the algorithm did not converge or the solution is impossible: ``status`` says so, and
        `PlsFit.require` refuses its numbers.

    Raises
    ------
    SpecError
        On an unknown scheme, or a model PLS cannot estimate.
    DataError
        On an absent or non-numeric column; as `UnfitError` on a constant one, or fewer than 3 cases.
    """
    if scheme not in SCHEMES:
        raise SpecError(f"No scheme '{scheme}'. {suggest(scheme, SCHEMES)}")
    if not tolerance > 0.0 or max_iterations < 1:
        raise SpecError(
            f"tolerance = {tolerance}, max_iterations = {max_iterations}: both must be above 0. "
            "1e-10 and 300 are usual."
        )
    spec = as_model(model)
    design = design_of(spec, scheme=scheme, consistent=consistent, modes=modes, dominant=dominant)
    names, search = design.first.indicators, Search(tolerance=tolerance, max_iterations=max_iterations)
    if isinstance(data, Moments):
        if cluster is not None:
            raise DataError("Moments have no clusters. Pass the data.")
        moments, cases, clusters, rows, dropped = data.of(names), None, None, None, 0
    else:
        frame = data if isinstance(data, pd.DataFrame) else data.items
        cases, clusters, rows = _cases(frame, names, cluster=cluster)
        moments, dropped = _moments(cases, names), len(frame) - len(cases)
    _check_vary(moments)
    with one_thread():
        R = correlation_of(moments.covariance)[None]
        solution = solve(R, design, search=search)
        status = judge(solution, design)
        with np.errstate(all="ignore"):
            values = quantities(solution, R, design)[0]
    return PlsFit(
        model=spec,
        design=design,
        solution=solution,
        table=quantity_rows(design).assign(est=values),
        moments=moments,
        cases=cases,
        clusters=clusters,
        rows=rows,
        status=status,
        consistent=consistent,
        search=search,
        n_dropped=dropped,
    )


def _cases(
    frame: pd.DataFrame, names: tuple[str, ...], *, cluster: str | None
) -> tuple[Array, Whole | None, Whole]:
    """Return the complete cases, their clusters, and where they stand in the table."""
    wanted = [*names, *([cluster] if cluster is not None else [])]
    absent = [name for name in wanted if name not in frame.columns]
    if absent:
        raise DataError(
            f"The data have no column {', '.join(absent)}. {suggest(absent[0], map(str, frame.columns))}"
        )
    values = numbers_of(frame[list(names)])
    whole = ~np.isnan(values).any(axis=1)
    if cluster is not None:
        whole &= frame[cluster].notna().to_numpy()
    if whole.sum() < FEWEST:
        raise UnfitError(
            f"{whole.sum()} complete cases: PLS needs at least {FEWEST}, and for trustworthy results many "
            "more. Collect more answers, or use fewer variables.",
            code="too_few_cases",
            where=(f"{whole.sum()} < {FEWEST}",),
            n=int(whole.sum()),
        )
    clusters = None
    if cluster is not None:
        clusters = pd.factorize(frame[cluster].astype(str).to_numpy()[whole])[0].astype(np.intp)
    return read_only(values[whole]), clusters, np.flatnonzero(whole)


def _moments(cases: Array, names: tuple[str, ...]) -> Moments:
    mean = cases.mean(axis=0)
    centred = cases - mean
    return Moments(names=names, covariance=centred.T @ centred / len(cases), mean=mean, n=len(cases))


def _check_vary(moments: Moments) -> None:
    """Raise when an indicator does not vary; a singular matrix as such is no hindrance to PLS."""
    if not (np.isfinite(moments.covariance).all() and np.isfinite(moments.mean).all()):
        raise DataError("The moments hold NaN or infinite numbers. Give finite means and covariances.")
    variance, scale = np.diag(moments.covariance), np.maximum(moments.mean**2, 1.0)
    constant = [name for name, low in zip(moments.names, variance <= 1e-14 * scale, strict=True) if low]
    if constant:
        raise UnfitError(
            f"No differences between the answers in: {', '.join(constant)}. "
            "A constant variable cannot be modelled: take it out.",
            code="constant",
            where=tuple(constant),
            n=moments.n,
        )
