"""One page a room of the package: every public name with what it takes, gives back and refuses."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from docs.make.docstrings import Entry, docstring_of
from docs.make.prose import plain, prose
from docs.make.rooms import Public, Room, rooms

SHARED = Path(__file__).parents[1] / "shared.toml"
FOREIGN = ("DataFrame", "Series", "Path")  # of pandas and Python, whatever a room calls its own
_NAME = re.compile(r"[A-Za-z_][\w]*")


def api_pages(only: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the pages of the reference, file name to Markdown.

    Parameters
    ----------
    only : tuple of str
        Pages to fill, such as ``sem``; all of them when empty. The others are there, but without content.

    Returns
    -------
    dict
        ``api/ROOM.md`` and the page that lists them.
    """
    found = rooms()
    chosen = [room for room in found if not only or room.page in (*only, "errors")]
    links = {public.name: label(public) for room in chosen for public in room.names}
    pages = {f"api/{room.page}.md": f"# {plain(room.name)}\n" for room in found}
    pages |= {f"api/{room.page}.md": _page(room, links) for room in chosen}
    return {"api/index.md": _contents(found)} | pages


def label(public: Public) -> str:
    """Return the label of a name's place; labels know no capitals, and `Bootstrap` is not `bootstrap`."""
    kind = {"class": "type.", "value": "value."}.get(public.kind, "")
    return f"api.{public.room.removeprefix('jq_models.')}.{kind}{public.name}"


@cache
def shared_words() -> dict[str, str]:
    """Return what parameters mean that are the same wherever they stand, by name."""
    with SHARED.open("rb") as file:
        return {name: str(text) for name, text in tomllib.load(file)["parameters"].items()}


@cache
def classes_by_name() -> dict[str, Public]:
    """Return the public classes: a parameter of such a type is explained there."""
    return {one.name: one for room in rooms() for one in room.names if one.kind == "class"}


def _contents(chosen: Sequence[Room]) -> str:
    lines = ["# Reference", "", (SHARED.parent / "conventions.md").read_text(encoding="utf-8"), ""]
    lines += ["| room | what it is for |", "|---|---|"]
    lines += [f"| [`{room.name}`]({room.page}.md) | {plain(_first(room.summary))} |" for room in chosen]
    short = [f"{room.name.removeprefix('jq_models.')} <{room.page}>" for room in chosen]
    lines += ["", "```{toctree}", ":hidden:", "", *short, "```"]
    return "\n".join(lines) + "\n"


def _first(text: str) -> str:
    return text.partition("\n\n")[0].replace("\n", " ")


def _page(room: Room, links: Mapping[str, str]) -> str:
    parts = [f"# {plain(room.name)}", prose(room.summary, links)]
    for kind, heading in (("function", "Functions"), ("class", "Types"), ("value", "Values")):
        members = [one for one in room.names if one.kind == kind]
        if members:
            parts += [f"## {heading}", *(_member(one, links) for one in members)]
    return "\n\n".join(parts) + "\n"


def _member(one: Public, links: Mapping[str, str]) -> str:
    head = f"({label(one)})=\n### {plain(one.name)}"
    if one.kind == "value":
        return f"{head}\n\n```python\n{_value(one)}\n```"
    doc = docstring_of(one.item)
    parts = [head, f"```python\n{signature(one)}\n```", prose(doc.summary, links), prose(doc.body, links)]
    explained = _explained(one, doc.parameters)
    parts += _section("Fields" if one.kind == "class" else "Takes", explained, links)
    parts += _section("Gives back", doc.returns or _given_back(one), links)
    parts += _section("Refuses", doc.raises, links)
    parts += [f"**{name}**\n\n{prose(text, links)}" for name, text in doc.other]
    if one.kind == "class":
        parts += _methods(one, links)
    return "\n\n".join(part for part in [*parts, _where(one)] if part)


def _value(one: Public) -> str:
    shown = repr(one.item)
    return f"{one.name} = {shown}" if len(shown) < 300 else f"{one.name}: {type(one.item).__name__}"


def _where(one: Public) -> str:
    module = inspect.unwrap(one.item).__module__.replace(".", "/")
    return f"{{.where}}\n`from {one.room} import {one.name}`, defined in `{module}.py`"


