"""What a model text says, statement by statement; `syntax.parse` reads it."""

from __future__ import annotations

from dataclasses import dataclass

from jq_models.spec.expression import Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One variable on the right of an operator, with its modifiers.

    Of each modifier there is none, one for all groups, or one for each group as ``c(1, NA)*x`` gives.

    Attributes
    ----------
    variable : str
        The variable's name; "" for an intercept.
    values : tuple of float or None
        The value the parameter is fixed at; None (``NA*``) frees it where it would be fixed by default.
    labels : tuple of str
        Equal labels mean equal parameters.
    starts : tuple of float
        Starting values, from ``start(0.5)*x``.
    line, column : int
        Where the variable stands in the text, from 1.
    """

    variable: str
    values: tuple[float | None, ...] = ()
    labels: tuple[str, ...] = ()
    starts: tuple[float, ...] = ()
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One left-hand variable, an operator (``~1`` for an intercept) and its terms."""

    lhs: str
    operator: str
    terms: tuple[Term, ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A parameter computed from others: ``ind := a*b``."""

    name: str
    expression: Expression
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """Two formulas that are equal: ``a == 2*b``."""

    left: Expression
    right: Expression
    line: int = 0
    column: int = 0


Part = Statement | Definition | Constraint
