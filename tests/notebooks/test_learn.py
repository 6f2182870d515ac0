"""The course: solved notebooks pass their own checks, and students' copies are derived from them."""

import copy
import re

import nbformat
import pytest

from jq_models.errors import RunError
from jq_models.learn import chapters, exercises_of
from jq_models.paths import project_root
from jq_models.run.clean import notebook_text, read_notebook, write_notebook
from jq_models.run.course import BLANK, TAG, copy_of, copy_path, is_copy, is_solved
from jq_models.run.notebook import run_notebook
from jq_models.run.refresh import refresh_all, stored_notebooks

FOLDER = project_root() / "notebooks" / "learn"
SOLVED = sorted((FOLDER / "solutions").glob("*.ipynb"))
CHAPTERS = pytest.mark.parametrize("path", SOLVED, ids=[path.stem for path in SOLVED])
_CHECK = re.compile(r'\bcheck\("(\d\d\.\d)", ([^\n]*)\)')


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_every_chapter_has_its_exercises_and_no_copy_is_without_a_solution():
    assert [path.stem[:2] for path in SOLVED] == list(chapters())
    assert sorted(path.name for path in FOLDER.glob("*.ipynb")) == [path.name for path in SOLVED]
    assert all(is_solved(path) for path in SOLVED)


@CHAPTERS
def test_the_copy_is_what_is_derived(path):
    derived = copy_of(read_notebook(path), where=path.name)
    assert copy_path(path).read_text(encoding="utf-8") == notebook_text(derived), (
        "run `python3 do.py refresh`"
    )


@CHAPTERS
def test_the_copy_holds_no_solution_and_no_output(path):
    solved, blank = read_notebook(path), read_notebook(copy_path(path))
    assert is_copy(copy_path(path))
    assert [cell.cell_type for cell in solved.cells] == [cell.cell_type for cell in blank.cells]
    for old, new in zip(code(solved), code(blank), strict=True):
        assert (new.outputs, new.execution_count) == ([], None)
        assert TAG not in str(new.metadata)
        assert (old.source == new.source) is (TAG not in old.metadata.get("tags", []))


@CHAPTERS
def test_every_exercise_is_asked_once_and_solved(path):
    asked = [match for cell in code(read_notebook(path)) for match in _CHECK.findall(cell.source)]
    assert [number for number, _ in asked] == list(exercises_of(path.stem[:2]))
    said = [
        output.data["text/plain"]
        for cell in code(read_notebook(path))
        if _CHECK.search(cell.source)
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    assert len(said) == len(asked)
    assert [text for text in said if not text.startswith("Right: ")] == []


@CHAPTERS
def test_every_exercise_is_announced_with_its_number(path):
    text = "\n".join(cell.source for cell in read_notebook(path).cells if cell.cell_type == "markdown")
    for number in exercises_of(path.stem[:2]):
        assert f"**Exercise {number}" in text


@CHAPTERS
def test_a_chapter_leads_to_the_next(path):
    last = read_notebook(path).cells[-1]
    following = SOLVED[SOLVED.index(path) + 1 :]
    assert last.cell_type == "markdown"
    if following:
        assert re.search(rf"Next:\s.*\({re.escape(following[0].name)}\)", last.source)


@CHAPTERS
@pytest.mark.slow
def test_the_copy_runs_from_top_to_bottom_with_sliders(path):
    """Blanks get a friendly word; nothing stops a student who has not answered yet."""
    ran = run_notebook(copy_path(path), out=None, parameters={"live": True})
    said = [
        output.data["text/plain"]
        for cell in code(ran)
        if _CHECK.search(cell.source)
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    assert [text.split(":")[0] for text in said] == ["No answer yet"] * len(exercises_of(path.stem[:2]))
    widgets = [o for cell in code(ran) for o in cell.outputs if "widget" in str(o.get("data", {}).keys())]
    assert widgets, "live=True shows no slider"


@pytest.fixture
def solved(make_notebook):
    notebook = make_notebook("answer = 3", "answer")
    notebook.cells[2].metadata = nbformat.from_dict({"tags": [TAG, "kept"], BLANK: "answer = ..."})
    return notebook


def test_a_copy_has_blanks_for_solutions(solved):
    blank = copy_of(solved, where="x.ipynb")
    assert [cell.source for cell in code(blank)][1:] == ["answer = ...", "answer"]
    assert blank.cells[2].metadata == {"tags": ["kept"]}
    assert solved.cells[2].source == "answer = 3", "the solved notebook is left as it is"


def test_a_solution_without_a_blank_and_a_notebook_without_solutions_are_refused(solved):
    without = copy.deepcopy(solved)
    del without.cells[2].metadata[BLANK]
    with pytest.raises(RunError, match=r"x.ipynb: cell 3 is tagged 'solution' without metadata 'blank'"):
        copy_of(without, where="x.ipynb")
    without.cells[2].metadata.tags = []
    with pytest.raises(RunError, match="no cell is tagged 'solution'"):
        copy_of(without, where="x.ipynb")


def test_refresh_runs_the_solved_notebook_and_derives_the_copy(solved, tmp_path):
    path = tmp_path / "learn" / "solutions" / "01_small.ipynb"
    path.parent.mkdir(parents=True)
    write_notebook(solved, path)
    said = []
    assert refresh_all(stored_notebooks(tmp_path), say=said.append) == [path, copy_path(path)]
    assert said == ["01_small.ipynb: changed", "01_small.ipynb: changed"]
    assert stored_notebooks(tmp_path) == [path], "a copy is not run"
    assert refresh_all(stored_notebooks(tmp_path), say=said.append) == []
    assert code(read_notebook(copy_path(path)))[1].source == "answer = ..."


def test_the_door_leads_to_every_chapter_and_to_nothing_that_is_not_there():
    door = project_root() / "notebooks" / "00_start_here.ipynb"
    text = "\n".join(cell.source for cell in read_notebook(door).cells if cell.cell_type == "markdown")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [link for link in links if not (door.parent / link).is_file()] == []
    assert {f"learn/{path.name}" for path in SOLVED} <= set(links)
    assert {f"study/{path.name}" for path in (door.parent / "study").glob("*.ipynb")} <= set(links)
