"""Tables, figure and sentences on simulated cut-offs, from a small simulation."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate.cutoffs import (
    Cutoffs,
    Distribution,
    JudgedModel,
    Planted,
    Wrong,
    corrected_tests,
)
from jq_models.evaluate.cutoffs.plant import Place
from jq_models.report import (
    corrected_sentences,
    corrected_table,
    cutoff_sentences,
    cutoff_table,
    cutoffs_figure,
    judged_views,
)
from jq_models.report.figure import Drawing
from jq_models.report.table import Table
from jq_models.report.wording import Wording
from jq_models.sem import Moments, fit_sem

DRAWS = 199


def _frame(rng: np.random.Generator, draws: int, shift: float) -> pd.DataFrame:
    chi = rng.chisquare(100, size=draws) + shift
    rmsea = np.sqrt(np.maximum(chi - 100, 0) / (100 * 300))
    return pd.DataFrame(
        {
            "chi_square": chi,
            "cfi": 1 - np.maximum(chi - 100, 0) / 2500,
            "tli": 1 - (chi - 100) / 2000,
            "rmsea": rmsea,
            "srmr": 0.03 + chi / 10000,
        }
    )


def _distribution(rng: np.random.Generator, draws: int, shift: float = 0.0) -> Distribution:
    return Distribution(
        indices=_frame(rng, draws, shift), draws=draws, failed=MappingProxyType({}), inadmissible=0
    )


@pytest.fixture
def cutoffs() -> Cutoffs:
    rng = np.random.default_rng(8)
    values = {"chi_square": 104.0, "cfi": 0.9984, "tli": 0.998, "rmsea": 0.0121, "srmr": 0.0404}
    places = (Place(first="x1", second="F2", size=0.3), Place(first="x5", second="F1", size=0.2))
    levels = [
        Wrong(
            planted=Planted(level=level, kind="cross_loadings", places=places[:level], covariance=np.eye(2)),
            distribution=_distribution(rng, 60, shift),
            population=MappingProxyType({}),
        )
        for level, shift in ((1, 6.0), (2, 300.0))
    ]
    return Cutoffs(
        model="correlated",
        n=300,
        df=100,
        level=0.05,
        answers="ordinal",
        seed=1,
        values=MappingProxyType(values),
        true=_distribution(rng, DRAWS),
        wrong=tuple(levels),
    )


def _tests(cutoffs: Cutoffs) -> pd.DataFrame:
    rows = ["plain", "bartlett", "swain", "yuan_2005", "yuan_2015", "simulated"]
    return pd.DataFrame(
        {"chi_square": 104.0, "df": 100, "p_value": 0.37, "factor": 1.0, "false_alarm": 0.05}, index=rows
    )


def _with(cutoffs: Cutoffs, **values: float) -> Cutoffs:
    return replace(cutoffs, values=MappingProxyType({**cutoffs.values, **values}))


def test_a_row_for_each_index_with_both_lines_and_a_verdict(cutoffs: Cutoffs, en: Wording) -> None:
    table = cutoff_table(cutoffs, en)
    assert list(table.frame["Index"]) == [
        "χ²", "CFI", "TLI", "RMSEA", "SRMR", "CFI, TLI, RMSEA and SRMR together"
    ]  # fmt: skip
    cfi = table.frame.iloc[1]
    assert cfi["Here"] == ".998"
    assert cfi["Usual cut-off"] == "≥\u00a0.950"
    assert cfi["Simulated cut-off"] == f"≥\u00a0{en.coefficient(cutoffs.cutoff('cfi'), 3)}"
    assert cfi["Verdict"] == "passes both"
    assert list(table.frame["Verdict"])[-1] == "–"
    assert table.raw.at[3, "cutoff"] == cutoffs.cutoff("rmsea")
    assert "199 samples of 300 people" in table.note
    assert "Hu & Bentler, 1999" in table.note
    assert "answer categories of this questionnaire" in table.note
    assert "one item also measures a second dimension" in table.note


def test_failed_and_improper_samples_are_said(cutoffs: Cutoffs, en: Wording) -> None:
    bad = replace(cutoffs.true, failed=MappingProxyType({"not_converged": 3}), inadmissible=5)
    note = cutoff_table(replace(cutoffs, true=bad, answers="normal"), en).note
    assert "3 gave no estimates and were left out; 5 gave improper ones" in note
    assert "normally distributed answers" in note


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "fits as well as a true model would"),
        ({"srmr": 0.09}, "passes some of the cut-offs simulated for it, not all"),
        ({"cfi": 0.8, "tli": 0.8, "rmsea": 0.1, "srmr": 0.2}, "fits less well than a true model would"),
    ],
)
def test_sentences_follow_the_verdict(
    cutoffs: Cutoffs, en: Wording, values: dict[str, float], words: str
) -> None:
    assert words in cutoff_sentences(_with(cutoffs, **values), en)


def test_sentences_say_what_would_have_been_seen(cutoffs: Cutoffs, en: Wording, nl: Wording) -> None:
    text = cutoff_sentences(cutoffs, en)
    assert "Of true models of this size, 0% miss at least one of the usual cut-offs." in text
    share = float((cutoffs.wrong[0].distribution.indices["rmsea"] > cutoffs.cutoff("rmsea")).mean())
    assert f"notices it in {en.percent(share)} of the samples, the usual cut-offs together in 0%" in text
    assert "a larger one it would have shown (2 items also measure" in text
    near = _with(replace(cutoffs, wrong=cutoffs.wrong[1:]), rmsea=0.0)
    assert "So good a fit would be unusual with that fault" in cutoff_sentences(near, en)
    assert "dit model past zo goed als een juist model zou doen" in cutoff_sentences(cutoffs, nl)


def test_a_fit_worse_than_every_planted_fault_is_called_that(
    cutoffs: Cutoffs, en: Wording, nl: Wording
) -> None:
    far = cutoff_sentences(_with(cutoffs, rmsea=0.2), en)
    assert "The misfit found here is larger than the largest fault planted makes" in far
    assert "does not rule out" not in far
    dutch = cutoff_sentences(_with(cutoffs, rmsea=0.2), nl)
    assert "De gevonden afwijking is groter dan de grootste ingebouwde fout maakt" in dutch
    # a value that passes, and that the small fault alone often comes below, is no such thing
    small = replace(cutoffs, wrong=cutoffs.wrong[:1])
    near = cutoff_sentences(_with(small, rmsea=cutoffs.cutoff("rmsea")), en)
    assert "does not rule out faults of this kind" in near
    assert "larger than the largest" not in near


def test_every_sentence_and_title_names_its_model(cutoffs: Cutoffs, en: Wording) -> None:
    second = replace(cutoffs, model="second_order")
    for one, named in ((cutoffs, "Correlated dimensions"), (second, "Second-order job quality")):
        assert f"**{named}: " in cutoff_sentences(one, en)
        assert named in cutoff_table(one, en).title
        assert named in cutoffs_figure(one, en).title


def test_two_models_have_tables_of_different_names(cutoffs: Cutoffs, en: Wording) -> None:
    tests = _tests(cutoffs)
    judged = [
        JudgedModel(cutoffs=one, tests=tests) for one in (replace(cutoffs, model="second_order"), cutoffs)
    ]
    shown = judged_views(judged, en)
    tables = [one.name for one in shown if isinstance(one, Table)]
    assert tables == ["cutoffs", "corrected_tests", "cutoffs_correlated", "corrected_tests_correlated"]
    assert [one.name for one in shown if isinstance(one, Drawing)] == ["cutoffs"]
    assert "Correlated dimensions" in [one.title for one in shown if isinstance(one, Table)][3]
    assert judged_views([], en) == []


def test_the_dashes_of_the_last_row_are_explained(cutoffs: Cutoffs, en: Wording, nl: Wording) -> None:
    assert "– in the last row" in cutoff_table(cutoffs, en).note
    assert "– in de laatste rij" in cutoff_table(cutoffs, nl).note


@pytest.mark.parametrize(
    ("alarms", "answers", "said"),
    [
        ([0.21, 0.21, 0.21, 0.21, 0.21], "ordinal", "these answers (few, skewed categories): it rejects 21%"),
        ([0.21, 0.21, 0.21, 0.21, 0.21], "normal", "cannot be trusted here: it rejects 21%"),
        # halved, or within bounds, is help
        ([0.60, 0.15, 0.20, 0.20, 0.20], "ordinal", "cannot be trusted at this sample size: it rejects 60%"),
        ([0.15, 0.12, 0.12, 0.09, 0.12], "ordinal", "cannot be trusted at this sample size: it rejects 15%"),
    ],
)
def test_the_sample_size_is_blamed_only_where_correcting_for_it_helps(
    cutoffs: Cutoffs, en: Wording, alarms: list[float], answers: str, said: str
) -> None:
    tests = _tests(cutoffs).assign(false_alarm=[*alarms, 0.05])
    assert said in corrected_sentences(tests, en, cutoffs=replace(cutoffs, answers=answers))


def test_usual_lines_that_reject_many_true_models_are_called_too_strict(
    cutoffs: Cutoffs, en: Wording
) -> None:
    strict = replace(cutoffs, true=replace(cutoffs.true, indices=cutoffs.true.indices.assign(srmr=0.09)))
    assert "too strict here: 100% of true models" in cutoff_sentences(strict, en)


def test_without_planted_faults_the_table_and_sentences_are_shorter(cutoffs: Cutoffs, en: Wording) -> None:
    bare = replace(cutoffs, wrong=())
    assert "fault" not in cutoff_sentences(bare, en)
    table = cutoff_table(bare, en)
    assert not any("fault" in str(name) for name in table.frame.columns)
    assert "fault" not in cutoffs_figure(bare, en).note


def test_too_few_samples_are_said(cutoffs: Cutoffs, en: Wording) -> None:
    few = replace(cutoffs, true=replace(cutoffs.true, indices=cutoffs.true.indices[:10]))
    assert cutoff_sentences(few, en) == (
        "Correlated dimensions: cut-offs could not be simulated, because only 10 samples gave estimates."
    )
    assert set(cutoff_table(few, en).frame["Simulated cut-off"]) == {"–"}
    assert "simulated cut-off –" in cutoffs_figure(few, en).alt


def test_the_figure_marks_value_and_both_lines(cutoffs: Cutoffs, en: Wording, nl: Wording) -> None:
    drawing = cutoffs_figure(cutoffs, en)
    panels = drawing.figure.axes
    assert [ax.get_title(loc="left") for ax in panels] == ["CFI", "TLI", "RMSEA", "SRMR"]
    lines = [float(line.get_xdata()[0]) for line in panels[2].lines]
    assert lines == [cutoffs.values["rmsea"], cutoffs.cutoff("rmsea"), 0.06]
    assert "here .012" in [text.get_text() for text in panels[2].texts]
    assert "RMSEA: .012 here" in drawing.alt
    assert "hier 0,012" in [text.get_text() for text in cutoffs_figure(cutoffs, nl).figure.axes[2].texts]


def test_corrected_tests_are_shown_with_their_false_alarms(
    en: Wording, nl: Wording, cutoffs: Cutoffs
) -> None:
    Sigma = np.full((8, 8), 0.5) + 0.5 * np.eye(8)
    Sigma[0, 1] = Sigma[1, 0] = 0.6
    names = tuple(f"x{i}" for i in range(8))
    moments = Moments(names=names, covariance=Sigma, mean=np.zeros(8), n=120)
    fit = fit_sem("F =~ " + " + ".join(names), moments)
    own = replace(cutoffs, df=fit.df, values=MappingProxyType({"chi_square": fit.test.chi_square}))
    tests = corrected_tests(fit, own)
    table = corrected_table(tests, en, model="correlated")
    assert table.title.startswith("Correlated dimensions: ")
    assert list(table.frame["Test"])[:3] == ["Plain", "Bartlett", "Swain"]
    assert list(table.frame["True models rejected"])[-1] == "5%"
    strict = tests.assign(false_alarm=[0.4, 0.05, 0.06, 0.05, 0.05, 0.05])
    assert "cannot be trusted at this sample size: it rejects 40% of true models" in corrected_sentences(
        strict, en, cutoffs=own
    )
    fair = tests.assign(false_alarm=0.05)
    assert "rejects 5% of true models" in corrected_sentences(fair, en, cutoffs=own)
    assert "exact fit is not rejected" in corrected_sentences(fair, en, cutoffs=own)
    fair.loc["simulated", "p_value"] = 0.005
    assert "dimensions: the model is not exactly true" in corrected_sentences(fair, en, cutoffs=own)
    assert "het model klopt niet precies" in corrected_sentences(fair, nl, cutoffs=own)
