"""Sentences follow the numbers: a number that crosses a line changes the words, any other change does not."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from made_up import ended, made_fit

from jq_models.data.validate import Problem
from jq_models.report.sentences import (
    clear,
    data_label,
    loading_sentences,
    missing_sentences,
    problem_sentences,
    reliability_sentences,
    sample_sentences,
    score_sentences,
    validity_sentences,
)
from jq_models.report.sentences_structure import (
    effect_sentences,
    fit_sentences,
    r_squared_sentences,
    status_sentences,
)
from jq_models.report.wording import Wording
from jq_models.sem import Reason
from jq_models.spec import Instrument


def test_simulated_data_are_called_so(en: Wording, nl: Wording) -> None:
    assert data_label(en, simulated=True).startswith("**Simulated data.**")
    assert data_label(nl, simulated=True).startswith("**Gesimuleerde data.**")
    assert data_label(en, simulated=False) == ""


def test_listwise_deletion_is_said_aloud(en: Wording) -> None:
    assert "all 577 respondents: no answer is missing" in sample_sentences(en, n_read=577, n=577, n_used=577)
    some = sample_sentences(en, n_read=580, n=577, n_used=497)
    assert "The file has 580 rows; 577 respondents are kept" in some
    assert "497 respondents (86%)" in some
    assert "left out because of at least one missing answer: 80 (listwise deletion)" in some
    assert "with care" not in some
    assert "with care" in sample_sentences(en, n_read=577, n=577, n_used=430)


def test_where_no_model_is_run_nobody_is_said_to_be_used(en: Wording, nl: Wording) -> None:
    some = [sample_sentences(w, n_read=45, n=45, n_used=34, modelled=False) for w in (en, nl)]
    assert "Models would use the 34 respondents" in some[0]
    assert "Modellen zouden rusten op de 34 respondenten" in some[1]
    assert "with care" not in some[0]
    every = sample_sentences(en, n_read=45, n=45, n_used=45, modelled=False)
    assert "Models would use all 45 respondents" in every


def test_missing_answers_name_the_worst_construct(nl: Wording, instrument: Instrument) -> None:
    missing = pd.DataFrame({"n_items": [4, 4], "missing_share": [0.01, 0.05]}, index=["OPP", "INT"])
    text = missing_sentences(missing, nl, instrument=instrument)
    assert text == "Van alle antwoorden ontbreekt 3,0%; het hoogst is dat aandeel bij integriteit (5,0%)."
    none = missing_sentences(missing.assign(missing_share=0.0), nl, instrument=instrument)
    assert none == "Er ontbreekt geen enkel antwoord."


def test_problems_stop_a_study_only_when_one_is_an_error(en: Wording) -> None:
    warning = Problem(severity="warning", column="x", rule="many_missing", count=3)
    error = Problem(severity="error", column="x", rule="out_of_range", count=3)
    assert problem_sentences([], en) == "The check found nothing wrong."
    assert "Fix the errors" not in problem_sentences([warning], en)
    stopped = problem_sentences([warning, error], en)
    assert "errors 1, warnings 1, notes 0" in stopped
    assert "Fix the errors" in stopped


def scores(learning: float) -> pd.DataFrame:
    means = {
        "OPP": 3.5,
        "AMB": 3.6,
        "CON": 3.2,
        "LCU": learning,
        "LEM": learning - 0.1,
        "INF": learning + 0.1,
    }
    return pd.DataFrame({"mean": means})


def test_the_new_dimensions_are_compared_with_the_others(en: Wording, instrument: Instrument) -> None:
    low = score_sentences(scores(3.0), en, instrument=instrument)
    assert "score 0.43 lower on average" in low
    assert "They are among the lowest-scoring dimensions." in low
    middle = score_sentences(scores(3.3), en, instrument=instrument)
    assert "score 0.13 lower" in middle
    assert "In these answers they are not the lowest-scoring dimensions." in middle
    high = score_sentences(scores(3.9), en, instrument=instrument)
    assert "do not score lower" in high
    assert "on average they score 0.47 higher" in high


def test_masked_dimensions_are_passed_over(en: Wording, nl: Wording, instrument: Instrument) -> None:
    some = scores(3.0)
    some.loc[["LEM", "INF", "AMB"], "mean"] = math.nan
    assert score_sentences(some, en, instrument=instrument) == (
        "Among the lowest-scoring dimensions are learning from customers, absence of role conflict and "
        "opportunity and challenge. The new dimension (learning from customers) scores 0.35 below the "
        "average of the others. It is among the lowest-scoring dimensions."
    )
    for w in (en, nl):
        assert score_sentences(scores(math.nan).assign(mean=math.nan), w, instrument=instrument) == ""


@pytest.mark.parametrize("apart", [0.0, 0.004, -0.004])
def test_a_difference_that_rounds_to_nothing_is_none(
    en: Wording, nl: Wording, instrument: Instrument, apart: float
) -> None:
    even = scores(3.0)
    new = [c.code for c in instrument.dimensions if c.new]
    even["mean"] = 3.5
    even.loc[new, "mean"] = 3.5 + apart
    said = score_sentences(even, en, instrument=instrument)
    assert "and the others score the same on average" in said
    assert "0.00" not in said
    assert "even hoog" in score_sentences(even, nl, instrument=instrument)
    even.loc[new[1:], "mean"] = math.nan
    assert "scores the same as the others do" in score_sentences(even, en, instrument=instrument)


def test_one_dimension_alone_is_one(en: Wording, nl: Wording, instrument: Instrument) -> None:
    one = scores(3.0).loc[["OPP"]]
    said = score_sentences(one, en, instrument=instrument)
    assert said == "The lowest-scoring dimension is opportunity and challenge."
    assert score_sentences(one, nl, instrument=instrument).startswith("Het laagst scoort ")


def test_hidden_shares_of_missing_answers_are_passed_over(nl: Wording, instrument: Instrument) -> None:
    missing = pd.DataFrame({"n_items": [4, 4], "missing_share": [0.05, math.nan]}, index=["INT", "OPP"])
    assert "5,0%; het hoogst" in missing_sentences(missing, nl, instrument=instrument)
    assert missing_sentences(missing.assign(missing_share=math.nan), nl, instrument=instrument) == ""


def test_weak_loadings_are_named(en: Wording, instrument: Instrument) -> None:
    frame = pd.DataFrame(
        {
            "lhs": ["OPP", "OPP", "TIN"],
            "op": ["=~"] * 3,
            "rhs": ["OPP1", "OPP2", "TIN1"],
            "est_std": [0.8, 0.5, 1],
        }
    )
    assert loading_sentences(frame, en, instrument=instrument).endswith("from .50 to .80. None is below .50.")
    frame.loc[1, "est_std"] = 0.499
    assert "Below .50: OPP2 (.499)." in loading_sentences(frame, en, instrument=instrument)


def test_reliability_flips_at_the_line(
    en: Wording, instrument: Instrument, reliability: pd.DataFrame
) -> None:
    good = reliability_sentences(reliability, en, instrument=instrument)
    assert "All 2 constructs with several items are reliable" in good
    assert "(lowest: job satisfaction, .81)" in good
    assert good.endswith("Measured by a single item, without a reliability estimate: turnover intention.")
    reliability.loc["SAT", ["composite_reliability", "ave"]] = [0.699, 0.4999]
    poor = reliability_sentences(reliability, en, instrument=instrument)
    assert "Composite reliability is below .70 for job satisfaction (.699)." in poor
    assert "below .50 for job satisfaction (.4999)" in poor


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.85, "can be told apart"),
        (0.8501, "close to the cut-off (HTMT .8501, cut-off .85)"),
        (0.93, "overlap (HTMT .93"),
    ],
)
def test_enjoying_the_work_and_satisfaction_are_always_named(
    en: Wording, instrument: Instrument, htmt: pd.DataFrame, matrix: pd.DataFrame, value: float, said: str
) -> None:
    htmt.loc["ENJ", "SAT"] = htmt.loc["SAT", "ENJ"] = value
    text = validity_sentences(htmt, en, matrix=matrix, instrument=instrument)
    assert said in text
    assert "Enjoying the work and job satisfaction" in text
    assert "1 of 3 pairs" in text or value <= 0.85


def test_enjoying_the_work_is_named_where_it_was_not_asked(
    en: Wording, instrument: Instrument, htmt: pd.DataFrame, matrix: pd.DataFrame
) -> None:
    text = validity_sentences(
        htmt.drop(index="ENJ", columns="ENJ"), en, matrix=matrix.iloc[:1, :1], instrument=instrument
    )
    assert "HTMT of enjoying the work and job satisfaction cannot be computed" in text


def test_a_number_is_written_on_its_side_of_the_line(en: Wording) -> None:
    assert clear(0.846, 0.85, en) == ".846"
    assert clear(0.84996, 0.85, en) == ".8500"
    assert clear(0.82, 0.85, en) == ".82"


def test_fit_is_as_good_as_its_weakest_index(en: Wording, nl: Wording) -> None:
    good = fit_sentences({"correlated": made_fit()}, en)
    assert good.startswith("- **The model “Correlated dimensions” fits well.** CFI .988 (good)")
    assert "χ²(1,632) = 1,776.61, p = .007, n = 497" in good
    middle = fit_sentences({"correlated": made_fit(cfi=0.9499)}, en)
    assert "fits acceptably" in middle
    assert "CFI .9499 (acceptable)" in middle
    assert "Strict cut-off not met: CFI (at least .95; Hu & Bentler, 1999)." in middle
    poor = fit_sentences({"correlated": made_fit(rmsea=0.09, srmr=0.2)}, nl)
    assert "past niet" in poor
    assert "RMSEA (ten hoogste 0,08; Browne & Cudeck, 1993) en SRMR (ten hoogste 0,10;" in poor
    assert "CFI (ten minste" not in poor


def test_a_saturated_model_is_not_praised(en: Wording) -> None:
    text = fit_sentences({"mine": made_fit(df=0, cfi=1.0, rmsea=0.0, p_value=math.nan)}, en)
    assert text == (
        "- The model “mine” has no degrees of freedom: it reproduces the data by construction, "
        "so its fit says nothing."
    )


def test_models_are_compared_only_on_the_same_answers(en: Wording) -> None:
    pair = {"correlated": made_fit(), "second_order": made_fit(bic=70000.0)}
    assert "“Second-order job quality” has the lowest BIC" in fit_sentences(pair, en)
    pair["second_order"] = made_fit(bic=70000.0, baseline_chi_square=9000.0)
    assert "BIC" not in fit_sentences(pair, en)
    assert fit_sentences({}, en) == ""


def test_problems_of_a_fit_are_said(en: Wording) -> None:
    assert status_sentences({"direct": ended()}, en) == "The model converged to an admissible solution."
    two = {"direct": ended(), "second_order": ended()}
    assert status_sentences(two, en) == "All models converged to an admissible solution."
    bad = ended(Reason(code="negative_variance", where=("SAT ~~ SAT",)))
    assert status_sentences({"direct": bad}, en) == (
        "**Read with care.** Direct paths of each dimension: inadmissible solution, because a variance is "
        "estimated below zero (SAT ~~ SAT)."
    )
    lost = ended(Reason(code="not_converged"), converged=False)
    assert status_sentences({"direct": lost}, en).startswith("**Not usable.**")


def test_mediation_is_read_from_the_interval(
    en: Wording, nl: Wording, instrument: Instrument, effects: pd.DataFrame
) -> None:
    text = effect_sentences(effects, en, instrument=instrument)
    assert "- Higher job quality goes with higher job satisfaction: total effect .76 [.71, .81]." in text
    assert "- In this model higher job quality goes with lower turnover intention by way of" in text
    assert text.endswith("The model assumes that there is no direct path between them; it does not test it.")
    effects.loc[4, "ci_high"] = 0.01
    assert "is not shown: its interval includes zero" in effect_sentences(effects, en, instrument=instrument)
    assert "is niet aangetoond" in effect_sentences(effects, nl, instrument=instrument)
    effects.loc[3, ["estimate", "ci_low", "ci_high"]] = [-0.1, -0.2, -0.05]
    assert "direct effect of −.10" in effect_sentences(effects, en, instrument=instrument)


def test_the_order_of_effects_is_certain_only_without_overlap(en: Wording, instrument: Instrument) -> None:
    rows = [("OPP", 0.4, 0.3, 0.5), ("ENJ", 0.2, 0.1, 0.29), ("INT", -0.1, -0.2, 0.1)]
    frame = pd.DataFrame(rows, columns=["source", "estimate", "ci_low", "ci_high"])
    frame = frame.assign(target="SAT", kind="total")
    text = effect_sentences(frame, en, instrument=instrument)
    assert "opportunity and challenge has the strongest total effect on job satisfaction: .40" in text
    assert "No other interval overlaps with it." in text
    frame.loc[1, "ci_high"] = 0.31
    text = effect_sentences(frame, en, instrument=instrument)
    assert "Number of other intervals that overlap with it: 1. The order at the top is uncertain." in text


@pytest.mark.parametrize("kind", ["total", "indirect"])
def test_an_effect_that_cannot_be_standardised_is_said(
    en: Wording, nl: Wording, instrument: Instrument, effects: pd.DataFrame, kind: str
) -> None:
    target = "SAT" if kind == "total" else "TIN"
    gone = effects.copy()
    gone.loc[gone["target"] == target, ["estimate", "ci_low", "ci_high"]] = float("nan")
    name = {"SAT": "job satisfaction", "TIN": "turnover intention"}[target]
    text = effect_sentences(gone, en, instrument=instrument)
    assert f"Effects on {name} cannot be computed: a variance is estimated below zero." in text
    assert "zijn niet te berekenen" in effect_sentences(gone, nl, instrument=instrument)


def test_the_strongest_of_the_effects_that_could_be_computed_is_named(
    en: Wording, instrument: Instrument
) -> None:
    rows = [
        ("OPP", float("nan"), float("nan"), float("nan")),
        ("ENJ", 0.2, 0.1, 0.29),
        ("INT", -0.1, -0.2, 0.1),
    ]
    frame = pd.DataFrame(rows, columns=["source", "estimate", "ci_low", "ci_high"])
    text = effect_sentences(frame.assign(target="SAT", kind="total"), en, instrument=instrument)
    assert "enjoying the work has the strongest total effect on job satisfaction: .20" in text


def test_explained_variance_names_outcomes_only(nl: Wording, instrument: Instrument) -> None:
    text = r_squared_sentences(pd.Series({"OPP": 0.6, "SAT": 0.583, "COM": 0.552}), nl, instrument=instrument)
    assert text == (
        "Aandeel van de variantie dat het model verklaart: "
        "tevredenheid met het werk 58% en betrokkenheid bij de organisatie 55%."
    )
