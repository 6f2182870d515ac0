"""The data dictionary says what is in the questionnaire and the study file, nothing of the answers."""

from __future__ import annotations

import json

from jq_models.data import codebook, codebook_frame


def test_json_and_back(instrument, labelled):
    book = codebook(instrument, study=labelled)
    assert json.loads(json.dumps(book)) == book


def test_items(instrument, study):
    book = codebook(instrument, study=study)
    items = {item["code"]: item for item in book["items"]}
    assert list(items) == [item.code for item in instrument.items]
    assert items["OPP1"]["column"] == "v1"
    assert items["OPP4"]["reversed"] is True
    assert items["OPP1"]["text"] == {"en": "q OPP1", "nl": "v OPP1"}
    assert items["OPP1"]["missing"] == [99]
    assert book["scales"]["agree5"][4] == {"value": 5, "en": "Strongly agree", "nl": "Helemaal eens"}
    assert book["instrument"]["source"] == {"en": "Own", "nl": "Eigen"}


def test_without_a_study(instrument):
    book = codebook(instrument)
    assert "study" not in book
    assert book["items"][0]["column"] == "OPP1"
    assert book["items"][0]["missing"] == []


def test_groups(instrument, labelled):
    groups = codebook(instrument, study=labelled)["study"]["groups"]
    assert groups[0]["labels"]["1"] == {"en": "One", "nl": "Een"}


def test_frame(instrument, study):
    frame = codebook_frame(instrument, study=study)
    assert frame.index.tolist() == [item.code for item in instrument.items]
    assert frame.loc["OPP1", "values_nl"].startswith("1 = Helemaal oneens; 2 = Oneens")
    assert frame.loc["OPP1", "column"] == "v1"
    assert frame.loc["OPP1", "missing"] == "99"
    assert frame.loc[frame["reversed"]].index.tolist() == ["OPP4", "AMB3"]
    assert frame.notna().all().all()


def test_covariates_and_what_is_not_read(instrument, study):
    asked = {"contact": {"en": "How much?", "nl": "Hoeveel?"}}
    told = codebook(instrument, study=study, asked=asked)["study"]
    assert told["covariates"] == [
        {
            "name": "customer_contact",
            "column": "contact",
            "text": {"en": "How much?", "nl": "Hoeveel?"},
            "low": 0.0,
            "high": 100.0,
        }
    ]
    assert (told["missing"], told["ignore"]) == ([99], ["remarks"])
    assert [group["column"] for group in told["groups"]] == ["org", "team"]
    assert codebook(instrument, study=study)["study"]["covariates"][0]["text"] == {}
