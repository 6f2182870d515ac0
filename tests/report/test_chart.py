"""A drawing's data for native charts: what the drawing shows, rounded, and no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from figure_frames import summary
from told import CHART, drawing

from jq_models.errors import RunError
from jq_models.report.chart import Chart, Series, load_charts, save_chart
from jq_models.report.figures_sample import construct_means_figure, group_sizes_figure
from jq_models.report.show import OUT_VARIABLE, show
from jq_models.report.wording import wording
from jq_models.spec import Group, Text, load_instrument


def test_a_stored_chart_is_read_back_with_the_decimals_of_the_drawing(tmp_path: Path) -> None:
    save_chart(CHART, tmp_path / "a.json")
    found = load_charts(tmp_path)["a"]
    assert found.series[0].values == (3.4, 2.9, None)
    assert found == CHART.rounded()
    assert found.series[0].interval(0) == (3.3, 3.5)
    assert found.series[0].interval(2) is None
    assert "3.4012" not in (tmp_path / "a.json").read_text()


def test_shares_keep_the_decimals_of_their_percentages() -> None:
    one = Series(name="a", values=(0.123456, float("nan")))
    chart = Chart(kind="stacked", categories=("x", "y"), series=(one,), percent=True, digits=0)
    assert chart.rounded().series[0].values == (0.12, None)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "pie"}, "cannot be of the kind 'pie'"),
        ({"categories": ("a",)}, "needs a value for each"),
        ({"series": (Series(name="a", values=(1.0, 2.0), colour="red"),)}, "no colour 'red'"),
        ({"kind": "scatter"}, "needs 'x'"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused(options: dict[str, object], said: str) -> None:
    whole = {"kind": "bar", "categories": ("a", "b"), "series": (Series(name="a", values=(1.0, 2.0)),)}
    with pytest.raises(RunError, match=said):
        Chart(**{**whole, **options})  # type: ignore[arg-type]


def test_show_keeps_picture_and_chart_only_when_a_run_asks(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.delenv(OUT_VARIABLE, raising=False)
    show(drawing())
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv(OUT_VARIABLE, str(tmp_path))
    show(drawing(), drawing("without", chart=None))
    assert sorted(p.name for p in (tmp_path / "png").iterdir()) == ["construct_means.png", "without.png"]
    assert [p.name for p in (tmp_path / "charts").iterdir()] == ["construct_means.json"]
    png = (tmp_path / "png" / "without.png").read_bytes()
    assert int.from_bytes(png[16:20]) == 400  # 2 inches at 200 dots
    assert b"matplotlib" not in png.lower()


def test_scores_are_a_chart_whose_hidden_rows_are_empty() -> None:
    w, instrument = wording("nl"), load_instrument("ccc_job_quality")
    frame = summary(instrument)
    frame.loc["LEM", ["mean", "ci_low", "ci_high"]] = float("nan")
    chart = construct_means_figure(frame, w, instrument=instrument).chart
    assert chart is not None
    stored = chart.rounded()
    place = stored.categories.index("Leren van medewerkers")
    assert stored.series[0].values[place] is None
    assert stored.series[0].interval(place) is None
    assert stored.series[0].role(place) == "accent"
    assert stored.series[0].role(0) == "mark"


def test_a_group_that_is_hidden_is_not_in_the_chart() -> None:
    import pandas as pd

    group = Group(name="team", column="team", label=Text(en="Team", nl="Team"), labels={})
    sizes = pd.Series({"North": 40.0, "South": 3.0, "East": float("nan")})
    chart = group_sizes_figure(sizes, wording("en"), group=group, minimum=10).chart
    assert chart is not None
    assert chart.categories == ("North",)
    assert "South" not in json.dumps([chart.categories, [s.values for s in chart.series]])
