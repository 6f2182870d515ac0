"""matplotlib's SVG made small and safe to stand in a page beside others."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from matplotlib.figure import Figure

from jq_models.report import style
from jq_models.report.style import SMALL, SURFACE, styled

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_HEAD = re.compile(r'width="[^"]*" height="[^"]*" viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"')
_EM = 100.0  # matplotlib scales outlines of 100 points
# a text as a comment, then the group of its outlines: style and transform, in whatever order
_OUTLINES = re.compile(
    r'<!-- (?P<text>[^<>]*?) --><g(?P<head>(?= [^>]*?style="(?P<style>[^"]*)")(?= [^>]*?transform="'
    r'(?P<moved>[^"]*?)scale\((?P<scale>[\d.]+) -[\d.]+\)")[^>]*)>(?:<defs>(?:(?!</?g\b).)*?</defs>)?'
    r"(?:<use [^>]*/>)+</g>",
    re.DOTALL,
)
_FACE = re.compile(r' font-(?:weight|style)="[^"]*"')
_LABEL = 14  # points that a label below a drawing takes
_GLYPH_UNITS = 10  # matplotlib draws glyphs at 6400 units an em; 640 are plenty


def to_svg(figure: Figure, *, name: str, title: str, description: str) -> str:
    """Draw a figure as one ``<svg>`` element: the same drawing gives the same text.

    Letters are outlines, so the file looks the same in a browser, a word processor and on slides, with or
    without our font; each text stands beside its outlines as a comment, its face as attributes
    (`with_letters`). Coordinates keep two
    decimals of a point; ids follow from `name`, so that drawings in one page do not share any.

    Parameters
    ----------
    figure : Figure
        The figure; its layout must be settled.
    name : str
        Prefix of the ids: letters, digits, ``_`` and ``-``.
    title, description : str
        What a screen reader says.
    """
    buffer = io.BytesIO()
    with styled():
        figure.savefig(buffer, format="svg", metadata=_NO_METADATA)
    builder = ElementTree.TreeBuilder(insert_comments=True)
    root = ElementTree.fromstring(buffer.getvalue(), ElementTree.XMLParser(target=builder))
    _drop(root, tags=("metadata", "style"))
    _unwrap(root)
    _name_faces(root)
    _short_ids(root, name)
    for element in root.iter():
        _short_numbers(element)
        element.tail = None
        # a comment's tag is the function that makes comments
        if element.tag is not ElementTree.Comment:  # type: ignore[comparison-overlap]  # stubs know text tags only
            element.text = None
    _describe(root, name=name, title=title, description=description)
    _plain_names(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def with_letters(svg: str) -> str:
    """Return a drawing with texts in place of their outlines, for a page that brings its font along.

    A reader can search and copy such texts, and they are drawn several times as fast.

    Parameters
    ----------
    svg : str
        As `to_svg` returns it.
    """
    text = _OUTLINES.sub(_as_text, svg)
    # an outline is defined where it is first used: if anything still uses one, all stay
    left = set(re.findall(r'xlink:href="#([^"]+)"', text)) <= set(re.findall(r'\bid="([^"]+)"', text))
    return text if left else svg


def _as_text(match: re.Match[str]) -> str:
    size = _EM * float(match["scale"])
    face = "".join(_FACE.findall(match["head"]))
    return (
        f'<text style="{match["style"]}" transform="{match["moved"].strip()}"{face} '
        f'font-family="{style.FAMILY}" font-size="{size:g}">{match["text"]}</text>'
    )


def labelled(svg: str, text: str) -> str:
    """Return a drawing with a line of text below it, for a file that stands alone.

    Parameters
    ----------
    svg : str
        As `to_svg` returns it.
    text : str
        The line, such as that the data are simulated.
    """
    head = _HEAD.search(svg)
    if head is None:
        raise ValueError("Only a drawing made by to_svg can be labelled.")
    width, height = float(head["width"]), float(head["height"]) + _LABEL
    size = f'width="{width:g}pt" height="{height:g}pt" viewBox="0 0 {width:g} {height:g}"'
    line = (
        f'<rect y="{height - _LABEL:g}" width="{width:g}" height="{_LABEL}" style="fill:{SURFACE}" />'
        f'<text x="{width - 4:g}" y="{height - 4:g}" text-anchor="end" '
        f'style="font:600 {SMALL}px sans-serif;fill:{style.ACCENT}">{escape(text)}</text></svg>'
    )
    body = svg[: head.start()] + size + svg[head.end() :]
    return line.join(body.rsplit("</svg>", 1))


def _describe(root: ElementTree.Element, *, name: str, title: str, description: str) -> None:
    """Name the drawing for screen readers and set its line style, which matplotlib keeps in a style sheet."""
    root.attrib.pop("version", None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    root.set("style", "stroke-linejoin:round;stroke-linecap:butt")
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{_SVG}{tag}", {"id": f"{name}-{tag}"})
        element.text = text
        root.insert(place, element)


def _plain_names(root: ElementTree.Element) -> None:
    """Write names as SVG has them; ElementTree's own prefixes are global, and openpyxl changes them."""
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.removeprefix(_SVG)
        if _HREF in element.attrib:
            element.set("xlink:href", element.attrib.pop(_HREF))
    attributes = dict(root.attrib)
    root.attrib.clear()
    root.set("xmlns", _SVG[1:-1])
    root.set("xmlns:xlink", _HREF[1:].split("}")[0])
    root.attrib.update(attributes)


