"""A drawing: a figure with its title, what it says in words, and its note."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from jq_models.report.svg import to_svg


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
    """

    name: str
    title: str
    figure: Figure
    alt: str
    note: str

    def svg(self) -> str:
        """Return the drawing as one ``<svg>`` element, for a page or as a file of its own."""
        return to_svg(self.figure, name=self.name, title=self.title, description=self.alt)
