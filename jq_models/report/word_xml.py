"""What python-docx has no words for: fields, bookmarks, links, borders, languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

# python-docx's XML elements have no types
Element = Any


def element(tag: str, **attributes: str | int) -> Element:
    """Return an element such as ``w:shd`` with attributes of the ``w`` namespace."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def field(paragraph: Any, code: str, *, shown: str = "", style: str | None = None) -> None:
    """Put a field at a paragraph's end, with the text it shows until a program works it out anew."""
    for kind in ("begin", "code", "separate", "shown", "end"):
        run = paragraph.add_run(style=style)
        if kind == "code":
            instruction = element("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {code} "
            run._r.append(instruction)
        elif kind == "shown":
            run.text = shown
        else:
            run._r.append(element("w:fldChar", fldCharType=kind))


def bookmark(paragraph: Any, name: str, *, number: int) -> None:
    """Make a whole paragraph a place that links lead to."""
    start = element("w:bookmarkStart", id=number, name=name)
    properties = paragraph._p.pPr
    if properties is None:
        paragraph._p.insert(0, start)
    else:
        properties.addnext(start)
    paragraph._p.append(element("w:bookmarkEnd", id=number))


def link(paragraph: Any, text: str, *, to: str) -> None:
    """Put a link to a bookmark at a paragraph's end."""
    made = element("w:hyperlink", anchor=to, history=1)
    made.append(paragraph.add_run(text)._r)
    paragraph._p.append(made)


def shade(cell_or_paragraph: Element, colour: str) -> None:
    """Give a cell's or paragraph's properties a ground of ``#RRGGBB``."""
    cell_or_paragraph.append(element("w:shd", val="clear", color="auto", fill=colour[1:]))


def borders(tag: str, lines: Iterable[tuple[str, int, str]]) -> Element:
    """Return borders: (side, eighths of a point, ``#RRGGBB``); 0 is none."""
    made = element(tag)
    for side, size, colour in lines:
        kind = "single" if size else "nil"
        made.append(element(f"w:{side}", val=kind, sz=size, space=0, color=colour[1:]))
    return made


def describe(picture: Any, *, title: str, text: str) -> None:
    """Give a picture in the text its words for people who cannot see it."""
    properties = picture._inline.docPr
    properties.set("descr", text)
    properties.set("title", title)
    properties.set("name", f"{properties.get('id')}")


def speak(properties: Element, language: str) -> None:
    """Set the language of run properties, in the order the schema wants."""
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("w:lang", val=language, eastAsia=language, bidi="ar-SA"))
