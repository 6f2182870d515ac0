"""One client of a batch: kept, made or failed, and why; a warm process that dies under it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jq_models.errors import RunError
from jq_models.run import batch_client, study
from jq_models.run.batch_client import Job, run_client
from jq_models.run.made_from import WHOLE, made_already
from jq_models.run.whole import tidy, whole_run

N = 60  # respondents


@pytest.fixture
def project(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    for name in ("data", "notebooks/study"):
        shutil.copytree(checkout / name, folder / name)
    data = folder / "data" / "simulated" / "demo.csv"
    lines = data.read_text(encoding="utf-8").splitlines(keepends=True)
    data.write_text("".join(lines[: N + 1]), encoding="utf-8")
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(checkout / name, folder)
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(folder))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    return folder


class Warm:
    """Stands in for the warm process."""

    alive = True


class Notebooks:
    """Stands in for ``run_together`` and what is published from it; `error` is raised once."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.error: Callable[[], BaseException] | None = None

    def __call__(self, work: Path, **given: Any) -> dict[str, float]:
        self.calls.append(given)
        (work / "notebooks").mkdir()
        if self.error is not None:
            error, self.error = self.error(), None
            raise error
        return {"01_sample": 1.0}


def publish(work: Path, opened: object, **given: object) -> tuple[str, dict[str, str]]:
    for name in ("report.html", "study.xlsx"):
        (work / name).touch()
    return "No PDF here.", {}


@pytest.fixture
def notebooks(project: Path, monkeypatch: pytest.MonkeyPatch) -> Notebooks:
    fake = Notebooks()
    monkeypatch.setattr(study, "run_together", fake)
    monkeypatch.setattr(study, "_publish", publish)
    monkeypatch.setattr(study, "refuse_leaks", lambda *a, **k: None)
    warm = Warm()
    monkeypatch.setattr(batch_client, "_kernels", lambda: warm)
    return fake


def result(**job: Any) -> tuple[str, int | None, str]:
    told = run_client(Job(study="demo", **job))
    return told.result, told.n, told.report


def test_a_client_is_made_then_kept_then_made_again_when_asked(project: Path, notebooks: Notebooks) -> None:
    first = run_client(Job(study="demo", at_once=2))
    assert (first.result, first.n, first.report, first.reason) == ("made", N, "demo", "No PDF here.")
    assert notebooks.calls[0]["at_once"] == 2
    assert isinstance(notebooks.calls[0]["warm"], Warm)
    assert result() == ("kept", N, "demo")
    assert len(notebooks.calls) == 1
    assert result(again=True) == ("made", N, "demo")
    assert result(language="nl") == ("made", N, "demo-nl")
    assert result(language="nl") == ("kept", N, "demo-nl")
    assert len(notebooks.calls) == 3


CHANGES = (
    "data/simulated/demo.csv",
    "data/studies/demo.toml",
    "data/instruments/ccc_job_quality.toml",
    "notebooks/study/03_structure.ipynb",
    "requirements.lock",
)


def test_a_changed_input_makes_the_report_anew(project: Path, notebooks: Notebooks) -> None:
    assert result() == ("made", N, "demo")
    for changed in CHANGES:
        with (project / changed).open("ab") as file:
            file.write(b"\n")
        assert (changed, result()[0]) == (changed, "made")
    assert result()[0] == "kept"


def test_changed_code_makes_the_report_anew_and_a_commit_does_not(
    project: Path, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert result()[0] == "made"
    monkeypatch.setattr(
        "jq_models.run.manifest.git_state", lambda project: {"commit": "c" * 40, "dirty": True}
    )
    assert result()[0] == "kept"
    monkeypatch.setattr("jq_models.run.manifest.code_hash", lambda: "0" * 64)
    assert result()[0] == "made"


def test_a_report_that_lacks_a_part_is_made_anew(tmp_path: Path) -> None:
    wanted = {"study": {"name": "demo"}, "parameters": {"seed": 1}}
    manifest = json.dumps({**wanted, "timing": {"01_sample": 2.0}, "git": None})

    def make() -> None:
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        for name in ("report.html", "study.xlsx"):
            (tmp_path / name).touch()
        (tmp_path / "run.json").write_text(manifest, encoding="utf-8")

    make()
    assert made_already(tmp_path, wanted) == json.loads(manifest)
    for gone in WHOLE:
        (tmp_path / gone).rename(tmp_path / "elsewhere")
        assert made_already(tmp_path, wanted) is None
        (tmp_path / "elsewhere").rename(tmp_path / gone)
    for damaged in ("{", "[]", '{"study": {}}', "\xff"):
        (tmp_path / "run.json").write_text(damaged, encoding="latin-1")
        assert made_already(tmp_path, wanted) is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (lambda: RunError("A cell stopped."), "A cell stopped."),
        (lambda: ValueError("answer 4711"), "ValueError; its text is not kept, for it may quote answers."),
        (lambda: MemoryError(), "MemoryError; its text is not kept, for it may quote answers."),
    ],
    ids=["ours", "foreign", "memory"],
)
def test_whatever_fails_is_told_without_values(
    project: Path, notebooks: Notebooks, error: Callable[[], BaseException], reason: str
) -> None:
    assert result()[0] == "made"
    notebooks.error = error
    told = run_client(Job(study="demo", again=True))
    assert (told.result, told.reason, told.n, told.report) == ("failed", reason, None, "")
    assert sorted(path.name for path in (project / "reports").iterdir()) == ["demo", "demo.error.txt"]
    assert result()[0] == "kept"  # what was there before stays


