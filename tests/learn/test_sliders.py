"""The still figure is always shown; sliders only where someone can move them."""

import pytest

from jq_models.errors import SpecError
from jq_models.learn import explore, sliders
from jq_models.report import Drawing
from jq_models.report.marks import new_figure
from jq_models.report.style import styled


@pytest.fixture
def drawn(monkeypatch):
    shown = []
    monkeypatch.setattr(sliders, "show", shown.append)
    return shown


def drawing(**values):
    with styled():
        return Drawing(name="x", title=str(values), figure=new_figure(1), alt="a", note="")


def test_a_page_shows_the_still_figure_and_draws_nothing_else(drawn):
    called = []
    explore(called.append, static=drawing(), n=(10, 100, 10))
    assert [one.title for one in drawn] == ["{}"]
    assert called == []


def test_a_live_notebook_shows_sliders_at_their_start_and_redraws(drawn, monkeypatch):
    import IPython.display

    boxes = []
    monkeypatch.setattr(IPython.display, "display", boxes.append)
    explore(
        drawing,
        static=drawing(),
        live=True,
        n=(10, 100, 10, 50),
        share=(0.0, 1.0, 0.1),
        world=("one", "two"),
    )
    assert len(drawn) == 2
    assert drawn[1].title == "{'n': 50, 'share': 0.0, 'world': 'one'}"
    controls = boxes[0].children[:3]
    assert [type(control).__name__ for control in controls] == ["IntSlider", "FloatSlider", "Dropdown"]
    controls[0].value = 100
    assert drawn[2].title == "{'n': 100, 'share': 0.0, 'world': 'one'}"


@pytest.mark.parametrize("given", [(1,), (5, 1, 1), (0, 1, 0), ("a", 1, 2)], ids=str)
def test_a_range_of_another_form_is_refused(given, drawn):
    with pytest.raises(SpecError, match=r"range of 'n'.*give \(low, high, step\)"):
        explore(drawing, static=drawing(), n=given)
    assert drawn == []
