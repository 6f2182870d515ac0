"""A figure of the study's paths by every route: a block of rows a path, a row a route."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from jq_models.evaluate.composites.route_result import Routes
from jq_models.report import marks, style
from jq_models.report.figure import Drawing
from jq_models.report.tables_routes import BOUNDS, link_name, route_name, values_of
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

# a route keeps its mark when printed in grey: filled for error taken out, open for error kept
SHAPES = {"sem": "o", "plsc": "s", "composite": "D", "pls": "o"}
GAP = 1.5  # rows between two paths, the heading among them
ROW = 0.2  # inches


def routes_figure(found: Routes, w: Wording, *, instrument: Instrument) -> Drawing:
    """Draw every path by every route with its interval; for simulated answers also the truth.

    Parameters
    ----------
    found : Routes
        As ``evaluate.compare_routes`` returns it, with at least one usable route.
    """
    routes = found.usable
    tables = {route.code: values_of(route, found.paths) for route in routes}
    with style.styled():
        figure = marks.new_figure(0.6 + ROW * (len(routes) + GAP) * len(found.paths))
        ax = figure.subplots()
        _draw(ax, tables, found=found, w=w, instrument=instrument)
        marks.settle(figure)
    note = w("figure.routes.note")
    return Drawing(
        name="routes",
        title=w("figure.routes.title"),
        figure=figure,
        alt=_alt(tables, found=found, w=w, instrument=instrument),
        note=f"{note} {w('figure.routes.note_truth')}" if found.truth else note,
    )


def _draw(
    ax: Axes, tables: dict[str, pd.DataFrame], *, found: Routes, w: Wording, instrument: Instrument
) -> None:
    heads, at, names, texts = [], [], [], []
    y = 0.0
    for k, path in enumerate(found.paths):
        heads.append(y)
        for row, (code, table) in enumerate(tables.items(), start=1):
            _one(ax, table.iloc[k], code=code, y=y + row)
            at.append(y + row)
            names.append(route_name(code, w))
            texts += marks.estimate_texts(table.iloc[[k]], w)
        if found.truth:
            ends = (y + 0.6, y + len(tables) + 0.4)
            ax.vlines(
                found.truth[path], *ends, color=style.INK, linewidth=0.9, linestyle=(0, (1, 2)), zorder=2
            )
        y += len(tables) + GAP
    ax.set_yticks(at, names, fontsize=style.SMALL)
    for path, head in zip(found.paths, heads, strict=True):
        ax.annotate(
            link_name(path, w=w, instrument=instrument),
            (0, head),
            xycoords=("axes fraction", "data"),
            va="center_baseline",
            fontweight=600,
            # the lines behind it would cross the letters
            bbox={"facecolor": style.SURFACE, "edgecolor": "none", "pad": 1.5},
            zorder=5,
        )
    ax.set_ylim(y - GAP + 0.8, -0.7)
    _limits(ax, pd.concat(tables.values()))
    marks.value_axis(ax, w)
    ax.axvline(0, color=style.MUTED, linewidth=0.9, zorder=1)
    ax.set_xlabel(w("figure.routes.axis"))
    marks.beside(ax, texts, at=at)


def _one(ax: Axes, row: pd.Series, *, code: str, y: float) -> None:
    """Draw a route's estimate with its interval, and above it what the route finds in the population."""
    colour = style.INK if code == "sem" else style.MARK if code == "pls" else style.HIGH
    ax.hlines(y, row["ci_low"], row["ci_high"], colors=colour, linewidth=1.6)
    face = style.SURFACE if code == "pls" else colour
    ax.scatter(
        row["estimate"], y, marker=SHAPES[code], s=24, c=face, edgecolors=colour, linewidths=1.2, zorder=4
    )
    ax.scatter(row["population"], y, marker="|", s=60, c=style.INK, linewidths=1.4, zorder=3)


def _limits(ax: Axes, rows: pd.DataFrame) -> None:
    low, high = min(0.0, float(rows.min().min())), max(0.0, float(rows.max().max()))
    room = 0.04 * (high - low)
    ax.set_xlim(low - room, high + room)


def _alt(tables: dict[str, pd.DataFrame], *, found: Routes, w: Wording, instrument: Instrument) -> str:
    lines = []
    for k, path in enumerate(found.paths):
        listed = [
            w(
                "figure.routes.alt_one",
                route=route_name(code, w),
                value=marks.estimate_texts(table.iloc[[k]][BOUNDS], w)[0],
            )
            for code, table in tables.items()
        ]
        link = link_name(path, w=w, instrument=instrument)
        lines.append(w("figure.routes.alt", path=link, listed="; ".join(listed)))
    return " ".join(lines)
