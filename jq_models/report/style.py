"""The one visual language: colours, type and sizes of every figure and of the page around them.

The palette is seaborn's colour-blind-safe one; the accent is its vermilion, darkened until small text in it
can be read on white (contrast 5.2). In grey the accent is clearly darker than the colour of ordinary marks.

A house style (`jq_models.spec.theme`) may bring another accent and ink. ``style.ACCENT``, ``ACCENT_SOFT`` and
``INK`` are looked up when they are used, never when this file is imported: one process may serve clients one
after another. So take them as attributes of this module where a figure is drawn.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib.colors import to_hex, to_rgb

from jq_models.paths import themes
from jq_models.spec import check_name
from jq_models.spec.theme import MARK, PAGE, PLAIN, Theme, load_theme

__all__ = ["MARK", "PAGE"]  # of every house style; the other names are this file's own

THEME_VARIABLE = "JQ_MODELS_THEME"  # names the house style of a notebook's figures
FONTS = Path(__file__).parent / "assets" / "fonts"
FAMILY = "JQ Sans"
# file, CSS weight, CSS style
FACES = (
    ("JQSans-Regular", 400, "normal"),
    ("JQSans-SemiBold", 600, "normal"),
    ("JQSans-Italic", 400, "italic"),
)

SURFACE = "#FFFFFF"
MUTED = "#5A6673"
FAINT = "#8592A0"
GRID = "#E3E6E9"
if TYPE_CHECKING:  # of the house style in force, see `__getattr__`
    ACCENT: str
    ACCENT_SOFT: str
    INK: str
LOW, MIDDLE, HIGH = "#C29A4B", "#ECEDEE", "#4E7699"  # answers: disagree, neither, agree
PALETTE: tuple[str, ...] = tuple(sns.color_palette("colorblind").as_hex())

WIDTH = 6.3  # inches: a text block of 16 cm
BASE = 8.5  # points
SMALL = 7.5  # points; nothing is set smaller

_FIELDS = {"ACCENT": "accent", "ACCENT_SOFT": "soft", "INK": "ink"}
_CHOSEN: ContextVar[Theme | None] = ContextVar("house style", default=None)

if not TYPE_CHECKING:  # mypy would take any name for one of this file's

    def __getattr__(name: str) -> str:
        if name in _FIELDS:
            return getattr(theme(), _FIELDS[name])
        raise AttributeError(f"jq_models.report.style has no '{name}'")


def theme() -> Theme:
    """Return the house style in force: `themed`'s, else what ``JQ_MODELS_THEME`` names, else the plain one.

    Raises
    ------
    SpecError
        When the file named cannot be used.
    """
    return _CHOSEN.get() or _named(os.environ.get(THEME_VARIABLE, ""))


@contextmanager
def themed(chosen: Theme | str | None) -> Iterator[Theme]:
    """Put a house style in force, by its name or itself; None leaves things as they are.

    Parameters
    ----------
    chosen : Theme, str or None
        A house style or the name of one.

    Raises
    ------
    SpecError
        When the file named cannot be used.
    """
    found = _named(chosen) if isinstance(chosen, str) else chosen or theme()
    token = _CHOSEN.set(found)
    try:
        yield found
    finally:
        _CHOSEN.reset(token)


def _named(name: str) -> Theme:
    if not name or name == PLAIN.name:
        return PLAIN
    path = themes() / f"{check_name(name)}.toml"
    return _read(path, changed=path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache
def _read(path: Path, *, changed: int) -> Theme:
    """Read a file once, although every mark of a figure asks for its colour; again when it has changed."""
    return load_theme(path.stem, folder=path.parent)


@cache
def register_fonts() -> None:
    """Make the package's fonts known to matplotlib, once a process."""
    for name, _, _ in FACES:
        font_manager.fontManager.addfont(FONTS / f"{name}.ttf")


def parameters() -> dict[Any, Any]:
    """Return matplotlib's settings for the figures: seaborn's white theme, our type and ink."""
    return {
        **sns.axes_style("white"),
        "font.family": [FAMILY],
        "font.size": BASE,
        "font.weight": "normal",
        "axes.labelsize": SMALL,
        "axes.titlesize": BASE,
        "axes.titleweight": 600,
        "axes.titlelocation": "left",
        "axes.labelcolor": MUTED,
        "axes.edgecolor": FAINT,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.facecolor": "none",
        "axes.unicode_minus": True,
        "figure.facecolor": SURFACE,
        "figure.constrained_layout.w_pad": 0.06,
        "grid.color": GRID,
        "grid.linewidth": 0.6,
        "legend.fontsize": SMALL,
        "legend.frameon": False,
        "lines.linewidth": 1.2,
        "lines.solid_capstyle": "round",
        "patch.edgecolor": "none",
        "text.color": theme().ink,
        "text.parse_math": False,  # a client's "$" in a label is a dollar
        "text.hinting": "none",  # widths in the layout equal those in the SVG
        "xtick.color": MUTED,
        "ytick.color": theme().ink,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": BASE,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        # the same drawing gives the same bytes; outlines need no font where the file is opened
        "svg.hashsalt": "jq-models",
        "svg.fonttype": "path",
        "path.simplify": False,
    }


def apply_style() -> None:
    """Set the style for the whole process, as a notebook does before drawing its own figures."""
    register_fonts()
    mpl.rcParams.update(parameters())
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the package's style without changing the settings of the process."""
    register_fonts()
    with mpl.rc_context(parameters()):
        yield


def steps(count: int) -> tuple[str, ...]:
    """Return colours for the answers of a scale, lowest first; an even scale has no neutral middle."""
    odd = count if count % 2 else count + 1
    ramp = sns.blend_palette([LOW, "#E6D5B0", MIDDLE, "#B5C8D9", HIGH], n_colors=odd).as_hex()
    return tuple(ramp[: count // 2] + ramp[-(count - count // 2) :]) if count > 1 else (MIDDLE,)


def readable_on(ground: str) -> str:
    """Return ink or white, whichever is read better on this colour (WCAG relative luminance)."""
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in to_rgb(ground))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return theme().ink if luminance > 0.26 else SURFACE


def sheet(share: float) -> str:
    """Return the ground of a heat map's cell: white at 0, light slate at 1; ink stays readable."""
    ramp = sns.light_palette(HIGH, as_cmap=True)
    return to_hex(ramp(0.02 + 0.6 * min(max(share, 0.0), 1.0) ** 2))


def css_variables() -> str:
    """Return the same colours and type as CSS custom properties, for the page's ``:root``."""
    values = {
        "page": PAGE,
        "surface": SURFACE,
        "ink": theme().ink,
        "muted": MUTED,
        "faint": FAINT,
        "grid": GRID,
        "mark": MARK,
        "accent": theme().accent,
        "accent-soft": theme().soft,
        "font": f'"{FAMILY}", "Segoe UI", "Helvetica Neue", Arial, sans-serif',
    }
    lines = [f"  --{name}: {value};" for name, value in values.items()]
    return ":root {\n" + "\n".join(lines) + "\n}\n"
