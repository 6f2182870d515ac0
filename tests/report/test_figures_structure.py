"""Figures on the structure."""

from __future__ import annotations

from itertools import combinations

import figure_frames as frames
import numpy as np
import pytest
from matplotlib.colors import to_hex

from jq_models.report import style
from jq_models.report.figures_measurement import loadings_of
from jq_models.report.figures_structure import (
    direct_paths_figure,
    effects_figure,
    importance_performance_figure,
)
from jq_models.report.wording import wording
from jq_models.spec import load_instrument

EN, NL = wording("en"), wording("nl")
CCC = load_instrument("ccc_job_quality")
GSS = load_instrument("gss_quality_of_worklife")


METHODS = ("total", "relative", "lmg")


def importance_performance(w, *, instrument=CCC, measure="lmg", marked=(), half=None, raised=None):
    loadings = loadings_of(frames.standardized(instrument), "JQ")
    if raised is not None:
        loadings.loc[raised, "estimate"] = 0.80
    if half is not None:
        loadings = loadings.assign(ci_low=loadings["estimate"] - half, ci_high=loadings["estimate"] + half)
    return importance_performance_figure(
        frames.summary(instrument),
        w,
        importance=loadings,
        instrument=instrument,
        measure=measure,
        marked=marked,
    )


def test_effects_stand_under_their_outcome_in_a_fixed_order_whatever_the_rows_order():
    table = frames.effects_of_jq()
    drawing = effects_figure(table.sample(frac=1, random_state=1), EN, instrument=CCC)
    ax = drawing.figure.axes[0]
    rows = dict(zip(ax.get_yticks(), frames.tick_names(drawing.figure), strict=True))
    assert [rows[y] for y in sorted(rows)] == [
        "Job satisfaction",
        "direct, total",
        CCC.construct("COM").name["en"],
        "direct",
        "indirect",
        "total",
        "Turnover intention",
        "indirect, total",
    ]
    lines, dots = ax.collections
    np.testing.assert_allclose(dots.get_offsets()[:, 0], [0.72, 0.40, 0.26, 0.66, -0.48])
    np.testing.assert_allclose(lines.get_segments()[-1][:, 0], [-0.53, -0.43])
    assert [t.get_text() for t in ax.texts][-1] == "−.48 [−.53, −.43]"
    assert any(list(line.get_xdata()) == [0, 0] for line in ax.lines)
    assert "Turnover intention −.48" in drawing.alt


def test_direct_paths_are_one_panel_an_outcome_with_the_dimensions_in_order():
    table = frames.effects_of_dimensions(CCC)
    drawing = direct_paths_figure(table.iloc[::-1], EN, instrument=CCC)
    panels = drawing.figure.axes
    assert [ax.get_title(loc="left") for ax in panels] == [
        CCC.construct(c).name["en"] for c in ("SAT", "COM")
    ]
    assert frames.tick_names(drawing.figure) == [c.name["en"] for c in CCC.dimensions]
    for ax, shift in zip(panels, (0.0, 0.05), strict=True):
        np.testing.assert_allclose(ax.collections[1].get_offsets()[:, 0], 0.02 * np.arange(12) + shift)
        accented = [to_hex(c).upper() == style.ACCENT for c in ax.collections[1].get_facecolors()]
        assert accented == [c.new for c in CCC.dimensions]
    total = direct_paths_figure(table, EN, instrument=CCC, kind="total")
    np.testing.assert_allclose(total.figure.axes[1].collections[1].get_offsets()[0, 0], 0.10)
    assert total.name == "total_paths"


def test_the_alt_text_names_exactly_the_dimensions_whose_interval_leaves_out_zero():
    alt = direct_paths_figure(frames.effects_of_dimensions(CCC), EN, instrument=CCC).alt
    first = alt.split(".", 1)[0] + alt.split(":", 1)[1].split("Affective", 1)[0]
    assert "Atmosphere" not in first  # .08 with a margin of .09
    assert "Empowerment .10" in first
    none = frames.effects_of_dimensions(CCC).assign(ci_low=-1.0, ci_high=1.0)
    assert "Job satisfaction: no interval excludes zero." in direct_paths_figure(none, EN, instrument=CCC).alt


