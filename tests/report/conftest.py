"""Small made-up results, one set for all tests of tables and sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jq_models.report.wording import Wording, wording
from jq_models.spec import Instrument, load_instrument


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    return load_instrument("ccc_job_quality")


@pytest.fixture
def en() -> Wording:
    return wording("en")


@pytest.fixture
def nl() -> Wording:
    return wording("nl")


@pytest.fixture
def reliability() -> pd.DataFrame:
    columns = ["n_items", "alpha", "omega", "composite_reliability", "ave"]
    rows = {"ENJ": [4, 0.851, 0.853, 0.852, 0.592], "SAT": [4, 0.812, 0.815, 0.813, 0.524]}
    rows["TIN"] = [1, np.nan, np.nan, np.nan, np.nan]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("construct")


@pytest.fixture
def htmt() -> pd.DataFrame:
    codes = ["OPP", "ENJ", "SAT"]
    values = np.array([[np.nan, 0.51, 0.42], [0.51, np.nan, 0.78], [0.42, 0.78, np.nan]])
    return pd.DataFrame(values, index=codes, columns=codes)


@pytest.fixture
def matrix() -> pd.DataFrame:
    codes = ["OPP", "ENJ", "SAT"]
    nan = np.nan
    values = np.array([[0.75, nan, nan], [0.50, 0.77, nan], [0.40, 0.70, 0.72]])
    return pd.DataFrame(values, index=codes, columns=codes)


@pytest.fixture
def effects() -> pd.DataFrame:
    rows = [
        ("JQ", "SAT", "direct", 0.76, 0.71, 0.81),
        ("JQ", "SAT", "indirect", 0.0, 0.0, 0.0),
        ("JQ", "SAT", "total", 0.76, 0.71, 0.81),
        ("JQ", "TIN", "direct", 0.0, 0.0, 0.0),
        ("JQ", "TIN", "indirect", -0.53, -0.59, -0.47),
        ("JQ", "TIN", "total", -0.53, -0.59, -0.47),
    ]
    columns = ["source", "target", "kind", "estimate", "ci_low", "ci_high"]
    return pd.DataFrame(rows, columns=columns)