def _drop(element: ElementTree.Element, *, tags: tuple[str, ...]) -> None:
    for child in list(element):
        if child.tag in {f"{_SVG}{tag}" for tag in tags}:
            element.remove(child)
        else:
            _drop(child, tags=tags)


def _unwrap(element: ElementTree.Element) -> None:
    """Put the children of groups that only carry an id, and drop groups and definitions without content."""
    children: list[ElementTree.Element] = []
    for child in list(element):
        _unwrap(child)
        bare = child.tag == f"{_SVG}g" and set(child.attrib) <= {"id"}
        empty = child.tag in (f"{_SVG}g", f"{_SVG}defs") and not len(child)
        if bare:
            children += list(child)
        elif not empty:
            children.append(child)
    element[:] = children


def _name_faces(root: ElementTree.Element) -> None:
    """Say of every text in another face than the plain one which it is: its outlines' ids name it."""
    faces = {name: (str(weight), slant) for name, weight, slant in style.FACES}
    for group in root.iter(f"{_SVG}g"):
        first = group.find(f"{_SVG}use")
        if first is None:
            continue
        name = first.attrib.get(_HREF, "").removeprefix("#").rpartition("-")[0]
        weight, slant = faces.get(name, ("400", "normal"))
        if weight != "400":
            group.set("font-weight", weight)
        if slant != "normal":
            group.set("font-style", slant)


def _short_ids(root: ElementTree.Element, name: str) -> None:
    """Drop the ids nothing refers to; number the others after a short code of `name`."""
    code = f"f{zlib.crc32(name.encode()) & 0xFFFFF:05x}"
    names: dict[str, str] = {}
    for element in root.iter():
        for key, target in _references(element):
            short = names.setdefault(target, f"{code}-{len(names)}")
            element.set(key, element.attrib[key].replace(f"#{target}", f"#{short}"))
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own in names:
            element.set("id", names[own])


def _references(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for key, value in list(element.attrib.items()):
        if key == _HREF:
            yield key, value.removeprefix("#")
        elif value.startswith("url(#"):
            yield key, value[5:-1]


def _short_numbers(element: ElementTree.Element) -> None:
    attributes = element.attrib
    transform = attributes.get("transform", "")
    if transform == "scale(0.015625)":  # a glyph; that of the space has no path
        attributes["d"] = _path(attributes.get("d", ""), unit=_GLYPH_UNITS, digits=0)
        attributes["transform"] = f"scale({0.015625 * _GLYPH_UNITS:g})"
    elif "d" in attributes:
        attributes["d"] = _path(attributes["d"], unit=1, digits=2)
    moved = re.fullmatch(r"translate\((\S+) 0\)", transform)
    if element.tag == f"{_SVG}use" and moved:
        del attributes["transform"]
        attributes["x"] = _round(moved[1], digits=1)
    elif transform.startswith("translate("):
        head, tail = transform.split(")", 1)
        attributes["transform"] = _round(head, digits=2) + ")" + tail
    for key in ("x", "y"):
        if key in attributes:
            attributes[key] = _round(attributes[key], digits=2)
    if "style" in attributes:
        attributes["style"] = attributes["style"].replace(": ", ":").replace("; ", ";")


def _path(path: str, *, unit: float, digits: int) -> str:
    path = re.sub(r"\s+", " ", _round(path, unit=unit, digits=digits)).strip()
    return re.sub(r" ?([MLQCZzHV]) ?", r"\1", path)


def _round(text: str, *, unit: float = 1, digits: int) -> str:
    def short(match: re.Match[str]) -> str:
        number = f"{float(match[0]) / unit:.{digits}f}"
        number = number.rstrip("0").rstrip(".") if "." in number else number
        return "0" if number == "-0" else number

    return _NUMBER.sub(short, text)
