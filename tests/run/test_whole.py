"""A report appears whole or not at all."""

import os
import time
from pathlib import Path

import pytest

from jq_models.errors import DataError, RunError, SpecError
from jq_models.run.whole import _held, whole_run


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def reports(tmp_path):
    with whole_run(tmp_path / "reports", "demo") as work:
        (work / "tables").mkdir()
        (work / "tables" / "fit.csv").write_text("old")
    return tmp_path / "reports"


def fail(reports, error):
    def run():
        with whole_run(reports, "demo") as work:
            (work / "half.html").write_text("half")
            raise error

    with pytest.raises(type(error)):
        run()


def test_a_whole_run_replaces_the_old_one(reports):
    with whole_run(reports, "demo") as work:
        assert names(work) == []
        assert (reports / "demo" / "tables" / "fit.csv").read_text() == "old"
        (work / "report.html").write_text("new")
    assert names(reports) == ["demo"]
    assert names(reports / "demo") == ["report.html"]


def test_a_failed_run_leaves_the_old_report_and_a_clean_reason(reports):
    fail(reports, DataError(f"The file '{reports}/client.csv' has no column 'OPP1'."))
    assert names(reports) == ["demo", "demo.error.txt"]
    assert names(reports / "demo") == ["tables"]
    text = (reports / "demo.error.txt").read_text(encoding="utf-8")
    assert text == ("The report 'demo' was not made.\nThe file '…/client.csv' has no column 'OPP1'.\n")
    with whole_run(reports, "demo"):
        pass
    assert names(reports) == ["demo"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("answer 4711"), "ValueError; its text is not kept, for it may quote answers."),
        (KeyboardInterrupt(), "Stopped from the keyboard."),
    ],
)
def test_other_errors_are_named_without_their_text(reports, error, words):
    fail(reports, error)
    text = (reports / "demo.error.txt").read_text(encoding="utf-8")
    assert text == f"The report 'demo' was not made.\n{words}\n"
    assert names(reports / "demo") == ["tables"]


def test_the_old_report_comes_back_when_the_new_cannot_take_its_place(reports, monkeypatch):
    rename = Path.rename

    def refuse(path, target):
        if ".partial-" in path.name:
            raise PermissionError("in use")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with (
        pytest.raises(RunError, match="'demo' cannot be replaced; the old one stays"),
        whole_run(reports, "demo"),
    ):
        pass
    assert names(reports) == ["demo", "demo.error.txt"]
    assert names(reports / "demo") == ["tables"]


def test_mends_what_a_killed_run_left(reports):
    (reports / "demo").rename(reports / ".demo.old-1")
    for name, age in (("stale", 2 * 24 * 3600), ("fresh", 0)):
        part = reports / f".demo.partial-{name}"
        part.mkdir()
        os.utime(part, (time.time() - age,) * 2)
    with _held(reports / ".demo.partial-fresh"):  # its run goes on
        fail(reports, RunError("x"))
    assert names(reports) == [".demo.partial-fresh", "demo", "demo.error.txt"]
    assert names(reports / "demo") == ["tables"]


def test_the_folder_is_readable_as_any_other(reports):
    other = reports / "other"
    other.mkdir()
    assert (reports / "demo").stat().st_mode == other.stat().st_mode


@pytest.mark.parametrize("name", ["../demo", "Demo", "", "a/b", "con aux"])
def test_refuses_names_that_are_no_names(tmp_path, name):
    with pytest.raises(SpecError, match="cannot name a study"), whole_run(tmp_path, name):
        pass
    assert names(tmp_path) == []
