"""What every test shares: a fixed environment, a guard on global random state, small notebooks."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

# Before numpy and matplotlib are imported: small matrices are slower on two threads, and there is no screen.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["MPLBACKEND"] = "Agg"

CHECKOUT = Path(__file__).parents[1]
SHARED = CHECKOUT.parent / "shared"


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
