"""The scaled and shifted test of nested models fitted by WLSMV or ULSMV (Satorra, 2000).

With P = D'WD of the larger model, B = D'W Gamma W D, and A the restrictions by which the smaller model's
tangent space differs from the larger one's, C = P^-1 A' (A P^-1 A')^-1 A P^-1: the difference of the plain
chi-squares T is, in large samples, a sum of chi-squares of 1 degree of freedom weighted by the eigenvalues of
C B. It is scaled and shifted by tr(C B) and tr((C B)^2) as a model's own statistic is (Asparouhov and Muthen,
2010). Satorra (2000), in Heijmans, Pollock and Satorra (eds), Innovations in multivariate statistical
analysis, 233-247; lavaan 0.6-14's ``lavTestLRT(method = "satorra.2000", A.method = "delta")``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jq_models.errors import FitError
from jq_models.numeric.moments import Array
from jq_models.numeric.threads import one_thread
from jq_models.sem import SemFit
from jq_models.sem.least_squares.discrepancy import LeastSquares
from jq_models.sem.least_squares.units import working_units
from jq_models.sem.optimise import minimise
from jq_models.sem.robust.scaled_test import TestStatistic, scaled_shifted_test

ESTIMATORS = ("WLSMV", "ULSMV")
# F of the larger model on what the smaller one implies: 0 when nested
REPRODUCED = 1e-8


def satorra_2000(smaller: SemFit, larger: SemFit) -> TestStatistic:
    """Test a model against a larger one that it is nested in.

    Parameters
    ----------
    smaller, larger : SemFit
        Usable, of the same data by the same estimator.

    Raises
    ------
    FitError
        Not by WLSMV or ULSMV; not of the same statistics in the same order; not nested.
    """
    ours, theirs = larger.discrepancy, smaller.discrepancy
    names = f"'{smaller.model.name}' and '{larger.model.name}'"
    if (
        larger.estimator not in ESTIMATORS
        or not isinstance(ours, LeastSquares)
        or not isinstance(theirs, LeastSquares)
    ):
        raise FitError(
            f"{names} were fitted by {larger.estimator}: satorra_2000 is there for WLSMV and ULSMV. By MLR "
            "or MLM take kind='satorra_bentler_2001'."
        )
    if _order(ours) != _order(theirs):
        raise FitError(
            f"{names} have their items in another order, or not the same ones ordered or means modelled. "
            "Write both models so that the items come in one order, with the same ordered= and "
            "meanstructure=."
        )
    with one_thread():
        _check_nested(ours, theirs, smaller=smaller, larger=larger)
        df = smaller.df - larger.df
        D = _stacked(ours, larger.theta)
        ways = np.linalg.lstsq(D, _stacked(theirs, smaller.theta), rcond=None)[0]
        # what is at right angles to the smaller model's directions: df restrictions
        A = np.linalg.qr(ways, mode="complete")[0][:, ways.shape[1] :].T
        rows = ours.casewise(larger.theta)
        B = sum((r.T @ r for r in rows[1:]), start=rows[0].T @ rows[0]) / larger.n
        back = np.linalg.solve(larger.information, A.T)
        M = np.linalg.solve(A @ back, back.T @ B @ back)
        difference = smaller.test.chi_square - larger.test.chi_square
    return scaled_shifted_test(
        difference, df, trace=float(np.trace(M)), trace_of_square=float(np.sum(M * M.T))
    )


def _check_nested(ours: LeastSquares, theirs: LeastSquares, *, smaller: SemFit, larger: SemFit) -> None:
    """Fit the larger model to what the smaller one implies: F is 0 there, or they are not nested."""
    implied = [
        replace(sample, vector=at.vector)
        for sample, at in zip(theirs.statistics, theirs.implied(smaller.theta), strict=True)
    ]
    working = working_units(LeastSquares(ours.groups, implied))
    misfit = minimise(working.discrepancy, larger.theta / working.theta).point.objective
    if not misfit < REPRODUCED:
        raise FitError(
            f"The model '{smaller.model.name}' is not nested in '{larger.model.name}', which cannot imply "
            f"its moments (F = {misfit:.2g} instead of 0). Compare models of which one restricts the other."
        )


def _order(ls: LeastSquares) -> list[object]:
    """Return what says which statistics there are, and in which order."""
    return [
        (g.observed, s.layout.levels, s.layout.size) for g, s in zip(ls.groups, ls.statistics, strict=True)
    ]


def _stacked(ls: LeastSquares, theta: Array) -> Array:
    """Return the derivatives of all groups' statistics, (s, k)."""
    return np.vstack(
        [
            model.jacobian(at).dense() @ model.matrices.design[model.places.rows]
            for model, at in zip(ls.models, ls.implied(theta), strict=True)
        ]
    )
