"""Reading the model language: lavaan's ``=~``, ``~`` and ``~~`` with fixed values, ``NA*`` and labels.

A text is read whole or not at all: what the package does not do yet is an error that says so, and every
error names line, column, what was found and the remedy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jq_models.errors import SyntaxProblem

OPERATORS = ("=~", "~~", "~")
FREE = "NA"

_LATER = {
    ":=": "defined parameters",
    "==": "equality constraints by '==' (give both parameters one label instead)",
    "<~": "composites",
    "~*~": "scaling factors",
    "<": "inequality constraints",
    ">": "inequality constraints",
    "|": "thresholds",
    ":": "interactions and blocks",
    "(": "modifiers with arguments, such as start() and c()",
    '"': "names and labels in quotes",
    "'": "names and labels in quotes",
    "%": "operators between percent signs",
}
_TOKEN = re.compile(
    r"""(?P<comment>[#!][^\n]*)
    |(?P<newline>\n)
    |(?P<space>[^\S\n]+)
    |(?P<later>:=|==|<~|~\*~|[<>|:("'%])
    |(?P<operator>=~|~~|~)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<name>[^\W\d][\w.]*|\.[^\W\d][\w.]*)
    |(?P<sign>[+*;-])
    |(?P<wrong>.)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One variable on the right of an operator, with its modifier.

    Attributes
    ----------
    variable : str
        The variable's name.
    fixed : float or None
        The value the parameter is fixed at.
    free : bool
        Whether ``NA*`` frees a parameter that would be fixed by default.
    label : str
        The parameter's label, else "". Equal labels mean equal parameters.
    line, column : int
        Where the variable stands in the text, from 1.
    """

    variable: str
    fixed: float | None = None
    free: bool = False
    label: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One left-hand variable, an operator and its terms."""

    lhs: str
    operator: str
    terms: tuple[Term, ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    kind: str
    text: str
    line: int
    column: int

    @property
    def shown(self) -> str:
        return {"newline": "the end of the line", "end": "the end of the text"}.get(
            self.kind, f"'{self.text}'"
        )


def parse(text: str) -> tuple[Statement, ...]:
    """Read a model text.

    Parameters
    ----------
    text : str
        Statements such as ``f =~ x1 + 1*x2 + a*x3``, separated by line breaks or ``;``. A statement goes
        on after an operator, ``+`` or ``*``, and where the next line begins with one. Comments start with
        ``#`` or ``!``.

    Returns
    -------
    tuple of Statement
        In the order of the text; ``y1 + y2 ~ x`` gives one statement for each left-hand variable.

    Raises
    ------
    SyntaxProblem
        With line, column, what was found and the remedy.
    """
    reader = _Reader(_statements_joined(list(_tokens(text))))
    statements: list[Statement] = []
    while reader.skip_ends():
        statements += reader.statement()
    if not statements:
        raise SyntaxProblem(
            "The model text is empty. Write at least one statement, such as 'f =~ x1 + x2 + x3'."
        )
    return tuple(statements)


def _tokens(text: str) -> Iterator[_Token]:
    line, start = 1, 0
    for match in _TOKEN.finditer(text.replace("\r\n", "\n").replace("\r", "\n")):
        kind = match.lastgroup or "wrong"
        token = _Token(kind=kind, text=match.group(), line=line, column=match.start() - start + 1)
        if kind == "later":
            _refuse(token, f"{_LATER[token.text]}: not supported yet.")
        if kind == "wrong":
            _refuse(token, "This character has no meaning here. Remove it.")
        if kind not in ("comment", "space"):
            yield token
        if kind == "newline":
            line, start = line + 1, match.end()
    yield _Token(kind="end", text="", line=line, column=len(text) - start + 1)


def _statements_joined(tokens: list[_Token]) -> list[_Token]:
    """Drop the line breaks inside statements; those left end one."""
    kept: list[_Token] = []
    for position, token in enumerate(tokens):
        if token.kind == "newline":
            after = next(t for t in tokens[position:] if t.kind != "newline")
            if not kept or _goes_on(kept[-1]) or _goes_on(after):
                continue
        kept.append(token)
    return kept


def _goes_on(token: _Token) -> bool:
    return token.kind == "operator" or token.text in ("+", "*")


def _refuse(token: _Token, remedy: str) -> None:
    raise SyntaxProblem(
        f"Model text, line {token.line}, column {token.column}: found {token.shown}. {remedy}"
    )


class _Reader:
    """Reads statements off a list of tokens."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += 1
        return token

    def skip_ends(self) -> bool:
        """Move past empty statements; say whether any text is left."""
        while self._next.kind == "newline" or self._next.text == ";":
            self._at += 1
        return self._next.kind != "end"

    def statement(self) -> list[Statement]:
        """Read ``names operator terms``."""
        names = [self._variable()]
        while self._next.text == "+":
            self._take()
            names.append(self._variable())
        operator = self._take()
        if operator.kind != "operator":
            _refuse(operator, f"Here one of the operators {', '.join(OPERATORS)} is needed.")
        terms = [self._term(operator.text)]
        while self._next.text == "+":
            self._take()
            terms.append(self._term(operator.text))
        if self._next.kind not in ("newline", "end") and self._next.text != ";":
            _refuse(self._next, "Put '+' between two variables, and each statement on a line of its own.")
        return [
            Statement(lhs=n.text, operator=operator.text, terms=tuple(terms), line=n.line, column=n.column)
            for n in names
        ]

    def _variable(self) -> _Token:
        token = self._take()
        if token.kind != "name":
            _refuse(token, "Here a variable's name is needed, such as 'x1'.")
        if token.text == FREE:
            _refuse(token, "'NA' is no variable: write 'NA*x1' to free the parameter of x1.")
        return token

    def _term(self, operator: str) -> Term:
        first = self._next
        minus = self._sign()
        if self._next.kind == "number":
            value = float(self._take().text) * (-1.0 if minus else 1.0)
            if self._next.text != "*":
                _refuse(first, _needs_star(operator, first.text))
            return self._modified(fixed=value)
        if minus:
            _refuse(self._next, "After '-' a number is needed, such as '-1*x1'.")
        token = self._take()
        if token.kind == "name" and self._next.text == "*":
            return self._modified(free=True) if token.text == FREE else self._modified(label=token.text)
        if token.kind == "name" and self._next.text == "(":
            _refuse(self._next, f"{_LATER['(']}: not supported yet.")
        self._at -= 1
        return self._plain()

    def _sign(self) -> bool:
        if self._next.text == "-":
            self._take()
            return True
        return False

    def _modified(self, *, fixed: float | None = None, free: bool = False, label: str = "") -> Term:
        self._take()
        token = self._variable()
        if self._next.text == "*":
            _refuse(self._next, "Two modifiers on one variable: not supported yet. Keep one.")
        return Term(
            variable=token.text, fixed=fixed, free=free, label=label, line=token.line, column=token.column
        )

    def _plain(self) -> Term:
        token = self._variable()
        return Term(variable=token.text, line=token.line, column=token.column)


def _needs_star(operator: str, number: str) -> str:
    if operator == "~" and number in ("0", "1"):
        return "Intercepts ('~1'): not supported yet."
    return f"A number must be followed by '*' and a variable, such as '{number}*x1'."
