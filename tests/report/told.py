"""A small report to publish: executed cells of every kind, with the files that a run keeps beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from jq_models.report.chart import Chart, Series, save_chart
from jq_models.report.columns import numbers, words
from jq_models.report.figure import Drawing
from jq_models.report.publish import read_story
from jq_models.report.show import METADATA
from jq_models.report.story import Cover, Story
from jq_models.report.style import styled
from jq_models.report.table import Table, build
from jq_models.report.wording import wording

ALT = {
    "en": "Clarity scores highest (3.40) and learning lowest (2.90). The others lie between.",
    "nl": "Duidelijkheid scoort het hoogst (3,40) en leren het laagst (2,90). De andere liggen ertussen.",
}
CHART = Chart(
    kind="bar",
    categories=("Clarity", "Learning", "Hidden"),
    series=(
        Series(
            name="Mean",
            values=(3.4012345, 2.9, None),
            low=(3.3, 2.8, None),
            high=(3.5, 3.0, None),
            colours=("mark", "accent", "mark"),
        ),
    ),
    digits=2,
    low=1.0,
    high=5.0,
)


def table(language: str = "en") -> Table:
    w = wording(language)
    return build(
        "small",
        title="Scores & intervals",
        columns=[
            words("group", heading="Block", shown=["One", "One", "Two"]),
            words("name", heading="Name", shown=["<a> very long name", "b", "c"]),
            numbers("mean", heading="Mean", values=[3.4, 2.9, float("nan")], w=w),
        ],
        grouped=True,
        note="A note, p < .001.",
    )


def drawing(name: str = "construct_means", *, language: str = "en", chart: Chart | None = CHART) -> Drawing:
    with styled():
        figure = Figure(figsize=(2, 1))
        figure.text(0.5, 0.5, "Label")
    return Drawing(
        name=name,
        title=f"Title of {name}",
        figure=figure,
        alt=ALT[language],
        note="How to read.",
        chart=chart,
    )


def _out(about: dict[str, str], data: dict[str, str]) -> Any:
    return new_output("display_data", data=data, metadata={METADATA: about})


def figure_output(made: Drawing) -> Any:
    about = {"kind": "figure", "name": made.name, "title": made.title, "note": made.note}
    return _out(about, {"text/plain": made.alt, "image/svg+xml": made.svg()})


def table_output(made: Table) -> Any:
    about = {"kind": "table", "name": made.name}
    return _out(about, {"text/plain": made.plain(), "text/html": made.html()})


def text_output(text: str) -> Any:
    return _out({"kind": "text"}, {"text/plain": text, "text/markdown": text})


def tagged(source: str, *tags: str) -> Any:
    return new_markdown_cell(source, metadata={"tags": list(tags)})


def keep(made: Drawing, work: Path) -> None:
    """Keep a drawing's files as `show` does in a run."""
    for name in ("png", "charts"):
        (work / name).mkdir(exist_ok=True)
    (work / "png" / f"{made.name}.png").write_bytes(made.png())
    if made.chart is not None:
        save_chart(made.chart, work / "charts" / f"{made.name}.json")


def told(work: Path, *, language: str = "en", more: tuple[Any, ...] = ()) -> Story:
    """Write a notebook and its files into `work` and return the story it tells."""
    w = wording(language)
    first = drawing(language=language)
    keep(first, work)
    cells = [
        tagged("# Board", "report:board"),
        new_code_cell(
            "a",
            execution_count=1,
            outputs=[
                text_output("- **500 people** answered.\n- Second, p < .001 here."),
                text_output(
                    "**Three**\n\n1. **Learning**, score 2.90. Ask.\n2. **Tools**, score 3.\n\nA note."
                ),
            ],
        ),
        tagged("# Scores\n\nSome *text* with **weight** & [0.45, 0.61].\n\n## Part", "report:scores"),
        new_code_cell(
            "b", execution_count=2, outputs=[table_output(table(language)), figure_output(first), *more]
        ),
        tagged("# Method", "report:method"),
        new_code_cell(
            "c", execution_count=3, outputs=[text_output(f"{w('claim.may_not')}\n\n- {w('claim.causes')}\n")]
        ),
        tagged("# Checklist", "report:checklist"),
    ]
    path = work / "report.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return read_story(path, language=language)


def cover(language: str = "en", **options: Any) -> Cover:
    facts = {wording(language)("html.respondents"): "500"}
    return Cover(**{"title": "The report", "subtitle": "Of a study", "facts": facts, **options})
