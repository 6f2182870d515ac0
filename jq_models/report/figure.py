"""A drawing: a figure with its title, what it says in words, and its note."""

from __future__ import annotations

import io
from dataclasses import dataclass

from matplotlib.figure import Figure

from jq_models.report.chart import Chart
from jq_models.report.style import styled
from jq_models.report.svg import to_svg

DPI = 200  # of pictures for programs that draw no SVG: sharp in print at full width


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A figure ready to be shown.

    Attributes
    ----------
    name : str
        File name without its ending.
    title : str
        What the caption says; it is not drawn into the figure.
    figure : Figure
        The drawing itself, laid out for a text block of 16 cm.
    alt : str
        The finding in words, computed from the numbers drawn.
    note : str
        How to read it, thresholds and their source.
    chart : Chart, optional
        The same as data, where a native chart of a slide can show it.
    """

    name: str
    title: str
    figure: Figure
    alt: str
    note: str
    chart: Chart | None = None

    def svg(self) -> str:
        """Return the drawing as one ``<svg>`` element, for a page or as a file of its own."""
        return to_svg(self.figure, name=self.name, title=self.title, description=self.alt)

    def png(self) -> bytes:
        """Return the drawing as a PNG of 200 dots an inch, without a date or the name of a program."""
        buffer = io.BytesIO()
        with styled():
            self.figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
        return buffer.getvalue()
