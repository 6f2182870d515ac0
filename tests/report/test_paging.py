"""Figures give way where they would leave a printed page half empty, and only there."""

from __future__ import annotations

import re

import pytest

from jq_models.report.paging import FIRST, HEIGHT, MM, PART, SMALLEST, Part, filled, fitted

TEXT, GAP = 30 * MM, 4 * MM


def text(height: float = TEXT, *, heading: bool = False, breaks: tuple[float, ...] = ()) -> Part:
    return Part(kind="text", height=height, space=GAP, heading=heading, breaks=breaks)


def figure(height: float, *, caption: float = 12 * MM) -> Part:
    return Part(kind="figure", height=height + caption, space=GAP, image=height)


def table(height: float, *, breaks: tuple[float, ...] = (), head: float = 0.0) -> Part:
    return Part(kind="table", height=height, space=GAP, breaks=breaks, head=head)


def test_what_fits_stays_as_it_is() -> None:
    assert filled([text(), figure(60 * MM), table(50 * MM), text()]) == ([0, 1, 2, 3], {})


def test_a_figure_that_nearly_fits_is_set_smaller_and_never_below_the_smallest() -> None:
    above = text(HEIGHT - 112 * MM)
    order, heights = filled([above, figure(110 * MM), text()])
    assert order == [0, 1, 2]
    assert SMALLEST * 110 * MM <= heights[1] < 110 * MM
    # with its caption it ends on the page
    assert above.height + GAP + heights[1] + 12 * MM <= HEIGHT
    _, heights = filled([above, figure(140 * MM), text(heading=True)])
    assert heights == {}


def test_texts_and_tables_go_before_a_figure_that_does_not_fit_up_to_a_heading() -> None:
    above, tall = text(HEIGHT - 100 * MM), figure(180 * MM)
    assert filled([above, tall, text(), table(40 * MM), text()]) == ([0, 2, 3, 1, 4], {})
    assert filled([above, tall, text(heading=True), text()])[0] == [0, 1, 2, 3]
    # a second figure never overtakes the first: their numbers stand in order
    assert filled([above, tall, figure(20 * MM), text()])[0] == [0, 1, 2, 3]
    # the last part holds the end of the page
    assert filled([above, tall, text()])[0] == [0, 1, 2]


def test_a_little_empty_room_changes_nothing() -> None:
    assert filled([text(HEIGHT - 30 * MM), figure(60 * MM), text(10 * MM), text()])[0] == [0, 1, 2, 3]


def test_a_table_of_few_rows_waits_while_a_text_goes_first_but_not_another_table() -> None:
    above, short = text(HEIGHT - 60 * MM), table(80 * MM)
    assert filled([above, short, text(), text()])[0] == [0, 2, 1, 3]
    assert filled([above, short, table(20 * MM), text()])[0] == [0, 1, 2, 3]


def test_what_may_break_fills_its_page_and_goes_on_with_its_head() -> None:
    rows = tuple(10 * MM * k for k in range(3, 30))
    long = table(300 * MM, breaks=rows, head=8 * MM)
    # 40 mm of the page are left: three rows fit there, the other 260 and the head of 8 run 17 over the next
    # page, where a figure then has to be what is left of a third page
    _, heights = filled([text(HEIGHT - 44 * MM), long, figure(190 * MM), text()])
    assert heights == {}
    _, heights = filled([text(HEIGHT - 44 * MM), long, figure(220 * MM), text()])
    assert list(heights) == [2]


BOARD = (
    '<html><head></head><body><section class="board"><p>1</p>{part}<figure><img src="a"><figcaption>f'
    "</figcaption></figure></section>{part}<p>2</p>{part}<p>3</p></body></html>"
)


@pytest.mark.parametrize(("over", "expected"), [(-5 * MM, None), (20 * MM, 57), (90 * MM, 42)])
def test_the_boards_picture_is_as_small_as_its_page_needs(over: float, expected: float | None) -> None:
    def layout(html: str) -> dict[str, tuple[float, float]]:
        names = dict(re.findall(r'<(\w+) id="(jq-[^"]+)"', html))
        bottom = FIRST + over
        tops = {"img": bottom - 90 * MM, "figcaption": bottom - 10 * MM}
        ends = {"img": bottom - 10 * MM, "figcaption": bottom}
        return {key: (tops.get(name, 0.0), ends.get(name, 10 * MM)) for name, key in names.items()}

    page = fitted(BOARD.replace("{part}", PART), layout)
    found = re.search(r"max-height:(\d+)px", page)
    assert (found and round(int(found[1]) / MM)) == expected


def test_a_page_too_long_to_measure_stays_as_it_is() -> None:
    page = BOARD.replace("{part}", PART)
    assert fitted(page, lambda _: {}) == page
