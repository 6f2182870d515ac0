"""The screen of a fit: what must be known first, aligned numbers, no number cut off."""

from __future__ import annotations

import io
import math
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from jq_models.report.fit_record import FitRecord, dropped_sentences, few_cases_sentences
from jq_models.report.fit_screen import block_of, fit_screen
from jq_models.run.fit_file import fit_file

FOLDER = Path(__file__).parents[1] / "reference" / "holzinger"


@pytest.fixture(scope="module")
def record() -> FitRecord:
    """Two groups with robust tests and intercepts."""
    return fit_file(
        FOLDER / "model.txt", FOLDER / "data.csv", estimator="MLR", group="school", equal=("loadings",)
    )


def shown(record: FitRecord, *, width: int) -> list[str]:
    file = io.StringIO()
    Console(file=file, width=width, highlight=False).print(fit_screen(record))
    return [line.rstrip() for line in file.getvalue().splitlines()]


@pytest.mark.parametrize("width", [100, 80, 70, 60, 50, 36])
def test_every_line_fits_and_no_number_is_cut(record: FitRecord, width: int) -> None:
    lines = shown(record, width=width)
    assert max(map(len, lines)) <= width
    assert not [line for line in lines if "…" in line]
    rows = [line for line in lines if line.startswith(("   x2 ~~ x2", "   x9 ~1"))]
    assert len(rows) == 4
    for row in rows:
        numbers = row.split()[3 if "~~" in row else 2 :]
        assert all(
            len(n.split(".")[1]) == 2 if i == 2 and len(numbers) == 7 else len(n.split(".")[1]) == 3
            for i, n in enumerate(numbers)
        ), row


def test_numbers_line_up_at_the_decimal_sign(record: FitRecord) -> None:
    lines = shown(record, width=100)
    loadings = [line for line in lines if line.startswith("   visual =~ ")]
    places = [{i for i, sign in enumerate(line) if sign == "."} for line in loadings]
    # columns are as wide as their group's widest number
    for group in (places[:3], places[3:]):
        assert set.intersection(*group) == group[0]
        assert len(group[1]) == 7


def test_header_names_facts_and_robust_indices(record: FitRecord) -> None:
    text = "\n".join(shown(record, width=100))
    for words in (
        "Model       model.txt, 54 free parameters",
        "Data        data.csv, 301 of 301 cases in 2 groups",
        "Estimator   MLR, robust (sandwich) standard errors",
        "Test        chi-square 124.044, df 54, p < .001",
        "Scaled      chi-square ",
        "Robust      CFI ",
        "Group 1: Pasteur (156 cases)",
        "Group 2: Grant-White (145 cases)",
        "95% low",
    ):
        assert words in text, words
    assert text.count("Intercepts") == 2
    assert "Means" not in text


def test_small_units_get_more_decimals() -> None:
    data = pd.read_csv(FOLDER / "data.csv")
    table = pd.DataFrame({"lhs": ["f"], "op": ["=~"], "rhs": ["x"], "group": 1, "label": "", "free": 1})
    table = table.assign(
        est=0.00123, se=0.00045, z=2.7, pvalue=0.01, ci_low=0.0003, ci_high=0.002, std_all=math.nan
    )
    record = FitRecord(
        model="m",
        data="d",
        estimator="ML",
        groups=(("", len(data)),),
        n=len(data),
        n_dropped=0,
        npar=1,
        table=table,
    )
    line = next(line for line in shown(record, width=80) if "f =~ x" in line)
    assert line.split() == ["f", "=~", "x", "0.00123", "0.00045", "2.70", ".010", "0.00030", "0.00200", "-"]


def test_every_kind_of_row_has_its_block() -> None:
    rows = [
        ("f", "=~", "x", "Loadings"),
        ("y", "~", "f", "Paths"),
        ("x", "~~", "y", "Covariances"),
        ("x", "~~", "x", "Variances"),
        ("x", "~1", "", "Intercepts"),
        ("f", "~1", "", "Means"),
        ("x", "|", "t1", "Thresholds"),
        ("x", "~*~", "x", "Scale factors"),
        ("ind", ":=", "a*b", "Defined parameters"),
    ]
    table = pd.DataFrame(rows, columns=["lhs", "op", "rhs", "block"])
    assert list(block_of(table, ("f",))) == list(table["block"])


def test_markup_in_names_is_shown_as_it_is() -> None:
    record = FitRecord(
        model="[red]m.txt", data="d[/].csv", estimator="ML", n=1, n_dropped=0, failure="[bold]no."
    )
    assert shown(record, width=100)[0] == "Failed: [red]m.txt on d[/].csv: [bold]no."


def test_sentences_count() -> None:
    assert dropped_sentences(0, n=10, missing="listwise", columns=()) == []
    assert dropped_sentences(1, n=9, missing="fiml", columns=("g",)) == [
        "1 of 10 cases was left out: no answer to any dependent variable, or none to a covariate, "
        "or no value in g."
    ]
    assert few_cases_sentences(100, 20) == []
    assert few_cases_sentences(99, 20)[0].startswith(
        "Few cases for the size of the model: 99 for 20 free parameters, 5.0 each"
    )