def signature(one: Public) -> str:
    """Return how a function is called, a parameter a line where it is long."""
    if one.kind == "class":
        return f"class {one.name}"
    found = inspect.signature(inspect.unwrap(one.item))
    words = [_parameter(p) for p in found.parameters.values()]
    keyword = [k for k, p in enumerate(found.parameters.values()) if p.kind is p.KEYWORD_ONLY]
    if keyword:
        words.insert(keyword[0], "*")
    result = "" if found.return_annotation is found.empty else f" -> {found.return_annotation}"
    short = f"{one.name}({', '.join(words)}){result}"
    return short if len(short) <= 96 else f"{one.name}(\n    " + ",\n    ".join(words) + f",\n){result}"


def _parameter(p: inspect.Parameter) -> str:
    stars = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
    kind = "" if p.annotation is p.empty else f": {p.annotation}"
    return f"{stars}{p.name}{kind}" + ("" if p.default is p.empty else f" = {p.default!r}")


def annotations_of(one: Public) -> dict[str, str]:
    """Return the names of parameters (of a class: its fields) with their types."""
    if one.kind == "class":
        listed = fields(one.item) if is_dataclass(one.item) else ()
        return {field.name: str(field.type) for field in listed if not field.name.startswith("_")}
    parameters: Mapping[str, Any] = inspect.signature(inspect.unwrap(one.item)).parameters
    return {name: str(p.annotation).strip("'") for name, p in parameters.items()}


def _explained(one: Public, written: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries of the docstring, then those whose meaning follows from their name or type."""
    known = {name for entry in written for name in entry.names}
    types = annotations_of(one)
    told = tuple(_told(entry, types) for entry in written)
    left = {name: kind for name, kind in types.items() if name not in known}
    return (*told, *(Entry(names=(n,), type=kind, text=meaning(n, kind)) for n, kind in left.items()))


def _told(entry: Entry, types: Mapping[str, str]) -> Entry:
    first = entry.names[0]
    return entry if entry.text else replace(entry, text=meaning(first, types.get(first, "")))


def meaning(name: str, kind: str) -> str:
    """Return what is known of a parameter no docstring explains: by its name, else by its type."""
    words, classes = shared_words(), classes_by_name()
    if name in words:
        return words[name]
    typed = [classes[word] for word in _NAME.findall(kind) if word in classes and word not in FOREIGN]
    return "" if not typed else docstring_of(typed[0].item).summary


def _given_back(one: Public) -> tuple[Entry, ...]:
    """Return what a function gives back, by its type, where the docstring leaves it to the first line."""
    if one.kind == "class":
        return ()
    kind = str(inspect.signature(inspect.unwrap(one.item)).return_annotation)
    text = meaning("", kind)
    return () if kind in ("None", "<class 'inspect._empty'>") else (Entry(names=(kind,), type="", text=text),)


def _section(heading: str, entries: tuple[Entry, ...], links: Mapping[str, str]) -> list[str]:
    return [f"**{heading}**", "\n\n".join(_entry(entry, links) for entry in entries)] if entries else []


def _entry(entry: Entry, links: Mapping[str, str]) -> str:
    names = ", ".join(f"`{name}`" for name in entry.names)
    kind = _NAME.sub(lambda word: _typed(word[0], links), plain(entry.type)) if entry.type else ""
    text = prose(entry.text, links).replace("\n", "\n  ") or "as said above"
    return f"{names} {kind}".rstrip() + f"\n: {text}"


def _typed(word: str, links: Mapping[str, str]) -> str:
    ours = word in links and word[0].isupper() and word not in FOREIGN
    return f"[{plain(word)}](#{links[word]})" if ours else word


def _methods(one: Public, links: Mapping[str, str]) -> list[str]:
    parts = []
    for name, item in vars(one.item).items():
        function = item.fget if isinstance(item, property) else item
        if name.startswith("_") or not inspect.isfunction(function) or not function.__doc__:
            continue
        call = f"{name}{inspect.signature(function)}".replace("self, ", "").replace("(self)", "()")
        shown = name if isinstance(item, property) else call.replace("'", "")
        parts.append(f"`{shown}`\n: {prose(docstring_of(function).summary, links)}")
    return ["**Offers**", "\n\n".join(parts)] if parts else []
