"""The still figure is always shown; sliders only where someone can move them."""

import ast

import pytest

from jq_models.errors import SpecError
from jq_models.learn import explore, sliders
from jq_models.paths import project_root
from jq_models.report import Drawing
from jq_models.report.marks import new_figure
from jq_models.report.style import styled
from jq_models.run.clean import read_notebook


@pytest.fixture
def drawn(monkeypatch):
    shown = []
    monkeypatch.setattr(sliders, "show", shown.append)
    return shown


def drawing(*values):
    with styled():
        return Drawing(name="x", title=repr(values), figure=new_figure(1), alt="a", note="")


def test_a_page_shows_the_still_figure_and_draws_nothing_else(drawn):
    called = []
    explore(called.append, static=drawing(), n=(10, 100, 10))
    assert [one.title for one in drawn] == ["()"]
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
    assert drawn[1].title == "(50, 0.0, 'one')"
    controls = boxes[0].children[:3]
    assert [type(control).__name__ for control in controls] == ["IntSlider", "FloatSlider", "Dropdown"]
    controls[0].value = 100
    assert drawn[2].title == "(100, 0.0, 'one')"


@pytest.mark.parametrize("given", [(1,), (5, 1, 1), (0, 1, 0), ("a", 1, 2)], ids=str)
def test_a_range_of_another_form_is_refused(given, drawn):
    with pytest.raises(SpecError, match=r"range of 'n'.*give \(low, high, step\)"):
        explore(drawing, static=drawing(), n=given)
    assert drawn == []


CHAPTERS = sorted((project_root() / "notebooks" / "learn").glob("*.ipynb"))


def sliders_of(path):
    """What a chapter's `explore` draws, and the ends of its sliders; a figure may have a name of its own."""
    code = "\n".join(cell.source for cell in read_notebook(path).cells if cell.cell_type == "code")
    names, tree = {}, ast.parse(code)
    for line in tree.body:
        named = isinstance(line, ast.Assign) and isinstance(line.value, ast.Attribute)
        if isinstance(line, (ast.Import, ast.ImportFrom)) or (
            named and ast.unparse(line).startswith("figure ")
        ):
            exec(ast.unparse(line), names)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if ast.unparse(call.func) == "explore":
            given = {word.arg: word.value for word in call.keywords if word.arg not in ("static", "live")}
            yield eval(ast.unparse(call.args[0]), names), [ast.literal_eval(one) for one in given.values()]


@pytest.mark.parametrize("path", CHAPTERS, ids=[path.stem for path in CHAPTERS])
def test_every_slider_of_the_course_draws_at_both_ends(path):
    """A slider's error stays inside its widget: a notebook that runs through does not show it."""
    found = list(sliders_of(path))
    assert found
    for draw, ranges in found:
        for end in (0, 1):
            assert isinstance(draw(*(one[end] for one in ranges)), Drawing)
