"""The two questionnaires of the project keep the rules they were written by."""

import re
from collections import Counter

import pandas as pd
import pytest

from jq_models.spec import LANGUAGES, check_columns, load_instrument, load_study, questionnaire_of

DIMENSIONS = ["OPP", "AMB", "CON", "SUP", "ATM", "EMP", "ENJ", "TOO", "INT", "LCU", "LEM", "INF"]
OUTCOMES = ["SAT", "COM", "TIN"]
# Agreeing with these is bad for the construct. TIN counts the wish to leave, so TIN3 (staying) is turned.
REVERSED = {
    "OPP3": "dull",
    "AMB3": "guess",
    "CON2": "have to choose",
    "CON4": "contradictory",
    "ATM4": "gossip",
    "EMP4": "permission",
    "TOO3": "hold me up",
    "LCU3": "disappear",
    "INF2": "by surprise",
    "TIN3": "still working here",
}
NEGATION = {
    "en": r"\b(not|never|no|nothing|nobody|without)\b|n't\b",
    "nl": r"\b(niet|nooit|geen|niets|niemand|zonder)\b",
}


@pytest.fixture(scope="module")
def own():
    return load_instrument("ccc_job_quality")


@pytest.fixture(scope="module")
def survey():
    return load_instrument("gss_quality_of_worklife")


@pytest.fixture(scope="module", params=["ccc_job_quality", "gss_quality_of_worklife"])
def either(request):
    return load_instrument(request.param)


def texts_of(instrument, language):
    return [item.text[language] for item in instrument.items]


# the contact-center questionnaire


def test_twelve_dimensions_of_four_items_and_three_outcomes(own):
    assert [c.code for c in own.dimensions] == DIMENSIONS
    assert [c.code for c in own.outcomes] == OUTCOMES
    assert [c.code for c in own.constructs if c.new] == ["LCU", "LEM", "INF"]
    for construct in own.constructs:
        size = 3 if construct.code == "TIN" else 4
        assert [item.code for item in construct.items] == [f"{construct.code}{k}" for k in range(1, size + 1)]
    assert len(own.items) == 59


def test_facets_stand_where_the_seeds_name_them_and_hold_every_item(own):
    facets = {c.code: list(c.facets) for c in own.constructs if c.facets}
    assert facets == {
        "SUP": ["support", "coaching"],
        "EMP": ["felt", "allowed"],
        "INT": ["customers", "employees"],
        "LEM": ["asked", "serious", "role"],
        "INF": ["between", "within"],
    }
    for construct in own.constructs:
        assert {item.facet for item in construct.items} == (set(construct.facets) or {None})


def test_one_item_in_six_is_reversed_and_says_something_bad(own):
    assert {item.code for item in own.items if item.reversed} == set(REVERSED)
    assert 1 / 7 < len(REVERSED) / len(own.items) < 1 / 5
    assert max(Counter(code[:3] for code in REVERSED).values()) <= 2
    for code, word in REVERSED.items():
        assert word in own.item(code).text["en"]


def test_the_two_negative_names_are_scored_as_good(own):
    """AMB and CON: agreeing with an unturned item speaks of clarity, and of demands that go together."""
    for item in (*own.construct("AMB").items, *own.construct("CON").items):
        speaks_well = re.search(r"know|clear|still meet|go together", item.text["en"]) is not None
        assert speaks_well != item.reversed, item.code
    assert "clarity" in own.construct("AMB").name["en"].lower()
    assert "clear" in own.construct("AMB").high["en"]
    assert "duidelijk" in own.construct("AMB").name["nl"].lower()
    assert "absence" in own.construct("CON").name["en"].lower()
    assert "afwezigheid" in own.construct("CON").name["nl"].lower()


def test_turnover_intention_says_that_low_is_favourable(either):
    high = either.construct("TIN").high
    assert "low is favourable" in high["en"]
    assert "laag gunstig" in high["nl"]


@pytest.mark.parametrize("language", sorted(NEGATION))
def test_no_item_of_our_own_hangs_on_a_negation(own, language):
    for text in texts_of(own, language):
        assert not re.search(NEGATION[language], text, flags=re.IGNORECASE), text


