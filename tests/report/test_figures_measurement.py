"""Figures on the measurement."""

from __future__ import annotations

import figure_frames as frames
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from jq_models.report import style
from jq_models.report.figures_measurement import (
    htmt_figure,
    latent_correlation_figure,
    loadings_figure,
    loadings_of,
)
from jq_models.report.figures_second_order import r_squared_figure, second_order_figure
from jq_models.report.wording import wording
from jq_models.spec import load_instrument

EN, NL = wording("en"), wording("nl")
CCC = load_instrument("ccc_job_quality")
GSS = load_instrument("gss_quality_of_worklife")


def test_every_loading_is_drawn_once_with_its_interval_and_value():
    table = frames.standardized(CCC)
    figure = loadings_figure(table, EN, instrument=CCC).figure
    drawn = {}
    for k, ax in enumerate(figure.axes):
        points = np.concatenate([c.get_offsets() for c in ax.collections[1::2]])
        spans = np.concatenate([[s[:, 0] for s in c.get_segments()] for c in ax.collections[::2]])
        at = dict(zip(ax.get_yticks(), frames.tick_names(figure, k), strict=True))
        drawn |= {at[y]: (x, *span) for (x, y), span in zip(points, spans, strict=True)}
    assert list(drawn) == [item.code for item in CCC.items]
    expected = pd.concat([loadings_of(table, c.code) for c in CCC.constructs])
    np.testing.assert_allclose(list(drawn.values()), expected)
    assert frames.texts(figure).count(".85") == len(CCC.constructs)


def test_the_threshold_lines_and_their_source():
    drawing = loadings_figure(frames.standardized(CCC), EN, instrument=CCC)
    for ax in drawing.figure.axes:
        assert [line.get_xdata()[0] for line in ax.lines] == [0.5, 0.7]
    assert "Hair" in drawing.note
    assert ".50" in drawing.note


def test_the_alt_text_counts_loadings_against_the_thresholds():
    table = frames.standardized(CCC)
    table.loc[table["rhs"] == "OPP1", "est_std"] = 0.31
    alt = loadings_figure(table, EN, instrument=CCC).alt
    assert "run from .31 (OPP1)" in alt
    assert "below .50: 1." in alt


def test_constructs_of_a_single_item_have_no_loading_drawn():
    names = frames.texts(loadings_figure(frames.standardized(GSS), EN, instrument=GSS).figure)
    singles = {c.items[0].code for c in GSS.constructs if len(c.items) == 1}
    assert singles
    assert not singles & set(names)


def test_htmt_prints_the_lower_triangle_and_outlines_what_is_above_the_thresholds():
    square = frames.htmt(CCC)
    drawing = htmt_figure(square, EN, instrument=CCC)
    ax = drawing.figure.axes[0]
    cells = {t.get_position(): t.get_text() for t in ax.texts}
    codes = frames.codes(CCC)
    for i, row in enumerate(codes):
        assert cells[(i, i)] == row
        for j, column in enumerate(codes[:i]):
            assert cells[(j, i)] == EN.coefficient(square.loc[row, column])
    assert len(cells) == len(codes) * (len(codes) + 1) // 2
    outlined = [p for p in ax.patches if isinstance(p, Rectangle) and not p.get_fill()]
    where = {(round(p.get_x() + 0.45), round(p.get_y() + 0.44)): p.get_linewidth() for p in outlined}
    assert set(where) == {(codes.index("OPP"), codes.index("AMB")), (codes.index("ENJ"), codes.index("SAT"))}
    assert where[(6, 12)] > where[(0, 1)]
    assert all(to_hex(p.get_edgecolor()).upper() == style.ACCENT for p in outlined)
    assert drawing.alt == "Pairs of constructs above .85: SAT–ENJ .93 and AMB–OPP .87."
    many = htmt_figure(square.clip(lower=0.88), EN, instrument=CCC).alt
    assert many.startswith("105 pairs of constructs lie above .85; the highest: SAT–ENJ .93, ")


def test_htmt_without_high_pairs_says_so_and_leaves_out_single_items():
    drawing = htmt_figure(frames.htmt(GSS).clip(upper=0.6), EN, instrument=GSS)
    assert drawing.alt == "No pair of constructs lies above .85."
    several = [c.name["en"] for c in GSS.constructs if len(c.items) > 1]
    assert frames.tick_names(drawing.figure) == several


def test_latent_correlations_name_the_strongest_pair_by_size_not_sign():
    square = frames.htmt(CCC).fillna(1.0).clip(upper=0.6)
    square.loc["TIN", "SAT"] = square.loc["SAT", "TIN"] = -0.7
    square.loc["JQ"] = 0.9
    square["JQ"] = 0.9
    drawing = latent_correlation_figure(square, EN, instrument=CCC)
    assert "TIN–SAT (−.70)" in drawing.alt
    assert "JQ" not in frames.texts(drawing.figure)


def test_second_order_loadings_equal_the_table_and_the_new_three_are_accented():
    table = frames.standardized(CCC)
    drawing = second_order_figure(table, EN, instrument=CCC)
    ax = drawing.figure.axes[0]
    np.testing.assert_allclose(ax.collections[1].get_offsets()[:, 0], list(frames.JQ_LOADINGS.values()))
    assert frames.tick_names(drawing.figure) == [c.name["en"] for c in CCC.dimensions]
    colours = [to_hex(c).upper() == style.ACCENT for c in ax.collections[1].get_facecolors()]
    assert colours == [c.new for c in CCC.dimensions]
    assert ax.texts[0].get_text() == ".75 [.69, .81]"


def test_explained_variance_is_drawn_for_constructs_only():
    values = pd.Series({"OPP1": 0.9, "COM": 0.50, "SAT": 0.52, "OPP": 0.44})
    drawing = r_squared_figure(values, EN, instrument=CCC)
    assert [bar.get_width() for bar in drawing.figure.axes[0].patches] == [0.44, 0.52, 0.50]
    assert frames.tick_names(drawing.figure)[0] == "Opportunity and challenge"
    assert "Job satisfaction 52%" in drawing.alt


@pytest.mark.parametrize("instrument", [CCC, GSS], ids=lambda i: i.name)
def test_dutch_figures_hold_no_english_word(instrument):
    table = frames.standardized(instrument)
    drawings = [
        loadings_figure(table, NL, instrument=instrument),
        htmt_figure(frames.htmt(instrument), NL, instrument=instrument),
        latent_correlation_figure(frames.htmt(instrument), NL, instrument=instrument),
        second_order_figure(table, NL, instrument=instrument),
        r_squared_figure(pd.Series({"SAT": 0.5, "COM": 0.4}), NL, instrument=instrument),
    ]
    for drawing in drawings:
        shown = [*frames.texts(drawing.figure), drawing.title, drawing.alt, drawing.note]
        frames.assert_no_english(shown, en=EN, nl=NL, instrument=instrument)
        assert not [t for t in frames.texts(drawing.figure) if t.startswith(("0.", ".", "−."))]


def test_the_same_table_gives_the_same_bytes():
    table = frames.standardized(CCC)
    one, two = (loadings_figure(table, NL, instrument=CCC).svg() for _ in range(2))
    assert one == two
    assert len(one) < 150_000
