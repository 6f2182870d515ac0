"""Starting a client: every tool's export goes from file to checked answers with nothing edited by hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from export_files import CANARY, ENDINGS, EXPORTS, IP, Written, answers_frame
from export_truth import drawn

from jq_models.data import open_study
from jq_models.data.simulate import MISSING_CODE
from jq_models.errors import DataError, RunError, SpecError
from jq_models.run.client import NewClient, new_client
from jq_models.spec import Instrument, load_study

GROUPS = {"organisation", "team", "contract", "home_days"}
Make = Callable[..., tuple[NewClient, Written, pd.DataFrame, Instrument]]


@pytest.fixture(scope="module")
def frames() -> dict[int, tuple[pd.DataFrame, Instrument]]:
    return {points: answers_frame(n=60, points=points) for points in (5, 7)}


@pytest.fixture
def project(tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with questionnaires and empty folders for studies and clients' data."""
    root = tmp_path / "project"
    shutil.copytree(checkout / "data" / "instruments", root / "data" / "instruments")
    for folder in ("studies", "raw"):
        (root / "data" / folder).mkdir()
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(root))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    return root


@pytest.fixture
def make(project: Path, tmp_path: Path, frames: dict[int, tuple[pd.DataFrame, Instrument]]) -> Make:
    """Write an export and start a client with it."""

    def _make(
        tool: str, *, points: int = 5, **options: str
    ) -> tuple[NewClient, Written, pd.DataFrame, Instrument]:
        frame, instrument = frames[points]
        path = tmp_path / f"export{ENDINGS[tool]}"
        written = EXPORTS[tool](frame, path, instrument=instrument, **options)
        return new_client("acme", data=path), written, frame, instrument

    return _make


def hold(client: NewClient, written: Written, *, frame: pd.DataFrame, instrument: Instrument) -> None:
    proposal = client.proposal
    assert proposal.columns == {item.code: written.columns[item.code] for item in instrument.items}
    assert (proposal.not_found, dict(proposal.doubtful)) == ((), {})
    assert {group.name for group in proposal.groups} >= GROUPS
    for group in proposal.groups:
        assert group.column == written.columns[group.name]
    assert proposal.covariates["customer_contact"] == written.columns["contact"]
    ignored = {column for columns in proposal.ignored.values() for column in columns}
    assert ignored >= {*written.personal, written.columns["remarks"]}
    opened = open_study(client.name)
    pd.testing.assert_frame_equal(
        opened.responses.items.reset_index(drop=True),
        drawn(frame, instrument).reset_index(drop=True),
        check_dtype=False,
    )
    text = client.study.read_text(encoding="utf-8")
    assert CANARY.casefold() not in text.casefold()
    assert IP not in text


@pytest.mark.parametrize("tool", EXPORTS)
def test_a_dutch_export_in_texts_is_read_as_drawn(tool: str, make: Make) -> None:
    client, written, frame, instrument = make(tool, language="nl", answers="texts")
    hold(client, written, frame=frame, instrument=instrument)
    assert client.language == "nl"
    assert client.proposal.scale is None


@pytest.mark.parametrize("tool", ["qualtrics_legacy", "limesurvey", "surveymonkey", "spss"])
def test_an_english_export_in_codes_is_read_as_drawn(tool: str, make: Make) -> None:
    client, written, frame, instrument = make(tool, language="en", answers="codes")
    hold(client, written, frame=frame, instrument=instrument)
    # SPSS declares its missing codes itself; everywhere else the 99s are found
    cells = int((frame[[item.code for item in instrument.items]] == MISSING_CODE).sum().sum())
    assert dict(client.proposal.missing) == ({} if tool == "spss" else {MISSING_CODE: cells})


