"""Verdicts, effects and slopes in tables, figures and sentences of both languages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jq_models import report
from jq_models.data import OpenStudy, open_study
from jq_models.evaluate import Judged, allowed_fits, judge_hypotheses, plan
from jq_models.evaluate.hypotheses import HYPOTHESES
from jq_models.evaluate.hypotheses.rules import ALPHA
from jq_models.report.wording import Wording, wording

LANGUAGES = ("en", "nl")


@pytest.fixture(scope="module")
def opened() -> OpenStudy:
    return open_study("demo")


@pytest.fixture(scope="module")
def judged(opened: OpenStudy) -> Judged:
    carried = plan(opened)
    return judge_hypotheses(opened, carried, fits=allowed_fits(opened, carried), seed=1, draws=60)


@pytest.fixture(scope="module")
def few(opened: OpenStudy) -> Judged:
    carried = replace(plan(opened), n=150)
    return judge_hypotheses(opened, carried, fits=allowed_fits(opened, carried), seed=1, draws=60)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_verdict_table_has_one_row_a_claim(judged: Judged, opened: OpenStudy, language: str) -> None:
    w = wording(language)
    table = report.verdict_table(judged.verdicts, w, instrument=opened.instrument)
    assert table.raw["hypothesis"].tolist() == list(HYPOTHESES)
    assert table.raw["verdict"].tolist() == judged.verdicts.claims["verdict"].tolist()
    np.testing.assert_array_equal(table.raw["p_holm"], judged.verdicts.claims["holm"])
    shown = dict(zip(table.raw["hypothesis"], table.frame.iloc[:, 2], strict=True))
    effect = judged.mediation.effect("TIN", "indirect")
    assert w.coefficient(effect["estimate"]) in shown["H2b"]
    assert w.coefficient(0.10) in table.note
    assert w.coefficient(0.20) in table.note


def test_claims_that_cannot_be_tested_say_why(few: Judged, opened: OpenStudy, en: Wording) -> None:
    table = report.verdict_table(few.verdicts, en, instrument=opened.instrument)
    rows = table.frame.set_axis(["claim", "predicts", "found", "p", "verdict"], axis=1)
    assert rows["found"][0] == "it needs 300 complete answers; there are 150"
    assert rows["verdict"][0] == "not testable here"
    assert rows["p"][0] == "–"
    assert "From scale scores, for want of complete answers: H2, H2b and H6." in table.note


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_stands_once_in_the_sentences(judged: Judged, language: str) -> None:
    text = report.verdict_sentences(judged.verdicts, wording(language))
    assert [text.count(f"({name})") for name in HYPOTHESES] == [1] * len(HYPOTHESES)


def test_the_partial_correlation_stands_beside_the_published_one(
    judged: Judged, opened: OpenStudy, en: Wording, nl: Wording
) -> None:
    for w, published in ((en, "−.028"), (nl, "−0,028")):
        text = report.mediation_sentences(judged.mediation, w, instrument=opened.instrument)
        assert published in text
        assert w.coefficient(judged.mediation.partial_correlation["estimate"], 3) in text
        assert "577" in text


def test_effects_from_scores_say_so_first(few: Judged, opened: OpenStudy, en: Wording) -> None:
    text = report.mediation_sentences(few.mediation, en, instrument=opened.instrument)
    assert text.startswith("These effects come from scale scores")
    assert report.mediation_figure(few.mediation, en, instrument=opened.instrument).note.startswith(
        "From scale scores"
    )


def test_an_inadmissible_model_repeats_its_warning(judged: Judged, opened: OpenStudy, en: Wording) -> None:
    fit = judged.mediation.partial
    assert fit is not None
    from jq_models.sem import Reason

    reasons = (Reason(code="negative_variance", where=("SAT ~~ SAT",)),)
    bad = replace(fit, status=replace(fit.status, admissible=False, reasons=reasons))
    text = report.mediation_sentences(
        replace(judged.mediation, partial=bad), en, instrument=opened.instrument
    )
    assert text.startswith("**Read with care.**")


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_kinds_of_interval_stand_in_the_table(judged: Judged, opened: OpenStudy, language: str) -> None:
    table = report.mediation_table(judged.mediation, wording(language), instrument=opened.instrument)
    effects = judged.mediation.effects
    assert len(table.raw) == len(effects)
    for column in ("estimate", "ci_low", "ci_high", "delta_low", "delta_high"):
        np.testing.assert_array_equal(table.raw[column], effects[column])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_slopes_are_drawn_where_they_lie(judged: Judged, opened: OpenStudy, language: str) -> None:
    w = wording(language)
    drawing = report.slopes_figure(judged.moderation, w, instrument=opened.instrument)
    left, right = drawing.figure.axes
    slopes = judged.moderation.slopes["estimate"]
    for line, slope in zip(left.lines, slopes, strict=True):
        x, y = line.get_data()
        assert (y[-1] - y[0]) / (x[-1] - x[0]) == pytest.approx(slope)
    assert right.collections[1].get_offsets()[:, 0].tolist() == pytest.approx(slopes.tolist())
    assert all(w.coefficient(value) in drawing.alt for value in slopes)


def test_the_remaining_tables_hold_their_numbers(judged: Judged, opened: OpenStudy, en: Wording) -> None:
    gains = report.gain_table(judged, en, instrument=opened.instrument)
    assert gains.raw["gain"].tolist() == judged.added.gains["estimate"].tolist()
    blocks = report.block_table(judged, en, instrument=opened.instrument)
    assert blocks.frame.iloc[:, 0].tolist() == ["persons", "organisations", "teams"]
    slopes = report.slope_table(judged.moderation, en, instrument=opened.instrument)
    assert len(slopes.raw) == 5
    evidence = report.evidence_table(judged.verdicts, en, instrument=opened.instrument)
    assert len(evidence.raw) == len(judged.verdicts.evidence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_sentences_name_what_was_found(judged: Judged, opened: OpenStudy, language: str) -> None:
    w, instrument = wording(language), opened.instrument
    assert w.number(judged.added.test.difference) in report.added_sentences(judged, w, instrument=instrument)
    assert " 8 " in report.block_sentences(judged, w, instrument=instrument)  # organisations: a rough guide
    text = report.moderation_sentences(judged.moderation, w, instrument=instrument)
    assert w.coefficient(judged.moderation.routes["estimate"]["latent"]) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_addition_found_among_organisations_is_called_into_question(
    judged: Judged, opened: OpenStudy, language: str
) -> None:
    w, instrument = wording(language), opened.instrument
    surely = replace(judged, added=replace(judged.added, test=replace(judged.added.test, p_value=0.001)))
    alone = replace(surely, everywhere=replace(judged.everywhere, total=1))
    said = [
        w("added.clustered") in report.added_sentences(one, w, instrument=instrument)
        for one in (judged, surely, alone)
    ]
    assert said == [judged.added.test.p_value < ALPHA, True, False]


def test_h4_counts_the_organisations_and_names_none(
    judged: Judged, opened: OpenStudy, en: Wording, nl: Wording
) -> None:
    least = judged.everywhere.weakest
    for w, counted in ((en, "lower in 8 of 8 organisations"), (nl, "lager in 8 van de 8 organisaties")):
        table = report.verdict_table(judged.verdicts, w, instrument=opened.instrument)
        shown = dict(zip(table.raw["hypothesis"], table.frame.iloc[:, 2], strict=True))["H4"]
        assert counted in shown.replace("\u00a0", " ")
        assert w.coefficient(float(least["d"])) in shown
        assert str(least.name) not in shown


def test_a_model_that_does_not_fit_is_named_beside_the_verdicts(judged: Judged, en: Wording) -> None:
    assert "first impression" not in report.verdict_sentences(judged.verdicts, en)
    poor = replace(judged.verdicts, poor=(("H2", "H2b"), ("H7",)))
    text = report.verdict_sentences(poor, en)
    assert "The model behind H2 and H2b does not fit; read these verdicts as a first impression." in text
    assert "The model behind H7 does not fit; read this verdict as a first impression." in text


@pytest.mark.parametrize(
    ("tested", "sentence", "note"),
    [
        (1, "Of 9 claims, one can be tested", "One claim is tested here, so p is not adjusted."),
        (0, "Of 9 claims, 0 can be tested", ""),
    ],
)
def test_one_claim_is_not_adjusted(
    judged: Judged, opened: OpenStudy, en: Wording, tested: int, sentence: str, note: str
) -> None:
    claims = judged.verdicts.claims.copy()
    claims.iloc[tested:, claims.columns.get_indexer(["pvalue", "holm"])] = np.nan
    found = replace(judged.verdicts, claims=claims)
    assert sentence in report.verdict_sentences(found, en)
    shown = report.verdict_table(found, en, instrument=opened.instrument).note
    assert "adjusted for the" not in shown
    assert note in shown


def test_the_first_table_says_what_h1_rests_on(judged: Judged, opened: OpenStudy, en: Wording) -> None:
    evidence = judged.verdicts.evidence.copy()
    evidence.loc[evidence["measure"] == "fit", "target"] = "poor"
    found = replace(judged.verdicts, evidence=evidence)
    table = report.verdict_table(found, en, instrument=opened.instrument)
    shown = table.frame.iloc[0, 2].replace("\u00a0", " ")
    assert "separate dimensions against one factor p < .001" in shown
    assert "their fit: poor" in shown
    assert "(role clarity)" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tests_of_h2b_and_h3_stand_among_the_numbers(
    judged: Judged, opened: OpenStudy, language: str
) -> None:
    w = wording(language)
    table = report.evidence_table(judged.verdicts, w, instrument=opened.instrument)
    rows = table.frame.set_axis(["claim", "what", "from", "estimate", "p"], axis=1).set_index("what")
    test = judged.added.test
    assert test is not None
    together = rows.loc[w("hypotheses.measure.paths")]
    assert together["estimate"] == f"χ²({test.df}) = {w.number(test.difference)}"
    assert together["p"] == w.p_value(test.p_value)
    absent = rows.loc[w("hypotheses.measure.absence", line=w.coefficient(0.20))]
    assert (absent["estimate"], absent["p"] != "–") == ("–", True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_free_path_is_told_apart_from_the_summary(
    judged: Judged, few: Judged, opened: OpenStudy, language: str
) -> None:
    w = wording(language)
    notes = [
        show(found.mediation, w, instrument=opened.instrument).note
        for found in (judged, few)
        for show in (report.mediation_figure, report.mediation_table)
    ]
    assert [w("mediation.free_path") in note for note in notes] == [True, True, False, False]


def test_a_missing_latent_product_says_why(few: Judged, opened: OpenStudy, en: Wording) -> None:
    note = report.slope_table(few.moderation, en, instrument=opened.instrument).note
    assert note.endswith("latent product is left out: it needs 200 complete answers; there are 150.")
