"""Equality constraints folded into the parameters, and defined parameters.

Linear constraints C theta = d leave theta = K phi + c: each takes out one parameter, the last it names,
by Gauss-Jordan elimination, so that the remaining ones phi keep their names and meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jq_models.errors import SpecError, suggest
from jq_models.spec.expression import Call, Expression, Name, Negative, Number, Operation
from jq_models.spec.syntax import Constraint, Definition

Array = NDArray[np.float64]
# a coefficient that is a smaller share of the largest is rounding
ROUNDING = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """A parameter computed from labelled ones.

    `expression` is in labels alone: earlier defined names are replaced by what they stand for.
    """

    name: str
    expression: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """theta = K phi + c.

    Attributes
    ----------
    basis : ndarray, shape (k, m)
        K.
    constant : ndarray, shape (k,)
        c.
    kept : tuple of int
        Which of the k parameters are the m remaining ones.
    """

    basis: Array
    constant: Array
    kept: tuple[int, ...]


def defined_of(definitions: Iterable[Definition], labels: Iterable[str]) -> tuple[Defined, ...]:
    """Check the ``:=`` statements and write each in labels alone.

    Raises
    ------
    SpecError
        On a name that is a label or stands twice, and on a formula with an unknown label.
    """
    known = set(labels)
    found: dict[str, Expression] = {}
    for d in definitions:
        where = f"Model text, line {d.line}, column {d.column}"
        if d.name in known or d.name in found:
            what = "is a label already" if d.name in known else "is defined twice"
            raise SpecError(f"{where}: '{d.name}' {what}. Choose another name.")
        _check_names(d.expression, known | set(found), where)
        found[d.name] = d.expression.replaced(found)
    return tuple(Defined(name=name, expression=expression) for name, expression in found.items())


def _check_names(expression: Expression, known: set[str], where: str) -> None:
    for name in expression.names:
        if name not in known:
            raise SpecError(
                f"{where}: no parameter has the label '{name}'. Write '{name}*' before its variable. "
                f"{suggest(name, known)}"
            )


def folded(
    constraints: Iterable[Constraint],
    *,
    columns: Mapping[str, int | float],
    n: int,
    defined: tuple[Defined, ...],
) -> Folded:
    """Fold the ``==`` statements.

    Parameters
    ----------
    constraints : iterable of Constraint
    columns : mapping
        Number of the parameter of each label (int), or the value it is fixed at (float).
    n : int
        Number of parameters before.
    defined : tuple of Defined
        Their names may stand in constraints.

    Raises
    ------
    SpecError
        When a constraint is not linear, names an unknown label, or contradicts the others.
    """
    by = {d.name: d.expression for d in defined}
    system = np.zeros((0, n + 1))
    pivots: list[int] = []
    for constraint in constraints:
        where = f"Model text, line {constraint.line}, column {constraint.column}"
        for side in (constraint.left, constraint.right):
            _check_names(side, {*columns, *by}, where)
        difference = Operation(sign="-", left=constraint.left, right=constraint.right).replaced(by)
        row = _linear(difference, columns, n=n)
        if row is None:
            raise SpecError(
                f"{where}: this equality is not linear in the parameters, or not finite. Only sums of "
                "parameters times numbers can be set equal: solve it for one label and put that formula "
                "in the label's place, or give the formula a name by ':='."
            )
        scale = np.abs(row).max(initial=0.0)
        row = row - row[pivots] @ system
        row[np.abs(row) <= ROUNDING * max(scale, 1.0)] = 0.0
        places = np.flatnonzero(row[:n])
        if not len(places):
            if row[n]:
                raise SpecError(
                    f"{where}: this equality contradicts those before it or the fixed values. Remove one."
                )
            continue
        pivot = int(places[-1])
        row = row / row[pivot]
        system = np.vstack([system - np.outer(system[:, pivot], row), row])
        pivots.append(pivot)
    return _solved(system, pivots, n=n)


def _solved(system: Array, pivots: list[int], *, n: int) -> Folded:
    kept = tuple(i for i in range(n) if i not in set(pivots))
    basis, constant = np.zeros((n, len(kept))), np.zeros(n)
    basis[kept, range(len(kept))] = 1.0
    basis[pivots] = -system[:, kept]
    # + 0.0: no negative zeros
    constant[pivots] = -system[:, n] + 0.0
    return Folded(basis=basis + 0.0, constant=constant, kept=kept)


def _linear(node: Expression, columns: Mapping[str, int | float], *, n: int) -> Array | None:
    """Return n coefficients and the constant of a linear formula, None when it is not linear."""
    if isinstance(node, Number):
        return _constant(node.number, n=n)
    if isinstance(node, Name):
        place = columns[node.name]
        return np.eye(1, n + 1, place)[0] if isinstance(place, int) else _constant(place, n=n)
    parts = [_linear(part, columns, n=n) for part in node.parts]
    if isinstance(node, Negative):
        return None if parts[0] is None else -parts[0]
    if isinstance(node, Call):
        inner = parts[0]
        if inner is None or inner[:n].any():
            return None
        return _finite(Call(function=node.function, argument=Number(number=inner[n])), n=n)
    if isinstance(node, Operation) and parts[0] is not None and parts[1] is not None:
        return _combined(node.sign, parts[0], parts[1])
    return None


def _combined(sign: str, left: Array, right: Array) -> Array | None:
    n = len(left) - 1
    if sign in ("+", "-"):
        return left + right if sign == "+" else left - right
    if sign == "*" and not left[:n].any():
        left, right = right, left
    if right[:n].any():
        return None
    if sign in ("*", "/") and (sign == "*" or right[n]):
        factor = float(right[n] if sign == "*" else 1.0 / right[n])
        scaled: Array = left * factor
        return scaled
    if sign == "^" and right[n] == 1.0:
        return left
    if left[:n].any():
        return None
    numbers = [Number(number=float(side[n])) for side in (left, right)]
    return _finite(Operation(sign=sign, left=numbers[0], right=numbers[1]), n=n)


def _finite(node: Expression, *, n: int) -> Array | None:
    value = float(node.value({}))
    return _constant(value, n=n) if np.isfinite(value) else None


def _constant(value: float, *, n: int) -> Array:
    row = np.zeros(n + 1)
    row[n] = value
    return row
