"""Every public function says what it takes, gives back and refuses; its examples run."""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.util
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Callable
from types import ModuleType

import pytest

import jq_models
import jq_models.errors
from docs.make.api import annotations_of, meaning
from docs.make.docstrings import docstring_of
from docs.make.rooms import Public, rooms

PUBLIC = [one for room in rooms() for one in room.names]
FUNCTIONS = [one for one in PUBLIC if one.kind == "function"]
OURS = {name for name, item in vars(jq_models.errors).items() if inspect.isclass(item)}
# a first line that says what comes back, or what is shown or written
SAYS = re.compile(r"(Return|Show|Draw|Say|Write|Give|List|Delete|Put|Display|Hand|Cut)")


def place(one: Public) -> str:
    """Return the name a developer finds it by."""
    return f"{one.room}.{one.name}"


def unexplained(one: Public) -> list[str]:
    """Return the parameters of which neither docstring, name nor type says what they are."""
    written = {name for entry in docstring_of(one.item).parameters for name in entry.names}
    types = annotations_of(one)
    return [name for name, kind in types.items() if name not in written and not meaning(name, kind)]


def invented(one: Public) -> list[str]:
    """Return what a docstring explains though the function does not take it."""
    written = [name for entry in docstring_of(one.item).parameters for name in entry.names]
    return [name for name in written if name not in annotations_of(one)]


def says_what_comes_back(one: Public) -> bool:
    """Whether section, first line or a public type tells what a function gives back."""
    doc, kind = docstring_of(one.item), str(inspect.signature(inspect.unwrap(one.item)).return_annotation)
    if kind == "None" or kind.startswith("Iterator"):  # nothing, or a block to be run inside
        return True
    return bool(doc.returns or SAYS.match(doc.summary) or meaning("", kind))


def not_warned_of(function: Callable[..., object]) -> list[str]:
    """Return the errors of the package that a function raises itself and does not name under Raises."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    calls = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    raised = {c.func.id for c in calls if isinstance(c, ast.Call) and isinstance(c.func, ast.Name)}
    told = {name for entry in docstring_of(function).raises for name in entry.names}
    return sorted(raised & OURS - told)


def test_there_is_something_to_document() -> None:
    assert len(FUNCTIONS) > 350
    assert {"fit_sem", "fit_pls", "release", "fit_table", "open_study"} <= {one.name for one in FUNCTIONS}


def test_every_parameter_is_explained() -> None:
    assert {place(one): missing for one in FUNCTIONS if (missing := unexplained(one))} == {}


def test_nothing_is_explained_that_is_not_there() -> None:
    assert {place(one): extra for one in FUNCTIONS if (extra := invented(one))} == {}


def test_every_function_says_what_comes_back() -> None:
    assert [place(one) for one in FUNCTIONS if not says_what_comes_back(one)] == []


def test_every_error_of_ours_is_named() -> None:
    found = {place(one): not_warned_of(inspect.unwrap(one.item)) for one in FUNCTIONS}
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_every_type_says_what_it_is() -> None:
    assert [place(one) for one in PUBLIC if one.kind == "class" and not docstring_of(one.item).summary] == []


def sample(x: int, y: str) -> dict[str, int]:
    """Mix.

    Parameters
    ----------
    x : int
        One.
    z : int
        Nobody takes it.
    """
    if not y:
        raise jq_models.errors.SpecError("y is empty")
    return {y: x}


def raising(x: int) -> int:
    """Return x."""
    from jq_models.errors import SpecError

    if x < 0:
        raise SpecError("x is negative. Take another.")
    return x


def test_a_bare_docstring_is_found() -> None:
    one = Public(room="tests", name="sample", item=sample)
    assert unexplained(one) == ["y"]
    assert invented(one) == ["z"]
    assert not says_what_comes_back(one)
    assert not_warned_of(raising) == ["SpecError"]


def modules_with_examples() -> list[str]:
    """Return the modules whose text holds an example."""
    names = [one.name for one in pkgutil.walk_packages(jq_models.__path__, "jq_models.")]
    found = []
    for name in names:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None and spec.origin.endswith(".py"):
            with open(spec.origin, encoding="utf-8") as file:
                if ">>> " in file.read():
                    found.append(name)
    return found


WITH_EXAMPLES = modules_with_examples()


def test_the_core_has_examples() -> None:
    examples = {one.name for one in FUNCTIONS if ">>> " in (inspect.getdoc(one.item) or "")}
    assert {"fit_sem", "fit_indices", "reliability", "htmt", "effects", "fit_pls"} <= examples
    assert "jq_models.disclosure" in WITH_EXAMPLES
    assert len(examples) >= 20


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_run(name: str) -> None:
    module: ModuleType = importlib.import_module(name)
    found = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert found.attempted > 0
    assert found.failed == 0