@pytest.mark.parametrize(
    ("tool", "answers"),
    [("qualtrics", "texts"), ("limesurvey_codetext", "codes"), ("google_forms", "texts"), ("spss", "codes")],
)
def test_seven_points_are_recognised(tool: str, answers: str, make: Make) -> None:
    client, written, frame, instrument = make(tool, points=7, language="nl", answers=answers)
    assert client.proposal.scale == load_study("acme").scale == "agree7"
    hold(client, written, frame=frame, instrument=instrument)


def test_the_study_file_says_what_was_guessed_and_how(make: Make) -> None:
    client, *_ = make("qualtrics", language="nl")
    text = client.study.read_text(encoding="utf-8")
    assert 'OPP1 = "Q1_1"                       # by its question' in text
    assert "# invited = 900" in text
    study = load_study("acme")
    assert (study.file, study.language, study.client.invited) == ("data/raw/acme.csv", "nl", None)
    assert client.data.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_group_with_few_people_in_one_value_has_no_value_in_the_study_file(
    project: Path, tmp_path: Path, frames: dict[int, tuple[pd.DataFrame, Instrument]]
) -> None:
    frame = frames[5][0].copy()
    frame["contract"] = ["zzbig"] * 56 + ["zzsmall"] * 4
    frame["organisation"] = ["zzlarge"] * 50 + ["zzten"] * 10
    frame.to_csv(tmp_path / "export.csv", index=False)
    text = new_client("acme", data=tmp_path / "export.csv").study.read_text(encoding="utf-8")
    assert 'column = "contract"' in text
    assert "zzbig" not in text
    assert "zzsmall" not in text
    assert "zzlarge" in text
    assert "zzten" in text


def test_odd_headers_survive_the_way_through_the_study_file(
    project: Path, tmp_path: Path, frames: dict[int, tuple[pd.DataFrame, Instrument]]
) -> None:
    frame, instrument = frames[5]
    text = instrument.item("OPP1").text["nl"]
    odd = {
        "OPP1": f'1. "Stelling"\\ één\n{text}',
        "OPP2": "Q\\2_OPP2\t\U0001f4ac",
        "OPP3": "'''OPP3'''",
        "OPP4": "opp 4",
        "team": 'Team "naam"',
    }
    frame.rename(columns=odd).to_csv(tmp_path / "export.csv", index=False)
    client = new_client("acme", data=tmp_path / "export.csv")
    found = {item: column for item, column in client.proposal.columns.items() if item in odd}
    assert found == {item: column for item, column in odd.items() if item != "team"}
    opened = open_study("acme")
    pd.testing.assert_frame_equal(
        opened.responses.items.reset_index(drop=True),
        drawn(frame, instrument).reset_index(drop=True),
        check_dtype=False,
    )


def test_an_item_in_doubt_is_not_read_before_somebody_chose(
    project: Path, tmp_path: Path, frames: dict[int, tuple[pd.DataFrame, Instrument]]
) -> None:
    frame = frames[5][0].rename(columns={"OPP1": "T1_OPP1"})
    frame["T2_OPP1"] = frame["T1_OPP1"]
    frame.to_csv(tmp_path / "export.csv", index=False)
    client = new_client("acme", data=tmp_path / "export.csv")
    assert dict(client.proposal.doubtful) == {"OPP1": ("T1_OPP1", "T2_OPP1")}
    with pytest.raises(DataError, match="missing_column"):
        open_study("acme")
    study = client.study.read_text(encoding="utf-8").replace('OPP1 = "? OPP1"', 'OPP1 = "T1_OPP1"')
    client.study.write_text(study, encoding="utf-8")
    assert "OPP1" in open_study("acme").responses.items


