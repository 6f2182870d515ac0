"""What of respondents may be put into a deposit: answers alone, and only where they may be shared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from small_study import as_client, make_project

from jq_models.data import open_study
from jq_models.errors import DisclosureError
from jq_models.run.archive import of_nobody
from jq_models.run.leaks import refuse_own_words
from jq_models.spec import load_study


@pytest.fixture
def project(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo, and a client's study."""
    folder = make_project(checkout, tmp_path / "project")
    as_client(folder)
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(folder))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    return folder


def test_what_people_wrote_beside_their_answers_is_not_shared(project: Path, tmp_path: Path) -> None:
    frame = pd.read_csv(project / "data" / "raw" / "acme.csv", dtype=str)
    frame["comment"] = pd.Series(["My team leader of nights"], index=[5])
    frame.to_csv(tmp_path / "told.csv", index=False)
    opened = open_study("acme", data=tmp_path / "told.csv")
    with pytest.raises(DisclosureError, match=r"in the column comment. Take that out") as told:
        refuse_own_words(opened, file=tmp_path / "told.csv")
    assert "team leader" not in str(told.value)
    refuse_own_words(open_study("acme"), file=project / "data" / "raw" / "acme.csv")


def test_what_was_not_read_of_a_file_is_not_shared(project: Path, tmp_path: Path) -> None:
    opened, file = open_study("acme"), tmp_path / "told.xlsx"
    frame = pd.read_csv(project / "data" / "raw" / "acme.csv", dtype=str)
    one_sheet = replace(opened, spec=replace(opened.spec, sheet="Answers"))
    with pd.ExcelWriter(file) as book:
        frame.to_excel(book, sheet_name="Answers", index=False)
    refuse_own_words(one_sheet, file=file)
    with pd.ExcelWriter(file) as book:
        frame.to_excel(book, sheet_name="Answers", index=False)
        pd.DataFrame({"e-mail": ["a@b.example"]}).to_excel(book, sheet_name="People", index=False)
    with pytest.raises(DisclosureError, match=r"further sheets: 1\. Nothing in them was searched"):
        refuse_own_words(one_sheet, file=file)
    frame.rename(columns={frame.columns[1]: frame.columns[0]}).to_csv(tmp_path / "twice.csv", index=False)
    with pytest.raises(DisclosureError, match="without a header of their own: 1"):
        refuse_own_words(opened, file=tmp_path / "twice.csv")


def test_the_wave_before_of_respondents_is_not_shared_by_a_simulated_study(project: Path) -> None:
    study = load_study("demo")
    assert of_nobody(study)
    before = project / "data" / "studies" / "demo_before.toml"
    before.write_text(before.read_text("utf-8").replace("simulated = true", "simulated = false"), "utf-8")
    assert not of_nobody(study)
