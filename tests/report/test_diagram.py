"""The path diagram."""

from __future__ import annotations

from itertools import combinations

import figure_frames as frames
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Ellipse, FancyArrowPatch

from jq_models.errors import SpecError
from jq_models.report import style
from jq_models.report.diagram import path_diagram
from jq_models.report.wording import wording
from jq_models.spec import load_instrument

EN, NL = wording("en"), wording("nl")
CCC = load_instrument("ccc_job_quality")
GSS = load_instrument("gss_quality_of_worklife")
R2 = pd.Series({"SAT": 0.52, "COM": 0.50, "TIN": 0.40})


def draw(w, *, instrument=CCC, table=None):
    table = frames.standardized(instrument) if table is None else table
    return path_diagram(table, w, r_squared=R2, instrument=instrument)


def patches(drawing, kind):
    return [patch for patch in drawing.figure.axes[0].patches if isinstance(patch, kind)]


def test_every_latent_variable_is_an_ellipse_and_every_relation_an_arrow():
    drawing = draw(EN)
    assert len(patches(drawing, Ellipse)) == 12 + 1 + 3
    assert len(patches(drawing, FancyArrowPatch)) == 12 + 5 + 3
    soft = [p for p in patches(drawing, Ellipse) if to_hex(p.get_facecolor()).upper() == style.ACCENT_SOFT]
    assert len(soft) == 3


def test_estimates_intervals_and_explained_variance_are_printed():
    shown = frames.texts(draw(EN).figure)
    for value in frames.PATHS.values():
        low, high = value - 1.96 * 0.04, value + 1.96 * 0.04
        assert f"{EN.coefficient(value)}\n{EN.coefficient_interval(low, high)}" in shown
    loadings = sorted(EN.coefficient(v) for v in frames.JQ_LOADINGS.values())
    assert sorted(t for t in shown if t in set(loadings)) == loadings
    assert shown.count(".30") == 3
    assert any(t.endswith("R² = .52") for t in shown)


def test_loadings_stand_in_the_height_of_their_dimension():
    drawing = draw(EN)
    ax = drawing.figure.axes[0]
    rows = {t.get_text(): t.get_position()[1] for t in ax.texts}
    heights = [rows[c.name["en"]] for c in CCC.dimensions if c.name["en"] in rows]
    assert len(heights) >= 11
    assert heights == sorted(heights, reverse=True)


def test_a_path_with_zero_in_its_interval_is_dashed_and_stronger_paths_are_wider():
    drawing = draw(EN)
    dashed = [p for p in patches(drawing, FancyArrowPatch) if p.get_linestyle() not in ("-", "solid")]
    assert len(dashed) == 1
    widths = sorted(p.get_linewidth() for p in patches(drawing, FancyArrowPatch))
    assert widths[-1] == pytest.approx(0.7 + 1.8 * 0.72)


@pytest.mark.parametrize("instrument", [CCC, GSS], ids=lambda i: i.name)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_text_covers_another_or_leaves_the_page(language, instrument):
    drawing = draw(wording(language), instrument=instrument)
    boxes = {text: text.get_window_extent() for text in drawing.figure.axes[0].texts}
    hit = [(a.get_text(), b.get_text()) for a, b in combinations(boxes, 2) if boxes[a].overlaps(boxes[b])]
    assert not hit
    page = drawing.figure.bbox
    assert all(
        page.x0 <= b.x0 and b.x1 <= page.x1 and page.y0 <= b.y0 and b.y1 <= page.y1 for b in boxes.values()
    )


@pytest.mark.parametrize("language", ["en", "nl"])
def test_names_fit_into_their_ellipses(language):
    drawing = draw(wording(language))
    ax = drawing.figure.axes[0]
    for ellipse in patches(drawing, Ellipse):
        inside = next(t for t in ax.texts if t.get_position() == tuple(ellipse.center))
        box = inside.get_window_extent().transformed(ax.transData.inverted())
        assert box.width < ellipse.width
        assert box.height < ellipse.height


def test_a_direct_path_to_turnover_is_drawn_across():
    table = frames.standardized(CCC)
    extra = pd.DataFrame([("TIN", "~", "JQ", -0.1, 0.05, -0.2, 0.0)], columns=table.columns)
    drawing = draw(EN, table=pd.concat([table, extra]))
    assert len(patches(drawing, FancyArrowPatch)) == 12 + 6 + 3
    assert "job quality → Turnover intention −.10" in drawing.alt


def test_without_turnover_or_residual_covariances():
    table = frames.standardized(CCC)
    table = table[(table["lhs"] != "TIN") & (table["op"] != "~~")]
    drawing = draw(EN, table=table)
    assert len(patches(drawing, Ellipse)) == 12 + 1 + 2
    assert len(patches(drawing, FancyArrowPatch)) == 12 + 3


def test_another_model_is_refused_with_a_remedy():
    table = frames.standardized(CCC)
    with pytest.raises(SpecError, match="second-order job quality; draw effects instead"):
        draw(EN, table=table[table["lhs"] != "JQ"])


@pytest.mark.parametrize("instrument", [CCC, GSS], ids=lambda i: i.name)
def test_the_dutch_diagram_holds_no_english_word(instrument):
    drawing = draw(NL, instrument=instrument)
    shown = [*frames.texts(drawing.figure), drawing.title, drawing.alt, drawing.note]
    frames.assert_no_english(shown, en=EN, nl=NL, instrument=instrument)


def test_the_same_table_gives_the_same_bytes():
    assert draw(NL).svg() == draw(NL).svg()
    assert len(draw(NL).svg()) < 90_000


def test_curved_arrows_are_explained_only_where_they_are_drawn():
    assert EN("figure.path_diagram.note_arcs") in draw(EN).note
    table = frames.standardized(CCC)
    bare = table[~((table["op"] == "~~") & (table["lhs"] != table["rhs"]))]
    assert "Curved" not in draw(EN, table=bare).note


def test_a_dimension_has_one_name_in_dutch():
    for instrument in (CCC, GSS):
        assert NL.of(instrument.construct("EMP").short) == NL.of(instrument.construct("EMP").name)
