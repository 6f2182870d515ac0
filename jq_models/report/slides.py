"""The report as slides: a finding a slide, its chart native where a chart can show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jq_models.report import measure, style
from jq_models.report.chart import Chart, load_charts
from jq_models.report.prose import Run
from jq_models.report.slides_chart import add_chart, fits
from jq_models.report.slides_choice import (
    chosen,
    how_to_read,
    notes_of,
    sentences,
    source_of_headline,
    told_in,
)
from jq_models.report.slides_deck import BODY, EDGE, HEAD, READABLE, WIDTH, Box, Deck, height_of
from jq_models.report.slides_heat import add_heat, fits_heat, too_large
from jq_models.report.slides_words import (
    GAP,
    TEXT_SIZES,
    add_claims,
    add_method,
    add_priorities,
    add_title,
    first_figure,
)
from jq_models.report.story import Cover, Figured, Part, Prose, Story
from jq_models.spec.theme import Theme

BOARD = ("board", "summary")  # chapter of the first slide, the first that there is
NOT_SHOWN = "attention-teams"  # a team is no finding for a hall: it stands in the report's appendix
BULLETS = 5
BESIDE = 236.0  # points of the column right of a chart
FOOT = 130.0  # points of what may stand below that column
READ_GAP = 2.0


def publish_slides(
    story: Story, *, out: Path, cover: Cover, work: Path, theme: Theme | str | None = None
) -> Path:
    """Write a report's findings as slides, 16:9; as `publish_word`, but for the pictures.

    Parameters
    ----------
    work : Path
        The run's folder, with ``charts/NAME.json`` and ``png/NAME.png``; a figure with neither is told in
        words.
    """
    with style.themed(theme):
        made = Slides(story, cover=cover, charts=load_charts(work / "charts"), pictures=work / "png")
        add_title(made)
        made.board()
        add_priorities(made)
        for figure in chosen(story.figures, without=made.used | too_large(made.charts)):
            made.finding(figure)
        add_claims(made)
        add_method(made)
        out.write_bytes(made.deck.packed())
    return out


@dataclass(slots=True, kw_only=True)
class _Told:
    headline: str
    rest: list[str]


class Slides:
    """The slides being written.

    Parameters
    ----------
    story : Story
    cover : Cover
    charts : mapping
        Name of a figure -> its data.
    pictures : Path
        Folder of ``NAME.png``.
    """

    def __init__(self, story: Story, *, cover: Cover, charts: Mapping[str, Chart], pictures: Path) -> None:
        self.story, self.cover, self.w = story, cover, story.w
        self.charts, self.pictures = charts, pictures
        self.deck = Deck(story.w, cover=cover)
        self.used = {part.name for part in story.of_chapter(NOT_SHOWN) if isinstance(part, Figured)}

    def chapter(self, *names: str) -> list[Part]:
        """Return the parts of the first of these chapters that there is."""
        first = self.story.chapters[0] if self.story.chapters and "summary" in names else ""
        for name in (*names, first):
            found = self.story.of_chapter(name) if name else []
            if found:
                return found
        return []

    def board(self) -> None:
        """Write the board's slide: up to five sentences beside the chapter's first picture."""
        parts = self.chapter(*BOARD)
        lines = [p for p in told_in(parts) if p.kind == "bullet"][:BULLETS]
        if not lines:
            lines = [p for p in told_in(parts) if p.kind == "text"][:BULLETS]
        figure = first_figure(parts)
        reading = how_to_read(self._native(figure), self.w) if figure is not None else []
        slide = self.deck.slide(self.w("slides.board"), notes=notes_of(figure, reading))
        wide = BODY.width if figure is None else BODY.width * 0.47
        self.deck.text(
            slide,
            [line.runs for line in lines],
            box=Box(left=BODY.left, top=BODY.top, width=wide, height=BODY.height),
            sizes=TEXT_SIZES,
            bullets=True,
            gap=9,
        )
        if figure is not None:
            left = BODY.left + wide + GAP
            place = Box(left=left, top=BODY.top, width=WIDTH - EDGE - left, height=BODY.height - 12)
            self._draw(slide, figure, box=place)
            self._source(slide, figure)

    def finding(self, figure: Figured) -> None:
        """Write a figure's slide: the finding in words above it, the rest of it beside it."""
        told = self._told(figure)
        native = self._native(figure)
        own = native is not None and not native.shaded
        reading = how_to_read(native, self.w) if own else sentences(figure.note)
        slide = self.deck.slide(told.headline, notes=notes_of(figure, reading))
        if told.rest and not (native is not None and native.kind == "heat"):
            self._beside(slide, figure, told=told, reading=reading)
        else:  # a table takes the width
            titled = figure.title != told.headline
            self._alone(slide, figure, told=[*told.rest, *reading[:3]], titled=titled)
        self._source(slide, figure)

    def _beside(self, slide: Any, figure: Figured, *, told: _Told, reading: Sequence[str]) -> None:
        """Put what the headline does not say beside a figure, and how to read it below that."""
        place = Box(left=BODY.left, top=BODY.top, width=BODY.width - BESIDE - GAP, height=BODY.height)
        self._draw(slide, figure, box=place)
        lines = [[Run(text=sentence)] for sentence in reading[:3]]
        while lines and height_of(lines, READABLE, width=BESIDE, gap=READ_GAP) > FOOT:
            lines.pop()
        foot = height_of(lines, READABLE, width=BESIDE, gap=READ_GAP)
        left = WIDTH - EDGE - BESIDE
        body = [[Run(text=figure.title, bold=True)]] if figure.title != told.headline else []
        self.deck.text(
            slide,
            [*body, *([Run(text=sentence)] for sentence in told.rest)],
            box=Box(left=left, top=BODY.top + 4, width=BESIDE, height=BODY.height - foot - 16),
            sizes=(18.0, 17.0, 16.0, 15.0, 14.0, 13.0, READABLE),
            gap=7,
        )
        if lines:
            box = Box(left=left, top=BODY.top + BODY.height - foot, width=BESIDE, height=foot)
            self.deck.text(slide, lines, box=box, sizes=(READABLE,), colour=style.MUTED, gap=READ_GAP)

    def _alone(self, slide: Any, figure: Figured, *, told: Sequence[str], titled: bool) -> None:
        """Give a figure the whole slide: the headline says all; what it is stands below it."""
        low = 34.0
        self._draw(slide, figure, box=replace(BODY, height=BODY.height - low - 8))
        runs = [Run(text=f"{figure.title}. ", bold=True)] if titled else []
        if runs := [*runs, *([Run(text=" ".join(told))] if told else [])]:
            foot = Box(left=BODY.left, top=BODY.top + BODY.height - low, width=BODY.width, height=low)
            self.deck.text(slide, [runs], box=foot, sizes=(READABLE,), colour=style.MUTED)

    def _native(self, figure: Figured | None) -> Chart | None:
        """Return a figure's chart where a slide can carry it."""
        chart = self.charts.get(figure.name) if figure is not None else None
        return chart if fits(chart) or fits_heat(chart) else None

    def _draw(self, slide: Any, figure: Figured, *, box: Box) -> None:
        """Show a figure: native where that can be, else as a picture, else in words."""
        self.used.add(figure.name)
        chart, picture = self._native(figure), self.pictures / f"{figure.name}.png"
        if chart is not None:
            add = add_heat if chart.kind == "heat" else add_chart
            add(self.deck, slide, chart, box=box, alt=figure.alt, title=figure.title)
        elif picture.is_file():
            self.deck.picture(slide, picture.read_bytes(), box=box, alt=figure.alt, title=figure.title)
        else:
            self.deck.text(slide, [[Run(text=figure.alt)]], box=box, sizes=TEXT_SIZES)

    def _told(self, figure: Figured) -> _Told:
        """Return a slide's headline and what remains of the finding; what is too long is no headline."""
        told = sentences(figure.alt)
        source = source_of_headline(figure)
        place = {"alt": 0, "last": len(told) - 1}.get(source)
        head = told[place : place + 1] if place is not None else self._before(figure)
        if head and measure.fitting(head[0], room=HEAD.room, sizes=(22.0, 20.0), bold=True) is not None:
            rest = told if place is None else told[:place] + told[place + 1 :]
            return _Told(headline=head[0].rstrip("."), rest=rest)
        return _Told(headline=figure.title, rest=told)

    def _before(self, figure: Figured) -> list[str]:
        """Return the first sentence of the text before a figure, up to its colon."""
        place = self.story.parts.index(figure)
        texts = told_in([part for part in self.story.parts[:place] if isinstance(part, Prose)][-1:])
        return [sentence.split(": ")[0] for sentence in sentences(texts[0].text)[:1]] if texts else []

    def _source(self, slide: Any, figure: Figured) -> None:
        n = self.cover.facts.get(self.w("html.respondents"), "")
        text = self.w("slides.source_n", label=figure.label, n=n) if n else ""
        text = text or self.w("slides.source", label=figure.label)
        place = Box(left=BODY.left, top=BODY.top + BODY.height + 4, width=BODY.width, height=18)
        self.deck.text(slide, [[Run(text=text)]], box=place, sizes=(READABLE,), colour=style.MUTED)
