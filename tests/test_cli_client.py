"""``jq-models new-client`` and ``jq-models purge``: what a consultant sees."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from export_files import CANARY, EXPORTS, IP, answers_frame
from typer.testing import CliRunner

from jq_models.cli import app
from jq_models.cli.screen import screen


@pytest.fixture
def project(tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    shutil.copytree(checkout / "data" / "instruments", root / "data" / "instruments")
    for folder in ("studies", "raw"):
        (root / "data" / folder).mkdir()
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(root))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return root


@pytest.fixture
def export(tmp_path: Path) -> Path:
    frame, instrument = answers_frame(n=60)
    return EXPORTS["qualtrics"](frame, tmp_path / "export.csv", instrument=instrument, language="nl").path


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wide screen: a narrow one cuts the words of a table in two."""
    monkeypatch.setattr(screen, "_width", 240)
    monkeypatch.setattr(screen, "_height", 60)


def run(*arguments: str | Path, answer: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], input=answer)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, " ".join(done.output.split())


def test_a_client_is_started_and_ended_from_the_screen(project: Path, export: Path) -> None:
    code, text = run("new-client", "acme", "--data", export)
    assert code == 0, text
    for shown in (
        "items found by their questions",
        "59",
        "organisation: 2 values (Organisatie)",
        "2 preview row, 1 spam row",
        "RecipientEmail",
        "Written: data/studies/acme.toml, data/raw/acme.csv",
        "Bevindingen van de controle: fouten 0",
        "Next: jq-models study acme",
    ):
        assert shown in text
    assert CANARY.casefold() not in text.casefold()
    assert IP not in text

    code, text = run("purge", "acme", answer="n\n")
    assert (code, "Nothing was deleted." in text) == (1, True)
    assert (project / "data" / "raw" / "acme.csv").exists()
    code, text = run("purge", "acme", "--yes")
    assert code == 0
    assert "To be deleted: data/raw/acme.csv Stays: data/studies/acme.toml" in text
    assert list((project / "data" / "raw").iterdir()) == []
    assert (project / "data" / "studies" / "acme.toml").exists()


def test_what_is_left_to_mend_ends_with_2_and_the_study_file_is_there(project: Path, tmp_path: Path) -> None:
    frame = answers_frame(n=60)[0].drop(columns=["OPP3", "COM1"]).rename(columns={"AMB1": "T1_AMB1"})
    frame["T2_AMB1"] = frame["T1_AMB1"]
    frame.to_csv(tmp_path / "export.csv", index=False)
    code, text = run("new-client", "acme", "--data", tmp_path / "export.csv", "--language", "en")
    assert code == 2
    assert "items not found │ 2 │ OPP3, COM1" in text
    assert "AMB1 (T1_AMB1 or T2_AMB1)" in text
    assert "Mend data/studies/acme.toml or the export, then: jq-models check --study acme" in text
    study = (project / "data" / "studies" / "acme.toml").read_text(encoding="utf-8")
    assert '# OPP3 = "..." not found: My work is a dull repetition of the same questions.' in study


def test_another_data_file_of_the_shell_is_not_what_is_checked(
    project: Path, export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pd.DataFrame({"a": [1], "b": [2]}).to_csv(tmp_path / "else.csv", index=False)
    monkeypatch.setenv("JQ_MODELS_DATA", str(tmp_path / "else.csv"))
    assert run("new-client", "acme", "--data", export)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new-client", "../acme", "--data", "EXPORT"), "cannot name a study"),
        (("new-client", "acme", "--data", "absent.csv"), "No data file 'absent.csv'"),
        (("new-client", "acme", "--data", "EXPORT", "--instrument", "ccc"), "No file 'ccc.toml'"),
        (("new-client", "acme", "--data", "EXPORT", "--instrument", "../x"), "leads out of"),
        (("new-client", "acme", "--data", "EXPORT", "--language", "fr"), "No language 'fr'"),
        (("purge", "acme", "--yes"), "nothing of 'acme' in data/raw"),
    ],
)
def test_mistakes_end_with_2_and_a_sentence(
    arguments: tuple[str, ...], message: str, project: Path, export: Path
) -> None:
    code, text = run(*(export if argument == "EXPORT" else argument for argument in arguments))
    assert code == 2
    assert message in text
    assert list((project / "data" / "studies").iterdir()) == []


def test_columns_called_by_their_question_are_named_by_its_beginning(project: Path, tmp_path: Path) -> None:
    frame, instrument = answers_frame(n=60)
    path = EXPORTS["google_forms"](frame, tmp_path / "export.csv", instrument=instrument).path
    code, text = run("new-client", "acme", "--data", path, "--language", "nl")
    assert code == 0, text
    found = text[text.index("Wat de controle vond") :]
    assert "In hoeverre bent u het eens" not in found
    assert instrument.item("OPP1").text["nl"] not in found
    assert "In mijn werk kom ik vragen …, Door dit werk word ik steeds …" in found


def test_a_workbook_s_other_sheets_are_named(project: Path, tmp_path: Path) -> None:
    frame, instrument = answers_frame(n=60)
    path = EXPORTS["excel"](frame, tmp_path / "export.xlsx", instrument=instrument).path
    code, text = run("new-client", "acme", "--data", path)
    assert code == 0, text
    assert "sheets not read │ 2 │ Toelichting, Vragen" in text
