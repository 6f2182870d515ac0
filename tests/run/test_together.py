"""The notebooks of a study side by side: what each is given, in which order, and what a failing one stops."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from jq_models.errors import RunError
from jq_models.run import together
from jq_models.run.study import run_study
from jq_models.run.together import LONGEST, NOTEBOOKS, Progress, run_together
from jq_models.run.whole import whole_run


@pytest.fixture
def project(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    for name in ("data/instruments", "data/studies", "data/simulated", "notebooks/study"):
        shutil.copytree(checkout / name, folder / name)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(checkout / name, folder)
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(folder))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    return folder


class Kernels:
    """Stands in for ``run_notebook``: keeps what each notebook got; `failing` ones raise."""

    def __init__(self) -> None:
        self.calls: dict[str, dict[str, Any]] = {}
        self.failing: set[str] = set()
        self.slow: set[str] = set()
        self.at_once = self.most = 0
        self.lock = threading.Lock()

    def __call__(self, source: Path, *, out: Path, on_progress: Any, **given: Any) -> None:
        with self.lock:
            self.calls[source.stem] = given | {"out": out}
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        threading.Event().wait(0.3 if source.stem in self.slow else 0.05)
        with self.lock:
            self.at_once -= 1
        if source.stem in self.failing:
            raise RunError(f"{source.name}: code cell 2 stopped.")
        if on_progress is not None:
            on_progress(3, 7)
        nbformat.write(new_notebook(cells=[new_code_cell("x", execution_count=1)]), out)


@pytest.fixture
def kernels(project: Path, monkeypatch: pytest.MonkeyPatch) -> Kernels:
    fake = Kernels()
    monkeypatch.setattr(together, "run_notebook", fake)
    return fake


def run_notebooks(
    folder: Path, *, language: str = "en", on_progress: Progress | None = None
) -> dict[str, float]:
    given = {"study": "demo", "language": language, "seed": 3}
    return run_together(folder, parameters=given, data=Path("x.csv"), on_progress=on_progress)


def test_every_notebook_gets_the_parameters_the_data_and_where_to_write(
    kernels: Kernels, tmp_path: Path
) -> None:
    timing = run_notebooks(tmp_path)
    assert list(timing) == list(NOTEBOOKS)
    assert all(0.04 < seconds < 10 for seconds in timing.values())
    assert set(kernels.calls) == set(NOTEBOOKS)
    for name, call in kernels.calls.items():
        assert call["parameters"] == {"study": "demo", "language": "en", "seed": 3}
        assert call["environment"] == {"JQ_MODELS_OUT": str(tmp_path), "JQ_MODELS_DATA": "x.csv"}
        assert call["out"] == tmp_path / "notebooks" / f"{name}.ipynb"
        assert call["out"].is_file()
    assert kernels.most == 2  # two cores


def test_notebooks_run_in_the_reports_language(kernels: Kernels, tmp_path: Path, project: Path) -> None:
    run_notebooks(tmp_path, language="nl")
    for name, call in kernels.calls.items():
        stored = nbformat.read(project / "notebooks" / "study" / f"{name}.ipynb", as_version=4)
        pairs = zip(stored.cells, call["notebook"].cells, strict=True)
        texts = [(ours.source, theirs.source, ours.cell_type) for ours, theirs in pairs]
        assert all(english == dutch for english, dutch, kind in texts if kind == "code")
        assert all(english != dutch for english, dutch, kind in texts if kind == "markdown")


def test_progress_is_told_by_notebook(kernels: Kernels, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    run_notebooks(tmp_path, on_progress=lambda *facts: told.append(facts))
    assert sorted(told) == [(name, 3, 7) for name in sorted(NOTEBOOKS)]


def test_a_failing_notebook_fails_the_run(kernels: Kernels, tmp_path: Path) -> None:
    kernels.failing = {"02_measurement"}
    with pytest.raises(RunError, match=r"02_measurement\.ipynb: code cell 2 stopped"):
        run_notebooks(tmp_path)


def test_a_failing_notebook_leaves_the_report_before_it(kernels: Kernels, project: Path) -> None:
    with whole_run(project / "reports", "demo") as work:
        (work / "report.html").write_text("before", encoding="utf-8")
    kernels.failing = {"01_sample"}
    with pytest.raises(RunError, match=r"01_sample\.ipynb"):
        run_study("demo")
    assert sorted(path.name for path in (project / "reports").iterdir()) == ["demo", "demo.error.txt"]
    assert (project / "reports" / "demo" / "report.html").read_text(encoding="utf-8") == "before"


def test_the_longest_begin_first(kernels: Kernels, tmp_path: Path) -> None:
    run_together(tmp_path, parameters={"language": "en"}, data=Path("x.csv"), on_progress=None)
    begun = [name for name in kernels.calls if name in LONGEST]
    wanted = [name for name in LONGEST if name in NOTEBOOKS]
    # of two begun together either may be noted first
    assert {*begun[:2]} == {*wanted[:2]}
    assert [begun.index(name) for name in wanted] == pytest.approx(range(len(wanted)), abs=1)


def test_none_begins_after_one_has_failed(kernels: Kernels, tmp_path: Path) -> None:
    first = next(name for name in LONGEST if name in NOTEBOOKS)
    kernels.failing = {first}
    kernels.slow = set(NOTEBOOKS) - {first}
    with pytest.raises(RunError, match=first):
        run_notebooks(tmp_path)
    assert len(kernels.calls) == 2
    assert not (tmp_path / "notebooks" / "report.ipynb").exists()


@pytest.mark.parametrize("missing", NOTEBOOKS)
def test_a_missing_notebook_is_noticed_before_any_runs(
    kernels: Kernels, tmp_path: Path, project: Path, missing: str
) -> None:
    (project / "notebooks" / "study" / f"{missing}.ipynb").unlink()
    with pytest.raises(RunError, match=rf"{missing}\.ipynb is missing"):
        run_notebooks(tmp_path)
    assert kernels.calls == {}


def test_a_stale_translation_is_noticed_before_any_runs(
    kernels: Kernels, tmp_path: Path, project: Path
) -> None:
    path = project / "notebooks" / "study" / "report.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# How the work is seen", "# How work is seen"), encoding="utf-8")
    with pytest.raises(RunError, match=r"report: no whole translation into 'nl'.*'scores'.*stale"):
        run_notebooks(tmp_path, language="nl")
    assert kernels.calls == {}


@pytest.mark.parametrize("given", [True, False])
def test_the_data_file_of_the_shell_is_that_of_cover_notebooks_and_manifest(
    kernels: Kernels, project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: bool
) -> None:
    """What --data names goes before what the shell names."""
    for name in ("shell", "option"):
        shutil.copy(project / "data" / "simulated" / "demo.csv", tmp_path / f"{name}.csv")
    monkeypatch.setenv("JQ_MODELS_DATA", str(tmp_path / "shell.csv"))
    seen: dict[str, str] = {}

    def publish(work: Path, opened: Any, **given: Any) -> tuple[str, dict[str, str]]:
        seen["cover"] = opened.data_name
        return "", {}

    def manifest(**facts: Any) -> dict[str, str]:
        seen["manifest"] = facts["data"].name
        return {}

    monkeypatch.setattr("jq_models.run.study._publish", publish)
    monkeypatch.setattr("jq_models.run.study.made_from", manifest)
    run_study("demo", data=tmp_path / "option.csv" if given else None)
    name = "option.csv" if given else "shell.csv"
    assert seen == {"cover": name, "manifest": name}
    assert {Path(call["environment"]["JQ_MODELS_DATA"]).name for call in kernels.calls.values()} == {name}
