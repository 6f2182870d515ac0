"""A client's logo: small, whole, and without anything that runs or loads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from jq_models.errors import SpecError

LARGEST = 200_000  # bytes: it stands in every file of a report
SIDES = (16, 4000)  # pixels
_PNG = b"\x89PNG\r\n\x1a\n"
_ELEMENTS = {
    *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
    *(
        "title",
        "desc",
        "defs",
        "use",
        "clipPath",
        "mask",
        "linearGradient",
        "radialGradient",
        "stop",
        "symbol",
    ),
}
_REFERENCE = re.compile(r"url\(\s*[\"']?(?!#)|@import|javascript:|expression\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A logo as bytes.

    Attributes
    ----------
    svg : bytes
        For pages; empty where the logo is a PNG.
    png : bytes
        For Word, slides, and pages without an SVG.
    size : (int, int)
        Width and height of the PNG in pixels.
    """

    svg: bytes
    png: bytes
    size: tuple[int, int]


def read_logo(path: Path) -> Logo:
    """Read a PNG, or an SVG with a PNG of the same name beside it.

    Raises
    ------
    SpecError
        When a file is missing, too large, no such picture, or holds scripts, styles, entities or references.
    """
    if path.suffix.lower() not in (".png", ".svg"):
        raise SpecError(f"The logo '{path.name}' is neither PNG nor SVG. Save it as one of them.")
    svg = b""
    if path.suffix.lower() == ".svg":
        svg = _bytes(path)
        _check_svg(svg, path.name)
        path = path.with_suffix(".png")
        if not path.is_file():
            raise SpecError(
                f"Beside the logo '{path.stem}.svg' there is no '{path.name}'. Word and slides take no SVG: "
                "save the logo as PNG too, 600 pixels wide or more."
            )
    png = _bytes(path)
    return Logo(svg=svg, png=png, size=_size(png, path.name))


def _bytes(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise SpecError(f"There is no logo '{path.name}' in data/themes. Put the file there.")
    length = path.stat().st_size
    if length > LARGEST:
        raise SpecError(
            f"The logo '{path.name}' has {length:,} bytes; {LARGEST:,} are the most. Save it smaller."
        )
    return path.read_bytes()


def _size(png: bytes, name: str) -> tuple[int, int]:
    if not png.startswith(_PNG) or png[12:16] != b"IHDR":
        raise SpecError(f"The logo '{name}' is no PNG, whatever its name. Save it as PNG.")
    width, height = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
    if not all(SIDES[0] <= side <= SIDES[1] for side in (width, height)):
        raise SpecError(
            f"The logo '{name}' is {width} by {height} pixels; each side must be {SIDES[0]} to {SIDES[1]}."
        )
    return width, height


def _check_svg(svg: bytes, name: str) -> None:
    if b"<!" in re.sub(rb"<!--.*?-->", b"", svg, flags=re.DOTALL):
        raise SpecError(f"The logo '{name}' declares a document type or entities. Save it without.")
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError:
        raise SpecError(f"The logo '{name}' is no SVG, whatever its name. Save it as plain SVG.") from None
    if _local(root.tag) != "svg":
        raise SpecError(f"The logo '{name}' is no SVG: its outermost element is another one.")
    for element in root.iter():
        tag = _local(element.tag)
        if tag not in _ELEMENTS:
            raise SpecError(f"The logo '{name}' holds <{tag}>. Save it as plain SVG: shapes and text alone.")
        for key, value in element.attrib.items():
            if _forbidden(_local(key), value):
                raise SpecError(
                    f"The logo '{name}' refers to something outside it, or runs something, in "
                    f"'{_local(key)}' of <{tag}>. Save it as plain SVG, all of it inside."
                )


def _forbidden(key: str, value: str) -> bool:
    runs = key.lower().startswith("on")
    leads_out = key == "href" and not value.startswith("#")
    return runs or leads_out or bool(_REFERENCE.search(value))


def _local(tag: object) -> str:
    return str(tag).rsplit("}", 1)[-1]