@pytest.mark.parametrize("name", ["../acme", "a/b", "Acme", "", "acme.csv", "..", "/tmp/acme", "acme\n"])
def test_a_name_that_leads_elsewhere_is_refused(name: str, project: Path, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text("OPP1,OPP2\n1,2\n", encoding="utf-8")
    with pytest.raises(SpecError, match="cannot name a study"):
        new_client(name, data=tmp_path / "export.csv")
    assert list((project / "data" / "raw").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "export.csv",
            b"Jan,Kanarie7f3a\n5,4\n",
            "does not look like answers to ccc_job_quality: none of its 2",
        ),
        ("export.csv", b"", "is empty"),
        ("export.xlsx", b"PK\x03\x04 no workbook", "cannot be opened|damaged"),
        ("export.pdf", b"%PDF", "ending '.pdf' is not known"),
    ],
)
def test_a_wrong_file_writes_nothing_and_repeats_nothing(
    name: str, content: bytes, message: str, project: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        new_client("acme", data=tmp_path / name)
    assert CANARY not in str(caught.value)
    for folder in ("studies", "raw"):
        assert list((project / "data" / folder).iterdir()) == []


def test_an_existing_study_stays(make: Make, tmp_path: Path) -> None:
    client, written, *_ = make("google_forms")
    before = client.study.read_bytes()
    with pytest.raises(RunError, match=r"exists already\. Take another name, or add --again"):
        new_client("acme", data=written.path)
    new_client("acme", data=written.path, language="en", again=True)
    assert load_study("acme").language == "en"
    client.study.write_bytes(before.replace(b"minimum_group = 10", b"minimum_group = 12"))
    with pytest.raises(RunError, match="was changed by hand"):
        new_client("acme", data=written.path, again=True)
    assert load_study("acme").minimum_group == 12


def test_again_with_another_ending_leaves_no_older_copy(make: Make, project: Path) -> None:
    _, written, frame, _ = make("excel")
    other = written.path.with_name("export.csv")
    frame.to_csv(other, index=False)
    new_client("acme", data=other, again=True)
    assert [path.name for path in (project / "data" / "raw").iterdir()] == ["acme.csv"]


def test_another_study_s_file_of_that_name_stays(
    project: Path, tmp_path: Path, frames: dict[int, tuple[pd.DataFrame, Instrument]]
) -> None:
    there = project / "data" / "raw" / "acme.csv"
    there.write_text("not ours\n", encoding="utf-8")
    frames[5][0].to_csv(tmp_path / "export.csv", index=False)
    with pytest.raises(RunError, match="exists already, of another study"):
        new_client("acme", data=tmp_path / "export.csv")
    assert there.read_text(encoding="utf-8") == "not ours\n"
    frames[5][0].to_csv(there, index=False)
    assert new_client("acme", data=there).data == there  # put there by hand: nothing to copy


def test_links_are_never_written_through(
    project: Path, tmp_path: Path, frames: dict[int, tuple[pd.DataFrame, Instrument]]
) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("precious\n", encoding="utf-8")
    (project / "data" / "raw" / "acme.csv").symlink_to(outside)
    export = tmp_path / "export.csv"
    frames[5][0].to_csv(export, index=False)
    with pytest.raises(RunError, match=r"acme\.csv is a link"):
        new_client("acme", data=export)
    (project / "data" / "studies" / "other.toml").symlink_to(outside)
    with pytest.raises(RunError, match="exists already"):
        new_client("other", data=export)
    with pytest.raises(RunError, match="changed by hand, or not written"):
        new_client("other", data=export, again=True)
    assert outside.read_text(encoding="utf-8") == "precious\n"
    written = new_client("third", data=export).study
    (project / "data" / "studies" / "fourth.toml").symlink_to(written)
    with pytest.raises(RunError, match="changed by hand, or not written"):
        new_client("fourth", data=export, again=True)


def test_of_a_link_the_file_behind_it_is_copied(
    project: Path, tmp_path: Path, frames: dict[int, tuple[pd.DataFrame, Instrument]]
) -> None:
    export, link = tmp_path / "export.csv", tmp_path / "link.csv"
    frames[5][0].to_csv(export, index=False)
    link.symlink_to(export)
    copy = new_client("acme", data=link).data
    assert not copy.is_symlink()
    assert copy.read_bytes() == export.read_bytes()


def test_data_raw_that_leads_out_of_the_project_is_refused(
    project: Path, tmp_path: Path, frames: dict[int, tuple[pd.DataFrame, Instrument]]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (project / "data" / "raw").rmdir()
    (project / "data" / "raw").symlink_to(elsewhere)
    frames[5][0].to_csv(tmp_path / "export.csv", index=False)
    with pytest.raises(RunError, match="leads out of the project"):
        new_client("acme", data=tmp_path / "export.csv")
    assert list(elsewhere.iterdir()) == []


def test_of_several_sheets_the_one_with_answers_is_taken_or_all_are_named(make: Make, tmp_path: Path) -> None:
    client, written, *_ = make("excel")
    assert load_study("acme").sheet == "Data"
    book = openpyxl.load_workbook(written.path)
    book.copy_worksheet(book["Data"]).title = "Kopie"
    book.save(tmp_path / "two.xlsx")
    with pytest.raises(DataError, match="'Data', 'Vragen', 'Kopie'; several look like answers") as caught:
        new_client("twice", data=tmp_path / "two.xlsx")
    assert "--sheet" in str(caught.value)
    assert new_client("twice", data=tmp_path / "two.xlsx", sheet="Kopie").proposal == client.proposal


def test_the_title_and_the_language_are_the_caller_s(
    project: Path, tmp_path: Path, frames: dict[int, tuple[pd.DataFrame, Instrument]]
) -> None:
    frames[5][0].to_csv(tmp_path / "export.csv", index=False)
    new_client("acme", data=tmp_path / "export.csv", title='Werk bij "Acme"', language="nl")
    study = load_study("acme")
    assert dict(study.title) == {"en": 'Werk bij "Acme"', "nl": 'Werk bij "Acme"'}
    assert study.language == "nl"
    with pytest.raises(SpecError, match="No language 'fr'"):
        new_client("other", data=tmp_path / "export.csv", language="fr")


def test_codes_without_a_text_are_said_to_be_taken_upwards(make: Make) -> None:
    client, *_ = make("surveymonkey", answers="codes")
    said = "codes are taken as 1 = Strongly disagree ... 5 = Strongly agree: check this in the survey tool"
    assert client.reading.startswith(said)
    assert said in client.study.read_text(encoding="utf-8")


@pytest.mark.parametrize(("tool", "answers"), [("surveymonkey", "texts"), ("spss", "codes")])
def test_texts_and_labels_say_it_themselves(tool: str, answers: str, make: Make) -> None:
    client, *_ = make(tool, answers=answers)
    assert client.reading == ""
    assert "codes are taken" not in client.study.read_text(encoding="utf-8")


def test_an_spss_file_that_counts_from_agree_down_is_read_by_its_labels(
    project: Path, tmp_path: Path, frames: dict[int, tuple[pd.DataFrame, Instrument]]
) -> None:
    frame, instrument = frames[5]
    words = instrument.items[0].scale.labels["nl"]
    turned = frame.copy()
    for item in instrument.items:
        turned[item.code] = (6 - frame[item.code]).where(frame[item.code] != MISSING_CODE, MISSING_CODE)
    written = EXPORTS["spss"](turned, tmp_path / "t.sav", instrument=instrument, words=words[::-1])
    hold(new_client("acme", data=tmp_path / "t.sav"), written, frame=frame, instrument=instrument)


def test_what_a_killed_call_left_is_swept(make: Make, project: Path) -> None:
    raw = project / "data" / "raw"
    for name in (".acme.csv.0123abcd", ".acme2.csv.0123abcd", ".old.sav.0123abcd", ".gitkeep"):
        (raw / name).write_text("x", encoding="utf-8")
    os.utime(raw / ".old.sav.0123abcd", (0, 0))
    os.utime(raw / ".gitkeep", (0, 0))
    make("surveymonkey")
    assert {path.name for path in raw.glob(".*")} == {".acme2.csv.0123abcd", ".gitkeep"}
