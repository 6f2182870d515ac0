"""What goes on slides, and in which words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from jq_models.report.chart import Chart
from jq_models.report.names import inside_sentence
from jq_models.report.prose import Paragraph, paragraphs
from jq_models.report.slides_bars import paired
from jq_models.report.story import Figured, Part, Prose
from jq_models.report.wording import Wording

# the figures that go on slides, in their order: of names that end alike as many as said, and where the
# headline comes from: the first or the last sentence of its finding, or the sentence before it; the figure's
# title where that is too long
FINDINGS: tuple[tuple[str, int, str], ...] = (
    ("construct_means", 1, "alt"),
    ("favourable", 1, "alt"),
    ("attention_ranks", 1, "alt"),
    ("importance_performance", 1, "alt"),
    ("ipma_*", 1, "alt"),
    ("*heat*", 2, "alt"),
    ("attention_by_*", 1, "alt"),
    ("norm", 1, "alt"),
    ("trend", 1, "alt"),
    ("enps", 1, "alt"),
    ("segments_*", 1, "alt"),
    ("effects", 1, "alt"),
    ("direct_paths", 1, "alt"),
    ("rivals", 1, "before"),
    ("latent_means_*", 1, "alt"),
    ("robustness", 1, "before"),
    ("response_*", 1, "alt"),
    ("group_sizes_*", 1, "last"),
)
MOST = 13  # with title, board, priorities, claims and method about 18 slides
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ0-9“‘(])")


def chosen(figures: Sequence[Figured], *, without: set[str]) -> list[Figured]:
    """Return the figures that go on slides, in the order of `FINDINGS`."""
    found = []
    for pattern, most, _ in FINDINGS:
        own = [f for f in figures if fnmatchcase(f.name, pattern) and f.name not in without]
        found += own[:most]
    return found[:MOST]


def sentences(text: str) -> list[str]:
    """Return a text's sentences."""
    return [part for part in _SENTENCE.split(text.strip()) if part]


def source_of_headline(figure: Figured) -> str:
    """Return "alt", "last" or "before", as `FINDINGS` says."""
    return next(kind for pattern, _, kind in FINDINGS if fnmatchcase(figure.name, pattern))


def how_to_read(chart: Chart | None, w: Wording) -> list[str]:
    """Say how to read a native chart: it is not drawn as the figure of the report is."""
    if chart is None or chart.reading:
        return sentences(chart.reading) if chart is not None else []
    intervals = any(series.low and series.high for series in chart.series)
    accent = any("accent" in series.colours for series in chart.series)
    told = {
        "slides.read_intervals": intervals,
        "slides.read_middle": chart.crossing is not None,
        "slides.read_hidden": chart.kind == "heat" and any(None in s.values for s in chart.series),
        "slides.read_new": accent,
    }
    listed = " / ".join(inside_sentence(series.name) for series in chart.series)
    pair = [w("slides.read_pair", listed=listed)] if paired(chart) else []
    return pair + [w(key) for key, so in told.items() if so]


def notes_of(figure: Figured | None, reading: Sequence[str]) -> str:
    """Return what stands below a figure's slide for who speaks: its number, its finding, how to read it."""
    if figure is None:
        return ""
    lines = (f"{figure.label}. {figure.title}", figure.alt, " ".join(reading) or figure.note)
    return "\n".join(line for line in lines if line)


def told_in(parts: Sequence[Part]) -> list[Paragraph]:
    """Return the paragraphs of some parts, headings left out."""
    return [
        paragraph
        for part in parts
        if isinstance(part, Prose)
        for paragraph in paragraphs(part.source)
        if paragraph.kind != "heading"
    ]


def after(parts: Sequence[Part], last: Paragraph) -> list[Paragraph]:
    """Return the paragraphs behind one of them."""
    found = told_in(parts)
    return found[found.index(last) + 1 :]


def split(paragraph: Paragraph) -> tuple[str, list[str]]:
    """Return a priority's name, which is bold, and its sentences."""
    name = "".join(run.text for run in paragraph.runs if run.bold) or paragraph.text
    rest = "".join(run.text for run in paragraph.runs if not run.bold).lstrip(" ,;:.")
    return name, [s[:1].upper() + s[1:] for s in sentences(rest)]


def priorities_headline(names: Sequence[str], w: Wording) -> str:
    """Say which dimensions need attention first."""
    listed = w.join([inside_sentence(name) for name in names])
    key = "slides.priority" if len(names) == 1 else "slides.priorities"
    told = w(key, listed=listed)
    return told[:1].upper() + told[1:]


def verdicts_headline(heading: str, lines: Sequence[Paragraph]) -> str:
    """Add to a heading how many claims had which verdict: what is bold in its lines."""
    counts = ["".join(run.text for run in line.runs if run.bold).rstrip(": ") for line in lines]
    told = ", ".join(inside_sentence(count) for count in counts if count)
    return f"{heading}: {told}" if heading and told else heading or told


def bare(markdown: str) -> str:
    """Return a markdown text without its weight."""
    return markdown.strip("* ")
