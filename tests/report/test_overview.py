"""The first page in sentences, and the parts of a report that depend on what there is to show."""

from __future__ import annotations

from types import SimpleNamespace

import figure_frames as frames
import numpy as np
import pandas as pd
import pytest

from jq_models.data import Responses
from jq_models.evaluate import item_statistics
from jq_models.report.figure import Drawing
from jq_models.report.overview import (
    MOST_BARS,
    answer_views,
    group_views,
    model_text,
    without_table,
)
from jq_models.report.table import Table
from jq_models.report.wording import Wording, wording
from jq_models.spec import Group, Instrument, Text, load_instrument

LANGUAGES = ("en", "nl")


def answers(instrument: Instrument, n: int) -> Responses:
    """Answers of n persons to every question."""
    generator = np.random.default_rng(n)
    items = pd.DataFrame(
        {item.code: generator.choice(item.scale.values, size=n) for item in instrument.items}
    ).astype(float)
    return Responses(
        items=items, groups=pd.DataFrame(index=items.index), instrument=instrument, log=(), n_read=n
    )


def groupings(*counts: int) -> tuple[tuple[Group, ...], dict[str, pd.Series]]:
    groups = tuple(
        Group(name=f"g{k}", column="x", label=Text(en=f"Kind {k}", nl=f"Soort {k}"), labels={})
        for k in range(len(counts))
    )
    sizes = {
        group.name: pd.Series(20.0, index=[f"level {k}" for k in range(count)])
        for group, count in zip(groups, counts, strict=True)
    }
    return groups, sizes


def test_groupings_of_more_than_twelve_groups_are_not_drawn(en: Wording) -> None:
    assert MOST_BARS == 12
    groups, sizes = groupings(2, 13, 12, 40)
    drawn = group_views(sizes, en, groups=groups, minimum=10)
    assert [drawing.title for drawing in drawn] == [
        en("figure.group_sizes.title", label=label) for label in ("kind 0", "kind 2")
    ]
    assert en("figure.group_sizes.alt", groups=12) in drawn[1].alt


def test_groupings_without_sizes_and_no_grouping_draw_nothing(en: Wording) -> None:
    groups, sizes = groupings(2, 3)
    del sizes["g0"]
    (drawing,) = group_views(sizes, en, groups=groups, minimum=10)
    assert drawing.title.endswith("kind 1")
    assert group_views({}, en, groups=(), minimum=10) == []


def test_a_grouping_nobody_is_in_draws_nothing(en: Wording) -> None:
    groups, sizes = groupings(0, 2)
    assert len(sizes["g0"]) == 0
    (drawing,) = group_views(sizes, en, groups=groups, minimum=10)
    assert drawing.title.endswith("kind 1")


def test_a_grouping_of_which_no_group_may_be_shown_is_named_and_not_drawn(en: Wording) -> None:
    groups, sizes = groupings(2, 3, 2)
    sizes["g0"][:] = sizes["g2"][:] = np.nan
    drawing, sentence = group_views(sizes, en, groups=groups, minimum=10)
    assert isinstance(drawing, Drawing)
    assert drawing.title.endswith("kind 1")
    assert sentence == en("groups.none", listed=en.join(["kind 0", "kind 2"]), minimum=10)


def test_the_minimum_is_said_under_the_drawing(nl: Wording) -> None:
    groups, sizes = groupings(3)
    sizes["g0"].iloc[1] = np.nan
    (drawing,) = group_views(sizes, nl, groups=groups, minimum=7)
    assert "7" in drawing.note
    assert "20" in drawing.alt


@pytest.mark.parametrize("n", [49, 50])
@pytest.mark.parametrize("language", LANGUAGES)
def test_how_answers_are_spread_is_shown_from_fifty_people_on(
    instrument: Instrument, n: int, language: str
) -> None:
    responses, w = answers(instrument, n), wording(language)
    found = answer_views(responses, w, statistics=item_statistics(responses))
    if n < 50:
        assert found == [w("items.too_few", n=50)]
        assert " 50 " in found[0]
    else:
        drawing, table = found
        assert isinstance(drawing, Drawing)
        assert isinstance(table, Table)
        assert (drawing.name, table.name) == ("item_distributions", "items")
        assert len(table.raw) == len(instrument.items)


