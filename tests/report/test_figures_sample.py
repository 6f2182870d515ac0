"""Figures on the answers: what is drawn is what was given."""

from __future__ import annotations

import re

import figure_frames as frames
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from jq_models.report import style
from jq_models.report.figures_sample import (
    construct_means_figure,
    group_sizes_figure,
    item_distribution_figure,
    missing_figure,
)
from jq_models.report.wording import wording
from jq_models.spec import Group, Text, load_instrument

EN, NL = wording("en"), wording("nl")
CCC = load_instrument("ccc_job_quality")
GSS = load_instrument("gss_quality_of_worklife")
CONTRACT = Group(
    name="contract",
    column="contract",
    label=Text(en="Contract type", nl="Soort contract"),
    labels={"P": Text(en="Permanent", nl="Vast"), "F": Text(en="Flexible", nl="Flexibel")},
)
NEW = ["LCU", "LEM", "INF"]


def panels_of(figure):
    """Return the panels in reading order: down the left column, then the right."""
    panels = [ax for ax in figure.axes if ax.axison]
    return sorted(panels, key=lambda ax: (round(ax.get_position().x0, 1), -ax.get_position().y0))


def test_every_item_is_a_bar_of_a_hundred_percent_with_its_shares():
    shares = frames.answer_shares(CCC)
    figure = item_distribution_figure(shares, EN, instrument=CCC).figure
    panels = panels_of(figure)
    assert [ax.get_title(loc="left") for ax in panels] == [c.name["en"] for c in CCC.constructs]
    drawn = {}
    for ax in panels:
        labels = [label.get_text().removesuffix(" ↔") for label in ax.get_yticklabels()]
        for row, code in enumerate(labels):
            bars = [p for p in ax.patches if round(p.get_y() + p.get_height() / 2) == row]
            drawn[code] = [bar.get_width() for bar in bars]
    assert list(drawn) == [item.code for item in CCC.items]
    for code, widths in drawn.items():
        np.testing.assert_allclose(widths, shares.loc[code], rtol=1e-12)


def test_percentages_are_printed_and_turned_items_marked():
    shares = frames.answer_shares(CCC)
    figure = item_distribution_figure(shares, EN, instrument=CCC).figure
    marked = {t.removesuffix(" ↔") for t in frames.texts(figure) if t.endswith("↔")}
    assert marked == {item.code for item in CCC.items if item.reversed}
    first = [text.get_text() for text in figure.axes[0].texts if text.get_position()[1] == 0]
    assert first == [f"{100 * v:.0f}" for v in shares.iloc[0] if v >= 0.095]


def test_a_questionnaire_with_mixed_scales_gets_a_legend_from_low_to_high():
    figure = item_distribution_figure(frames.answer_shares(GSS), EN, instrument=GSS).figure
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend == [EN("figure.item_distributions.low"), EN("figure.item_distributions.high")]
    widths = [sum(p.get_width() for p in ax.patches) for ax in panels_of(figure)]
    counts = [len(c.items) for c in GSS.constructs]
    np.testing.assert_allclose(widths, counts)


def test_missing_shares_stand_in_the_row_of_their_construct():
    statistics = frames.item_statistics(CCC)
    drawing = missing_figure(statistics, EN, instrument=CCC)
    ax = drawing.figure.axes[0]
    assert frames.tick_names(drawing.figure) == [c.name["en"] for c in CCC.constructs]
    points = ax.collections[0].get_offsets()
    np.testing.assert_allclose(points[:, 0], statistics["missing_share"])
    rows = pd.Series(points[:, 1], index=statistics["construct"]).groupby(level=0, sort=False)
    assert (rows.nunique() == 1).all()
    assert [text.get_text() for text in ax.texts] == ["SUP2"]
    assert "SUP2: 8.0%" in drawing.alt
    for high in (0.03, 0.08, 0.4):
        small = statistics.assign(missing_share=statistics["missing_share"] * high / 0.08)
        ticks = missing_figure(small, EN, instrument=CCC).figure.axes[0].get_xticks()
        np.testing.assert_allclose(100 * ticks, np.round(100 * ticks), atol=1e-9)
        assert 3 <= len(ticks) <= 7


