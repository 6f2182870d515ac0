"""The rival measurement models side by side: what each says causes the answers, and how it fits."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from jq_models.evaluate.rivals.compare import Rivals
from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.wording import Wording
from jq_models.spec import Construct, Instrument
from jq_models.spec.rivals import BLOCKS

COLUMNS = 3
# inches within a panel
_WIDE, _HIGH = style.WIDTH / COLUMNS, 1.76
_TOP, _LOW = 1.19, 0.61  # height of a general factor, and of dimensions or items
_SMALL, _LARGE = 0.058, 0.13  # radius of a dimension's circle, and of a general factor's


def rivals_figure(rivals: Rivals, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw the structure of every rival with its CFI and its distance from the lowest BIC."""
    dimensions = marks.constructs_in(instrument, rivals.dimensions)
    names = list(rivals.table["model"])
    lines = -(-len(names) // COLUMNS)
    with style.styled():
        figure = marks.new_figure(_HIGH * lines)
        figure.set_layout_engine("none")
        for i, name in enumerate(names):
            row, column = divmod(i, COLUMNS)
            ax = figure.add_axes((column / COLUMNS, 1 - (row + 1) / lines, 1 / COLUMNS, 1 / lines))
            ax.set(xlim=(0, _WIDE), ylim=(0, _HIGH))
            ax.set_axis_off()
            _panel(ax, name, rivals=rivals, dimensions=dimensions, w=w)
        marks.settle(figure)
    return Drawing(
        name="rivals",
        title=w("figure.rivals.title"),
        figure=figure,
        alt=_alt(rivals, w),
        note=w("figure.rivals.note"),
    )


def rival_caption(rivals: Rivals, name: str, w: Wording) -> str:
    """Return the line below a panel: CFI and distance from the lowest BIC, or why there is none."""
    state = str(rivals.table.set_index("model").loc[name, "state"])
    if state in ("failed", "left_out"):
        return w("figure.rivals.left_out" if state == "left_out" else "figure.rivals.none")
    fit = w("figure.rivals.cfi", value=w.coefficient(rivals.value(name, "cfi")))
    if state == "inadmissible":
        return f"{fit}, {w('figure.rivals.inadmissible')}"
    if name == rivals.preferred.get("bic", name):
        return f"{fit}, {w('figure.rivals.lowest')}"
    return f"{fit}, {w('figure.rivals.delta', value=w.number(_above(rivals, name), 0))}"


def _above(rivals: Rivals, name: str) -> float:
    fitted = rivals.table[rivals.table["state"] == "fitted"]
    return rivals.value(name, "bic") - float(fitted["bic"].min())


def _panel(ax: Axes, name: str, *, rivals: Rivals, dimensions: list[Construct], w: Wording) -> None:
    wins = name == rivals.winner
    if wins:
        ax.add_patch(
            Rectangle(
                (0.04, 0.05),
                _WIDE - 0.08,
                _HIGH - 0.1,
                facecolor="none",
                edgecolor=style.ACCENT,
                linewidth=1.2,
            )
        )
    colour = style.ACCENT if wins else style.INK
    title = w(f"rival.{name}")
    if len(title) > 24:  # two lines: break at the space nearest the middle
        cut = min(
            (i for i, letter in enumerate(title) if letter == " "), key=lambda i: abs(i - len(title) / 2)
        )
        title = f"{title[:cut]}\n{title[cut + 1 :]}"
    ax.text(
        _WIDE / 2,
        _HIGH - 0.12,
        title,
        ha="center",
        va="top",
        fontsize=style.SMALL,
        fontweight=600,
        color=colour,
        linespacing=0.95,
    )
    ax.text(_WIDE / 2, 0.13, rival_caption(rivals, name, w), ha="center", va="bottom", fontsize=style.SMALL)
    at = np.linspace(0.2, _WIDE - 0.2, max(len(dimensions), 2))[: len(dimensions)]
    _DRAW[name](ax, dimensions, at, w)


def _general(ax: Axes, at: np.ndarray, w: Wording, *, items: bool) -> None:
    """Draw job quality above, an arrow to each dimension or its items."""
    middle = (_WIDE / 2, _TOP)
    for x in at:
        _arrow(ax, middle, (x, _LOW + (0.05 if items else _SMALL)), gap=_LARGE)
    _circle(ax, middle, radius=_LARGE, text=w("figure.rivals.general"))


def _one_factor(ax: Axes, dimensions: list[Construct], at: np.ndarray, w: Wording) -> None:
    _general(ax, at, w, items=True)
    _items(ax, dimensions, at)


def _three_blocks(ax: Axes, dimensions: list[Construct], at: np.ndarray, w: Wording) -> None:
    codes = [next((b for b, own in BLOCKS.items() if c.code in own), "rest") for c in dimensions]
    blocks = [b for b in ("rest", *BLOCKS) if b in codes]
    order = sorted(range(len(codes)), key=lambda i: blocks.index(codes[i]))
    tops = {}
    for block in blocks:
        own = [k for k, i in enumerate(order) if codes[i] == block]
        tops[block] = (float(np.mean(at[own])), _TOP - 0.12)
        for k in own:
            _arrow(ax, tops[block], (at[k], _LOW + 0.05), gap=_LARGE * 0.8)
    spots = list(tops.values())
    for a, b in combinations(spots, 2):
        _curve(ax, (a[0], a[1] + 0.08), (b[0], b[1] + 0.08), bend=-0.3)
    for spot in spots:
        _circle(ax, spot, radius=_LARGE * 0.8)
    _items(ax, [dimensions[i] for i in order], at)


def _separate(ax: Axes, dimensions: list[Construct], at: np.ndarray, w: Wording) -> None:
    for step in (1, 2, 4, 8, len(at) - 1):
        for i in range(0, len(at) - step, step):
            _curve(ax, (at[i], _LOW + _SMALL), (at[i + step], _LOW + _SMALL), bend=-0.5)
    _circles(ax, dimensions, at)


def _higher(ax: Axes, dimensions: list[Construct], at: np.ndarray, w: Wording) -> None:
    _general(ax, at, w, items=False)
    _circles(ax, dimensions, at)


def _higher_learning(ax: Axes, dimensions: list[Construct], at: np.ndarray, w: Wording) -> None:
    _general(ax, at, w, items=False)
    new = [x for x, c in zip(at, dimensions, strict=True) if c.new]
    if new:
        below = (float(np.mean(new)), _LOW - 0.22)
        for x in new:
            _arrow(ax, below, (x, _LOW - _SMALL), gap=0.085, colour=style.ACCENT)
        _circle(ax, below, radius=0.085, text=w("figure.rivals.learning"), colour=style.ACCENT)
    _circles(ax, dimensions, at)


def _bifactor(ax: Axes, dimensions: list[Construct], at: np.ndarray, w: Wording) -> None:
    _general(ax, at, w, items=True)
    _items(ax, dimensions, at)
    several = [(x, c) for x, c in zip(at, dimensions, strict=True) if len(c.items) > 1]
    for x, _ in several:
        _arrow(ax, (x, _LOW - 0.2), (x, _LOW - 0.05), gap=_SMALL)
    _circles(ax, [c for _, c in several], np.array([x for x, _ in several]), y=_LOW - 0.2)


_DRAW = {
    "one_factor": _one_factor,
    "three_blocks": _three_blocks,
    "dimensions": _separate,
    "higher": _higher,
    "higher_learning": _higher_learning,
    "bifactor": _bifactor,
}


def _items(ax: Axes, dimensions: list[Construct], at: np.ndarray) -> None:
    for x, c in zip(at, dimensions, strict=True):
        edge, ground = _colours(new=c.new)
        ax.add_patch(
            Rectangle(
                (x - 0.05, _LOW - 0.05), 0.1, 0.1, facecolor=ground, edgecolor=edge, linewidth=0.8, zorder=3
            )
        )


def _circles(ax: Axes, dimensions: list[Construct], at: np.ndarray, *, y: float = _LOW) -> None:
    for x, c in zip(at, dimensions, strict=True):
        edge, ground = _colours(new=c.new)
        ax.add_patch(Circle((x, y), _SMALL, facecolor=ground, edgecolor=edge, linewidth=0.8, zorder=3))


def _colours(*, new: bool) -> tuple[str, str]:
    return (style.ACCENT, style.ACCENT_SOFT) if new else (style.INK, style.SURFACE)


def _circle(
    ax: Axes, centre: tuple[float, float], *, radius: float, text: str = "", colour: str = ""
) -> None:
    colour = colour or style.INK
    ax.add_patch(Circle(centre, radius, facecolor=style.SURFACE, edgecolor=colour, linewidth=1.0, zorder=3))
    ax.text(*centre, text, ha="center", va="center_baseline", fontsize=style.SMALL, color=colour, zorder=4)


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    gap: float,
    colour: str = style.FAINT,
) -> None:
    away = np.subtract(end, start)
    begin = np.asarray(start) + away / np.hypot(*away) * gap
    ax.add_patch(
        FancyArrowPatch(
            (float(begin[0]), float(begin[1])),
            end,
            arrowstyle="-|>,head_length=1.8,head_width=1.0",
            mutation_scale=1.0,
            shrinkA=0,
            shrinkB=0,
            linewidth=0.6,
            color=colour,
            zorder=2,
        )
    )


def _curve(ax: Axes, start: tuple[float, float], end: tuple[float, float], *, bend: float) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            connectionstyle=f"arc3,rad={bend}",
            arrowstyle="-",
            shrinkA=0,
            shrinkB=0,
            linewidth=0.6,
            color=style.FAINT,
            zorder=2,
        )
    )


def _alt(rivals: Rivals, w: Wording) -> str:
    fitted = rivals.table[rivals.table["state"] == "fitted"].sort_values("bic", kind="stable")
    if fitted.empty:
        return w("figure.rivals.alt_none")
    best, *others = list(fitted["model"])
    listed = [
        w("figure.rivals.listed", model=w(f"rival.{name}"), value=w.number(_above(rivals, name), 0))
        for name in others
    ]
    return w("figure.rivals.alt", best=w(f"rival.{best}"), others=w.join(listed))
