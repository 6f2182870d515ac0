"""The map of importance and performance for a reader, from made-up results."""

from __future__ import annotations

from dataclasses import replace

import figure_frames as frames
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from jq_models.evaluate.composites.ipma import Ipma
from jq_models.evaluate.composites.outlook import too_wide
from jq_models.report import style
from jq_models.report.figures_prediction import ipma_figure
from jq_models.report.outlook_views import priority_views
from jq_models.report.sentences_map import ipma_sentences, no_map_sentence
from jq_models.report.sentences_prediction import (
    ipma_views,
)
from jq_models.report.tables_prediction import ipma_table, placed
from jq_models.report.wording import wording
from jq_models.spec import load_instrument

EN, NL = wording("en"), wording("nl")
CCC = load_instrument("ccc_job_quality")
# importance and performance; TOO is important and scores low, INF without importance
POINTS = {
    "OPP": (0.20, 66.0),
    "AMB": (0.12, 70.0),
    "CON": (0.03, 52.0),
    "TOO": (0.18, 50.0),
    "LCU": (0.05, 54.0),
    "INF": (-0.04, 51.0),
}


def made(target: str = "SAT", *, half: float = 0.03, flip: float = 1.0, **changes: object) -> Ipma:
    rows = [("higher", "JQ", "", 0.9, 58.0)]
    rows += [("construct", code, "", *values) for code, values in POINTS.items()]
    rows += [("construct", "COM", "", 0.3, 60.0)] if target == "TIN" else []
    rows += [
        ("item", code, item.code, values[0] / 4, values[1])
        for code, values in POINTS.items()
        for item in CCC.construct(code).items
    ]
    table = pd.DataFrame(rows, columns=["level", "construct", "item", "importance", "performance"])
    table["importance"] *= flip
    for name, width in (("importance", half), ("performance", 2.0)):
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - width, table[name] + width
    found = Ipma(
        target=target,
        table=table.assign(weight=0.25),
        performance=67.2,
        negative=(),
        n=497,
        draws=1000,
        failed=0,
        level=0.95,
    )
    return replace(found, **changes)


def shown(found: Ipma, w=EN, **more) -> str:
    return ipma_sentences(found, w, instrument=CCC, **more)


def changed(found: Ipma, code: str, **values: float) -> Ipma:
    table = found.table.copy()
    table.loc[(table["level"] == "construct") & (table["construct"] == code), list(values)] = list(
        values.values()
    )
    return replace(found, table=table)


def test_the_fields_are_parted_by_the_averages_of_the_dimensions():
    # averages .09 and 57.2: AMB .12 +- .03 touches none of them, LCU .05 neither
    fields = placed(made(half=0.02), CCC)["field"]
    assert dict(fields) == {
        "OPP": "keep",
        "AMB": "keep",
        "CON": "later",
        "TOO": "first",
        "LCU": "later",
        "INF": "later",
    }
    high = changed(made(half=0.02), "CON", performance=72.0, performance_low=70.0, performance_high=74.0)
    assert placed(high, CCC)["field"]["CON"] == "leave"
    assert dict(placed(made("TIN", half=0.02, flip=-1.0), CCC)["field"]) == dict(fields)


@pytest.mark.parametrize(("target", "flip"), [("SAT", 1.0), ("TIN", -1.0)])
def test_an_interval_across_an_average_leaves_the_field_undecided(target, flip):
    found = made(target, half=0.05, flip=flip)
    rows = placed(found, CCC)
    assert dict(rows["field"]) == {
        "OPP": "keep",
        "AMB": "undecided",
        "CON": "later",
        "TOO": "first",
        "LCU": "undecided",
        "INF": "later",
    }
    assert dict(rows["leaning"]) == dict(placed(made(half=0.02), CCC)["field"])
    low = changed(found, "TOO", performance_high=58.0)
    assert placed(low, CCC)["field"]["TOO"] == "undecided"
    bare = found.table.assign(importance_low=np.nan)
    assert set(placed(replace(found, table=bare), CCC)["field"]) <= {"undecided", "first", "keep", "later"}
    none = replace(found, table=bare.assign(importance_high=np.nan))
    assert set(placed(none, CCC)["field"]) == {"undecided"}


