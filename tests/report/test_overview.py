"""The first page in sentences, and the parts of a report that depend on what there is to show."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace

import figure_frames as frames
import numpy as np
import pandas as pd
import pytest
from made_up import made_fit

from jq_models.data import Responses
from jq_models.evaluate import FitIndices, item_statistics
from jq_models.report.figure import Drawing
from jq_models.report.overview import (
    MOST_BARS,
    answer_views,
    group_drawings,
    model_text,
    summary_sentences,
    without_table,
)
from jq_models.report.table import Table
from jq_models.report.wording import Wording, wording
from jq_models.spec import Group, Instrument, Text, load_instrument

LANGUAGES = ("en", "nl")
DIRECTIONS = ("positive", "negative", "undecided", "not_estimated")
LEVELS = ("good", "acceptable", "poor", "unknown", "inadmissible")


def answers(instrument: Instrument, n: int) -> Responses:
    """Answers of n persons to every question."""
    generator = np.random.default_rng(n)
    items = pd.DataFrame(
        {item.code: generator.choice(item.scale.values, size=n) for item in instrument.items}
    ).astype(float)
    return Responses(
        items=items, groups=pd.DataFrame(index=items.index), instrument=instrument, log=(), n_read=n
    )


def said(
    instrument: Instrument,
    w: Wording,
    *,
    effects: pd.DataFrame | None,
    fit: FitIndices | None,
    admissible: bool = True,
    summary: pd.DataFrame | None = None,
) -> list[str]:
    """The entries of the list, without their marks."""
    text = summary_sentences(
        frames.summary(instrument) if summary is None else summary,
        w,
        effects=effects,
        fit=fit,
        admissible=admissible,
        responses=answers(instrument, 60),
    )
    lines = text.split("\n")
    assert all(line.startswith("- ") for line in lines)
    return [line.removeprefix("- ") for line in lines]


def total(target: str, estimate: float, low: float, high: float) -> pd.DataFrame:
    row = {"source": "JQ", "target": target, "kind": "total"}
    return pd.DataFrame([row | {"estimate": estimate, "ci_low": low, "ci_high": high}])


EFFECTS = {
    "positive": total("SAT", 0.76, 0.71, 0.81),
    "negative": total("SAT", -0.53, -0.59, -0.47),
    "undecided": total("SAT", 0.04, -0.02, 0.10),
    "not_estimated": total("SAT", 0.0, 0.0, 0.0),
}


def effect(w: Wording, direction: str, *, target: str, estimate: str) -> str:
    """The catalogue's sentence on an effect."""
    return w(f"summary.effect_{direction}", target=target, estimate=estimate)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_an_effect_is_worded_by_the_side_its_interval_lies_on(
    en: Wording, nl: Wording, instrument: Instrument, direction: str
) -> None:
    numbers = {
        "positive": (".76 [.71, .81]", "0,76 [0,71; 0,81]"),
        "negative": ("−.53 [−.59, −.47]", "−0,53 [−0,59; −0,47]"),
        "undecided": (".04 [−.02, .10]", "0,04 [−0,02; 0,10]"),
        "not_estimated": ("", ""),
    }[direction]
    names = ("job satisfaction", "tevredenheid met het werk")
    for w, name, number in zip((en, nl), names, numbers, strict=True):
        line = said(instrument, w, effects=EFFECTS[direction], fit=made_fit())[1]
        assert line == effect(w, direction, target=name, estimate=number)
        assert name in line
        assert number in line


def test_an_effect_that_cannot_be_computed_is_not_called_none(
    en: Wording, nl: Wording, instrument: Instrument
) -> None:
    gone = total("SAT", math.nan, math.nan, math.nan)
    for w, name in ((en, "job satisfaction"), (nl, "tevredenheid met het werk")):
        line = said(instrument, w, effects=gone, fit=made_fit())[1]
        assert line == w("effects.impossible", target=name)


def test_the_four_wordings_differ(en: Wording, nl: Wording) -> None:
    for w in (en, nl):
        worded = [effect(w, direction, target="x", estimate="y") for direction in DIRECTIONS]
        assert len(set(worded)) == 4
        assert len({w(f"summary.fit_{level}", n=1) for level in LEVELS}) == 5
    for positive, negative, w in (("higher", "lower", en), ("hoger", "lager", nl)):
        assert positive in effect(w, "positive", target="x", estimate="y")
        assert negative in effect(w, "negative", target="x", estimate="y")


