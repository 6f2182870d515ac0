"""What an export was made from, held against what the package read: every answer, group and number."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy
from jq_models.data.simulate import MISSING_CODE
from jq_models.spec import Instrument

CONTRACTS = {"permanent": "Vast", "flex": "Flexibel"}
COVARIATES = {"customer_contact": "contact", "recommend": "recommend"}


def drawn(frame: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Return the answers as they were drawn, reversed items turned, people without an answer left out."""
    answers = pd.DataFrame(index=frame.index)
    for item in instrument.items:
        given = frame[item.code].astype(float).replace(MISSING_CODE, np.nan)
        answers[item.code] = item.scale.low + item.scale.high - given if item.reversed else given
    return answers[answers.notna().any(axis=1)]


def as_drawn(opened: OpenStudy, frame: pd.DataFrame, instrument: Instrument) -> None:
    """Hold a study opened in Dutch against the simulated answers its file was made from."""
    answers = drawn(frame, instrument)
    people = frame.loc[answers.index].reset_index(drop=True)
    responses = opened.responses
    pd.testing.assert_frame_equal(
        responses.items.reset_index(drop=True), answers.reset_index(drop=True), check_dtype=False
    )
    groups = responses.groups.astype(object)
    for name in ("organisation", "team"):
        assert list(groups[name]) == list(people[name]), name
    assert list(groups["contract"]) == [CONTRACTS[cell] for cell in people["contract"]]
    # "2 dagen" where many enough chose it for the study file to word it, else the bare number
    assert [int(text.split()[0]) for text in groups["home_days"]] == list(people["home_days"])
    for name, column in COVARIATES.items():
        expected = people[column].astype(float)
        np.testing.assert_array_equal(responses.covariates[name].to_numpy(), expected.to_numpy(), name)
