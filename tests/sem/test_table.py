"""The parameter table against lavaan's, and what it refuses."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from references import CASES, REFERENCE, keyed, reference

from jq_models.errors import SpecError
from jq_models.sem import parameter_table
from jq_models.sem.table import Parameters

TABLES = pd.read_csv(REFERENCE / "tables" / "tables.csv")
TEXTS = pd.read_csv(REFERENCE / "tables" / "models.csv").set_index("model")["text"]


def as_frame(table: Parameters) -> pd.DataFrame:
    return pd.DataFrame([dataclasses.asdict(row) for row in table.rows])


@pytest.mark.parametrize("name", list(TEXTS.index))
def test_rows_and_fixed_values_are_lavaans(name: str) -> None:
    ours = keyed(as_frame(parameter_table(TEXTS[name])))
    theirs = keyed(TABLES[TABLES["model"] == name])
    assert sorted(ours.index) == sorted(theirs.index)
    theirs = theirs.loc[ours.index]
    assert ((ours["free"] > 0) == (theirs["free"] > 0)).all()
    assert (ours["sample"].astype(int) == theirs["exo"]).all()
    assert (ours["label"] == theirs["label"].fillna("")).all()
    fixed = (ours["free"] == 0) & ~ours["sample"]
    np.testing.assert_array_equal(ours.loc[fixed, "value"], theirs.loc[fixed, "ustart"])


@pytest.mark.parametrize("case", CASES)
def test_tables_of_the_fitted_cases(case: str) -> None:
    table = parameter_table(reference(case).text)
    ours, theirs = keyed(as_frame(table)), keyed(reference(case).table("table"))
    assert sorted(ours.index) == sorted(theirs.index)
    assert ((ours["free"] > 0) == (theirs.loc[ours.index, "free"] > 0)).all()
    assert table.n_free == reference(case).measures["npar"]


def test_rows_come_loadings_paths_covariances() -> None:
    table = parameter_table("x1 ~~ x2\ng ~ f\ng =~ x4 + x5 + x6\nf =~ x1 + x2 + x3")
    ops = [row.op for row in table.rows]
    assert ops == sorted(ops, key=["=~", "~", "~~"].index)
    assert [row.name for row in table.rows[6:9]] == ["g ~ f", "x1 ~~ x2", "x4 ~~ x4"]
    assert [row.free for row in table.rows if row.free] == list(range(1, table.n_free + 1))


def test_equal_labels_are_one_parameter() -> None:
    table = parameter_table("f =~ x1 + a*x2 + a*x3\ng =~ x4 + b*x5 + x6")
    free = {row.name: row.free for row in table.rows}
    assert free["f =~ x2"] == free["f =~ x3"] != free["g =~ x5"]
    assert table.free_names[:3] == ("a", "b", "g =~ x6")
    assert table.design.sum(axis=0)[0] == 2
    assert table.n_free == 3 + 6 + 3


def test_roles() -> None:
    table = parameter_table("f =~ x1 + x2 + x3\ng =~ x4\nh =~ f + g\ny ~ h + age")
    assert table.observed == ("x1", "x2", "x3", "x4", "y", "age")
    assert table.latent == ("f", "g", "h")
    assert table.covariates == ("age",)
    assert table.endogenous == ("x1", "x2", "x3", "x4", "y", "f", "g")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("f =~ x1 + x2 + x1", r"line 1, column 16: 'f =~ x1' stands twice"),
        ("f =~ x1 + x2\nx1 ~~ x2\nx2 ~~ x1", r"line 3, column 7: 'x1 ~~ x2' stands twice"),
        ("f =~ x1 + f", r"line 1, column 11: 'f' cannot explain itself"),
        ("y ~ x + y", r"line 1, column 9: 'y' cannot explain itself"),
        ("y ~ x\nx ~~ x", r"'x ~~ x': the variances and covariances of an observed covariate"),
    ],
)
def test_contradictions_are_refused(text: str, what: str) -> None:
    with pytest.raises(SpecError, match=what):
        parameter_table(text)


def test_a_label_shared_with_the_marker_fixes_its_parameter() -> None:
    # as lavaan does; a label may be spelt like a variable
    table = parameter_table("f =~ x2*x1 + x2*x2 + x3")
    assert [row.value for row in table.rows[:2]] == [1.0, 1.0]
    assert table.free_names[0] == "f =~ x3"


def test_a_table_is_frozen() -> None:
    table = parameter_table("f =~ x1 + x2 + x3")
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.rows = ()  # type: ignore[misc]
