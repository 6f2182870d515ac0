"""Read in the code: what is told by group goes through a release; no ends of a group's answers are told."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from grouped_answers import answered_by, column, some_items

from jq_models import evaluate
from jq_models.data import open_study
from jq_models.evaluate import survey

PACKAGE = Path(evaluate.__file__).parents[1]
BY_GROUP = re.compile(r"group_\w+|\w+_of_groups|segments")
ENDS = {"min", "max", "idxmin", "idxmax", "nsmallest", "nlargest", "quantile", "median", "nth", "describe"}


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def by_group(tree: ast.AST, *, imported: set[str]) -> list[ast.Call]:
    """Calls of functions of `evaluate` that return numbers by group."""
    found = []
    for call in calls(tree):
        if isinstance(call.func, ast.Attribute):
            of = getattr(call.func.value, "id", getattr(call.func.value, "attr", ""))
            if of in ("evaluate", "survey", "attention") and BY_GROUP.fullmatch(call.func.attr):
                found.append(call)
        elif name_of(call) in imported:
            found.append(call)
    return found


def imported_from_evaluate(tree: ast.AST) -> set[str]:
    return {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jq_models.evaluate")
        for name in node.names
        if BY_GROUP.fullmatch(name.name)
    }


def unmasked(source: str) -> int:
    """How many statements of a notebook's code call such a function and mask nothing."""
    tree = ast.parse(source)
    imported = imported_from_evaluate(tree)
    return sum(
        bool(by_group(statement, imported=imported)) and "mask" not in map(name_of, calls(statement))
        for statement in tree.body
    )


def masks_too_few(source: str) -> bool:
    """Whether a module calls such functions more often than it masks."""
    tree = ast.parse(source)
    asked = by_group(tree, imported=imported_from_evaluate(tree))
    return len(asked) > sum(name_of(call) == "mask" for call in calls(tree))


def ends_by_group(source: str) -> list[int]:
    """Lines that take an end or a middle of a grouped column: the answer of one person."""
    found = []
    for call in calls(ast.parse(source)):
        if not isinstance(call.func, ast.Attribute) or "groupby" not in map(name_of, calls(call.func.value)):
            continue
        words = {node.value for node in ast.walk(call) if isinstance(node, ast.Constant)}
        if name_of(call) in ENDS or (
            name_of(call) in ("agg", "aggregate", "transform", "apply") and words & ENDS
        ):
            found.append(call.lineno)
    return found


def notebook_code(path: Path) -> str:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def test_notebooks_tell_of_groups_through_a_release_only(checkout):
    notebooks = sorted((checkout / "notebooks").rglob("*.ipynb"))
    assert len(notebooks) > 5
    assert {path.name: n for path in notebooks if (n := unmasked(notebook_code(path)))} == {}


def test_notebooks_plan_with_the_groups_that_are_shown(checkout):
    planned = [
        call
        for path in (checkout / "notebooks" / "study").glob("*.ipynb")
        for call in calls(ast.parse(notebook_code(path)))
        if name_of(call) == "plan"
    ]
    assert len(planned) >= 7
    assert all("shown" in {word.arg for word in call.keywords} for call in planned)


@pytest.mark.parametrize("room", ["report", "run", "cli"])
def test_so_does_the_package(room):
    modules = sorted((PACKAGE / room).rglob("*.py"))
    assert modules
    assert [path.name for path in modules if masks_too_few(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("room", ["evaluate", "disclosure", "run"])
def test_no_ends_of_groups_are_computed(room):
    modules = sorted((PACKAGE / room).rglob("*.py"))
    found = {
        path.name: lines for path in modules if (lines := ends_by_group(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_tables_by_group_have_no_column_of_ends():
    opened = open_study("demo")
    responses = answered_by(items=some_items(60), team=column(a=20, b=40))
    frames = [
        evaluate.group_summary(responses, "team"),
        *survey.group_enps(opened.responses).values(),
        *survey.group_segments(opened).values(),
    ]
    for frame in frames:
        words = {word for name in frame.columns for word in str(name).lower().split("_")}
        assert not words & {"min", "max", "minimum", "maximum", "lowest", "highest", "range", "median"}


@pytest.mark.parametrize(
    "source",
    [
        "x = evaluate.group_summary(responses, 'team')",
        "report.show(survey.group_enps(responses))",
        "from jq_models.evaluate import group_sizes as sizes\nreport.show(sizes(responses, 'team'))",
        "x = survey.segments(responses, 'team', minimum=10)\ny = shown.mask(x, group='team')",
    ],
)
def test_a_planted_table_without_a_mask_is_found(source):
    assert unmasked(source) == 1


@pytest.mark.parametrize(
    "source",
    [
        "x = shown.mask(evaluate.group_summary(responses, 'team'), group='team')",
        "x = {n: shown.mask(r, group=n) for n, r in survey.group_enps(responses).items()}",
        "report.show(*report.group_views(sizes, w))",
    ],
)
def test_masked_tables_pass(source):
    assert unmasked(source) == 0


def test_a_planted_module_and_planted_ends_are_found():
    module = "from jq_models.evaluate import group_summary\ndef f(r):\n    return group_summary(r, 'team')\n"
    assert masks_too_few(module)
    assert not masks_too_few(module.replace("group_summary(r, 'team')", "s.mask(group_summary(r, 'team'))"))
    assert ends_by_group("x.groupby('team')['SAT'].max()") == [1]
    assert ends_by_group("x.groupby('team').agg({'SAT': ['mean', 'min']})") == [1]
    assert ends_by_group("x.groupby('team').mean().max()") == [1]  # cautious
    assert ends_by_group("x.groupby('team').mean()") == []
