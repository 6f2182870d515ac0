"""Refreshing in place: deterministic bytes, nothing stored when a cell fails."""

import pytest

from jq_models.errors import RunError
from jq_models.run.clean import read_notebook, write_notebook
from jq_models.run.refresh import refresh, refresh_all, stored_notebooks


def test_twice_changes_nothing_and_foreign_traces_go(make_notebook, tmp_path):
    notebook = make_notebook("print({'b', 'a', 'c'})", "0.1 + 0.2", "")
    notebook.metadata.update(
        kernelspec={"name": "conda-env-x", "display_name": "x"}, papermill={"input_path": "/home/a"}
    )
    notebook.cells[2].metadata["execution"] = {"iopub.execute_input": "2020-01-01T00:00:00Z"}
    notebook.cells[2].execution_count = 17
    path = tmp_path / "small.ipynb"
    write_notebook(notebook, path)
    assert refresh(path) is True
    first = path.read_bytes()
    assert refresh(path) is False
    assert path.read_bytes() == first
    stored = read_notebook(path)
    assert [cell.execution_count for cell in stored.cells if cell.cell_type == "code"] == [1, 2, 3, None]
    assert [cell.id for cell in stored.cells] == [cell.id for cell in notebook.cells]
    assert stored.metadata.kernelspec.name == "python3"
    assert set(stored.metadata) == {"kernelspec", "language_info"}
    assert b"2020-01-01" not in first
    assert b"version" not in first.replace(b'"version": 3', b"")


def test_a_failing_notebook_stays_as_it_was(make_notebook, tmp_path):
    path = tmp_path / "small.ipynb"
    write_notebook(make_notebook("1 / 0"), path)
    before = path.read_bytes()
    with pytest.raises(RunError, match=r"small.ipynb: code cell 2 of 2 stopped with ZeroDivisionError"):
        refresh_all([path])
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["small.ipynb"]


def test_finds_notebooks_in_order_without_checkpoints(tmp_path):
    hidden = tmp_path / ".hidden" / "notebooks"
    for name in ("study/02_b.ipynb", "study/01_a.ipynb", "study/.ipynb_checkpoints/01_a-checkpoint.ipynb"):
        (hidden / name).parent.mkdir(parents=True, exist_ok=True)
        (hidden / name).touch()
    assert [p.name for p in stored_notebooks(hidden)] == ["01_a.ipynb", "02_b.ipynb"]
