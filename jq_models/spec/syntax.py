"""Reading the model language: lavaan's ``=~ <~ ~ ~~ ~1 | ~*~ := ==`` with all modifiers.

A text is read whole or not at all: what the package does not do is an error that says so, and every
error names line, column, what was found and the remedy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from jq_models.errors import SyntaxProblem
from jq_models.spec.expression import read_expression
from jq_models.spec.statements import Constraint, Definition, Part, Statement, Term
from jq_models.spec.tokens import Token, Tokens, refuse

__all__ = ["OPERATORS", "Constraint", "Definition", "Part", "Statement", "Term", "parse"]

OPERATORS = ("=~", "<~", "~", "~~", "|", "~*~")
FREE = "NA"
Entry = TypeVar("Entry")


@lru_cache(maxsize=64)
def parse(text: str) -> tuple[Part, ...]:
    """Read a model text.

    Parameters
    ----------
    text : str
        Statements such as ``f =~ x1 + 1*x2 + a*x3``, separated by line breaks or ``;``. A statement goes
        on after an operator, ``+`` or ``*``, inside brackets, and where the next line begins with an
        operator. Comments start with ``#`` or ``!``.

    Returns
    -------
    tuple of Statement, Definition or Constraint
        In the order of the text; ``y1 + y2 ~ x`` gives one statement for each left-hand variable, and
        ``y ~ 1 + x`` one for the intercept and one for the path.

    Raises
    ------
    SyntaxProblem
        With line, column, what was found and the remedy.
    """
    tokens = Tokens(text)
    parts: list[Part] = []
    while tokens.skip_ends():
        operator = tokens.operator_ahead()
        if operator == "==":
            parts.append(_constraint(tokens))
        elif operator == ":=":
            parts.append(_definition(tokens))
        else:
            parts += _statements(tokens)
        if not tokens.at_end():
            refuse(tokens.next, "Put '+' between two variables, and each statement on a line of its own.")
    if not parts:
        raise SyntaxProblem(
            "The model text is empty. Write at least one statement, such as 'f =~ x1 + x2 + x3'."
        )
    return tuple(parts)


def _constraint(tokens: Tokens) -> Constraint:
    first = tokens.next
    left = read_expression(tokens)
    if not tokens.take_if("=="):
        refuse(tokens.next, "Here '==' is needed: an operator such as '*' stands between two labels.")
    return Constraint(left=left, right=read_expression(tokens), line=first.line, column=first.column)


def _definition(tokens: Tokens) -> Definition:
    name = _variable(tokens)
    if not tokens.take_if(":="):
        refuse(tokens.next, "Before ':=' stands one new name, as in 'indirect := a*b'.")
    return Definition(name=name.text, expression=read_expression(tokens), line=name.line, column=name.column)


def _statements(tokens: Tokens) -> list[Statement]:
    """Read ``names operator terms``."""
    names = [_variable(tokens)]
    while tokens.take_if("+"):
        names.append(_variable(tokens))
    operator = tokens.take()
    if operator.text not in OPERATORS:
        refuse(operator, f"Here one of the operators {', '.join(OPERATORS)}, :=, == is needed.")
    terms = _terms(tokens, names[0].text, operator.text)
    intercepts = tuple(t for t in terms if not t.variable)
    variables = tuple(t for t in terms if t.variable)
    kinds = (("~1", intercepts), (operator.text, variables))
    return [
        Statement(lhs=n.text, operator=kind, terms=chosen, line=n.line, column=n.column)
        for n in names
        for kind, chosen in kinds
        if chosen
    ]


def _terms(tokens: Tokens, lhs: str, operator: str) -> list[Term]:
    """Read ``term + term``; a variable that stands again adds modifiers to its first term."""
    terms: dict[str, Term] = {}
    while True:
        term, token = _term(tokens, operator)
        first = terms.get(term.variable)
        terms[term.variable] = term if first is None else _merged(first, term, token)
        if first is not None and not (term.values or term.labels or term.starts):
            raise SyntaxProblem(
                f"Model text, line {token.line}, column {token.column}: '{lhs} {operator} {token.text}' "
                "stands twice. Write it once."
            )
        if not tokens.take_if("+"):
            return list(terms.values())


def _merged(first: Term, again: Term, token: Token) -> Term:
    for what, one, two in (
        ("values", first.values, again.values),
        ("labels", first.labels, again.labels),
        ("starting values", first.starts, again.starts),
    ):
        if one and two:
            refuse(token, f"'{token.text}' gets two {what} here. Keep one.")
    return replace(
        first,
        values=first.values or again.values,
        labels=first.labels or again.labels,
        starts=first.starts or again.starts,
    )


def _variable(tokens: Tokens) -> Token:
    token = tokens.take()
    if token.kind != "name":
        refuse(token, "Here a variable's name is needed, such as 'x1'.")
    if token.text == FREE:
        refuse(token, "'NA' is no variable: write 'NA*x1' to free the parameter of x1.")
    return token


def _term(tokens: Tokens, operator: str) -> tuple[Term, Token]:
    """Return a term and the token of its variable."""
    token = tokens.next
    if token.kind == "number" or token.text == "-":
        value = _number(tokens, "After '-' a number is needed, such as '-1*x1'.")
        if not tokens.take_if("*"):
            return _intercept(token, operator, value=value), token
        return _modified(tokens, operator, Term(variable="", values=(value,)))
    if token.kind == "name" and tokens.after.text == "(":
        return _modified(tokens, operator, _called(tokens.take(), tokens))
    if token.kind == "name" and tokens.after.text == "*":
        tokens.take()
        tokens.take()
        freed = token.text == FREE
        modifier = Term(variable="", values=(None,)) if freed else Term(variable="", labels=(token.text,))
        return _modified(tokens, operator, modifier)
    token = _variable(tokens)
    return Term(variable=token.text, line=token.line, column=token.column), token


def _modified(tokens: Tokens, operator: str, modifier: Term) -> tuple[Term, Token]:
    """Read the variable, or the 1 of an intercept, that a modifier and its star stand before."""
    intercept = operator == "~" and tokens.next.text == "1"
    token = tokens.take() if intercept else _variable(tokens)
    name = "" if intercept else token.text
    if tokens.next.text in ("*", "("):
        refuse(tokens.next, "Two modifiers on one variable: write them as 'a*x1 + start(0.5)*x1'.")
    return replace(modifier, variable=name, line=token.line, column=token.column), token


def _intercept(token: Token, operator: str, *, value: float) -> Term:
    if operator != "~" or token.text not in ("0", "1"):
        refuse(token, f"A number must be followed by '*' and a variable, such as '{token.text}*x1'.")
    return Term(variable="", values=() if value else (0.0,), line=token.line, column=token.column)


def _called(function: Token, tokens: Tokens) -> Term:
    """Read ``start(...)*`` or ``c(...)*``."""
    if function.text == "start":
        tokens.take()
        if tokens.next.text == "c":
            tokens.take()
            starts = _listed(tokens, _start)
        else:
            starts = (_start(tokens),)
        _expect(tokens, ")", "A closing bracket ')' is missing before this.")
        modifier = Term(variable="", starts=starts)
    elif function.text == "c":
        entries = _listed(tokens, _entry)
        modifier = _by_group(entries, function)
    else:
        refuse(function, "Of modifiers with arguments there are start() and c(). For equality use one label.")
    _expect(tokens, "*", "After the bracket '*' and a variable are needed, such as 'start(0.5)*x1'.")
    return modifier


def _by_group(entries: tuple[float | str, ...], function: Token) -> Term:
    labels = tuple(e for e in entries if isinstance(e, str) and e != FREE)
    if not labels:
        return Term(variable="", values=tuple(None if isinstance(e, str) else e for e in entries))
    if len(labels) < len(entries):
        refuse(function, "A label for some groups only: give each group a label, or each a number or NA.")
    return Term(variable="", labels=labels)


def _listed(tokens: Tokens, entry: Callable[[Tokens], Entry]) -> tuple[Entry, ...]:
    _expect(tokens, "(", "After 'c' an opening bracket is needed, such as 'c(a, b)*x1'.")
    entries = [entry(tokens)]
    while tokens.take_if(","):
        entries.append(entry(tokens))
    _expect(tokens, ")", "Put ',' between the groups and ')' after the last.")
    return tuple(entries)


def _entry(tokens: Tokens) -> float | str:
    if tokens.next.kind == "name":
        return tokens.take().text
    return _number(tokens, "Here a number, a label or NA is needed, such as 'c(1, NA)*x1'.")


def _start(tokens: Tokens) -> float:
    return _number(tokens, "Here a number is needed, such as 'start(0.5)*x1'.")


def _number(tokens: Tokens, remedy: str) -> float:
    sign = -1.0 if tokens.take_if("-") else 1.0
    if tokens.next.kind != "number":
        refuse(tokens.next, remedy)
    return sign * float(tokens.take().text)


def _expect(tokens: Tokens, text: str, remedy: str) -> None:
    if not tokens.take_if(text):
        refuse(tokens.next, remedy)
