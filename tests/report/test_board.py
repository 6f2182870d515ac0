"""The first page: five sentences, three priorities; and the views on priorities by reading and by group."""

from __future__ import annotations

import math
from dataclasses import replace

import figure_frames as frames
import numpy as np
import pandas as pd
import pytest
from made_up import made_fit

from jq_models.data import OpenStudy, open_study
from jq_models.disclosure import Release, open_release
from jq_models.disclosure import release as released
from jq_models.evaluate import Attention, FitIndices, attention, construct_summary, group_attention
from jq_models.evaluate.attention import READINGS, priorities
from jq_models.report.attention_views import (
    attention_group_views,
    attention_team_views,
    attention_views,
    importance_views,
    priority_map,
)
from jq_models.report.figure import Drawing
from jq_models.report.figures_attention import group_ranks_figure, rank_text
from jq_models.report.figures_heat import group_heat_figures
from jq_models.report.sentences_board import board_sentences, priority_list
from jq_models.report.table import Table
from jq_models.report.wording import Wording, wording

EN, NL = wording("en"), wording("nl")
LANGUAGES = ("en", "nl")


@pytest.fixture(scope="module")
def demo() -> OpenStudy:
    return open_study("demo")


@pytest.fixture(scope="module")
def found(demo: OpenStudy) -> Attention:
    return attention(demo, draws=60, seed=3)


@pytest.fixture(scope="module")
def overall(demo: OpenStudy) -> pd.DataFrame:
    return construct_summary(demo.responses)


@pytest.fixture(scope="module")
def release(demo: OpenStudy) -> Release:
    return open_release(demo)


def total(target: str, estimate: float, low: float, high: float) -> pd.DataFrame:
    row = {"source": "JQ", "target": target, "kind": "total"}
    return pd.DataFrame([row | {"estimate": estimate, "ci_low": low, "ci_high": high}])


def said(
    w: Wording,
    demo: OpenStudy,
    found: Attention,
    *,
    effects: pd.DataFrame | None = None,
    fit: FitIndices | None = None,
    admissible: bool = True,
    summary: pd.DataFrame | None = None,
    left_out: str = "",
) -> list[str]:
    """The sentences, without their marks."""
    text = board_sentences(
        frames.summary(demo.instrument) if summary is None else summary,
        w,
        found=found,
        effects=effects,
        fit=fit,
        admissible=admissible,
        opened=demo,
        left_out=left_out,
    )
    lines = text.split("\n")
    assert all(line.startswith("- ") for line in lines)
    return [line.removeprefix("- ") for line in lines]


def only_supported(
    found: Attention, supported: dict[str, str], *, readings: tuple[str, ...] = READINGS
) -> Attention:
    """The same study with these dimensions supported, each by these readings, and no others."""
    k, rows = 12, []
    for reading in readings:
        codes = found.table["dimension"].unique()
        place = 0
        for code in codes:
            place += reading in supported.get(code, "")
            span = (place, 1, 4) if reading in supported.get(code, "") else (6, 1, k)
            rows.append((reading, code, 1.0, 0.0, 2.0, *span))
    table = pd.DataFrame(rows, columns=found.table.columns)
    return replace(found, table=table, supported=priorities(table))