def test_an_item_that_few_answered_is_not_drawn_however_many_took_part(
    en: Wording, instrument: Instrument
) -> None:
    responses = answers(instrument, 60)
    statistics = item_statistics(responses)
    statistics.loc[["OPP2", "SAT1"], "n"] = [49, 50]
    drawing, _ = answer_views(responses, en, statistics=statistics)
    assert isinstance(drawing, Drawing)
    drawn = {}
    for panel in drawing.figure.axes:
        codes = [label.get_text().removesuffix(" ↔") for label in panel.get_yticklabels()]
        for row, code in enumerate(codes):
            bars = [bar for bar in panel.patches if round(bar.get_y() + bar.get_height() / 2) == row]
            drawn[code] = float(np.nansum([bar.get_width() for bar in bars]))
    assert drawn["OPP2"] == 0
    assert drawn["SAT1"] == pytest.approx(1)
    assert drawn["OPP1"] == pytest.approx(1)


def both() -> dict[str, pd.DataFrame]:
    every = frames.effects_of_jq()
    lower = every.assign(**{column: every[column] - 0.1 for column in ("estimate", "ci_low", "ci_high")})
    return {"all": every, "without": lower}


def test_effects_with_and_without_a_dimension_stand_side_by_side(
    en: Wording, nl: Wording, instrument: Instrument
) -> None:
    table = without_table(both(), en, left_out="ENJ", instrument=instrument)
    assert isinstance(table, Table)
    assert table.title.endswith("with and without enjoying the work")
    assert table.raw["target"].tolist() == ["SAT", "COM", "TIN"]
    assert table.raw["all"].tolist() == pytest.approx([0.72, 0.66, -0.48])
    assert table.raw["without"].tolist() == pytest.approx([0.62, 0.56, -0.58])
    assert table.raw["without_low"].tolist() == pytest.approx([0.56, 0.50, -0.63])
    assert table.frame.to_numpy().tolist()[0] == ["Job satisfaction", ".72 [.66, .78]", ".62 [.56, .68]"]
    dutch = without_table(both(), nl, left_out="ENJ", instrument=instrument)
    assert isinstance(dutch, Table)
    assert dutch.frame.iloc[0, 1] == "0,72 [0,66; 0,78]"


@pytest.mark.parametrize("kept", [["all"], ["without"], []])
def test_a_failed_model_leaves_nothing_to_compare(
    en: Wording, nl: Wording, instrument: Instrument, kept: list[str]
) -> None:
    effects = {key: frame for key, frame in both().items() if key in kept}
    for w, name in ((en, "enjoying the work"), (nl, "plezier in het werk")):
        text = without_table(effects, w, left_out="ENJ", instrument=instrument)
        assert text == w("without.failed", name=name)
        assert name in text


def test_what_was_not_asked_cannot_be_left_out(en: Wording, nl: Wording) -> None:
    gss = load_instrument("gss_quality_of_worklife")
    assert "ENJ" not in [construct.code for construct in gss.constructs]
    for w in (en, nl):
        assert without_table(both(), w, left_out="ENJ", instrument=gss) == w("without.not_asked")


def test_what_the_data_do_not_hold_cannot_be_left_out(en: Wording, instrument: Instrument) -> None:
    # the questionnaire has it, the file has not: two equal columns would say nothing
    text = without_table(both(), en, left_out="ENJ", instrument=instrument, asked=("OPP", "AMB"))
    assert text == en("without.not_asked")


def test_the_models_stand_as_text_that_r_reads(en: Wording, nl: Wording) -> None:
    fits = {
        name: SimpleNamespace(model=SimpleNamespace(text=f"\nSAT =~ SAT1 + SAT2\nSAT ~ {name}\n"))
        for name in ("second_order", "mine")
    }
    for w in (en, nl):
        assert model_text(fits, w) == (
            f"{w('model_text.intro')}\n\n"
            f"**{w('model.second_order')}**\n\n```\nSAT =~ SAT1 + SAT2\nSAT ~ second_order\n```\n\n"
            "**mine**\n\n```\nSAT =~ SAT1 + SAT2\nSAT ~ mine\n```"
        )
