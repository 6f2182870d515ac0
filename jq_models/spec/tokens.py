"""Words and signs of the model language, each with its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from jq_models.errors import SyntaxProblem

_LATER = {
    "<": "inequality constraints",
    ">": "inequality constraints",
    ":": "interactions and blocks",
    '"': "names and labels in quotes",
    "'": "names and labels in quotes",
    "%": "operators between percent signs",
}
_TOKEN = re.compile(
    r"""(?P<space>[^\S\n]+)
    |(?P<name>[^\W\d][\w.]*|\.[^\W\d][\w.]*)
    |(?P<operator>=~|<~|~\*~|~~|~|:=|==|\|)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<sign>\*\*|[+*;(),/^-])
    |(?P<newline>\n)
    |(?P<comment>[#!][^\n]*)
    |(?P<later>[<>:"'%])
    |(?P<wrong>.)""",
    re.VERBOSE,
)
# a line break before or after one of these ends nothing
_JOINING = frozenset(("+", "*", "-", "/", "^", "**", ","))


class Token(NamedTuple):
    """One word or sign; `kind` is name, number, operator, sign, newline or end."""

    kind: str
    text: str
    line: int
    column: int

    @property
    def shown(self) -> str:
        """The token as an error names it."""
        return {"newline": "the end of the line", "end": "the end of the text"}.get(
            self.kind, f"'{self.text}'"
        )


def refuse(token: Token, remedy: str) -> NoReturn:
    """Raise the SyntaxProblem that says where, what was found, and the remedy."""
    raise SyntaxProblem(
        f"Model text, line {token.line}, column {token.column}: found {token.shown}. {remedy}"
    )


class Tokens:
    """A model text as a list of tokens with a place in it; line breaks inside statements are gone."""

    def __init__(self, text: str) -> None:
        self._tokens = _joined(list(_split(text.replace("\r\n", "\n").replace("\r", "\n"))))
        self._at = 0

    @property
    def next(self) -> Token:
        """The token that comes next; the last one has the kind "end"."""
        return self._tokens[self._at]

    @property
    def after(self) -> Token:
        """The token after the next one."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Return the next token and move past it, but never past the end."""
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def take_if(self, *texts: str) -> bool:
        """Move past the next token if it is one of these."""
        if self._tokens[self._at].text in texts:
            self._at += 1
            return True
        return False

    def at_end(self) -> bool:
        """Say whether the statement ends here."""
        return self.next.kind in ("newline", "end") or self.next.text == ";"

    def skip_ends(self) -> bool:
        """Move past empty statements; say whether any text is left."""
        while self.next.kind == "newline" or self.next.text == ";":
            self._at += 1
        return self.next.kind != "end"

    def operator_ahead(self) -> str:
        """Return the first operator of the statement that begins here, else ""."""
        for token in self._tokens[self._at :]:
            if token.kind == "operator":
                return token.text
            if token.kind in ("newline", "end") or token.text == ";":
                break
        return ""


def _split(text: str) -> Iterator[Token]:
    line, start = 1, 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "wrong"
        if kind in ("space", "comment"):
            continue
        token = Token(kind, match.group(), line, match.start() - start + 1)
        if kind == "later":
            refuse(token, f"{_LATER[token.text]}: not supported yet.")
        if kind == "wrong":
            meant = "Did you mean '=~', '==' or '~'?"
            refuse(token, meant if token.text == "=" else "This character has no meaning here. Remove it.")
        yield token
        if kind == "newline":
            line, start = line + 1, match.end()
    yield Token("end", "", line, len(text) - start + 1)


def _joined(tokens: list[Token]) -> list[Token]:
    """Drop the line breaks inside statements and brackets; those left end a statement."""
    kept: list[Token] = []
    depth = 0
    for position, token in enumerate(tokens):
        if token.kind == "newline":
            after = next(t for t in tokens[position:] if t.kind != "newline")
            if not kept or depth > 0 or _goes_on(kept[-1]) or _goes_on(after):
                continue
        elif token.kind == "sign":
            depth = 0 if token.text == ";" else depth + (token.text == "(") - (token.text == ")")
        kept.append(token)
    return kept


def _goes_on(token: Token) -> bool:
    return token.kind == "operator" or token.text in _JOINING
