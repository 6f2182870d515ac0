"""Rival models in tables, a drawing and words: the verdicts, what failed, and both languages."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate.hypotheses import Claim
from jq_models.evaluate.hypotheses.facets import FACET_COLUMNS
from jq_models.evaluate.rivals.compare import CHANGES, INDICES, Rivals
from jq_models.report.figures_rivals import rival_caption, rivals_figure
from jq_models.report.sentences_rivals import composite_sentences, facet_sentences, rivals_sentences
from jq_models.report.tables_rivals import facet_table, nested_table, rivals_table, two_forms_table
from jq_models.report.wording import wording
from jq_models.spec import LANGUAGES, load_instrument
from jq_models.spec.rivals import RIVALS

BIC = {
    "one_factor": 2000.0,
    "three_blocks": 1900.0,
    "dimensions": 1100.0,
    "higher": 1010.0,
    "higher_learning": 1000.0,
}


@pytest.fixture(scope="module")
def instrument():
    return load_instrument("ccc_job_quality")


@pytest.fixture
def rivals(instrument) -> Rivals:
    """The bifactor model failed; every criterion prefers the learning factor."""
    rows = []
    for name in RIVALS:
        value = BIC.get(name, math.nan)
        numbers = dict.fromkeys(INDICES, 0.5) | {"aic": value, "bic": value, "sabic": value, "df": 10.0}
        known = name in BIC
        rows.append(
            {"model": name, "state": "fitted" if known else "failed", "reason": ""}
            | (numbers if known else dict.fromkeys(INDICES, math.nan))
        )
    change = dict.fromkeys(CHANGES, 3.0) | {"p_value": 0.001, "df": 3.0, "difference": 15.6}
    tests = [
        {"smaller": "three_blocks", "larger": "dimensions", **change, "reason": "", "verdict": "larger"},
        {"smaller": "higher", "larger": "higher_learning", **change, "reason": "", "verdict": "larger"},
        {
            "smaller": "higher",
            "larger": "bifactor",
            **dict.fromkeys(CHANGES, np.nan),
            "reason": "failed",
            "verdict": "untested",
        },
    ]
    return Rivals(
        n=400,
        dimensions=tuple(c.code for c in instrument.dimensions),
        fits={},
        table=pd.DataFrame(rows),
        tests=pd.DataFrame(tests),
    )


def facets(**changed) -> pd.DataFrame:
    row = {
        "construct": "INF",
        "first": "between",
        "second": "within",
        "correlation": 0.61,
        "ci_low": 0.5,
        "ci_high": 0.7,
        "difference": 40.0,
        "df": 12.0,
        "p_value": 0.0001,
        "delta_bic": 12.0,
        "verdict": "supported",
        "reason": "two",
    }
    return pd.DataFrame([row | changed], columns=list(FACET_COLUMNS))


def test_the_table_marks_the_winner_and_gives_a_failed_model_no_number(rivals, instrument):
    table = rivals_table(rivals, wording("en"), instrument=instrument)
    assert table.raw["outcome"].to_list() == ["fitted", "fitted", "fitted", "fitted", "preferred", "failed"]
    assert table.raw["delta_bic"].to_list()[:5] == [1000.0, 900.0, 100.0, 10.0, 0.0]
    assert set(table.frame.iloc[5, 1:9]) == {"–"}
    assert len(table.frame.columns) == 10


def test_the_words_name_verdict_winner_and_failure(rivals):
    claim = Claim(verdict="supported", reason="separate", margin=900.0)
    text = rivals_sentences(rivals, claim, wording("en"))
    assert "The 12 dimensions are best kept apart** (H1)" in text
    assert "900 higher" in text
    assert "**Second order with a learning factor** (AIC, BIC and the adjusted BIC)" in text
    assert "The new dimensions share more than overall job quality explains (Δχ²(3) = 15.6, p = .001)" in text
    assert "Could not be estimated, and has no numbers: Bifactor." in text
    dutch = rivals_sentences(rivals, claim, wording("nl"))
    assert "kunnen het best apart blijven** (H1)" in dutch
    assert "Tweede orde met leerfactor" in dutch


def test_nested_tests_say_what_was_not_tested(rivals):
    table = nested_table(rivals, wording("en"))
    assert table.frame["Verdict"].to_list() == ["larger fits better", "larger fits better", "not estimated"]
    assert table.frame.iloc[2]["p"] == "–"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawing_has_a_panel_a_rival_and_says_how_each_fits(rivals, instrument, language):
    w = wording(language)
    drawing = rivals_figure(rivals, w, instrument=instrument)
    assert len(drawing.figure.axes) == len(RIVALS)
    shown = {t.get_text().replace("\n", " ") for ax in drawing.figure.axes for t in ax.texts}
    for name in RIVALS:
        assert w(f"rival.{name}") in shown
        assert rival_caption(rivals, name, w) in shown
    assert w("figure.rivals.none") in shown
    assert w("rival.higher_learning") in drawing.alt
    assert w("rival.bifactor") not in drawing.alt


def test_no_text_of_the_drawing_leaves_its_panel(rivals, instrument):
    for language in LANGUAGES:
        drawing = rivals_figure(rivals, wording(language), instrument=instrument)
        for ax in drawing.figure.axes:
            frame = ax.get_window_extent()
            for text in ax.texts:
                box = text.get_window_extent()
                assert frame.x0 <= box.x0
                assert box.x1 <= frame.x1


@pytest.mark.parametrize(
    ("changed", "begins"),
    [
        ({}, "**Information sharing is twofold** (H8)"),
        (
            {
                "reason": "one",
                "verdict": "not_supported",
                "correlation": 1.06,
                "ci_low": 0.96,
                "ci_high": 1.15,
            },
            "**Information sharing is one thing",
        ),
        (
            {"reason": "undecided", "verdict": "inconclusive"},
            "Whether information sharing is one thing or two **cannot",
        ),
        (
            {"reason": "failed", "verdict": "not_testable"},
            "Whether information sharing is one thing or two is **not",
        ),
    ],
)
def test_facets_in_words(instrument, changed, begins):
    text = facet_sentences(facets(**changed), wording("en"), construct="INF", instrument=instrument)
    assert text.startswith(begins)
    assert ("above 1 (1.06 [.96, 1.15])" in text) == (changed.get("correlation", 0.6) > 1)


def test_dimensions_that_win_but_do_not_fit_are_no_support(rivals):
    """What the rivals chapter says of H1 must not outdo the verdict on it."""
    claim = Claim(verdict="inconclusive", reason="poor_fit", margin=2025.0)
    text = rivals_sentences(rivals, claim, wording("en"))
    assert text.startswith("Whether the 12 dimensions must be kept apart **cannot be decided** (H1)")
    assert "best kept apart" not in text
    assert "supported" not in text


def test_a_correlation_above_one_is_shown_and_not_dashed(instrument):
    frame = facets(reason="one", verdict="not_supported", correlation=1.06, ci_low=0.96, ci_high=1.15)
    table = facet_table(frame, wording("en"), instrument=instrument)
    assert table.frame["Correlation"][0] == "1.06 [.96, 1.15]"
    assert ".85" in table.note


def test_an_inadmissible_larger_model_does_not_fit_better(rivals):
    tests = rivals.tests.copy()
    tests.loc[0, "verdict"] = "inadmissible"
    for language, words in (("en", "larger inadmissible"), ("nl", "grootste ontoelaatbaar")):
        assert nested_table(replace(rivals, tests=tests), wording(language)).frame.iloc[0, -1] == words


def test_facets_that_were_not_asked(instrument):
    text = facet_sentences(facets().iloc[:0], wording("en"), construct="INF", instrument=instrument)
    assert "not testable here" in text
    assert facet_table(facets().iloc[:0], wording("en"), instrument=instrument).frame.empty


def test_the_two_forms_side_by_side(instrument):
    frame = pd.DataFrame(
        {
            "source": "JQ",
            "target": ["SAT", "COM"],
            "kind": "total",
            "estimate": [0.7, 0.6],
            "ci_low": 0.5,
            "ci_high": 0.8,
        }
    )
    effects = {"second_order": frame, "composite": frame.assign(estimate=[0.7, 0.5])}
    tests = pd.DataFrame(
        [
            {
                "smaller": "second_order",
                "larger": "composite",
                "difference": 9.0,
                "df": 11.0,
                "p_value": 0.6,
                "reason": "",
                "verdict": "smaller",
            }
        ]
    )
    text = composite_sentences(tests, effects, wording("en"))
    assert "no better than one factor" in text
    assert "differ by up to .10" in text
    table = two_forms_table(effects, wording("en"), instrument=instrument)
    assert table.raw["composite"].to_list() == [0.7, 0.5]
    assert "cannot be compared" in composite_sentences(tests, {"second_order": frame}, wording("en"))