def test_items_whose_share_may_not_be_shown_are_not_drawn():
    statistics = frames.item_statistics(CCC)
    statistics.loc[statistics["construct"] == "SAT", "missing_share"] = np.nan
    statistics.loc["SUP2", "missing_share"] = np.nan
    drawing = missing_figure(statistics, EN, instrument=CCC)
    points = drawing.figure.axes[0].collections[0].get_offsets()
    shown = np.ma.masked_invalid(points[:, 0]).compressed()
    np.testing.assert_allclose(shown, statistics["missing_share"].dropna())
    assert "SUP2" not in drawing.alt + " ".join(t.get_text() for t in drawing.figure.axes[0].texts)
    nothing = missing_figure(statistics.assign(missing_share=np.nan), EN, instrument=CCC)
    assert nothing.alt == EN("figure.missing_by_item.alt_none")


def test_means_and_intervals_equal_the_frame_in_the_questionnaires_order():
    summary = frames.summary(CCC)
    drawing = construct_means_figure(summary.sample(frac=1, random_state=3), EN, instrument=CCC)
    ax = drawing.figure.axes[0]
    lines, dots = ax.collections
    np.testing.assert_allclose(dots.get_offsets()[:, 0], summary["mean"])
    np.testing.assert_allclose([s[:, 0] for s in lines.get_segments()], summary[["ci_low", "ci_high"]])
    assert frames.tick_names(drawing.figure) == [c.name["en"] for c in CCC.constructs]
    assert ax.get_xlim() == (1, 5)
    assert f"{summary.loc['OPP', 'mean']:.2f} [" in ax.texts[0].get_text()


def test_exactly_the_new_dimensions_stand_in_the_accent():
    drawing = construct_means_figure(frames.summary(CCC), EN, instrument=CCC)
    ax = drawing.figure.axes[0]
    colours = [to_hex(c).upper() for c in ax.collections[1].get_facecolors()]
    accented = [c.code for c, colour in zip(CCC.constructs, colours, strict=True) if colour == style.ACCENT]
    named = [
        c.code
        for c, label in zip(CCC.constructs, ax.get_yticklabels(), strict=True)
        if label.get_color() == style.ACCENT
    ]
    assert accented == named == NEW


def test_different_scales_are_shown_as_a_percentage_of_their_range():
    drawing = construct_means_figure(frames.summary(GSS), EN, instrument=GSS)
    drawn = drawing.figure.axes[0].collections[1].get_offsets()[:, 0]
    expected = [100 * ((0.45 if c.new else 0.6) + 0.004 * i) for i, c in enumerate(GSS.constructs)]
    np.testing.assert_allclose(drawn, expected)
    assert drawing.figure.axes[0].get_xlim() == (0, 100)


def test_the_alt_text_of_the_means_follows_from_the_numbers():
    summary = frames.summary(CCC)
    summary.loc["ATM", ["mean", "ci_low", "ci_high"]] = 4.5, 4.4, 4.6
    alt = construct_means_figure(summary, EN, instrument=CCC).alt
    assert "highest-scoring dimensions is atmosphere (4.50)" in alt
    assert "among the lowest learning from customers (2.94)" in alt


def test_small_and_hidden_groups_leave_no_number_in_the_drawing():
    sizes = pd.Series({"P": 412.0, "Jansen": 7.0, "F": 8.0, "X": 37.0, "De Vries": np.nan})
    drawing = group_sizes_figure(sizes, EN, group=CONTRACT, minimum=10)
    ax = drawing.figure.axes[0]
    assert [bar.get_width() for bar in ax.patches] == [412, 37]
    assert [text.get_text() for text in ax.texts] == ["412", "37", "not shown"]
    assert frames.tick_names(drawing.figure) == ["Permanent", "X", "3 other groups"]
    svg_words = re.findall(r"<!-- (.*?) -->", drawing.svg())
    assert "412" in svg_words
    assert "7" not in svg_words
    assert "Jansen" not in drawing.svg() + drawing.alt
    assert drawing.alt.startswith("Number of groups: 5. Groups that may not be shown by number: 3.")


