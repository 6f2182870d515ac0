"""Slides without a figure: title, priorities, claims, and how it was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from jq_models.report import style
from jq_models.report.prose import Paragraph, Run
from jq_models.report.slides_choice import after, bare, priorities_headline, split, told_in, verdicts_headline
from jq_models.report.slides_deck import BODY, EDGE, HEIGHT, READABLE, WIDTH, Box, fits_at
from jq_models.report.story import Figured, Part, Prose, Story

if TYPE_CHECKING:
    from jq_models.report.slides import Slides

GAP = 26.0
CARDS = 3
CARD_EDGE = 16.0
TEXT_SIZES = (18.0, 17.0, 16.0, 15.0, 14.0, 13.0, READABLE)


def add_title(made: Slides) -> None:
    """Add the title slide: logo, title, study, facts, and that data are simulated."""
    deck, cover, theme = made.deck, made.cover, style.theme()
    head = Box(left=EDGE, top=168, width=WIDTH - 2 * EDGE, height=96)
    slide = deck.slide(cover.title, place=head, sizes=(44.0, 40.0, 36.0, 32.0))
    deck.panel(slide, box=Box(left=0, top=0, width=14, height=HEIGHT), colour=style.ACCENT)
    if theme.logo is not None:
        words = deck.w.of(theme.logo_text) if theme.logo_text else ""
        deck.picture(slide, theme.logo.png, box=Box(left=EDGE, top=44, width=220, height=90), alt=words)
    lines = [[Run(text=cover.subtitle)]] if cover.subtitle else []
    deck.text(
        slide,
        lines + [[Run(text=f"{label}: {value}")] for label, value in cover.facts.items()],
        box=Box(left=EDGE, top=276, width=WIDTH - 2 * EDGE, height=120),
        sizes=(20.0, 18.0, 16.0),
        colour=style.MUTED,
    )
    if cover.simulated:
        deck.text(
            slide,
            [[Run(text=deck.w("label.simulated_long"))]],
            box=Box(left=EDGE, top=420, width=WIDTH - 2 * EDGE - 120, height=60),
            sizes=(16.0, 14.0, READABLE),
        )


def add_priorities(made: Slides) -> None:
    """Add up to three cards, one a priority; nothing when the report names none."""
    parts = [part for name in ("board", "priorities", "attention") for part in made.chapter(name)]
    listed = [p for p in told_in(parts) if p.kind == "number"][:CARDS]
    if not listed:
        return
    deck, cards = made.deck, [split(paragraph) for paragraph in listed]
    slide = deck.slide(priorities_headline([name for name, _ in cards], deck.w))
    width = (BODY.width - (len(cards) - 1) * GAP) / len(cards)
    inner = (width - 2 * CARD_EDGE, BODY.height - 136)
    told = [[[Run(text=name, bold=True)], *([Run(text=s)] for s in rest)] for name, rest in cards]
    sizes = [s for s in (20.0, *TEXT_SIZES) if all(fits_at(lines, s, room=inner, gap=8) for lines in told)]
    for place, lines in enumerate(told):
        left, top = BODY.left + place * (width + GAP), BODY.top + 6
        card = Box(left=left, top=top, width=width, height=inner[1] + 72)
        deck.panel(slide, box=card, colour=style.ACCENT_SOFT)
        number = Box(left=left + CARD_EDGE, top=top + 14, width=inner[0], height=36)
        head = [[Run(text=deck.w.count(place + 1), bold=True)]]
        deck.text(slide, head, box=number, sizes=(28.0,), colour=style.ACCENT)
        box = Box(left=left + CARD_EDGE, top=top + 58, width=inner[0], height=inner[1])
        deck.text(slide, lines, box=box, sizes=sizes[:1] or TEXT_SIZES[-1:], gap=8)
    note = [p for p in after(parts, listed[-1]) if p.kind == "text"][:1]
    if note:
        foot = Box(left=BODY.left, top=BODY.top + BODY.height - 44, width=BODY.width, height=40)
        deck.text(slide, [note[0].runs], box=foot, sizes=(14.0, 13.0, READABLE), colour=style.MUTED)


def add_claims(made: Slides) -> None:
    """Add what the data say about each claim, as the chapter sums it up."""
    parts = made.chapter("verdicts")
    lines = [p for p in told_in(parts) if p.kind == "bullet"]
    if not lines:
        return
    heading = next((h.text for part in parts if isinstance(part, Prose) for h in part.headings), "")
    slide = made.deck.slide(verdicts_headline(heading, lines))
    sizes = (22.0, 20.0, *TEXT_SIZES)
    made.deck.text(slide, [line.runs for line in lines], box=BODY, sizes=sizes, bullets=True, gap=12)


def add_method(made: Slides) -> None:
    """Add the last slide: how it was done, and what may not be said."""
    who = [part for part in made.chapter("sample") if isinstance(part, Prose) and not part.headings]
    done = [p.runs for p in _opening(who, made.chapter("method")) if p.kind == "text"][:3]
    limits = list(_limits(made.story))
    if not done and not limits:
        return
    deck, half = made.deck, (BODY.width - GAP) / 2
    slide = deck.slide(deck.w("slides.method"))
    columns = ((deck.w("slides.done"), done), (deck.w("slides.limits"), limits))
    for place, (head, lines) in enumerate(columns):
        left = BODY.left + place * (half + GAP)
        deck.text(
            slide,
            [[Run(text=head, bold=True)]],
            box=Box(left=left, top=BODY.top, width=half, height=26),
            sizes=(18.0, 16.0),
            colour=style.ACCENT,
        )
        box = Box(left=left, top=BODY.top + 32, width=half, height=BODY.height - 70)
        if lines:
            deck.text(slide, lines, box=box, sizes=TEXT_SIZES[1:], bullets=place == 1, gap=8)
    foot = Box(left=BODY.left, top=BODY.top + BODY.height - 24, width=BODY.width, height=20)
    words = [[Run(text=deck.w("slides.reports"))]]
    deck.text(slide, words, box=foot, sizes=(READABLE,), colour=style.MUTED)


def _opening(who: Sequence[Part], method: Sequence[Part]) -> list[Paragraph]:
    """Return who was counted, and what the method chapter says."""
    return told_in(who)[:1] + told_in(method)


def _limits(story: Story) -> Iterator[tuple[Run, ...]]:
    """Yield what the report may not be quoted for: the bullets below that text, wherever it stands."""
    begun = False
    for paragraph in told_in(story.parts):
        if begun and paragraph.kind != "bullet":
            return
        if begun:
            yield paragraph.runs
        begun = begun or paragraph.text == bare(story.w("claim.may_not"))


def first_figure(parts: Sequence[Part]) -> Figured | None:
    """Return the first figure of some parts, if there is one."""
    return next((part for part in parts if isinstance(part, Figured)), None)