def test_dutch_speaks_to_a_colleague(either):
    for text in texts_of(either, "nl"):
        assert not re.search(r"\b(u|uw)\b", text), text
        assert not re.search(
            r"commitment|performance|empower|feedback|customer", text, flags=re.IGNORECASE
        ), text


def test_answers_run_from_one_to_five(own):
    assert {item.scale.values for item in own.items} == {(1, 2, 3, 4, 5)}
    scale = own.items[0].scale
    assert (scale.labels["en"][0], scale.labels["en"][-1]) == ("Strongly disagree", "Strongly agree")
    assert (scale.labels["nl"][0], scale.labels["nl"][-1]) == ("Helemaal mee oneens", "Helemaal mee eens")


def test_one_item_on_integrity_is_sensitive(own):
    assert [item.code for item in own.items if item.sensitive] == ["INT4"]


def test_the_source_says_that_the_wording_is_our_own(own):
    assert "own wording: they are not the questionnaire" in own.source["en"]
    assert "zelf geformuleerd: het is niet de vragenlijst" in own.source["nl"]


# both questionnaires


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_stands_twice(either, language):
    for texts in (texts_of(either, language), [c.short[language] for c in either.constructs]):
        assert max(Counter(text.lower() for text in texts).values()) == 1


def test_both_languages_are_written_out(either):
    for item in either.items:
        assert item.text["en"] != item.text["nl"]
        for language in LANGUAGES:
            assert re.fullmatch(r"[A-Z].{10,110}[.?]", item.text[language]), item.code
    for construct in either.constructs:
        for words in (construct.name, construct.high, *construct.facets.values()):
            assert all(words[language].strip() == words[language] != "" for language in LANGUAGES)


def test_short_names_fit_an_axis(either):
    for construct in either.constructs:
        assert all(len(construct.short[language]) <= 26 for language in LANGUAGES), construct.code


# the General Social Survey


def test_the_survey_covers_what_it_covers(survey):
    assert [c.code for c in survey.dimensions] == [d for d in DIMENSIONS if d not in ("ENJ", "LCU", "LEM")]
    assert [c.code for c in survey.outcomes] == OUTCOMES
    assert all(item.reversed for item in survey.items)
    assert Counter(len(item.scale.values) for item in survey.items) == {4: 18, 5: 1, 3: 1}
    assert "NORC" in survey.source["en"]
    assert "NORC" in survey.source["nl"]


def test_the_survey_answers_point_the_right_way_once_turned(survey, shared):
    """The data decide: every item goes with satisfaction, and the wish to leave goes against it."""
    frame = pd.read_csv(shared / "data/gss_quality_of_worklife.csv")
    study = load_study("gss")
    turned = {
        item.code: item.scale.low + item.scale.high - frame[study.column_of(item.code)]
        for item in survey.items
    }
    with_satisfaction = pd.DataFrame(turned).corr()["SAT1"].drop("SAT1")
    assert with_satisfaction.pop("TIN1") < -0.3
    assert (with_satisfaction > 0.15).all()
    for item in survey.items:
        assert set(frame[study.column_of(item.code)].dropna()) == set(item.scale.values)


# the two studies


@pytest.mark.parametrize("name", ["demo", "gss"])
def test_the_study_files_fit_their_questionnaires(name):
    study = load_study(name)
    check_columns(study, load_instrument(study.instrument))
    assert study.simulated == (name == "demo")


def test_every_column_of_the_data_has_a_place(checkout, shared):
    for name, path in {
        "demo": checkout / "data/simulated/demo.csv",
        "gss": shared / "data/gss_quality_of_worklife.csv",
    }.items():
        study = load_study(name)
        items = {study.column_of(item.code) for item in questionnaire_of(study).items}
        groups = {group.column for group in study.groups}
        covariates = set(study.covariates.values())
        assert items | groups | covariates | set(study.ignore) == set(pd.read_csv(path, nrows=0).columns)


def test_the_labels_of_the_demo_groups_cover_their_codes(checkout):
    study = load_study("demo")
    frame = pd.read_csv(checkout / "data/simulated/demo.csv", dtype=str)
    for group in study.groups:
        if group.labels:
            assert set(group.labels) == set(frame[group.column]), group.name
