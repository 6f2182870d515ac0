"""What a notebook shows and the files it leaves."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

from jq_models.report.columns import numbers, words
from jq_models.report.figure import Drawing
from jq_models.report.show import OUT_VARIABLE, show
from jq_models.report.table import Table, build
from jq_models.report.wording import wording


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """Collect what is displayed, as (bundle, what it says of itself)."""
    calls: list[tuple[dict[str, str], dict[str, Any]]] = []

    def display(bundle: dict[str, str], *, raw: bool, metadata: dict[str, Any]) -> None:
        assert raw
        calls.append((bundle, metadata["jq_models"]))

    module = importlib.import_module("jq_models.report.show")  # the package has a function of this name
    monkeypatch.setattr(module, "display", display)
    return calls


def table(*cells: str) -> Table:
    w = wording("en")
    columns = [
        words("name", heading="Name", shown=cells),
        numbers("x", heading="X", values=[1 / 3] * len(cells), w=w),
    ]
    return build("small", title="Small", columns=columns)


def drawing() -> Drawing:
    return Drawing(name="line", title="A line", figure=Figure(figsize=(2, 1)), alt="It rises.", note="Units.")


def test_a_table_shows_as_text_and_html(shown: list[Any]) -> None:
    show(table("a"))
    bundle, about = shown[0]
    assert bundle["text/plain"] == table("a").plain()
    assert bundle["text/html"] == table("a").html()
    assert about == {"kind": "table", "name": "small"}


def test_a_drawing_shows_its_finding_and_its_picture(shown: list[Any]) -> None:
    show(drawing())
    kinds = [about["kind"] for _, about in shown]
    assert kinds == ["caption", "figure", "caption"]
    assert shown[1][0]["text/plain"] == "It rises."
    assert shown[1][0]["image/svg+xml"].startswith("<svg ")


def test_text_is_markdown_and_nothing_shows_nothing(shown: list[Any]) -> None:
    show("*Hello*", "", table())
    assert [bundle for bundle, _ in shown] == [{"text/plain": "*Hello*", "text/markdown": "*Hello*"}]


def test_other_things_are_refused() -> None:
    with pytest.raises(TypeError, match="not int"):
        show(3)  # type: ignore[arg-type]  # wrong on purpose


def test_files_hold_full_precision_and_no_formula(
    shown: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OUT_VARIABLE, str(tmp_path))
    show(table("=1+1", "@x", "é"), drawing())
    lines = (tmp_path / "tables" / "small.csv").read_text(encoding="utf-8").split("\n")
    assert lines == [
        "name,x",
        "'=1+1,0.3333333333333333",
        "'@x,0.3333333333333333",
        "é,0.3333333333333333",
        "",
    ]
    assert (tmp_path / "figures" / "line.svg").read_text(encoding="utf-8").startswith("<svg ")
    assert (tmp_path / "sheets" / "small.json").is_file()


def test_without_a_folder_nothing_is_written(
    shown: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(OUT_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    show(table("a"), drawing())
    assert list(tmp_path.iterdir()) == []
