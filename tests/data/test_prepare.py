"""From a checked file to answers: coded, turned, grouped, and every step in the log."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from jq_models.data import LOG_RULES, prepare, read_table
from jq_models.errors import DataError
from jq_models.spec import Text


@pytest.fixture
def prepared(read, answers, study, instrument):
    """Prepare an altered copy of the clean answers."""

    def _prepare(frame=answers, study=study, **options):
        return prepare(read(frame), study=study, instrument=instrument, **options)

    return _prepare


def _log(responses):
    return {(entry.rule, entry.column): entry.count for entry in responses.log}


def test_clean_answers(prepared, answers, instrument):
    responses = prepared()
    assert list(responses.items.columns) == [item.code for item in instrument.items]
    assert responses.n == responses.n_read == 60
    assert responses.items["OPP1"].tolist() == answers["v1"].astype(float).tolist()
    assert responses.items["OPP4"].tolist() == (6 - answers["OPP4"].astype(float)).tolist()
    assert set(map(str, responses.items.dtypes)) == {"float64"}
    assert _log(responses) == {("turned", "OPP4"): 60, ("turned", "AMB3"): 60}


def test_the_order_of_the_columns_is_the_order_asked(prepared, answers, instrument):
    codes = [item.code for item in instrument.items]
    assert prepared().asked == tuple(codes)
    turned = answers[answers.columns[::-1]].assign(AMB1=None, AMB2=None, AMB3=None, AMB4=None)
    responses = prepared(turned)
    assert responses.asked == tuple(code for code in codes[::-1] if not code.startswith("AMB"))
    assert list(responses.items) == [code for code in codes if not code.startswith("AMB")]


def test_all_items_of_a_construct_point_the_same_way(prepared):
    items = prepared().items
    for code in ("OPP", "AMB", "SAT"):
        assert items.filter(like=code).corr().min().min() > 0.2


def test_every_recode_and_exclusion_is_logged(prepared, answers):
    frame = answers.copy()
    frame.loc[0, [c for c in frame.columns if c not in ("org", "team", "remarks")]] = None
    frame.loc[[1, 2], "v1"] = "99"
    frame.loc[3, "SAT1"] = "weet niet"
    frame.loc[[4, 5, 6], "OPP4"] = ["4 - Eens", "4 = agree", "4 - Agree"]
    frame.loc[[7, 8], "team"] = None
    responses = prepared(frame)
    assert _log(responses) == {
        ("label_text", "OPP4"): 3,
        ("declared_missing", "v1"): 2,
        ("no_answer_text", "SAT1"): 1,
        ("turned", "OPP4"): 59,
        ("turned", "AMB3"): 59,
        ("group_missing", "team"): 2,
        ("row_dropped", None): 1,
    }
    assert (responses.n, responses.n_read) == (59, 60)
    assert responses.items["OPP4"][3:6].tolist() == [2, 2, 2]
    assert np.isnan(responses.items["OPP1"][0])
    assert {entry.rule for entry in responses.log} <= set(LOG_RULES)


def test_rows_keep_together_when_one_is_dropped(prepared, answers):
    frame = answers.copy()
    frame.loc[0, [c for c in frame.columns if c not in ("org", "team", "remarks")]] = None
    responses = prepared(frame)
    assert responses.groups["team"].tolist() == answers["team"].tolist()[1:]
    assert responses.items["SAT1"].tolist() == answers["SAT1"].astype(float).tolist()[1:]
    assert list(responses.items.index) == list(responses.groups.index) == list(range(59))


def test_a_team_named_na_or_none_is_a_team(prepared):
    groups = prepared().groups
    assert groups["team"].cat.categories.tolist() == ["NA", "None", "Noord", "Zuid"]
    assert groups["team"].notna().all()


def test_groups_are_text_in_natural_order(prepared, answers):
    frame = answers.assign(org=[str(k) for k in np.arange(60) % 3 * 5 + 5])
    assert prepared(frame).groups["organisation"].cat.categories.tolist() == ["5", "10", "15"]


def test_group_labels_of_the_study_file(prepared, labelled):
    assert prepared(study=labelled, language="nl").groups["organisation"].value_counts().to_dict() == {
        "Een": 30,
        "Twee": 30,
    }
    assert prepared(study=labelled).groups["organisation"].cat.categories.tolist() == ["1", "2"]


def test_one_label_for_two_groups_is_refused(prepared, labelled):
    group = labelled.groups[0]
    twice = {code: Text(en="Same", nl="Zelfde") for code in group.labels}
    study = replace(labelled, groups=(replace(group, labels=twice),))
    with pytest.raises(DataError, match="'Same' stands for more than one code"):
        prepared(study=study, language="en")


def test_spss_labels_name_the_groups(tmp_path, answers, study, instrument):
    frame = answers.drop(columns=["team", "remarks"]).astype(float).assign(team=answers["team"])
    path = tmp_path / "a.sav"
    words = {"org": {1: "Één", 2: "Twee"}}
    pyreadstat.write_sav(frame, path, variable_value_labels=words, missing_ranges={"SAT1": [1]})
    responses = prepare(read_table(path), study=study, instrument=instrument)
    assert responses.groups["organisation"].cat.categories.tolist() == ["Één", "Twee"]  # by code
    assert _log(responses)["user_missing", "SAT1"] == int((frame["SAT1"] == 1).sum()) > 0


def test_an_absent_construct_is_left_out_and_logged(prepared, answers):
    responses = prepared(answers.drop(columns=["AMB1", "AMB2", "AMB3", "AMB4"]))
    assert responses.constructs == ("OPP", "SAT", "REC")
    assert not [c for c in responses.items if c.startswith("AMB")]
    assert _log(responses)["construct_left_out", "AMB"] == 4


def test_errors_are_listed_with_column_and_count(prepared, answers):
    frame = answers.assign(SAT1="7", AMB2="999").drop(columns="v1")
    with pytest.raises(DataError, match=r"small.csv cannot be used for study 'small': 3 errors") as caught:
        prepared(frame)
    text = str(caught.value)
    assert "missing_column v1 (1); out_of_range SAT1 (60); leftover_missing_code AMB2 (60)" in text
    assert "jq-models check FILE --study small" in text


def test_too_few_rows(prepared, answers):
    with pytest.raises(DataError, match=r"1 error: too_few_rows \(12\)"):
        prepared(answers.head(12))


def test_complete_drops_listwise_and_says_so(prepared, answers):
    frame = answers.copy()
    frame.loc[[0, 1, 2], "SAT1"] = None
    frame.loc[[2, 3], "AMB1"] = None
    responses = prepared(frame)
    both = responses.complete(["SAT1", "AMB1"])
    assert (both.n, responses.n) == (56, 60)
    assert (both.log[-1].rule, both.log[-1].count) == ("listwise", 4)
    assert responses.complete(["SAT1"]).n == 57
    assert list(both.items.columns) == list(responses.items.columns)
    assert len(both.groups) == both.n
    assert list(both.groups.index) == list(both.items.index) == list(range(56))


def test_complete_names_an_unknown_item(prepared):
    with pytest.raises(DataError, match=r"no answers to 'SAT9'\. Did you mean 'SAT"):
        prepared().complete(["SAT9"])


def test_responses_cannot_be_changed(prepared):
    responses = prepared()
    with pytest.raises(FrozenInstanceError):
        responses.n_read = 3
    with pytest.raises(ValueError, match="read-only"):
        responses.items.iloc[0, 0] = 9.0
    with pytest.raises(ValueError, match="read-only"):
        responses.complete(["SAT1"]).items.to_numpy()[0, 0] = 9.0


def test_no_answer_shows_in_a_repr(prepared):
    text = repr(prepared())
    assert "Noord" not in text
    assert "OPP1" not in text
    assert "n_read=60" in text


def test_preparing_leaves_the_file_as_it_was_read(read, answers, study, instrument):
    raw = read(answers)
    before = raw.frame.copy()
    prepare(raw, study=study, instrument=instrument)
    pd.testing.assert_frame_equal(raw.frame, before)
