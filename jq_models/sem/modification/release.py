"""Equality constraints put to the test: labels, equality over groups and written ``==``.

Without its constraints a model has one parameter a row, psi, and the constraints are R psi = const. Releasing
one of them lets psi move along d, where R d is 1 for that constraint and 0 for the others; its score test is
N (s'd)^2 / V, V the information along d given the free parameters (Lee and Bentler, 1980, Psychometrika 45,
125-143; Satorra, 1989, Psychometrika 54, 131-151). Releasing all of them: N s' I^- s.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import block_diag
from scipy.special import chdtrc

from jq_models.errors import FitError
from jq_models.numeric.moments import Array, Whole
from jq_models.numeric.threads import one_thread
from jq_models.sem.derivatives import places_of_rows
from jq_models.sem.modification.score_parts import group_parts, half_solved
from jq_models.sem.result import SemFit
from jq_models.sem.table import Parameter, Parameters
from jq_models.spec.expression import Call, Expression, Name, Negative, Number, Operation
from jq_models.spec.syntax import Constraint, parse

# singular values below this share of the largest are rounding; an information left below it is none
RANK = float(np.sqrt(np.finfo(float).eps))
STEP = 1e-30
BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Equalities:
    """The constraints of a model on its r unconstrained parameters.

    Attributes
    ----------
    rows : ndarray of int, shape (r,)
        The rows of the whole table that would be free.
    sides : tuple of (str, str)
        What is equal.
    R : ndarray, shape (m, r)
    """

    rows: Whole
    sides: tuple[tuple[str, str], ...]
    R: Array


def equality_tests(fit: SemFit) -> pd.DataFrame:
    """Test each equality constraint, and all of them at once.

    Parameters
    ----------
    fit : SemFit
        Unscaled with robust estimators, as in lavaan.

    Returns
    -------
    DataFrame
        lhs rhs chi_square df p_value epc: the two sides set equal, the score test of releasing this
        constraint alone, and by how much lhs - rhs would then be expected to change. The last row, lhs
        "total", releases all of them; its epc is NaN. NaN where a constraint only identifies the model:
        releasing it has no effect on the fit.

    Raises
    ------
    FitError
        When the fit is not usable, or has no equality constraint.
    """
    with one_thread():
        equalities, scores, blocks, design = _unconstrained(fit)
        change = np.concatenate([_pseudo_inverse(i) @ s for i, s in zip(blocks, scores, strict=True)])
        score, information = np.concatenate(scores), block_diag(*blocks)
        total = fit.n * float(score @ change)
        ways = np.linalg.pinv(equalities.R, rcond=RANK)
        # a constraint that the others imply cannot be released alone
        sole = np.isclose(np.einsum("mr,rm->m", equalities.R, ways), 1.0, atol=1e-6)
        moved = information @ ways
        half = half_solved(design.T @ information @ design, design.T @ moved)
        before = np.einsum("rm,rm->m", ways, moved)
        variance = before - np.einsum("km,km->m", half, half)
        slope = ways.T @ score
        there = sole & (variance > RANK * before)
        safe = np.where(there, variance, np.nan)
        chi_square, epc = fit.n * slope**2 / safe, slope / safe
    m = len(slope)
    every = np.append(chi_square, total)
    df = np.append(np.ones(m, dtype=int), np.linalg.matrix_rank(equalities.R))
    return pd.DataFrame(
        {
            "lhs": [*(a for a, _ in equalities.sides), "total"],
            "rhs": [*(b for _, b in equalities.sides), ""],
            "chi_square": every,
            "df": df,
            "p_value": chdtrc(df, every),
            "epc": np.append(epc, np.nan),
        }
    )


def expected_changes(fit: SemFit) -> pd.DataFrame:
    """Return what every free parameter is expected to become when all equality constraints are released.

    Returns
    -------
    DataFrame
        lhs op rhs group est epc epv, a row for each row of ``fit.table`` that is free or in a constraint;
        epv = est + epc. Where the released model is not identified, the smallest change of all.

    Raises
    ------
    FitError
        As `equality_tests`.
    """
    with one_thread():
        equalities, scores, blocks, _ = _unconstrained(fit)
        change = np.concatenate([_pseudo_inverse(i) @ s for i, s in zip(blocks, scores, strict=True)])
    table = fit.table.iloc[equalities.rows][["lhs", "op", "rhs", "group", "est"]].reset_index(drop=True)
    return table.assign(epc=change, epv=table["est"].to_numpy(dtype=float) + change)


def labels_of_constraints(fit: SemFit) -> frozenset[str]:
    """Return the labels that stand in written ``==`` constraints."""
    return frozenset(
        name
        for c in _written(fit)
        for side in (c.left, c.right)
        for name in side.replaced(_defined(fit.parameters)).names
    )


def _written(fit: SemFit) -> list[Constraint]:
    return [part for part in parse(fit.model.text) if isinstance(part, Constraint)]


def _defined(parameters: Parameters) -> dict[str, Expression]:
    return {d.name: d.expression for d in parameters.defined}


def _unconstrained(fit: SemFit) -> tuple[Equalities, list[Array], list[Array], Array]:
    """Return the constraints, scores and informations of psi by group, and its design (r, k)."""
    parts = group_parts(fit)
    equalities = equalities_of(fit)
    if not equalities.sides:
        raise FitError(
            f"The model '{fit.model.name}' has no equality constraint to test. Use modification_indices for "
            "its fixed parameters."
        )
    size = len(fit.groups[0].parameters.rows)
    scores, blocks = [], []
    for g, (part, matrices) in enumerate(zip(parts, fit.groups, strict=True)):
        own = equalities.rows[(equalities.rows >= g * size) & (equalities.rows < (g + 1) * size)] - g * size
        places = places_of_rows(matrices, own)
        scores.append(part.score(places))
        blocks.append(part.blocks(places, places)[0])
    design = np.vstack([g.design for g in fit.groups])[equalities.rows]
    return equalities, scores, blocks, design


def equalities_of(fit: SemFit) -> Equalities:
    """Find the equality constraints of a fit: written ones first, then equal rows with the first of each."""
    rows = [r for g in fit.groups for r in g.parameters.rows]
    design = np.vstack([g.design for g in fit.groups])
    tied = labels_of_constraints(fit)
    free = np.flatnonzero(design.any(axis=1) | np.array([r.label in tied for r in rows]))
    place = {int(i): k for k, i in enumerate(free)}
    first: dict[object, int] = {}
    sides, R = [], []
    pairs = []
    for i in free.tolist():
        leader = first.setdefault(_key(rows[i], design[i], i % len(fit.groups[0].parameters.rows)), i)
        if leader != i:
            pairs.append((leader, i))
    by_label = {rows[i].label: place[i] for i in reversed(free.tolist()) if rows[i].label}
    for c in _written(fit):
        sides.append((written(c.left), written(c.right)))
        R.append(_coefficients(c, fit, by_label, n=len(free)))
    for a, b in pairs:
        sides.append((rows[a].name, rows[b].name))
        line = np.zeros(len(free))
        line[place[a]], line[place[b]] = 1.0, -1.0
        R.append(line)
    return Equalities(rows=free, sides=tuple(sides), R=np.array(R).reshape(len(R), len(free)))


def _key(row: Parameter, design: Array, position: int) -> object:
    # without a label, equal rows are the same row of other groups
    return row.label or (position, design.tobytes())


def _coefficients(constraint: Constraint, fit: SemFit, by_label: dict[str, int], *, n: int) -> Array:
    """Return the coefficients of left - right, by a complex step: the constraint is linear."""
    line = np.zeros(n)
    rows = fit.table
    known = dict(zip(rows["label"], rows["est"].astype(complex), strict=True))
    defined = _defined(fit.parameters)
    left, right = constraint.left.replaced(defined), constraint.right.replaced(defined)
    for name in {*left.names, *right.names} & set(by_label):
        values = known | {name: known[name] + 1j * STEP}
        line[by_label[name]] = np.imag(left.value(values) - right.value(values)) / STEP
    return line


def written(node: Expression) -> str:
    """Write a formula in the model language, with the brackets it needs."""
    if isinstance(node, Number):
        return f"{node.number:g}"
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Operation):
        own = BINDING[node.sign]
        # a^b^c is a^(b^c); the others go from left to right
        left = _inside(node.left, own + (node.sign == "^"))
        right = _inside(node.right, own + (node.sign != "^"))
        return f"{left} {node.sign} {right}"
    if isinstance(node, Negative):
        return f"-{_inside(node.parts[0], BINDING['*'])}"
    assert isinstance(node, Call)
    return f"{node.function}({written(node.argument)})"


def _inside(node: Expression, least: int) -> str:
    """Write a part, in brackets when it binds less than it has to."""
    binding = BINDING[node.sign] if isinstance(node, Operation) else 1 if isinstance(node, Negative) else 4
    return written(node) if binding >= least else f"({written(node)})"


def _pseudo_inverse(information: Array) -> Array:
    return np.asarray(np.linalg.pinv(information, rcond=RANK, hermitian=True), dtype=np.float64)
