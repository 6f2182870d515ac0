"""Opening a study: which file is read, in which language, with which models."""

from __future__ import annotations

import shutil

import pytest

from jq_models.data import DATA_VARIABLE, check_study, open_study
from jq_models.errors import DataError, RunError, SpecError
from jq_models.paths import PROJECT_VARIABLE


@pytest.fixture
def project(tmp_path, monkeypatch, instrument, study, answers):
    """A project of its own, with the clean answers in it."""
    root = tmp_path / "project"
    for folder in ("instruments", "studies"):
        shutil.copytree(tmp_path / folder, root / "data" / folder)
    (root / "data" / "raw").mkdir()
    answers.to_csv(root / "data" / "raw" / "small.csv", index=False)
    monkeypatch.setenv(PROJECT_VARIABLE, str(root))
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    return root


def _edit(project, old, new):
    path = project / "data" / "studies" / "small.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_file_of_the_study(project):
    study = open_study("small")
    assert (study.responses.n, study.language, study.data_name) == (60, "en", "small.csv")
    assert study.problems == ()
    assert len(study.data_sha256) == 64


def test_language(project):
    assert open_study("small", language="nl").language == "nl"
    with pytest.raises(SpecError, match="No language 'xx'"):
        open_study("small", language="xx")


def test_the_argument_wins_over_the_variable_over_the_study_file(project, write, answers, monkeypatch):
    monkeypatch.setenv(DATA_VARIABLE, str(write(answers.head(40), name="variable.csv")))
    assert open_study("small").responses.n == 40
    assert open_study("small", data=write(answers.head(50), name="argument.csv")).responses.n == 50
    monkeypatch.setenv(DATA_VARIABLE, "")
    assert open_study("small").responses.n == 60


def test_the_study_file_cannot_lead_out_of_the_project(project):
    _edit(project, "data/raw/small.csv", "../outside.csv")
    with pytest.raises(RunError, match="leads out of the project"):
        open_study("small")


def test_an_absent_file_says_how_to_get_it(project):
    (project / "data" / "raw" / "small.csv").unlink()
    with pytest.raises(DataError, match=r"no data at data/raw/small\.csv.*--data"):
        open_study("small")
    _edit(project, 'instrument = "small"', 'instrument = "small"\nsimulated = true')
    with pytest.raises(DataError, match="jq-models simulate"):
        open_study("small")


def test_errors_stop_opening_but_not_checking(project, write, answers):
    path = write(answers.assign(SAT1="999"))
    with pytest.raises(DataError, match="leftover_missing_code SAT1"):
        open_study("small", data=path)
    assert [p.rule for p in check_study("small", data=path)] == ["leftover_missing_code"]


def test_problems_of_lesser_weight_stay_with_the_study(project, write, answers):
    study = open_study("small", data=write(answers.assign(extra="x")))
    assert [p.rule for p in study.problems] == ["unknown_column"]


def test_ignored_columns_are_gone_and_yet_tell_two_persons_apart(project, write, answers):
    study = open_study("small")
    assert "remarks" not in [*study.responses.items, *study.responses.groups]
    copies = answers.iloc[[*range(60), 5]].assign(remarks=[str(k) for k in range(61)])
    assert check_study("small", data=write(copies)) == ()


def test_a_mapping_to_an_unknown_item(project):
    _edit(project, 'OPP1 = "v1"', 'OPP11 = "v1"')
    with pytest.raises(SpecError, match=r"'OPP11' is no item of small\. Did you mean 'OPP1'"):
        open_study("small")


def test_model(project, write, answers):
    study = open_study("small")
    text = study.model("correlated").text
    assert "OPP =~ OPP1 + OPP2 + OPP3 + OPP4" in text
    assert "AMB =~" in text
    assert "AMB =~" not in study.model("correlated", without=["AMB"]).text
    study = open_study("small", data=write(answers.drop(columns="REC1")))
    assert study.model("correlated").factors == ("OPP", "AMB", "SAT")
    with pytest.raises(SpecError, match="COM"):
        study.model()  # the main model is structural, and this questionnaire has no COM


@pytest.fixture
def gss(shared):
    path = shared / "data" / "gss_quality_of_worklife.csv"
    if not path.is_file():
        pytest.skip("the General Social Survey file is not beside the checkout")
    return path


def test_the_general_social_survey_opens_whole(gss, checkout, monkeypatch):
    monkeypatch.setenv(PROJECT_VARIABLE, str(checkout))
    study = open_study("gss", data=gss)
    assert study.responses.n_read == 3711
    assert not [p for p in study.problems if p.severity == "error"]
    items = study.responses.items
    # low = good in the file; after turning, satisfaction and clarity go together and against leaving
    assert items["SAT1"].corr(items["AMB1"]) > 0.1
    assert items["SAT1"].corr(items["TIN1"]) < -0.1
    assert items["SAT1"].mean() == pytest.approx(5 - 1.658852, abs=1e-5)  # awk: mean of satjob1
    assert study.responses.groups["year"].value_counts().to_dict() == {
        "2006": 1137,
        "2010": 1161,
        "2018": 1413,
    }


def test_the_demo_opens_without_errors(checkout, monkeypatch):
    monkeypatch.setenv(PROJECT_VARIABLE, str(checkout))
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    study = open_study("demo", language="nl")
    assert study.responses.n_read == 577
    assert study.responses.groups["contract"].cat.categories.tolist() == ["Vast", "Flexibel"]
    assert study.model().higher == ("JQ",)