def test_only_total_effects_are_told_one_line_a_target(
    en: Wording, instrument: Instrument, effects: pd.DataFrame
) -> None:
    lines = said(instrument, en, effects=effects, fit=made_fit())
    assert lines[1:3] == [
        effect(en, "positive", target="job satisfaction", estimate=".76 [.71, .81]"),
        effect(en, "negative", target="turnover intention", estimate="−.53 [−.59, −.47]"),
    ]
    assert len(lines) == 6  # people, two effects, how to read them, fit, lowest scores
    assert lines[3] == f"{en('summary.reading')} {en('summary.no_direct')}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("level", "changes"),
    [
        ("good", {}),
        ("acceptable", {"cfi": 0.94}),
        ("poor", {"rmsea": 0.09}),
        ("poor", {"cfi": 0.94, "srmr": 0.2}),
        ("unknown", {"df": 0}),
    ],
)
def test_the_fit_behind_the_effects_is_told(
    instrument: Instrument, level: str, changes: dict[str, float], language: str
) -> None:
    w = wording(language)
    lines = said(instrument, w, effects=EFFECTS["positive"], fit=made_fit(**changes))
    assert lines[-2] == w(f"summary.fit_{level}", n=497)
    assert "497" in lines[-2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_inadmissible_solution_is_never_praised(instrument: Instrument, language: str) -> None:
    w = wording(language)
    lines = said(instrument, w, effects=EFFECTS["positive"], fit=made_fit(), admissible=False)
    assert lines[-2] == w("summary.fit_inadmissible", n=497)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("absent", ["effects", "fit"])
def test_a_model_that_gave_nothing_is_said_to_have_given_nothing(
    instrument: Instrument, language: str, absent: str
) -> None:
    given = {"effects": EFFECTS["positive"], "fit": made_fit(), absent: None}
    w = wording(language)
    lines = said(instrument, w, **given)
    assert lines[1] == w("summary.no_effects")
    assert len(lines) == 3  # people, no effects, lowest scores: neither a number nor a word on fit
    assert not any(number in line for line in lines for number in ("0.76", ".76", "0,76", "497"))


def test_people_and_dimensions_are_counted(en: Wording, nl: Wording, instrument: Instrument) -> None:
    some = frames.summary(instrument).drop(index=["OPP", "TIN"])
    for w in (en, nl):
        first = said(instrument, w, effects=None, fit=None, summary=some)[0]
        assert first == w("summary.people", n=60, dimensions=11)  # outcomes are no dimensions
        assert "**60 " in first
        assert " 11 dimens" in first


def test_the_three_lowest_dimensions_are_named_lowest_first(
    en: Wording, nl: Wording, instrument: Instrument
) -> None:
    summary = frames.summary(instrument)
    summary.loc[["ATM", "OPP", "CON"], "mean"] = [1.25, 1.375, 1.5]
    summary.loc["SAT", "mean"] = 1.0  # an outcome
    summary.loc["AMB", "mean"] = np.nan
    line = said(instrument, en, effects=None, fit=None, summary=summary)[-1]
    names = "atmosphere (1.25), opportunity and challenge (1.38) and absence of role conflict (1.50)"
    assert line == en("summary.lowest", low="1", high="5", names=names)
    assert names in line
    assert "(1,25)" in said(instrument, nl, effects=None, fit=None, summary=summary)[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scores_to_show_no_dimension_is_called_lowest(instrument: Instrument, language: str) -> None:
    w, summary = wording(language), frames.summary(instrument)
    lines = said(instrument, w, effects=None, fit=None, summary=summary)
    summary.loc[[c.code for c in instrument.dimensions], "mean"] = np.nan  # the outcomes keep theirs
    assert said(instrument, w, effects=None, fit=None, summary=summary) == lines[:-1]
    summary.loc["ENJ", "mean"] = 3.25
    only = said(instrument, w, effects=None, fit=None, summary=summary)[-1]
    assert re.findall(r"\(.*?\)", only) == [f"({w.number(3.25)})"]


def test_scores_of_mixed_scales_are_percentages_with_one_decimal(en: Wording) -> None:
    gss = load_instrument("gss_quality_of_worklife")
    summary = frames.summary(gss)
    summary.loc[gss.dimensions[0].code, "mean"] = 12.345
    line = said(gss, en, effects=None, fit=None, summary=summary)[-1]
    assert "(12.3)" in line
    assert "from 0 to 100" in line


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
    drawn = group_drawings(sizes, en, groups=groups, minimum=10)
    assert [drawing.title for drawing in drawn] == [
        en("figure.group_sizes.title", label=label) for label in ("kind 0", "kind 2")
    ]
    assert en("figure.group_sizes.alt", groups=12) in drawn[1].alt


def test_groupings_without_sizes_and_no_grouping_draw_nothing(en: Wording) -> None:
    groups, sizes = groupings(2, 3)
    del sizes["g0"]
    (drawing,) = group_drawings(sizes, en, groups=groups, minimum=10)
    assert drawing.title.endswith("kind 1")
    assert group_drawings({}, en, groups=(), minimum=10) == []


def test_a_grouping_nobody_is_in_draws_nothing(en: Wording) -> None:
    groups, sizes = groupings(0, 2)
    assert len(sizes["g0"]) == 0
    (drawing,) = group_drawings(sizes, en, groups=groups, minimum=10)
    assert drawing.title.endswith("kind 1")


def test_the_minimum_is_said_under_the_drawing(nl: Wording) -> None:
    groups, sizes = groupings(3)
    sizes["g0"].iloc[1] = np.nan
    (drawing,) = group_drawings(sizes, nl, groups=groups, minimum=7)
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


def test_the_summary_says_that_its_model_leaves_a_path_out(
    en: Wording, nl: Wording, instrument: Instrument
) -> None:
    onto = total("TIN", -0.53, -0.59, -0.47)
    for value, wanted in ((0.0, True), (0.1, False)):
        direct = onto.assign(kind="direct", estimate=value, ci_low=0.0, ci_high=2 * value)
        both = pd.concat([onto, direct], ignore_index=True)
        for w in (en, nl):
            text = " ".join(said(instrument, w, effects=both, fit=made_fit()))
            assert (w("summary.no_direct") in text) == wanted


def test_the_first_page_has_no_jargon(en: Wording, nl: Wording) -> None:
    for w in (en, nl):
        for key in ("summary.reading", "figure.importance_performance.note_second_order"):
            assert "tandardi" not in w(key)
