"""Tables made again beside the stored ones: what is the same, what nearly, what not, and which cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import openpyxl
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from jq_models.errors import RunError
from jq_models.run.reproduced_tables import (
    FIRST,
    compare_cell,
    compare_tables,
    compare_texts,
    compare_workbooks,
    items_moved,
)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("stored", "found"):
        (tmp_path / name).mkdir()
    return tmp_path / "stored", tmp_path / "found"


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("stored", "found", "state"),
    [
        ("0.5", "0.5", "identical"),
        ("0.50", "0.5", "identical"),
        ("", "", "identical"),
        ("0.5", "0.5000004", "within"),
        ("0.5", "0.500001", "changed"),
        ("1e-40", "5e-10", "within"),
        ("0.0", "2e-9", "changed"),
        ("577", "578", "changed"),
        ("20260000", "20260001", "changed"),  # a seed is another one, however near
        ("20260000.0", "20260001.0", "within"),
        ("supported", "inconclusive", "changed"),
        ("0.5", "", "changed"),
        ("nan", "0.5", "changed"),
        ("O01", "O02", "changed"),
    ],
)
def test_a_cell(stored: str, found: str, state: str) -> None:
    assert compare_cell(stored, found) == state


def test_the_cells_of_a_table_are_counted_and_the_changed_one_named(folders: tuple[Path, Path]) -> None:
    stored, found = folders
    write(stored, "items", "construct,item,mean\nOPP,OPP1,3.5\nOPP,OPP2,3.25\n")
    write(found, "items", "construct,item,mean\nOPP,OPP1,3.5000001\nOPP,OPP2,3.75\n")
    (one,) = compare_tables(stored, found)
    assert (one.identical, one.within, one.changed, one.state) == (7, 1, 1, "changed")
    first, second = one.places  # what changed comes first
    assert (first.row, first.column, first.stored, first.found) == ("OPP OPP2", "mean", "3.25", "3.75")
    assert (second.row, second.state) == ("OPP OPP1", "within")


def test_a_table_on_one_side_alone_has_changed(folders: tuple[Path, Path]) -> None:
    stored, found = folders
    write(stored, "gone", "a\n1\n")
    write(found, "new", "a\n1\n")
    gone, new = compare_tables(stored, found)
    assert (gone.name, gone.state, gone.places[0].found) == ("gone", "changed", "(not there)")
    assert (new.name, new.state, new.places[0].stored) == ("new", "changed", "(not there)")


def test_a_row_that_came_moves_no_other(folders: tuple[Path, Path]) -> None:
    stored, found = folders
    write(stored, "t", "group,n\nA,1\nC,3\n")
    write(found, "t", "group,n\nA,1\nB,2\nC,3\n")
    (one,) = compare_tables(stored, found)
    assert (one.identical, one.changed) == (6, 2)
    assert {place.row for place in one.places} == {"B"}


def test_no_more_than_the_first_cells_are_kept(folders: tuple[Path, Path]) -> None:
    stored, found = folders
    write(stored, "t", "a\n" + "1\n" * 40)
    write(found, "t", "a\n" + "2\n" * 40)
    (one,) = compare_tables(stored, found)
    assert (one.changed, len(one.places)) == (40, FIRST)


def test_a_line_of_versions_is_no_change(folders: tuple[Path, Path]) -> None:
    stored, found = folders
    write(stored, "t", "a\nnumpy 2.4.0; n 5\n")
    write(found, "t", "a\nnumpy 2.4.6; n 5\n")
    (one,) = compare_tables(stored, found, versions=[("numpy 2.4.0", "numpy 2.4.6")])
    assert (one.state, one.versions) == ("identical", 1)
    write(found, "t", "a\nnumpy 2.4.6; n 6\n")
    (one,) = compare_tables(stored, found, versions=[("numpy 2.4.0", "numpy 2.4.6")])
    assert one.state == "changed"


def test_workbooks_by_sheet(tmp_path: Path) -> None:
    for name, value in (("a.xlsx", 1.5), ("b.xlsx", 1.75)):
        book = openpyxl.Workbook()
        book.active.title = "Fit"
        book.active.append(["index", "value"])
        book.active.append(["cfi", value])
        book.save(tmp_path / name)
    (one,) = compare_workbooks(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    assert (one.name, one.kind, one.changed) == ("Fit", "sheet", 1)
    (lost,) = compare_workbooks(tmp_path / "a.xlsx", tmp_path / "none.xlsx")
    assert lost.state == "changed"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("r is 0.7200 in all", "identical"),
        ("r is 0.7201 in all", "within"),
        ("r is 0.7900 in all", "changed"),
        ("r is 0.7200 in most", "changed"),
    ],
)
def test_what_notebooks_say(folders: tuple[Path, Path], said: str, state: str) -> None:
    for folder, text in zip(folders, ("r is 0.7200 in all", said), strict=True):
        shown = new_output("display_data", data={"text/markdown": text, "text/plain": "beside"})
        cell = new_code_cell("x", id="x", execution_count=1, outputs=[shown])
        nbformat.write(new_notebook(cells=[cell]), folder / "01.ipynb")
    (one,) = compare_texts(*folders)
    assert (one.kind, one.state) == ("text", state)


def test_the_items_whose_own_numbers_moved(folders: tuple[Path, Path]) -> None:
    head = "construct,item,n,missing_share,mean,sd,item_rest\n"
    write(folders[0], "items", head + "OPP,OPP1,60,0,3.5,1,0.5\nOPP,OPP2,60,0,3.5,1,0.5\n")
    write(folders[1], "items", head + "OPP,OPP1,60,0,3.5,1,0.4\nOPP,OPP2,59,0,3.5,1,0.4\n")
    assert items_moved(*folders) == ("OPP2",)  # the other one's correlation with the rest moved alone
    last_digit = head + "OPP,OPP1,60,0,3.5000000000000004,1,0.5\nOPP,OPP2,60,0,3.5,1,0.5\n"
    write(folders[1], "items", last_digit)
    assert items_moved(*folders) == ()  # as other versions of the packages turn it
    (folders[1] / "items.csv").unlink()
    assert items_moved(folders[1], folders[0]) == ()


@pytest.mark.parametrize(
    ("name", "compare", "content"),
    [
        ("tables/a.csv", compare_tables, b"\xff\xfe\x00"),
        ("study.xlsx", compare_workbooks, b"no zip"),
        ("notebooks/01.ipynb", compare_texts, b"\xff\xfe\x00"),
        ("notebooks/01.ipynb", compare_texts, b"[]"),
    ],
    ids=["table", "workbook", "notebook", "no notebook"],
)
def test_a_file_of_the_report_that_was_spoilt_is_named(
    name: str, compare: Callable[..., object], content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    place = file if file.suffix == ".xlsx" else file.parent
    with pytest.raises(RunError, match=f"{file.name} of the report cannot be read. Restore it"):
        compare(place, place)
