"""A docstring's text as Markdown: code stays code, names of the package become links, the rest is escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping

_CODE = re.compile(r"``(?P<two>[^`]+)``|`(?P<one>[^`\n]+)`")
_SPECIAL = re.compile(r"([\\*_<>$\[\]{}#~|])")


def plain(text: str) -> str:
    """Return text with everything escaped that Markdown would read as a mark."""
    return _SPECIAL.sub(r"\\\1", text)


def prose(text: str, links: Mapping[str, str]) -> str:
    """Return a docstring's text as Markdown.

    Parameters
    ----------
    text : str
        As it stands in the docstring.
    links : mapping
        Public name to the label of its place.

    Returns
    -------
    str
        Markdown, with examples (``>>>``) and indented lines as blocks of code.
    """
    blocks = re.split(r"\n\s*\n", text.strip("\n"))
    return "\n\n".join(_block(block, links) for block in blocks if block.strip())


def _block(block: str, links: Mapping[str, str]) -> str:
    if block.lstrip().startswith(">>>"):
        return f"```pycon\n{block}\n```"
    if all(line.startswith("    ") for line in block.splitlines()):
        return f"```text\n{block}\n```"
    return _line(block.rstrip().removesuffix("::") + (":" if block.rstrip().endswith("::") else ""), links)


def _line(text: str, links: Mapping[str, str]) -> str:
    parts, at = [], 0
    for code in _CODE.finditer(text):
        parts += [plain(text[at : code.start()]), linked(code["two"] or code["one"], links)]
        at = code.end()
    return "".join([*parts, plain(text[at:])])


def linked(code: str, links: Mapping[str, str]) -> str:
    """Return code as Markdown, as a link where it names something public."""
    name = code.rstrip("()")
    return f"[`{code}`](#{links[name]})" if name in links else f"`{code}`"
