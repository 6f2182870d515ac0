"""A plain file of answers: numbers, texts, missing cells, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jq_models.data.plain import likely_codes, read_plain
from jq_models.errors import DataError


@pytest.fixture
def file(tmp_path: Path):
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "d.csv"
        path.write_text(text, encoding=encoding, newline="")
        return path

    return write


def test_semicolons_decimal_commas_and_a_bom_are_read(file) -> None:
    path = file("\ufeffa;b;team\n1,5;2;Noord\n-0,25;;Süd\n3;NA;\n", encoding="utf-8")
    frame = read_plain(path, numeric=["a", "b"], text=["team"])
    assert list(frame["a"]) == [1.5, -0.25, 3.0]
    np.testing.assert_array_equal(frame["b"], [2.0, np.nan, np.nan])
    assert list(frame["team"]) == ["Noord", "Süd", None]


def test_cells_can_be_declared_missing_in_numbers_and_texts(file) -> None:
    path = file("a,team\n99,x\n9,n/a\n1e2,y\n")
    frame = read_plain(path, numeric=["a"], text=["team"], missing=["99", " n/a"])
    np.testing.assert_array_equal(frame["a"], [np.nan, 9.0, 100.0])
    assert list(frame["team"]) == ["x", None, "y"]


def test_whole_numbers_as_groups_keep_their_look(file) -> None:
    assert list(read_plain(file("a,g\n1,1\n2,02\n"), numeric=["a"], text=["g"])["g"]) == ["1", "02"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "d.csv has no column 'c'. Allowed: a, b."),
        ("a,c,c\n1,2,3\n", "2 columns named 'c'"),
        ("a,c\n1,2,3\n1,2\n", "1 row has more cells than there are column names"),
        ("a,c\n1,x77\n2,inf\n3,4\n", "column 'c': 2 cells have something that is no number"),
    ],
)
def test_what_cannot_be_read_is_refused_without_a_cell(file, text: str, says: str) -> None:
    with pytest.raises(DataError) as caught:
        read_plain(file(text), numeric=["c"])
    assert says in str(caught.value)
    assert "x77" not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "suspected"),
    [
        ([1, 2, 5, 99], True),
        ([1, 2, 5, 999, 99], True),
        ([0, 1, -9], True),
        ([1, 5, -99], True),
        ([18, 40, 88, 99], False),
        ([-20, -9, 15], False),
        ([1, 2, 5], False),
        ([99, 99], False),
        ([0.3, 99.5], False),
    ],
)
def test_codes_far_from_all_answers_are_suspected(values: list[float], suspected: bool) -> None:
    assert likely_codes(pd.DataFrame({"x": [*values, np.nan]})) == (["x"] if suspected else [])
