"""A deck of every kind of chart, made once for several tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pptx import Presentation
from told import cover, drawing, figure_output, keep, told

from jq_models.report.chart import Chart, Series
from jq_models.report.slides import publish_slides

SCATTER = Chart(
    kind="scatter",
    categories=("One", "Two", "Three"),
    series=(
        Series(name="Down", values=(0.5, 0.7, 0.6), x=(50.0, 60.0, 55.0), colours=("mark", "accent", "mark")),
    ),
    value_axis="Down",
    category_axis="Across",
    crossing=(55.0, 0.6),
)
STACKED = Chart(
    kind="stacked",
    categories=("A", "B"),
    series=(
        Series(name="Against", values=(0.2, 0.5), colour="low"),
        Series(name="For", values=(0.8, 0.5), colour="high"),
    ),
    percent=True,
    digits=0,
)
HEAT = Chart(
    kind="heat",
    categories=("Clarity", "Learning"),
    series=(
        Series(name="North", values=(3.44, 2.9)),
        Series(name="A long name of a team", values=(None, 4.0)),
    ),
    digits=1,
)
LINE = Chart(
    kind="line",
    categories=("2023", "2024"),
    series=(Series(name="Own", values=(3.1, 3.4), low=(3.0, 3.3), high=(3.2, 3.5)),),
)
KINDS = {"favourable": STACKED, "importance_performance": SCATTER, "heat_team": HEAT, "trend": LINE}


_MADE: dict[tuple[object, ...], bytes] = {}  # making one takes a second: the same one is made once


def made(work: Path, *, language: str = "en", theme: str | None = None, **options: Any) -> Any:
    key = (language, theme, *options.items())
    if key not in _MADE:
        _MADE[key] = write(work, language=language, theme=theme, **options)
    (work / "x.pptx").write_bytes(_MADE[key])
    return Presentation(str(work / "x.pptx"))


def write(work: Path, *, language: str = "en", theme: str | None = None, **options: Any) -> bytes:
    others = [drawing(name, language=language, chart=chart) for name, chart in KINDS.items()]
    story = told(work, language=language, more=tuple(map(figure_output, others)))
    for other in others:
        keep(other, work)
    made = cover(language, **options)
    return publish_slides(story, out=work / "w.pptx", cover=made, work=work, theme=theme).read_bytes()


def text_of(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def native(deck: Any, kind: str) -> Any:
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    return next(chart for chart in charts if chart._chartSpace.find(f".//{{*}}{kind}") is not None)
