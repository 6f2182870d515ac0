"""Formulas of parameters, as in ``ind := a*b`` and ``a == 2*b``: read once, evaluated without eval.

Numbers, labels, ``+ - * / ^ **``, brackets, a minus before, exp, log and sqrt; R's order of operations:
``-a^2`` is ``-(a^2)`` and ``a^b^c`` is ``a^(b^c)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from jq_models.spec.tokens import Token, Tokens, refuse

FUNCTIONS: dict[str, Callable[[Any], Any]] = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}
OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}
# brackets and powers inside each other, and terms of one sum; more is a slip of the keyboard
DEEPEST = 50
LONGEST = 200


class Expression:
    """A formula; a node is a `Number`, `Name`, `Negative`, `Operation` or `Call`."""

    __slots__ = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The labels in the formula, in the order of their first use."""
        found: dict[str, None] = {}
        for part in self.parts:
            found |= dict.fromkeys(part.names)
        return tuple(found)

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The formulas this one is made of."""
        return ()

    def value(self, values: Mapping[str, Any]) -> Any:
        """Evaluate the formula.

        Parameters
        ----------
        values : mapping from label to number or ndarray
            Real or complex; arrays of one shape give an array of that shape.

        Returns
        -------
        number or ndarray
            NaN or infinite where the formula is not defined, such as the logarithm of a negative number.
        """
        with np.errstate(all="ignore"):
            return self._value(values)

    def _value(self, values: Mapping[str, Any]) -> Any:
        raise NotImplementedError

    def replaced(self, by: Mapping[str, Expression]) -> Expression:
        """Return the formula with names replaced by formulas."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Expression):
    """A number as written."""

    number: float

    def _value(self, values: Mapping[str, Any]) -> Any:
        return np.float64(self.number)

    def replaced(self, by: Mapping[str, Expression]) -> Expression:
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Expression):
    """A label, or the name of a defined parameter."""

    name: str

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def _value(self, values: Mapping[str, Any]) -> Any:
        return values[self.name]

    def replaced(self, by: Mapping[str, Expression]) -> Expression:
        return by.get(self.name, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Negative(Expression):
    """A formula with a minus before it."""

    operand: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.operand,)

    def _value(self, values: Mapping[str, Any]) -> Any:
        return -self.operand._value(values)

    def replaced(self, by: Mapping[str, Expression]) -> Expression:
        return Negative(operand=self.operand.replaced(by))


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Expression):
    """Two formulas and one of the signs of `OPERATIONS`."""

    sign: str
    left: Expression
    right: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.left, self.right)

    def _value(self, values: Mapping[str, Any]) -> Any:
        return OPERATIONS[self.sign](self.left._value(values), self.right._value(values))

    def replaced(self, by: Mapping[str, Expression]) -> Expression:
        return Operation(sign=self.sign, left=self.left.replaced(by), right=self.right.replaced(by))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Expression):
    """One of `FUNCTIONS` of a formula."""

    function: str
    argument: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.argument,)

    def _value(self, values: Mapping[str, Any]) -> Any:
        return FUNCTIONS[self.function](self.argument._value(values))

    def replaced(self, by: Mapping[str, Expression]) -> Expression:
        return Call(function=self.function, argument=self.argument.replaced(by))


def parse_expression(text: str) -> Expression:
    """Read a formula such as ``"a*b + c"``.

    Raises
    ------
    SyntaxProblem
        With line, column, what was found and the remedy.
    """
    tokens = Tokens(text)
    expression = read_expression(tokens)
    if tokens.next.kind != "end":
        refuse(tokens.next, "Put an operator such as '+' or '*' between two labels.")
    return expression


def read_expression(tokens: Tokens, depth: int = 0) -> Expression:
    """Read a formula off a model text, as far as it goes."""
    return _chain(tokens, ("+", "-"), lambda: _chain(tokens, ("*", "/"), lambda: _signed(tokens, depth)))


def _chain(tokens: Tokens, signs: tuple[str, str], part: Callable[[], Expression]) -> Expression:
    """Read parts joined by signs, from left to right."""
    left = part()
    for _ in range(LONGEST):
        if tokens.next.text not in signs:
            return left
        left = Operation(sign=tokens.take().text, left=left, right=part())
    refuse(tokens.next, f"More than {LONGEST} terms in one formula. Give parts a name by ':='.")


def _signed(tokens: Tokens, depth: int) -> Expression:
    minus = False
    while tokens.next.text in ("+", "-"):
        minus ^= tokens.take().text == "-"
    power = _power(tokens, depth)
    return Negative(operand=power) if minus else power


def _power(tokens: Tokens, depth: int) -> Expression:
    if depth > DEEPEST:
        refuse(tokens.next, f"More than {DEEPEST} brackets or powers inside each other. Use ':=' for parts.")
    base = _atom(tokens, depth)
    if tokens.take_if("^", "**"):
        return Operation(sign="^", left=base, right=_signed(tokens, depth + 1))
    return base


def _atom(tokens: Tokens, depth: int) -> Expression:
    token = tokens.take()
    if token.kind == "number":
        return Number(number=float(token.text))
    if token.kind == "name" and tokens.next.text == "(":
        return _call(token, tokens, depth)
    if token.kind == "name" and token.text != "NA":
        return Name(name=token.text)
    if token.text == "(":
        return _closed(tokens, depth)
    refuse(token, "Here a label or a number is needed, as in 'a*b + 0.5'.")


def _call(token: Token, tokens: Tokens, depth: int) -> Expression:
    if token.text not in FUNCTIONS:
        refuse(token, f"No function of this name. Allowed: {', '.join(FUNCTIONS)}.")
    tokens.take()
    return Call(function=token.text, argument=_closed(tokens, depth))


def _closed(tokens: Tokens, depth: int) -> Expression:
    inner = read_expression(tokens, depth + 1)
    token = tokens.take()
    if token.text != ")":
        refuse(token, "A closing bracket ')' is missing before this.")
    return inner