def test_a_dimension_without_numbers_cannot_be_judged_and_is_not_drawn():
    found = made()
    table = found.table.copy()
    table.loc[table["construct"] == "AMB", ["importance", "performance"]] = np.nan
    lost = replace(found, table=table)
    assert placed(lost, CCC)["field"]["AMB"] == "unknown"
    assert "Role clarity" not in frames.texts(ipma_figure(lost, EN, instrument=CCC).figure)
    row = (
        ipma_table(lost, EN, instrument=CCC).frame.set_index("Construct").loc["Role clarity (role ambiguity)"]
    )
    assert row["Field"] == "cannot be judged"


def test_sentences_say_what_is_important_and_scores_low_and_what_is_certain():
    text = shown(made())
    assert "and clearly scored below average: ease of tools." in text
    assert "points to" not in text
    assert (
        "The largest estimate is that of opportunity and challenge: where it is 10 points higher (of 100) "
        "and the other dimensions are the same, job satisfaction is 2.0 points higher on average "
        "(95% interval [1.7, 2.3]). Number of other intervals that overlap with it: 1." in text
    )
    assert "is 67 on the scale" in text
    assert "bootstrap samples" not in text
    assert "No other interval overlaps with it." in shown(made(half=0.005))


def test_what_the_estimates_only_point_to_is_said_as_such():
    text = shown(made(half=0.15))
    assert "No dimension clearly lies in the field" in text
    assert "The estimates point to ease of tools, but there an interval reaches across an average." in text
    assert "Number of other intervals that overlap with it: 5. The order at the top is uncertain." in text
    assert "Clearly" not in text
    two = changed(made(), "CON", importance=0.15, importance_low=0.0, importance_high=0.2)
    assert "The estimates point to absence of role conflict, too, but there" in shown(two)
    none = changed(made(), "TOO", importance=0.0, importance_low=-0.1, importance_high=0.1)
    assert "The estimates point to none, either." in shown(none)


def test_no_link_is_called_strongest_whose_interval_holds_zero():
    text = shown(made(half=0.25))
    assert "The largest estimate is" not in text
    assert "the interval of the largest estimate, that of opportunity and challenge, holds zero." in text
    turned = shown(made("TIN", half=0.25, flip=-1.0))
    assert "The largest estimate is" not in turned


def test_of_simulated_answers_the_true_field_and_importance_are_shown():
    truth = changed(made(), "AMB", performance=50.0)
    text = shown(made(half=0.15), truth=truth)
    assert "What truly lies in that field: role clarity (role ambiguity) and ease of tools." in text
    table = ipma_table(made(), EN, instrument=CCC, truth=truth)
    assert list(table.raw["true"]) == [value for value, _ in POINTS.values()]
    assert "population" in table.note
    assert "True importance" not in ipma_table(made(), EN, instrument=CCC).frame
    nowhere = changed(made(), "TOO", performance=90.0)
    assert "no dimension truly lies in that field" in shown(made(), truth=nowhere)


def test_the_first_figure_of_the_report_is_reconciled_with_the_map():
    other = shown(made(), front=["LEM", "INF"])
    assert "Its estimates point to learning from employees and information sharing." in other
    assert "here the estimates point to ease of tools. The two need not agree" in other
    assert "both point to the same dimensions" in shown(made(), front=["TOO"])
    assert "Its estimates point to no dimension." in shown(made(), front=[])
    assert "first figure" not in shown(made())


def test_towards_leaving_the_stronger_link_is_the_more_negative():
    text = shown(made("TIN", flip=-1.0))
    assert "turnover intention is 2.0 points lower on average (95% interval [1.7, 2.3])" in text
    drawn = ipma_figure(made("TIN", flip=-1.0), EN, instrument=CCC)
    left, right = drawn.figure.axes[0].get_xlim()
    assert left > right
    assert "importance for turnover intention is that of opportunity and challenge (−.20)" in drawn.alt


def test_negative_weights_failures_and_missing_intervals_are_said():
    text = shown(made(negative=("INF", "OPP3"), failed=3))
    assert "A negative weight" in text
    assert "information sharing and OPP3" in text
    assert "3 of 1,000 bootstrap samples gave no estimate." in text
    bare = made()
    ends = [c for c in bare.table if c.endswith(("_low", "_high"))]
    bare = replace(bare, table=bare.table.assign(**dict.fromkeys(ends, np.nan)), draws=0)
    assert "largest" not in shown(bare)
    assert ipma_figure(bare, EN, instrument=CCC).figure.axes