def test_importance_and_performance_are_the_numbers_given():
    drawing = importance_performance(EN)
    ax = drawing.figure.axes[0]
    points = ax.collections[-2].get_offsets()
    expected = [1 + 4 * ((0.45 if c.new else 0.6) + 0.004 * i) for i, c in enumerate(CCC.dimensions)]
    np.testing.assert_allclose(points[:, 0], list(frames.JQ_LOADINGS.values()))
    np.testing.assert_allclose(points[:, 1], expected)
    accented = [to_hex(c).upper() == style.ACCENT for c in ax.collections[-2].get_facecolors()]
    assert accented == [c.new for c in CCC.dimensions]
    vertical, horizontal = (ax.lines[0].get_xdata()[0], ax.lines[1].get_ydata()[0])
    assert vertical == pytest.approx(np.mean(list(frames.JQ_LOADINGS.values())))
    assert horizontal == pytest.approx(np.mean(expected))


def test_only_what_is_clearly_important_and_below_average_is_named():
    # .80 lies above the average, with .2 on either side it may lie below
    unsure = importance_performance(EN, half=0.2, raised="LEM").alt
    assert unsure == EN("figure.importance_performance.alt_none")
    sure = importance_performance(EN, half=0.05, raised="LEM").alt
    for construct in CCC.dimensions:
        assert (construct.name["en"] in sure) == (construct.code == "LEM")


def test_no_field_is_named_a_priority_and_the_axis_is_the_scale():
    ax = importance_performance(EN).figure.axes[0]
    shown = {text.get_text() for text in ax.texts}
    assert {EN(f"ipma.field_{name}") for name in ("first", "keep", "later", "leave")} <= shown
    assert ax.get_ylabel().endswith("on the scale from 1 to 5")
    assert 2 < ax.get_ylim()[0] < ax.get_ylim()[1] < 4.5


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("measure", METHODS)
def test_labels_cover_neither_each_other_nor_the_frame(language, measure):
    drawing = importance_performance(wording(language), measure=measure)
    ax = drawing.figure.axes[0]
    names = {c.short[language] for c in CCC.dimensions}
    labels = [text for text in ax.texts if text.get_text() in names]
    assert len(labels) == 12
    boxes = [label.get_window_extent() for label in labels]
    assert not [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)]
    frame = ax.get_window_extent()
    assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 for box in boxes)


def test_the_axis_says_which_importance_is_meant():
    drawings = {measure: importance_performance(EN, measure=measure) for measure in METHODS}
    labels = {drawing.figure.axes[0].get_xlabel() for drawing in drawings.values()}
    assert len(labels) == 3
    assert "LMG" in drawings["lmg"].note
    assert "Johnson" in drawings["relative"].note
    assert all("not proof of cause" in drawing.note for drawing in drawings.values())


def test_priorities_are_ringed_and_numbered_in_their_order():
    none = importance_performance(EN)
    assert "Rings" not in none.note
    assert len(none.figure.axes[0].collections[-1].get_offsets()) == 0
    drawing = importance_performance(EN, marked=("LEM", "TOO"))
    ax = drawing.figure.axes[0]
    rings = ax.collections[-1].get_offsets()
    points = ax.collections[-2].get_offsets()
    codes = [c.code for c in CCC.dimensions]
    np.testing.assert_allclose(rings, points[[codes.index("LEM"), codes.index("TOO")]])
    shown = {text.get_text() for text in ax.texts}
    assert {f"1 {CCC.construct('LEM').short['en']}", f"2 {CCC.construct('TOO').short['en']}"} <= shown


@pytest.mark.parametrize("instrument", [CCC, GSS], ids=lambda i: i.name)
def test_dutch_figures_hold_no_english_word(instrument):
    drawings = [
        effects_figure(frames.effects_of_jq(), NL, instrument=instrument),
        direct_paths_figure(frames.effects_of_dimensions(instrument), NL, instrument=instrument),
        *(importance_performance(NL, instrument=instrument, measure=measure) for measure in METHODS),
    ]
    for drawing in drawings:
        shown = [*frames.texts(drawing.figure), drawing.title, drawing.alt, drawing.note]
        frames.assert_no_english(shown, en=EN, nl=NL, instrument=instrument)
        assert not [t for t in frames.texts(drawing.figure) if t.startswith((".", "−."))]


def test_the_same_table_gives_the_same_bytes():
    one, two = (importance_performance(NL).svg() for _ in range(2))
    assert one == two
    assert len(one) < 80_000
