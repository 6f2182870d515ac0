"""The report as slides: a finding a slide, its chart native where a chart can show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jq_models.report import measure, style
from jq_models.report.chart import Chart, load_charts
from jq_models.report.prose import Run
from jq_models.report.slides_chart import add_chart, fits
from jq_models.report.slides_choice import (
    after,
    bare,
    chosen,
    how_to_read,
    notes_of,
    sentences,
    source_of_headline,
    split,
    told_in,
)
from jq_models.report.slides_deck import BODY, EDGE, HEAD, HEIGHT, WIDTH, Box, Deck, fits_at
from jq_models.report.slides_heat import add_heat, fits_heat, too_large
from jq_models.report.story import Cover, Figured, Part, Prose, Story
from jq_models.spec.theme import Theme

BOARD = ("board", "summary")  # chapter of the first slide, the first that there is
NOT_SHOWN = "attention-teams"  # a team is no finding for a hall: it stands in the report's appendix
BULLETS = 5
CARDS = 3
TEXT_SIZES = (18.0, 17.0, 16.0, 15.0, 14.0, 13.0, 12.0)
BESIDE = 236.0  # points of the column right of a chart
GAP = 26.0


def publish_slides(
    story: Story, *, out: Path, cover: Cover, work: Path, theme: Theme | str | None = None
) -> Path:
    """Write a report's findings as slides, 16:9.

    The same report gives the same bytes.

    Parameters
    ----------
    story : Story
        As `read_story` returns it.
    out : Path
        The ``.pptx`` file.
    cover : Cover
    work : Path
        The run's folder, with ``charts/NAME.json`` and ``png/NAME.png``; a figure with neither is told in
        words.
    theme : Theme, str or None
        The house style; default: the one in force.
    """
    with style.themed(theme):
        writer = _Slides(story, cover=cover, charts=load_charts(work / "charts"), pictures=work / "png")
        writer.title()
        writer.board()
        writer.priorities()
        for figure in chosen(story.figures, without=writer.used | too_large(writer.charts)):
            writer.finding(figure)
        writer.claims()
        writer.method()
        out.write_bytes(writer.deck.packed())
    return out


@dataclass(slots=True, kw_only=True)
class _Told:
    headline: str
    rest: list[str]


class _Slides:
    """The slides being written."""

    def __init__(self, story: Story, *, cover: Cover, charts: Mapping[str, Chart], pictures: Path) -> None:
        self.story, self.cover, self.w = story, cover, story.w
        self.charts, self.pictures = charts, pictures
        self.deck = Deck(story.w, cover=cover)
        self.used = {part.name for part in story.of_chapter(NOT_SHOWN) if isinstance(part, Figured)}

    def title(self) -> None:
        """Write the title slide: logo, title, study, facts, and that data are simulated."""
        deck, theme = self.deck, style.theme()
        head = Box(left=EDGE, top=168, width=WIDTH - 2 * EDGE, height=96)
        slide = deck.slide(self.cover.title, place=head, sizes=(44.0, 40.0, 36.0, 32.0))
        deck.panel(slide, box=Box(left=0, top=0, width=14, height=HEIGHT), colour=style.ACCENT)
        if theme.logo is not None:
            words = self.w.of(theme.logo_text) if theme.logo_text else ""
            deck.picture(slide, theme.logo.png, box=Box(left=EDGE, top=44, width=220, height=90), alt=words)
        lines = [[Run(text=self.cover.subtitle)]] if self.cover.subtitle else []
        deck.text(
            slide,
            lines + [[Run(text=f"{label}: {value}")] for label, value in self.cover.facts.items()],
            box=Box(left=EDGE, top=276, width=WIDTH - 2 * EDGE, height=120),
            sizes=(20.0, 18.0, 16.0),
            colour=style.MUTED,
        )
        if self.cover.simulated:
            deck.text(
                slide,
                [[Run(text=self.w("label.simulated_long"))]],
                box=Box(left=EDGE, top=420, width=WIDTH - 2 * EDGE - 120, height=60),
                sizes=(14.0, 12.0),
            )

    def board(self) -> None:
        """Write the board's slide: up to five sentences beside the chapter's first picture."""
        parts = self._chapter(*BOARD)
        lines = [p for p in told_in(parts) if p.kind == "bullet"][:BULLETS]
        if not lines:
            lines = [p for p in told_in(parts) if p.kind == "text"][:BULLETS]
        figure = next((part for part in parts if isinstance(part, Figured)), None)
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
            place = Box(left=left, top=BODY.top, width=WIDTH - EDGE - left, height=BODY.height - 20)
            self._draw(slide, figure, box=place)
            self._source(slide, figure)

    def priorities(self) -> None:
        """Write up to three cards, one a priority; nothing when the report names none."""
        parts = [*self._chapter("board"), *self._chapter("priorities"), *self._chapter("attention")]
        listed = [p for p in told_in(parts) if p.kind == "number"][:CARDS]
        if not listed:
            return
        slide = self.deck.slide(self.w("slides.priorities"))
        across = max(len(listed), CARDS - 1)  # two cards share the slide; one keeps to its left half
        width = (BODY.width - (across - 1) * GAP) / across
        told = [
            [[Run(text=name, bold=True)], *([Run(text=s)] for s in rest)] for name, rest in map(split, listed)
        ]
        inner = (width - 32, BODY.height - 132)
        sizes = [
            size for size in TEXT_SIZES if all(fits_at(lines, size, room=inner, gap=8) for lines in told)
        ]
        for place, lines in enumerate(told):
            left, top = BODY.left + place * (width + GAP), BODY.top + 6
            card = Box(left=left, top=top, width=width, height=inner[1] + 72)
            self.deck.panel(slide, box=card, colour=style.ACCENT_SOFT)
            number = Box(left=left + 16, top=top + 14, width=inner[0], height=36)
            head = [[Run(text=self.w.count(place + 1), bold=True)]]
            self.deck.text(slide, head, box=number, sizes=(28.0,), colour=style.ACCENT)
            box = Box(left=left + 16, top=top + 58, width=inner[0], height=inner[1])
            self.deck.text(slide, lines, box=box, sizes=sizes[:1] or TEXT_SIZES[-1:], gap=8)
        note = [p for p in after(parts, listed[-1]) if p.kind == "text"][:1]
        if note:
            foot = Box(left=BODY.left, top=BODY.top + BODY.height - 40, width=BODY.width, height=36)
            self.deck.text(slide, [note[0].runs], box=foot, sizes=(12.0, 11.0), colour=style.MUTED)

    def finding(self, figure: Figured) -> None:
        """Write a figure's slide: the finding in words above it, the rest of it beside it."""
        told = self._told(figure)
        native = self._native(figure)
        reading = how_to_read(native, self.w) if native and not native.shaded else sentences(figure.note)
        slide = self.deck.slide(told.headline, notes=notes_of(figure, reading))
        if not told.rest:
            self._alone(slide, figure, reading=reading, titled=figure.title != told.headline)
            return
        place = Box(left=BODY.left, top=BODY.top, width=BODY.width - BESIDE - GAP, height=BODY.height)
        self._draw(slide, figure, box=place)
        beside = Box(left=WIDTH - EDGE - BESIDE, top=BODY.top + 4, width=BESIDE, height=BODY.height - 110)
        body = [[Run(text=figure.title, bold=True)]] if figure.title != told.headline else []
        self.deck.text(
            slide,
            [*body, *([Run(text=sentence)] for sentence in told.rest)] or [[Run(text="")]],
            box=beside,
            sizes=(16.0, 15.0, 14.0, 13.0, 12.0),
            gap=7,
        )
        if reading:
            foot = Box(left=beside.left, top=BODY.top + BODY.height - 98, width=BESIDE, height=98)
            lines = [[Run(text=sentence)] for sentence in reading[:3]]
            self.deck.text(slide, lines, box=foot, sizes=(11.0, 10.5), colour=style.MUTED, gap=2)
        self._source(slide, figure)

    def _alone(self, slide: Any, figure: Figured, *, reading: Sequence[str], titled: bool) -> None:
        """Give a figure the whole slide: the headline says all; what it is stands below it."""
        low = 34.0
        self._draw(slide, figure, box=replace(BODY, height=BODY.height - low - 8))
        runs = [Run(text=f"{figure.title}. ", bold=True)] if titled else []
        if runs := [*runs, *([Run(text=" ".join(reading[:3]))] if reading else [])]:
            foot = Box(left=BODY.left, top=BODY.top + BODY.height - low, width=BODY.width, height=low)
            self.deck.text(slide, [runs], box=foot, sizes=(12.0, 11.0, 10.5), colour=style.MUTED)
        self._source(slide, figure)

    def claims(self) -> None:
        """Write what the data say about each claim, as the chapter sums it up."""
        parts = self._chapter("verdicts")
        lines = [p for p in told_in(parts) if p.kind == "bullet"]
        if not lines:
            return
        heading = next((h.text for part in parts if isinstance(part, Prose) for h in part.headings), "")
        slide = self.deck.slide(heading)
        self.deck.text(slide, [line.runs for line in lines], box=BODY, sizes=TEXT_SIZES, bullets=True, gap=10)

    def method(self) -> None:
        """Write the last slide: how it was done, and what may not be said."""
        half = (BODY.width - GAP) / 2
        who = [part for part in self._chapter("sample") if isinstance(part, Prose) and not part.headings]
        told = told_in(who)[:1] + told_in(self._chapter("method"))
        done = [p.runs for p in told if p.kind == "text"][:3]
        limits = list(self._limits())
        if not done and not limits:
            return
        slide = self.deck.slide(self.w("slides.method"))
        columns = ((self.w("slides.done"), done), (self.w("slides.limits"), limits))
        for place, (head, lines) in enumerate(columns):
            left = BODY.left + place * (half + GAP)
            self.deck.text(
                slide,
                [[Run(text=head, bold=True)]],
                box=Box(left=left, top=BODY.top, width=half, height=26),
                sizes=(18.0, 16.0),
                colour=style.ACCENT,
            )
            box = Box(left=left, top=BODY.top + 32, width=half, height=BODY.height - 70)
            if lines:
                self.deck.text(slide, lines, box=box, sizes=TEXT_SIZES[1:], bullets=place == 1, gap=8)
        foot = Box(left=BODY.left, top=BODY.top + BODY.height - 24, width=BODY.width, height=20)
        words = [[Run(text=self.w("slides.reports"))]]
        self.deck.text(slide, words, box=foot, sizes=(12.0,), colour=style.MUTED)

    def _limits(self) -> Iterator[tuple[Run, ...]]:
        """Yield what the report may not be quoted for: the bullets below that text, wherever it stands."""
        begun = False
        for paragraph in told_in(self.story.parts):
            if begun and paragraph.kind != "bullet":
                return
            if begun:
                yield paragraph.runs
            begun = begun or paragraph.text == bare(self.w("claim.may_not"))

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
        head = told[:1] if source == "alt" else self._before(figure) if source == "before" else []
        if head and measure.fitting(head[0], room=HEAD.room, sizes=(22.0,), bold=True) is not None:
            return _Told(headline=head[0].rstrip("."), rest=told[1:] if source == "alt" else told)
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
        place = Box(left=BODY.left, top=BODY.top + BODY.height + 4, width=BODY.width, height=16)
        self.deck.text(slide, [[Run(text=text)]], box=place, sizes=(10.0,), colour=style.MUTED)

    def _chapter(self, *names: str) -> list[Part]:
        """Return the parts of the first of these chapters that there is."""
        first = self.story.chapters[0] if self.story.chapters and "summary" in names else ""
        for name in (*names, first):
            found = self.story.of_chapter(name) if name else []
            if found:
                return found
        return []
