"""Scores by days at home: drawn where groups can be compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jq_models.report.figures_sources import home_figure
from jq_models.report.wording import Wording, wording
from jq_models.spec import load_instrument


@pytest.fixture(scope="module")
def en() -> Wording:
    return wording("en")


def by_days(*means: float) -> pd.DataFrame:
    """The masked means of one scale, a group after the other."""
    rows = [("SAT", f"{day} days", mean, mean - 0.2, mean + 0.2) for day, mean in enumerate(means)]
    return pd.DataFrame(rows, columns=["construct", "group", "mean", "ci_low", "ci_high"])


def test_one_group_is_not_drawn_where_the_others_are_hidden(en: Wording) -> None:
    instrument = load_instrument("ccc_job_quality")
    assert home_figure(by_days(3.5, np.nan, np.nan), en, instrument=instrument) is None
    drawn = home_figure(by_days(3.5, np.nan, 3.25), en, instrument=instrument)
    assert drawn is not None
    assert "0 days: 3.50" in drawn.alt
    assert "2 days: 3.25" in drawn.alt
    assert "1 days" not in drawn.alt
