"""What the figures of an employee survey draw: data, labels, and both languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from figure_frames import assert_no_english, texts, tick_names
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from survey_frames import changes, compared, differences, shares

from jq_models.data import OpenStudy, open_study
from jq_models.evaluate import survey
from jq_models.evaluate.survey import corrected
from jq_models.evaluate.survey.enps import enps
from jq_models.report.figures_survey import enps_figure, response_figure
from jq_models.report.figures_survey_compare import (
    norm_figure,
    segment_dots_figure,
    segment_figure,
    trend_figure,
)
from jq_models.report.figures_survey_favourable import favourable_figure, favourable_item_figures
from jq_models.report.wording import Wording
from jq_models.spec import Instrument


@pytest.fixture(scope="module")
def demo() -> OpenStudy:
    return open_study("demo", language="nl")


def bars(ax: Axes) -> list[tuple[float, float, float]]:
    found = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return [
        (round(p.get_x(), 6), round(p.get_width(), 6), round(p.get_y() + p.get_height() / 2, 6))
        for p in found
    ]


def test_bars_meet_in_the_middle_of_the_neutral_answers(instrument: Instrument, nl: Wording) -> None:
    rows = shares(instrument)
    figure = favourable_figure(rows, nl, instrument=instrument, alt="x").figure
    found = bars(figure.axes[0])
    assert len(found) == 3 * 15
    up, none, down = found[:15], found[15:30], found[30:]
    first = rows.iloc[0]
    assert up[0] == (0.1, first["favourable"], 0.0)  # begins where half of the neutral 20 % ends
    assert none[0][:2] == (-0.1, 0.2)
    assert down[0][:2] == (round(-0.1 - first["unfavourable"], 6), round(first["unfavourable"], 6))
    assert all(left[0] + left[1] == pytest.approx(right[0]) for left, right in zip(down, none, strict=True))
    assert {"Ongunstig", "Neutraal", "Gunstig", "30%"} <= set(texts(figure))
    assert tick_names(figure)[:2] == ["Kansen en uitdaging", "Rolduidelijkheid"]


def test_a_masked_scale_has_no_bar(instrument: Instrument, nl: Wording) -> None:
    rows = shares(instrument)
    rows.loc["OPP", ["favourable", "neutral", "unfavourable"]] = np.nan
    drawing = favourable_figure(rows, nl, instrument=instrument, alt="x")
    assert all(width == 0 for _, width, y in bars(drawing.figure.axes[0]) if y == 0)
    assert drawing.chart is not None
    assert all(series.values[0] is None for series in drawing.chart.series)


def test_every_question_on_the_dimensions_is_drawn_once_in_its_words(demo: OpenStudy, nl: Wording) -> None:
    items = survey.favourable_items(demo.responses)
    found = favourable_item_figures(items, nl, instrument=demo.instrument)
    assert [drawing.name for drawing in found] == [f"favourable_items_{part}" for part in range(1, 5)]
    heights = [drawing.figure.get_figheight() for drawing in found]
    assert max(heights) < 5  # two of them, with their captions, stand on a page of 9.9 inches
    drawn = [name.replace("\n", " ") for drawing in found for name in tick_names(drawing.figure)]
    for construct in demo.instrument.dimensions:
        assert drawn.count(nl.of(construct.name)) == 1
        for item in construct.items:
            assert sum(name.startswith(nl.of(item.text)) for name in drawn) == 1, item.code
    assert len(drawn) == 12 + 48
    marked = sum(item.reversed for c in demo.instrument.dimensions for item in c.items)
    assert sum("↔" in name for name in drawn) == marked > 0
    for drawing in found:
        assert len(bars(drawing.figure.axes[0])) == 3 * 12
    assert found[0].alt != found[1].alt


def test_the_response_of_a_group_has_its_interval_and_its_people(demo: OpenStudy, nl: Wording) -> None:
    rows = survey.group_response(demo)["organisation"]
    drawing = response_figure(rows, nl, group=demo.spec.group("organisation"), minimum=10)
    assert "84% (42 / 50)" in texts(drawing.figure)
    assert drawing.alt == "Naar organisatie loopt de respons van 62% (Organisatie 6) tot 84% (Organisatie 5)."
    dots = drawing.figure.axes[0].collections[1].get_offsets()
    np.testing.assert_allclose(np.asarray(dots)[:, 0], rows["rate"])


def test_the_promoter_score_has_its_shares_and_its_groups(nl: Wording) -> None:
    whole = enps(np.array([9.0] * 40 + [7.0] * 30 + [2.0] * 30))
    groups = pd.DataFrame({"score": [20.0], "ci_low": [5.0], "ci_high": [35.0]}, index=["Noord"])
    drawing = enps_figure(whole, groups, nl, alt="x", least=50)
    assert {"40%", "30%", "Criticasters (0–6)", "Noord", "Iedereen", "20 [5; 35]"} <= set(
        texts(drawing.figure)
    )
    assert drawing.chart is not None
    assert drawing.chart.categories == ("Iedereen", "Noord")
    np.testing.assert_allclose(drawing.chart.series[0].values, [10.0, 20.0])


def test_the_interval_of_a_difference_is_laid_round_the_score(instrument: Instrument, nl: Wording) -> None:
    found = compared(instrument).compared
    ax = norm_figure(found, nl, instrument=instrument).figure.axes[0]
    line = ax.collections[0].get_segments()[0]
    row = found.loc["OPP"]
    np.testing.assert_allclose(
        line[:, 0], [row["norm_mean"] + row["ci_low"], row["norm_mean"] + row["ci_high"]]
    )
    np.testing.assert_allclose(np.asarray(ax.collections[1].get_offsets())[0], [row["mean"], 0.0])
    np.testing.assert_allclose(ax.collections[2].get_segments()[0][:, 0], row["norm_mean"])
    assert "0,25 [0,17; 0,33]" in texts(ax.get_figure())


def test_only_what_is_clear_after_correction_is_bold_beside_the_norm(
    instrument: Instrument, nl: Wording
) -> None:
    rows = compared(instrument).compared
    (ax,) = norm_figure(rows, nl, instrument=instrument).figure.axes
    bold = {t.get_text() for t in ax.texts if t.get_fontweight() == 600}
    assert bold == {"−0,30 [−0,38; −0,22]", "0,25 [0,17; 0,33]"}


def test_the_wave_before_is_drawn_beside_now(instrument: Instrument, nl: Wording) -> None:
    found = changes(instrument, None).compared
    drawing = trend_figure(found, nl, instrument=instrument)
    ax = drawing.figure.axes[0]
    before = np.asarray(ax.collections[2].get_offsets())[:, 0]
    np.testing.assert_allclose(before, found["mean_before"])
    assert {"Vorige meting", "Nu", "0,23 [0,13; 0,33]"} <= set(texts(drawing.figure))
    assert drawing.alt == (
        "De veranderingen sinds de vorige meting lopen van −0,20 (vertrekintentie) "
        "tot 0,23 (leren van klanten)."
    )


def test_ticks_are_written_as_they_are(instrument: Instrument, nl: Wording) -> None:
    ax = norm_figure(compared(instrument).compared, nl, instrument=instrument).figure.axes[0]
    low, high = ax.get_xlim()
    for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True):
        assert float(label.get_text().replace(",", ".")) == pytest.approx(place)
        assert low <= place <= high


def test_only_a_clear_difference_is_bold(demo: OpenStudy, nl: Wording) -> None:
    rows = corrected(differences(demo.instrument, ("A", "B", "C")))
    group = demo.spec.group("organisation")
    figure = segment_figure(rows, nl, group=group, instrument=demo.instrument, alt="x").figure
    cells = [text for text in figure.axes[0].texts if "," in text.get_text()]
    assert len(cells) == 45
    assert [text.get_text() for text in cells if text.get_fontweight() == 600] == ["0,70"]


def test_a_cell_that_may_not_be_shown_is_a_dash(demo: OpenStudy, nl: Wording) -> None:
    rows = differences(demo.instrument, ("A", "B", "C"))
    rows.loc[0, list(rows.columns[2:])] = np.nan
    drawing = segment_figure(
        corrected(rows), nl, group=demo.spec.group("organisation"), instrument=demo.instrument, alt="x"
    )
    assert sum(text.get_text() == "–" for text in drawing.figure.axes[0].texts) == 1
    assert drawing.chart is not None
    assert drawing.chart.series[0].values[0] is None


def test_dutch_figures_hold_no_english(demo: OpenStudy, en: Wording, nl: Wording) -> None:
    instrument = demo.instrument
    rows = corrected(differences(instrument, ("Vast",)))
    whole = enps(np.array([9.0] * 40 + [7.0] * 30 + [2.0] * 30))
    none = pd.DataFrame(columns=["score", "ci_low", "ci_high"])
    drawn = [
        favourable_figure(shares(instrument), nl, instrument=instrument, alt="x"),
        norm_figure(compared(instrument).compared, nl, instrument=instrument),
        trend_figure(changes(instrument, None).compared, nl, instrument=instrument),
        segment_dots_figure(rows, nl, group=demo.spec.group("contract"), instrument=instrument, alt="x"),
    ]
    for drawing in drawn:
        shown = [*texts(drawing.figure), drawing.title, drawing.note]
        assert_no_english(shown, en=en, nl=nl, instrument=instrument)
    score = texts(enps_figure(whole, none, nl, alt="x", least=50).figure)
    assert not {"Promoters (9–10)", "Passives (7–8)", "Detractors (0–6)", "All"} & set(score)


def test_the_same_drawing_gives_the_same_bytes(instrument: Instrument, nl: Wording) -> None:
    first, second = (
        favourable_figure(shares(instrument), nl, instrument=instrument, alt="x").svg() for _ in range(2)
    )
    assert first == second