ALL = pd.concat(
    [
        total("SAT", 0.76, 0.71, 0.81),
        total("TIN", -0.53, -0.59, -0.47),
        total("COM", 0.04, -0.02, 0.10),
    ]
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_five_sentences(demo: OpenStudy, found: Attention, language: str) -> None:
    w = wording(language)
    lines = said(w, demo, found, effects=ALL, fit=made_fit())
    assert len(lines) == 5
    assert "577" in lines[0]
    assert "785" in lines[0]
    assert w.percent(577 / 785) in lines[0]
    assert lines[4].endswith(w("summary.fit_good", n=497))


def test_effects_stand_on_the_side_their_interval_lies_on(demo: OpenStudy, found: Attention) -> None:
    sentence = said(EN, demo, found, effects=ALL, fit=made_fit())[2]
    assert "**higher** job satisfaction (.76)" in sentence
    assert "**lower** turnover intention (−.53)" in sentence
    assert "affective commitment cannot be decided" in sentence
    assert ".04" not in sentence
    gone = said(EN, demo, found, effects=total("SAT", math.nan, math.nan, math.nan), fit=made_fit())[2]
    assert "job satisfaction cannot be decided" in gone


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_inadmissible_solution_is_never_praised(demo: OpenStudy, found: Attention, language: str) -> None:
    w = wording(language)
    last = said(w, demo, found, effects=ALL, fit=made_fit(), admissible=False)[-1]
    assert last.endswith(w("summary.fit_inadmissible", n=497))


def test_a_model_that_gave_nothing_shows_no_effect(demo: OpenStudy, found: Attention) -> None:
    lines = said(EN, demo, found)
    assert len(lines) == 5
    assert lines[2] == EN("board.no_model")
    assert lines[-1] == EN("board.no_cause")
    # a board is told in plain words, without the model's name; the demo has enough for a path model
    assert said(EN, demo, found, left_out="Second-order: left out.")[2] == EN("board.model_by_scores")


def test_a_board_is_not_told_that_nothing_can_be_said_where_scores_say_it(
    demo: OpenStudy, found: Attention
) -> None:
    above = demo.responses.n + 1
    gates = replace(demo.spec.gates, score_path=above, second_order=above, full=above)
    few = replace(demo, spec=replace(demo.spec, gates=gates))
    assert said(EN, few, found, left_out="left out")[2] == EN("board.model_left_out")


def test_highest_and_lowest_are_named_in_order(demo: OpenStudy, found: Attention) -> None:
    summary = frames.summary(demo.instrument)
    summary.loc[["ATM", "OPP", "CON"], "mean"] = [1.25, 1.375, 4.9]
    summary.loc["SAT", "mean"] = 1.0  # an outcome
    line = said(EN, demo, found, summary=summary)[1]
    assert "among the lowest atmosphere (1.25) and opportunity and challenge (1.38)" in line
    assert "Among the highest scores are absence of role conflict (4.90)" in line
    summary["mean"] = np.nan
    assert len(said(EN, demo, found, summary=summary)) == 4


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("w", [EN, NL], ids=LANGUAGES)
def test_only_what_is_supported_is_listed(
    demo: OpenStudy, found: Attention, overall: pd.DataFrame, count: int, w: Wording
) -> None:
    codes = list(demo.dimensions[:count])
    shown = only_supported(found, dict.fromkeys(codes, "lowest"))
    text = priority_list(shown, w, summary=overall, instrument=demo.instrument)
    lines = text.split("\n")
    assert lines[0] == w("board.heading_none" if count == 0 else f"board.heading_{min(count, 3)}")
    listed = [line for line in lines if line[0:1].isdigit()]
    assert len(listed) == min(count, 3)
    for line, code in zip(listed, codes, strict=False):
        assert w.of(demo.instrument.construct(code).name) in line
        assert w(f"action.{code}")[1:] in line
        assert w("board.ranked_lowest", high=4, count=12) in line
    assert (w("board.fewer") in lines[-1]) == (count in (1, 2))
    assert (w("board.more", count=count) in lines[-1]) == (count > 3)
    # the slides read the paragraph after the list as its note
    assert lines[-2] == ""
    assert (w("board.step_note") in lines[-1]) == (count > 0)
    (drawing,) = priority_map(shown, w, summary=overall, instrument=demo.instrument)
    assert len(drawing.figure.axes[0].collections[-1].get_offsets()) == min(count, 3)


def test_a_certain_first_rank_is_said_as_such(
    demo: OpenStudy, found: Attention, overall: pd.DataFrame
) -> None:
    one = only_supported(found, {"OPP": "lowest"})
    table = one.table.assign(rank_high=one.table["rank_high"].replace(4, 1))
    first = replace(one, table=table, supported=priorities(table))
    line = priority_list(first, EN, summary=overall, instrument=demo.instrument)
    assert "Almost certainly the lowest of the 12 scores." in line


@pytest.mark.parametrize("w", [EN, NL], ids=LANGUAGES)
def test_priorities_are_put_down_to_what_supports_them(demo: OpenStudy, found: Attention, w: Wording) -> None:
    low, gap, weighted = (w(f"board.because_{reading}") for reading in READINGS)

    def sentence(supported: dict[str, str]) -> str:
        return said(w, demo, only_supported(found, supported), effects=ALL, fit=made_fit())[3]

    both = sentence({"OPP": "lowest", "AMB": "lowest gap"})
    assert low in both
    assert gap not in both  # not of both
    assert w("board.attention_one", why=w.join([gap, weighted]), listed="X")[:30] in sentence(
        {"OPP": "gap weighted"}
    )
    apart = sentence({"OPP": "lowest", "AMB": "gap"})
    assert apart.index(low) < apart.index(gap)
    none = sentence({})
    assert none.startswith(w("board.attention_open"))


def test_importance_that_was_not_computed_is_never_named(demo: OpenStudy, found: Attention) -> None:
    few = only_supported(found, {"OPP": "lowest"}, readings=("lowest",))
    few = replace(few, importance=found.importance.iloc[:0], method="")
    for w, word in ((EN, "mportance"), (NL, "elang")):
        lines = said(w, demo, few, effects=ALL, fit=made_fit())
        assert not any(word in line for line in lines)
        assert any(word in line for line in said(w, demo, found, effects=ALL, fit=made_fit()))


def test_importance_is_said_to_be_alike_only_where_no_rank_is_on_one_side(
    demo: OpenStudy, found: Attention
) -> None:
    assert EN("board.importance_open") in said(EN, demo, found)[3]
    clear = found.importance.assign(
        rank_high=found.importance["rank_high"].where(found.importance["dimension"] != "ENJ", 6)
    )
    assert EN("board.importance_open") not in said(EN, demo, replace(found, importance=clear))[3]


def test_every_dimension_of_the_instrument_has_a_step_in_both_languages(demo: OpenStudy) -> None:
    for construct in demo.instrument.dimensions:
        assert f"action.{construct.code}" in EN
        assert f"action.{construct.code}" in NL


@pytest.mark.parametrize("w", [EN, NL], ids=LANGUAGES)
def test_the_first_picture_marks_the_priorities(
    demo: OpenStudy, found: Attention, overall: pd.DataFrame, w: Wording
) -> None:
    (drawing,) = priority_map(found, w, summary=overall, instrument=demo.instrument)
    shown = [text.get_text() for text in drawing.figure.axes[0].texts]
    assert 0 < len(found.priorities) <= 3
    for number, code in enumerate(found.priorities["dimension"], start=1):
        assert f"{number} {w.of(demo.instrument.construct(code).short)}" in shown


@pytest.mark.parametrize("w", [EN, NL], ids=LANGUAGES)
def test_ranks_and_table_hold_every_reading(demo: OpenStudy, found: Attention, w: Wording) -> None:
    text, drawing, table = attention_views(found, w, instrument=demo.instrument)
    assert isinstance(text, str)
    assert isinstance(drawing, Drawing)
    assert isinstance(table, Table)
    assert len(drawing.figure.axes) == len(READINGS)
    for ax, reading in zip(drawing.figure.axes, READINGS, strict=True):
        rows = found.of(reading)
        np.testing.assert_allclose(ax.collections[1].get_offsets()[:, 0], rows["rank"])
        spans = [rank_text(a, b, w) for a, b in zip(rows["rank_low"], rows["rank_high"], strict=True)]
        assert [t.get_text() for t in ax.texts][-len(spans) :] == spans
        assert table.raw[f"{reading}_rank_low"].tolist() == rows["rank_low"].tolist()
    (importance,) = importance_views(found, w, instrument=demo.instrument)
    assert isinstance(importance, Table)
    lmg = found.importance[(found.importance["method"] == "lmg") & (found.importance["outcome"] == "overall")]
    np.testing.assert_allclose(importance.raw["lmg"].astype(float), lmg["estimate"])
    if w is NL:
        for drawn in (
            drawing,
            *priority_map(found, w, summary=construct_summary(demo.responses), instrument=demo.instrument),
        ):
            frames.assert_no_english(
                [*frames.texts(drawn.figure), drawn.title, drawn.alt],
                en=EN,
                nl=NL,
                instrument=demo.instrument,
            )


def test_groups_are_ranked_and_drawn_only_where_they_may_be_shown(
    demo: OpenStudy, found: Attention, overall: pd.DataFrame, release: Release
) -> None:
    views = attention_group_views(demo, EN, found=found, release=release, overall=overall, seed=1)
    names = [view.name for view in views if not isinstance(view, str)]
    assert names == ["attention_by_organisation", "first_by_organisation", "heat_organisation"]
    views = attention_team_views(demo, EN, found=found, release=release, overall=overall, seed=1)
    names = [view.name for view in views if not isinstance(view, str)]
    assert "first_by_team" in names
    assert "heat_team_2" in names  # 51 teams do not fit on one page
    shown = int(release.sizes("team").notna().sum())
    table = next(view for view in views if not isinstance(view, str) and view.name == "first_by_team")
    assert isinstance(table, Table)
    assert len(table.frame) == shown
    rows = [
        row
        for view in views
        if isinstance(view, Drawing) and view.name.startswith("heat_team")
        for row in [len(view.figure.axes[0].get_yticks())]
    ]
    assert sum(rows) == shown


@pytest.mark.parametrize("w", [EN, NL], ids=LANGUAGES)
def test_no_supervisor_is_appraised_by_a_team(
    demo: OpenStudy, found: Attention, overall: pd.DataFrame, release: Release, w: Wording
) -> None:
    (supervisor,) = [c for c in demo.instrument.constructs if c.appraises_one]
    teams = attention_team_views(demo, w, found=found, release=release, overall=overall, seed=1)
    shown = [_texts(view) for view in teams]
    assert not any(w.of(supervisor.short) in text or w.of(supervisor.name) in text for text in shown[:-1])
    assert shown[-1] == w("attention.supervisor_left_out", name=w.of(supervisor.name))
    drawings = [view for view in teams if isinstance(view, Drawing)]
    assert drawings
    for drawn in drawings:
        assert drawn.chart is not None
        assert w.of(supervisor.short) not in [series.name for series in drawn.chart.series]
    whole = attention_group_views(demo, w, found=found, release=release, overall=overall, seed=1)
    assert any(w.of(supervisor.short) in _texts(view) for view in whole if isinstance(view, Drawing))


def test_ranks_without_a_dimension_are_among_the_others(demo: OpenStudy, found: Attention) -> None:
    teams = demo.responses.groups["team"].cat.categories
    without = {str(name): ["SUP"] for name in teams[1:]}
    frame = group_attention(demo, "team", overall=found, without=without, seed=1)
    assert set(frame.loc[frame["dimension"] == "SUP", "group"]) == {teams[0]}
    lowest = frame[frame["reading"] == "lowest"].groupby("group", sort=False)["rank"]
    assert (lowest.min() == 1).all()
    assert lowest.max()[teams[0]] == len(demo.instrument.dimensions)
    assert (lowest.max().drop(teams[0]) <= len(demo.instrument.dimensions) - 1).all()


@pytest.mark.parametrize("w", [EN, NL], ids=LANGUAGES)
def test_an_organisation_that_is_one_team_does_not_appraise_its_supervisor(
    demo: OpenStudy, found: Attention, overall: pd.DataFrame, w: Wording
) -> None:
    groups = demo.responses.groups
    first = groups["organisation"].cat.categories[0]
    team = groups["team"].astype(object).where(groups["organisation"] != first, "T")
    changed = groups.assign(team=pd.Categorical(team))
    small = replace(demo, responses=replace(demo.responses, groups=changed))
    views = attention_group_views(
        small, w, found=found, release=released(small.responses), overall=overall, seed=1
    )
    (supervisor,) = [c for c in demo.instrument.constructs if c.appraises_one]
    told = w("attention.supervisor_left_out_some", name=w.of(supervisor.name))
    assert views[-1] == told
    drawings = {view.name: view for view in views if isinstance(view, Drawing)}
    heat = drawings["heat_organisation"]
    assert heat.chart is not None
    series = {one.name: one.values for one in heat.chart.series}
    shown = dict(zip(heat.chart.categories, series[w.of(supervisor.short)], strict=True))
    hidden = [name for name, mean in shown.items() if mean is None]
    assert first in hidden
    assert len(hidden) == 2  # one more: from everybody and all the others the first would follow
    ranks = drawings["attention_by_organisation"]
    assert len(ranks.figure.axes[0].patches) == len(shown) * len(demo.instrument.dimensions) - 2


def test_a_hidden_group_is_nowhere(demo: OpenStudy, found: Attention, overall: pd.DataFrame) -> None:
    # one organisation shrinks to seven people
    groups = demo.responses.groups
    first = groups["organisation"].cat.categories[0]
    keep = (groups["organisation"] != first) | (groups.groupby("organisation", observed=True).cumcount() < 7)
    small = replace(
        demo,
        responses=replace(
            demo.responses,
            items=demo.responses.items[keep].reset_index(drop=True),
            groups=groups[keep].reset_index(drop=True),
            covariates=demo.responses.covariates[keep].reset_index(drop=True),
        ),
    )
    allowed = released(small.responses, minimum=10)
    frame = group_attention(small, "organisation", overall=found, seed=1)
    views = attention_group_views(small, EN, found=found, release=allowed, overall=overall, seed=1)
    shown = "\n".join(
        view
        if isinstance(view, str)
        else view.plain()
        if isinstance(view, Table)
        else " ".join(frames.texts(view.figure))
        for view in views
    )
    assert str(first) not in shown
    assert str(first) not in set(frame["group"]) or math.isnan(allowed.sizes("organisation")[first])
    assert "Not shown by organisation" in shown


def test_the_heat_map_colours_only_what_is_certain(demo: OpenStudy) -> None:
    codes = [c.code for c in demo.instrument.dimensions]
    index = pd.MultiIndex.from_product([["A", "B"], codes], names=["g", "construct"])
    means = pd.DataFrame({"mean": 3.0, "ci_low": 2.8, "ci_high": 3.2}, index=index)
    means.loc[("A", "OPP")] = [4.0, 3.8, 4.2]
    means.loc[("B", "AMB")] = [2.0, 1.8, 2.2]
    means.loc[("B", "CON")] = np.nan
    overall = pd.DataFrame({"mean": 3.0}, index=pd.Index(codes, name="construct"))
    group = demo.spec.groups[0]
    (drawing,) = group_heat_figures(means, EN, overall=overall, group=group, instrument=demo.instrument)
    # 23 cells shown: chance alone colours one
    assert "1 scores lie noticeably below the mean of everybody and 1 above it" in drawing.alt
    assert "about 1 of both" in drawing.alt
    assert drawing.chart is not None
    assert drawing.chart.series[2].values == (3.0, None)
    assert [drawing.chart.series[k].colours for k in (0, 1)] == [("high", "middle"), ("middle", "low")]


def test_ranks_of_groups_are_the_numbers_given(demo: OpenStudy, found: Attention) -> None:
    frame = group_attention(demo, "organisation", overall=found, seed=1)
    own = frame[frame["reading"] == "lowest"]
    drawing = group_ranks_figure(own, EN, group=demo.spec.groups[0], instrument=demo.instrument)
    printed = [t.get_text() for t in drawing.figure.axes[0].texts][::2]
    assert printed == [EN.count(rank) for rank in own["rank"]]


def test_every_supported_dimension_is_named_and_why_three_are_shown(
    demo: OpenStudy, found: Attention
) -> None:
    five = only_supported(found, dict.fromkeys(demo.dimensions[:5], "lowest"))
    text = attention_views(five, EN, instrument=demo.instrument)[0]
    assert isinstance(text, str)
    for code in demo.dimensions[:5]:
        assert demo.instrument.construct(code).name["en"].lower() in text.lower()
    assert EN("attention.intro_more") in text
    two = attention_views(
        only_supported(found, {"OPP": "lowest", "AMB": "gap"}), EN, instrument=demo.instrument
    )
    assert EN("attention.intro_more") not in str(two[0])


def test_a_reading_that_mirrors_the_score_is_explained_and_not_shown(
    demo: OpenStudy, found: Attention
) -> None:
    bare = replace(
        only_supported(found, {}, readings=("lowest", "weighted")),
        basis={"gap": "dimensions", "weighted": "maximum"},
    )
    text, drawing, table = attention_views(bare, EN, instrument=demo.instrument)
    assert EN("attention.mirrored_dimensions") in str(text)
    assert isinstance(drawing, Drawing)
    assert len(drawing.figure.axes) == 2
    assert isinstance(table, Table)
    assert "Gap" not in table.note
    assert "Shortfall" in table.note


def test_the_ranks_are_told_by_what_is_certain(demo: OpenStudy, found: Attention) -> None:
    drawing = attention_views(only_supported(found, {"OPP": "lowest"}), EN, instrument=demo.instrument)[1]
    assert isinstance(drawing, Drawing)
    assert "Lowest score: certainly among the first 4: opportunity and challenge." in drawing.alt
    assert "Largest gap: none is certainly among the first 4." in drawing.alt


def _texts(view: Table | Drawing | str) -> str:
    if isinstance(view, str):
        return view
    return view.plain() if isinstance(view, Table) else " ".join(frames.texts(view.figure))