def test_a_path_in_a_reason_is_taken_out(project: Path, notebooks: Notebooks) -> None:
    notebooks.error = lambda: RunError(f"No file {project}/data/x.csv.")
    assert str(project) not in run_client(Job(study="demo")).reason


def test_absent_data_are_told_in_the_words_of_a_single_run(project: Path, notebooks: Notebooks) -> None:
    (project / "data" / "simulated" / "demo.csv").unlink()
    told = run_client(Job(study="demo"))
    assert told.result == "failed"
    assert told.reason.startswith("Study 'demo' has no data at data/simulated/demo.csv.")


def test_a_warm_process_that_dies_costs_a_second_try(
    project: Path, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Warm(), Warm()
    given = iter([first, second])
    monkeypatch.setattr(batch_client, "_kernels", lambda: next(given))

    def dies() -> BaseException:
        first.alive = False
        return RunError("01_sample.ipynb: the kernel died or did not start")

    notebooks.error = dies
    assert result() == ("made", N, "demo")
    assert [call["warm"] for call in notebooks.calls] == [first, second]


def test_a_run_writes_down_its_respondents_and_its_code(project: Path, notebooks: Notebooks) -> None:
    assert result()[0] == "made"
    kept = json.loads((project / "reports" / "demo" / "run.json").read_text(encoding="utf-8"))
    assert kept["respondents"] == N
    assert len(kept["code"]) == 64


def test_what_a_dead_run_left_goes_and_a_live_one_stays(tmp_path: Path) -> None:
    dead = tmp_path / ".demo.partial-0"
    dead.mkdir()
    (dead / "half.csv").touch()
    with whole_run(tmp_path, "demo") as work:
        assert not dead.exists()
        tidy(tmp_path / "demo")
        assert work.exists()
        (work / "whole.csv").touch()
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


@pytest.fixture
def acme(project: Path) -> Path:
    """A client whose reports are recorded; its data file."""
    studies, file = project / "data" / "studies", project / "data" / "raw" / "acme.csv"
    file.parent.mkdir(exist_ok=True)
    shutil.copy(project / "data" / "simulated" / "demo.csv", file)
    text = (studies / "demo.toml").read_text(encoding="utf-8")
    text = text.replace('name = "demo"', 'name = "acme"').replace("simulated = true", "simulated = false")
    text = text.replace("data/simulated/demo.csv", "data/raw/acme.csv")
    (studies / "acme.toml").write_text(text, encoding="utf-8")
    return file


def of_acme(**job: Any) -> str:
    return run_client(Job(study="acme", **job)).result


def test_a_client_whose_own_report_is_on_record_is_kept(notebooks: Notebooks, acme: Path) -> None:
    record = acme.with_name("acme.issued.json")
    assert of_acme() == "made"
    before = record.read_bytes()
    assert [of_acme(), of_acme()] == ["kept", "kept"]
    assert len(notebooks.calls) == 1
    assert of_acme(language="nl") == "made"  # the same shown in another language
    assert [of_acme(), of_acme(language="nl")] == ["kept", "kept"]
    assert record.read_bytes() == before


def test_a_client_with_another_file_is_made_anew_and_recorded(notebooks: Notebooks, acme: Path) -> None:
    record = acme.with_name("acme.issued.json")
    assert of_acme() == "made"
    before, lines = record.read_bytes(), acme.read_text(encoding="utf-8").splitlines(keepends=True)
    fewer = [line for k, line in enumerate(lines) if k == 0 or k % 4]  # fifteen less, of every team some
    acme.write_text("".join(fewer), encoding="utf-8")
    assert [of_acme(), of_acme()] == ["made", "kept"]
    assert record.read_bytes() != before
    acme.write_text("".join([*fewer, lines[4]]), encoding="utf-8")  # one more than in the report before
    outcome = run_client(Job(study="acme"))
    assert outcome.result == "failed"
    assert "fewer than 10 persons would follow" in outcome.reason
    acme.write_text("".join(fewer), encoding="utf-8")
    assert of_acme() == "kept"  # what failed left the report and its record as they were