def test_a_hidden_group_is_not_named_even_with_a_label_in_the_study_file():
    sizes = pd.Series({"Vast": np.nan, "Flexibel": np.nan, "M. Jansen": np.nan})
    drawing = group_sizes_figure(sizes, NL, group=CONTRACT, minimum=10)
    assert frames.tick_names(drawing.figure) == ["3 andere groepen"]


def test_masked_items_and_constructs_stay_empty():
    shares, summary = frames.answer_shares(CCC), frames.summary(CCC)
    shares.loc[["OPP1", "SAT1"]] = np.nan
    summary.loc["OPP"] = np.nan
    drawing = item_distribution_figure(shares, EN, instrument=CCC)
    assert "OPP1 (" not in drawing.alt
    assert "nan" not in " ".join([*frames.texts(drawing.figure), drawing.alt, drawing.svg()]).lower().split()
    means = construct_means_figure(summary, EN, instrument=CCC)
    assert means.figure.axes[0].texts[0].get_text() == "–"
    assert "–" not in means.alt
    means.svg()


def test_figures_of_nothing_but_masked_rows_say_so():
    shares, summary = frames.answer_shares(CCC) * np.nan, frames.summary(CCC) * np.nan
    assert item_distribution_figure(shares, NL, instrument=CCC).alt.endswith("te weinig om te tonen.")
    assert construct_means_figure(summary, EN, instrument=CCC).alt.startswith("No dimension has enough")


def test_groups_all_hidden_still_give_a_figure():
    drawing = group_sizes_figure(pd.Series({"P": 4.0, "F": 9.0}), NL, group=CONTRACT, minimum=10)
    assert not drawing.figure.axes[0].patches
    assert "Vast" not in drawing.alt


@pytest.mark.parametrize("instrument", [CCC, GSS], ids=lambda i: i.name)
def test_dutch_figures_hold_no_english_word(instrument):
    sizes = pd.Series({"P": 412.0, "F": np.nan})
    drawings = [
        item_distribution_figure(frames.answer_shares(instrument), NL, instrument=instrument),
        missing_figure(frames.item_statistics(instrument), NL, instrument=instrument),
        construct_means_figure(frames.summary(instrument), NL, instrument=instrument),
        group_sizes_figure(sizes, NL, group=CONTRACT, minimum=10),
    ]
    for drawing in drawings:
        shown = [*frames.texts(drawing.figure), drawing.title, drawing.alt, drawing.note]
        frames.assert_no_english(shown, en=EN, nl=NL, instrument=instrument)


def test_the_same_numbers_give_the_same_bytes_and_a_safe_svg():
    one, two = (construct_means_figure(frames.summary(CCC), NL, instrument=CCC) for _ in range(2))
    svg = one.svg()
    assert svg == one.svg() == two.svg()
    assert svg.startswith("<svg ")
    assert 'role="img"' in svg
    assert one.title in svg
    assert "<style" not in svg
    assert "<metadata" not in svg
    assert set(re.findall(r"https?://[^\"]+", svg)) == {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert len(svg) < 90_000


def test_ids_of_two_drawings_never_meet():
    means = construct_means_figure(frames.summary(CCC), EN, instrument=CCC).svg()
    missing = missing_figure(frames.item_statistics(CCC), EN, instrument=CCC).svg()
    ids = [set(re.findall(r' id="([^"]+)"', svg)) for svg in (means, missing)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for svg, own in zip((means, missing), ids, strict=True):
        assert set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg)) <= {(i, "") for i in own} | {
            ("", i) for i in own
        }
