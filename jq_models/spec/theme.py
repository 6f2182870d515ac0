"""A house style: accent, ink, font of Word and slides, logo and footer; refused when it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jq_models.errors import SpecError
from jq_models.paths import inside, themes
from jq_models.spec.colour import COLOUR, VISIONS, contrast, distance, mixed, shades
from jq_models.spec.logo import Logo, read_logo
from jq_models.spec.strict import Table, Text, read_toml
from jq_models.spec.study import check_name

WHITE, PAGE = "#FFFFFF", "#FAFAF8"
MARK = "#7F95AA"  # ordinary bars and dots, in every house style
TEXT = 4.5  # contrast of text (WCAG 2.2, 1.4.3)
ON_SOFT = 4.0  # of semi-bold accent on its own tint
APART = 15.0  # distance in L*a*b* at which neighbours are told apart at a glance
IN_GREY = 12.0  # the same, of two greys
SOFT = 0.15  # share of the accent in its tint
# fonts that Word and PowerPoint bring along: how wide they run, beside the font of the page
FONTS = {
    "Arial": 1.0,
    "Calibri": 0.92,
    "Cambria": 1.0,
    "Georgia": 1.05,
    "Segoe UI": 1.02,
    "Tahoma": 1.02,
    "Times New Roman": 0.92,
    "Trebuchet MS": 1.02,
    "Verdana": 1.18,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A house style.

    Attributes
    ----------
    name : str
        File name without its ending.
    title : Text
        What people call it.
    accent, ink, soft : str
        ``#RRGGBB``: what stands out, ordinary text, and the tint of the accent.
    font : str
        Of Word and slides, one of `FONTS`: they carry no font along; a page carries its own.
    logo : Logo or None
    logo_text : Text or None
        What a screen reader says of the logo.
    footer : Text or None
        Below every page and slide.
    """

    name: str
    title: Text
    accent: str
    ink: str
    soft: str
    font: str = "Arial"
    logo: Logo | None = None
    logo_text: Text | None = None
    footer: Text | None = None


PLAIN = Theme(
    name="plain",
    title=Text(en="Plain", nl="Zonder huisstijl"),
    accent="#B84A00",
    ink="#1F2933",
    soft="#F6E4D8",
)


def load_theme(name: str, *, folder: Path | None = None) -> Theme:
    """Read ``data/themes/NAME.toml``.

    Raises
    ------
    SpecError
        On an unknown file or key, a colour that is too pale or too like its neighbours (with the numbers
        and the nearest shade that passes), or a logo that may not be used.
    """
    home = folder or themes()
    table = read_toml(home / f"{check_name(name)}.toml")
    accent, ink = _colour(table, "accent"), _colour(table, "ink", PLAIN.ink)
    theme = Theme(
        name=table.take("name", str),
        title=table.text("title"),
        accent=accent,
        ink=ink,
        soft=_colour(table, "soft", mixed(accent, WHITE, share=SOFT)),
        font=table.choice("font", tuple(FONTS), "Arial"),
        logo=_logo(table, home),
        logo_text=table.text("logo_text", None),
        footer=table.text("footer", None),
    )
    table.done()
    if theme.name != name:
        raise SpecError(f"{name}.toml: 'name' is '{theme.name}'. It must equal the file's name.")
    if theme.logo is not None and theme.logo_text is None:
        raise SpecError(f"{name}.toml: a logo needs [logo_text], the words for people who cannot see it.")
    _check(theme)
    return theme


def faults(accent: str, *, ink: str = PLAIN.ink, soft: str | None = None) -> list[str]:
    """Return why an accent cannot be used, with the numbers; nothing when it can."""
    tint = soft or mixed(accent, WHITE, share=SOFT)
    found = [
        f"its contrast with {ground} is {contrast(accent, colour):.1f}, text needs {needed:g}"
        for ground, colour, needed in (
            ("white", WHITE, TEXT),
            ("the page", PAGE, TEXT),
            (f"its tint {tint}", tint, ON_SOFT),
        )
        if contrast(accent, colour) < needed
    ]
    for other, colour in (("the grey of ordinary marks", MARK), ("the ink", ink)):
        for vision in VISIONS:
            if vision == "grey" and other == "the ink":
                continue  # in grey, accented words are told by their weight
            least, found_apart = (
                IN_GREY if vision == "grey" else APART,
                distance(accent, colour, vision=vision),
            )
            if found_apart < least:
                found.append(
                    f"to {_EYES[vision]} it is {found_apart:.0f} from {other} ({colour}), "
                    f"{least:.0f} are needed"
                )
    return found


_EYES = {
    "normal": "every eye",
    "deuteranopia": "people with deuteranopia",
    "protanopia": "people with protanopia",
    "grey": "readers of a print in grey",
}


def _check(theme: Theme) -> None:
    ink = contrast(theme.ink, PAGE)
    if ink < 2 * TEXT:
        raise SpecError(
            f"{theme.name}.toml: the ink {theme.ink} has a contrast of {ink:.1f} with the page; "
            f"running text needs {2 * TEXT:g}. Take a darker one, such as {PLAIN.ink}."
        )
    wrong = faults(theme.accent, ink=theme.ink, soft=theme.soft)
    if wrong:
        near = [shade for shade in shades(theme.accent) if not faults(shade, ink=theme.ink)]
        hint = f"The nearest shade that passes is {near[0]}" if near else f"Take another hue: {PLAIN.accent}"
        raise SpecError(
            f"{theme.name}.toml: the accent {theme.accent} cannot be used: {'; '.join(wrong)}. {hint}; "
            "leave 'soft' out to have a tint of it."
        )


def _colour(table: Table, key: str, default: str | None = None) -> str:
    value = table.take(key, str) if default is None else table.take(key, str, default)
    if not COLOUR.fullmatch(value):
        raise SpecError(f"{table.where}: '{key}' is '{value}'. Write a colour as in \"#B84A00\".")
    return value.upper()


def _logo(table: Table, folder: Path) -> Logo | None:
    relative = table.take("logo", str, "")
    return read_logo(inside(folder, relative)) if relative else None
