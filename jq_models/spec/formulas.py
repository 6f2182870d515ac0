"""The formulas of a model text as written: what a reader sees beside ``:=``."""

from __future__ import annotations

from jq_models.spec.tokens import Tokens


def formulas(text: str) -> dict[str, str]:
    """Return name -> formula of each ``:=`` in a text that parses, without blanks, as lavaan shows it.

    ``"ind := a * b  # indirect"`` gives ``{"ind": "a*b"}``.
    """
    tokens, found = Tokens(text), {}
    while tokens.skip_ends():
        defines, name = tokens.operator_ahead() == ":=", tokens.next.text
        words = []
        while not tokens.at_end():
            words.append(tokens.take().text)
        if defines:
            found[name] = "".join(words[2:])
    return found
