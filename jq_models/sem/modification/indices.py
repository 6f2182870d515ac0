"""Modification indices: what the chi-square would fall by if a fixed parameter were free.

MI = N s^2 / V and EPC = s / V with s the score of one case and V its expected information given the free
parameters (Sorbom, 1989, Psychometrika 54, 371-384; Saris, Satorra and Sorbom, 1987, Sociological
Methodology 17, 105-129, for the expected parameter change).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from jq_models.errors import SpecError, suggest
from jq_models.numeric.moments import Array
from jq_models.numeric.threads import one_thread
from jq_models.sem.matrices import Filled, ModelMatrices
from jq_models.sem.modification.candidates import OPERATORS, Candidate, candidates, places_of_candidates
from jq_models.sem.modification.release import labels_of_constraints
from jq_models.sem.modification.score_parts import GroupParts, group_parts, inverse_information, released
from jq_models.sem.result import SemFit

# information about a parameter that is left once the free ones are known: less is rounding
NOTHING_LEFT = 1e-8


def modification_indices(
    fit: SemFit,
    *,
    operators: Iterable[str] = OPERATORS,
    sort: bool = True,
    minimum: float = 0.0,
) -> pd.DataFrame:
    """Test every fixed parameter, and every parameter the model leaves out.

    Parameters
    ----------
    fit : SemFit
        With robust estimators the indices are the unscaled ones, as in lavaan.
    operators : iterable of str
        Which parameters: "=~", "~~", "~", "~1".
    sort : bool
        The largest first; else fixed rows of the table, then the others, group after group.
    minimum : float
        Leave out what is below.

    Returns
    -------
    DataFrame
        lhs op rhs group mi epc sepc_lv sepc_all sepc_nox: index, expected change, and this change
        standardised by latent variables, by all, by all but observed covariates; a covariance by the residual
        standard deviations. Parameters that cannot be told apart from the free ones, such as a factor's first
        loading, are left out.

    Raises
    ------
    FitError
        When the fit is not usable.
    SpecError
        On another operator.
    """
    wanted = tuple(operators)
    for op in wanted:
        if op not in OPERATORS:
            raise SpecError(f"No modification indices for '{op}'. {suggest(op, OPERATORS)}")
    with one_thread():
        every, inverse = group_parts(fit), inverse_information(fit)
        tables = [
            _of_group(fit, g, operators=wanted, parts=parts, inverse=inverse) for g, parts in enumerate(every)
        ]
    table = pd.concat(tables, ignore_index=True)
    table = table[table["mi"] >= minimum]
    if sort:
        table = table.sort_values("mi", ascending=False, kind="stable")
    return table.reset_index(drop=True)


def _of_group(
    fit: SemFit, g: int, *, operators: tuple[str, ...], parts: GroupParts, inverse: Array
) -> pd.DataFrame:
    matrices = fit.groups[g]
    # a parameter that a written equality fixes is released there, not here
    tied = labels_of_constraints(fit)
    own = {(r.lhs, r.op, r.rhs) for r in matrices.parameters.rows if r.label in tied}
    rows = [c for c in candidates(matrices.parameters) if c.op in operators and c not in own]
    places = places_of_candidates(matrices, rows)
    found = released(parts, places, matrices=matrices, inverse=inverse)
    there = found.variance > NOTHING_LEFT * found.information
    rows = [row for row, keep in zip(rows, there.tolist(), strict=True) if keep]
    score, variance = found.score[there], found.variance[there]
    epc = score / variance
    lv, every, nox = _scales(matrices, parts.state, rows)
    return pd.DataFrame(
        {
            "lhs": [r.lhs for r in rows],
            "op": [r.op for r in rows],
            "rhs": [r.rhs for r in rows],
            "group": g + 1,
            "mi": fit.n * score * epc,
            "epc": epc,
            "sepc_lv": epc * lv,
            "sepc_all": epc * every,
            "sepc_nox": epc * nox,
        }
    )


def _scales(matrices: ModelMatrices, state: Filled, rows: list[Candidate]) -> tuple[Array, Array, Array]:
    """Return what standardises each row by latent variables, by all, and by all but covariates."""
    names = (*matrices.observed, *matrices.latent)
    at = {name: i for i, name in enumerate(names)}
    factors, covariates = set(matrices.parameters.latent), set(matrices.parameters.covariates)
    total = np.concatenate([np.diag(state.implied), np.diag(state.latent_covariance)])
    own = np.concatenate([np.diag(state.theta), np.diag(state.psi)])
    left = np.array([at[r.lhs] for r in rows], dtype=np.intp)
    right = np.array([at.get(r.rhs, 0) for r in rows], dtype=np.intp)
    op = np.array([r.op for r in rows], dtype=object)
    between, alone = (op == "~~") & (left != right), (op == "~~") & (left == right)
    # a variance below 0 has no standard deviation, but as residual lavaan takes its size
    deviation = np.sqrt(np.where(total > 0, total, np.nan))
    residual = np.sqrt(np.where(own != 0, np.abs(own), np.nan))
    results = []
    latent = np.array([name in factors for name in names])
    given = np.array([name in covariates for name in names])
    for which in (latent, np.ones(len(names), dtype=bool), ~given):
        sd, rest = np.where(which, deviation, 1.0), np.where(which, residual, 1.0)
        factor = np.select(
            [between, alone, op == "=~", op == "~"],
            [
                1.0 / (rest[left] * rest[right]),
                1.0 / sd[left] ** 2,
                sd[left] / sd[right],
                sd[right] / sd[left],
            ],
            default=1.0 / sd[left],
        )
        results.append(factor)
    return results[0], results[1], results[2]
