"""A small questionnaire, a study of it and clean answers: what the tests of this layer bend and break."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jq_models.data import RawTable, read_table
from jq_models.spec import Group, Instrument, Study, Text, load_instrument, load_study

SCALES = """
name = "small"
version = "1"
default_scale = "agree5"
title = { en = "Small", nl = "Klein" }
source = { en = "Own", nl = "Eigen" }
[[scales]]
name = "agree5"
values = [1, 2, 3, 4, 5]
labels.en = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]
labels.nl = ["Helemaal oneens", "Oneens", "Neutraal", "Eens", "Helemaal eens"]
[[scales]]
name = "eleven"
values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
labels.en = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
labels.nl = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
"""
STUDY = """
name = "small"
instrument = "small"
title = { en = "Small", nl = "Klein" }
[data]
file = "data/raw/small.csv"
missing = [99]
ignore = ["remarks"]
[columns]
OPP1 = "v1"
[[groups]]
name = "organisation"
column = "org"
label = { en = "Organisation", nl = "Organisatie" }
[[groups]]
name = "team"
column = "team"
label = { en = "Team", nl = "Team" }
[covariates]
customer_contact = "contact"
"""
ITEMS = {"OPP": "dimension", "AMB": "dimension", "SAT": "outcome"}
REVERSED = ("OPP4", "AMB3")


def _construct(code: str, role: str) -> str:
    items = "".join(
        f"[[constructs.items]]\ncode = '{code}{k}'\ntext = {{ en = 'q {code}{k}', nl = 'v {code}{k}' }}\n"
        f"reversed = {str(f'{code}{k}' in REVERSED).lower()}\n"
        for k in range(1, 5)
    )
    names = "".join(f"{key} = {{ en = '{code}', nl = '{code}' }}\n" for key in ("name", "high"))
    return f"[[constructs]]\ncode = '{code}'\nrole = '{role}'\n{names}{items}"


@pytest.fixture
def instrument(tmp_path: Path) -> Instrument:
    """Three constructs of four items on five points, and a single item on eleven (0-10)."""
    folder = tmp_path / "instruments"
    folder.mkdir()
    single = _construct("REC", "outcome").split("[[constructs.items]]")
    text = SCALES + "".join(_construct(code, role) for code, role in ITEMS.items())
    text += f"{single[0]}scale = 'eleven'\n[[constructs.items]]{single[1]}"
    (folder / "small.toml").write_text(text, encoding="utf-8")
    return load_instrument("small", folder=folder)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Item OPP1 in column v1, 99 declared missing, two groups, remarks ignored."""
    folder = tmp_path / "studies"
    folder.mkdir()
    (folder / "small.toml").write_text(STUDY, encoding="utf-8")
    return load_study("small", folder=folder)


@pytest.fixture
def labelled(study: Study) -> Study:
    """The study with words for the codes of its organisations."""
    labels = {"1": Text(en="One", nl="Een"), "2": Text(en="Two", nl="Twee")}
    first = study.groups[0]
    named = Group(name=first.name, column=first.column, label=first.label, labels=labels)
    return replace(study, groups=(named, study.groups[1]))


@pytest.fixture
def answers() -> pd.DataFrame:
    """Clean raw answers of 60 persons as text cells, reversed items as they were ticked."""
    rng = np.random.default_rng(7)
    n = 60
    frame = pd.DataFrame(index=range(n))
    level = rng.normal(size=n)
    for code in ITEMS:
        factor = 0.5 * level + rng.normal(size=n)
        for k in range(1, 5):
            score = np.clip(np.rint(3.2 + factor * 0.8 + 0.7 * rng.normal(size=n)), 1, 5).astype(int)
            frame[f"{code}{k}"] = 6 - score if f"{code}{k}" in REVERSED else score
    frame["REC1"] = rng.integers(0, 11, size=n)
    frame["org"] = np.where(np.arange(n) % 4 < 2, 1, 2)  # every team in one organisation
    frame["team"] = np.array(["Noord", "Zuid", "NA", "None"])[np.arange(n) % 4]
    frame["contact"] = np.array([20, 40, 60, 80, 100])[np.arange(n) % 5]
    frame["remarks"] = "all is well"
    return frame.rename(columns={"OPP1": "v1"}).astype(str).astype(object)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a frame as CSV: UTF-8 and commas unless told otherwise."""

    def _write(frame: pd.DataFrame, *, name: str = "small.csv", **options: Any) -> Path:
        path = tmp_path / name
        frame.to_csv(path, index=False, **({"encoding": "utf-8"} | options))
        return path

    return _write


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., RawTable]:
    """Write a frame as CSV and read it back."""
    return lambda frame, **options: read_table(write(frame, **options))