def test_a_bound_that_rounds_to_zero_gets_another_decimal():
    found = changed(made(), "AMB", importance_low=-0.0022, importance_high=0.2182)
    cells = ipma_table(found, EN, instrument=CCC).frame["Importance"]
    assert cells[1] == ".12 [−.002, .218]"
    assert cells[0] == ".20 [.17, .23]"


@pytest.mark.parametrize("w", [EN, NL], ids=["en", "nl"])
def test_why_there_is_no_map_is_said_in_words(w):
    overlap = no_map_sentence(made(), w, overlap=["OPP", "EMP"], wide=["OPP"], instrument=CCC)
    assert w("source.hair_risher_2019") in overlap
    wide = no_map_sentence(made(), w, overlap=[], wide=["OPP"], instrument=CCC)
    assert wide != overlap


def test_the_map_shows_importance_across_and_performance_up_the_new_in_the_accent():
    drawing = ipma_figure(made(half=0.02), EN, instrument=CCC)
    ax = drawing.figure.axes[0]
    dots = ax.collections[-1]
    np.testing.assert_allclose(dots.get_offsets(), list(POINTS.values()))
    new = [CCC.construct(code).new for code in POINTS]
    colours = [to_hex(c) == style.ACCENT.lower() for c in dots.get_edgecolors()]
    assert colours == new
    assert "ease of tools. Number of dimensions whose field is undecided: 0 of 6." in drawing.alt
    assert "the lowest score is that of ease of tools (50)" in drawing.alt
    names = {CCC.construct(code).short["en"] for code in POINTS}
    assert names < set(frames.texts(drawing.figure))
    assert not {"Look here first", "Keep it up", "Lower priority"} & set(frames.texts(drawing.figure))


def test_marks_are_open_where_the_field_is_undecided():
    found = made(half=0.05)
    dots = ipma_figure(found, EN, instrument=CCC).figure.axes[0].collections[-1]
    open_ = [to_hex(c) == style.SURFACE.lower() for c in dots.get_facecolors()]
    assert open_ == list(placed(found, CCC)["field"] == "undecided")
    assert any(open_)
    assert not all(open_)


@pytest.mark.parametrize("w", [EN, NL], ids=["en", "nl"])
def test_labels_of_the_map_stay_apart(w):
    figure = ipma_figure(made(), w, instrument=CCC).figure
    labels = [CCC.construct(code).short[w.language] for code in POINTS]
    boxes = [t.get_window_extent() for t in figure.axes[0].texts if t.get_text() in labels]
    assert len(boxes) == len(POINTS)
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[i + 1 :])


def test_the_dutch_map_holds_no_english():
    figure = ipma_figure(made(), NL, instrument=CCC).figure
    frames.assert_no_english(frames.texts(figure), en=EN, nl=NL, instrument=CCC)


def test_views_show_only_the_questions_the_map_points_to_and_file_all():
    words, drawing, table, items = ipma_views(made(), EN, instrument=CCC)
    assert words.startswith("- Clearly more important")
    assert drawing.name == "ipma_sat"
    assert list(table.raw["construct"]) == list(POINTS)  # not the whole: nothing stays the same beside it
    assert len(items.frame) == len(CCC.construct("TOO").items)
    assert len(items.raw) == sum(len(CCC.construct(code).items) for code in POINTS)
    assert ipma_views(None, EN, instrument=CCC) == []


def test_without_dimensions_only_the_score_of_the_outcome_is_left():
    found = made()
    (words,) = ipma_views(
        replace(found, table=found.table[found.table["level"] == "higher"]), EN, instrument=CCC
    )
    assert words == "- The score of job satisfaction itself is 67 on the scale from 0 to 100."


def test_no_route_no_map():
    assert priority_views(None, EN, opened=None, seed=1) == []


def test_very_wide_intervals_leave_no_map():
    found = made()
    assert too_wide(found) == ()
    assert too_wide(changed(found, "AMB", importance_low=-0.5, importance_high=0.6)) == ("AMB",)
