"""What every test shares: a fixed environment, a guard on global random state, small notebooks."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

# Before numpy and matplotlib are imported: small matrices are slower on two threads, and there is no screen.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["MPLBACKEND"] = "Agg"

CHECKOUT = Path(__file__).parents[1]
SHARED = CHECKOUT.parent / "shared"
WHOLE_STUDIES = "tests/study/"
# Spread over processes, what takes longest begins first: else one process ends alone.
LONGEST = (WHOLE_STUDIES, "notebooks/", "tests/run/")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest files first in a process of many."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _place(item.nodeid))


def _place(test: str) -> int:
    return next((k for k, folder in enumerate(LONGEST) if test.startswith(folder)), len(LONGEST))


@pytest.hookimpl(optionalhook=True)  # without xdist there is no such hook
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Spread whole files; those of whole studies stay together, as they share the reports."""
    from xdist.scheduler import LoadScopeScheduling

    class Files(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return WHOLE_STUDIES if nodeid.startswith(WHOLE_STUDIES) else nodeid.split("::", 1)[0]

    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # would put the files with the most tests first
    return Files(config, log)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The project's folder."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of outside data and reference numbers, beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("no folder 'shared' beside the checkout: outside data and references are absent")
    return SHARED


def _random_state() -> tuple[object, ...]:
    import numpy as np

    kind, keys, *rest = np.random.get_state(legacy=True)  # noqa: NPY002 - watched here, used nowhere
    return random.getstate(), kind, keys.tobytes(), *rest


@pytest.fixture(autouse=True)
def no_global_randomness() -> Iterator[None]:
    """Fail a test that draws from, or seeds, the global generators of ``random`` and numpy."""
    before = _random_state()
    yield
    if _random_state() != before:
        pytest.fail("global random state was changed: pass a numpy.random.Generator instead")


@pytest.fixture(scope="session")
def make_notebook() -> Callable[..., NotebookNode]:
    """A small notebook from sources: text starting with ``#`` and a blank is markdown, the rest code.

    The first code cell is the parameters cell.
    """

    def make(*sources: str, parameters: str = 'study: str = "demo"\nseed: int = 1') -> NotebookNode:
        first = nbformat.v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]})
        cells = [nbformat.v4.new_markdown_cell("# A question", id="question"), first]
        for number, source in enumerate(sources, start=1):
            new = nbformat.v4.new_markdown_cell if source.startswith("# ") else nbformat.v4.new_code_cell
            cells.append(new(source, id=f"cell-{number}"))
        spec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
        return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})

    return make
