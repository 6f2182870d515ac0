"""Inadmissible solutions in comparisons of groups: never without a word; and the unit of the answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate.invariance import Alignment, Invariance, alignment, invariance
from jq_models.report import wording
from jq_models.report.names import unmarked
from jq_models.report.sentences_care import alignment_care, ladder_care
from jq_models.report.sentences_invariance import alignment_sentences, ladder_sentences
from jq_models.report.tables_invariance import alignment_table, ladder_table
from jq_models.spec import Instrument, load_instrument
from jq_models.spec.own_model import as_model

ITEMS = ["LCU1", "LCU2", "LCU3"]
TWO = as_model("LCU =~ LCU1 + LCU2 + LCU3\nLEM =~ LEM1 + LEM2 + LEM3")


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_instrument("ccc_job_quality")


def exactly(covariance: np.ndarray, *, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw answers whose sample covariances (by n) are exactly these."""
    noise = rng.standard_normal((n, len(covariance)))
    noise -= noise.mean(axis=0)
    white = noise @ np.linalg.inv(np.linalg.cholesky(noise.T @ noise / n)).T
    return np.asarray(3.0 + white @ np.linalg.cholesky(covariance).T)


def covariance(first: float, *others: float) -> np.ndarray:
    """Return correlations of a factor with loadings that may ask more of an item than it has."""
    loadings = np.array([first, *others])
    found = np.outer(loadings, loadings)
    np.fill_diagonal(found, 1.0)
    return found


def groups(*, heywood: int | None) -> pd.DataFrame:
    rng, frames = np.random.default_rng(4), []
    for g in range(6):
        # the second item: .72 / (.6 x .6) = 1.1 standardised
        own = covariance(0.6, 1.1, 0.6) if g == heywood else covariance(0.7, 0.75, 0.65)
        frames.append(pd.DataFrame(exactly(own, n=60, rng=rng), columns=ITEMS).assign(place=f"P{g + 1}"))
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def careful() -> Alignment:
    return alignment(groups(heywood=2), {"LCU": ITEMS}, group="place")


def test_a_heywood_case_is_aligned_with_care_and_named(careful: Alignment) -> None:
    row = careful.constructs.loc["LCU"]
    assert row["state"] == "with_care"
    first = row["reasons"][0]
    assert (first.code, first.where) == ("negative_variance", ("LCU2 ~~ LCU2 [P3]",))
    assert len(careful.means) == 6
    sound = alignment(groups(heywood=None), {"LCU": ITEMS}, group="place").constructs.loc["LCU"]
    assert (sound["state"], sound["reasons"]) == ("aligned", ())


@pytest.mark.parametrize(
    ("language", "verdict", "words"),
    [
        ("en", "comparable, with care", "a variance is estimated below zero (LCU2 in P3)"),
        ("nl", "vergelijkbaar, met voorbehoud", "een variantie is kleiner dan nul geschat (LCU2 bij P3)"),
    ],
)
def test_the_report_says_it_in_verdict_note_and_sentence(
    careful: Alignment, instrument: Instrument, language: str, verdict: str, words: str
) -> None:
    w = wording(language)
    table = alignment_table(careful, w, label="Place", instrument=instrument)
    assert table.frame.iloc[0, -1] == verdict
    text = " ".join(alignment_sentences(careful, w, label="Place", instrument=instrument))
    assert words in table.note
    assert "**" not in table.note
    assert words in text
    sound = alignment(groups(heywood=None), {"LCU": ITEMS}, group="place")
    assert alignment_care(sound, w, instrument=instrument) == ""


def test_aligned_means_do_not_depend_on_the_unit_of_the_answers() -> None:
    frame = groups(heywood=None)
    shifted = frame["place"].isin(["P2", "P5"])
    frame.loc[shifted, "LCU1"] += 0.8
    frame.loc[frame["place"] == "P4", ITEMS] += [0.3, 0.4, 0.2]
    other = frame.assign(**{item: 25 * frame[item] for item in ITEMS})
    one, two = (alignment(x, {"LCU": ITEMS}, group="place") for x in (frame, other))
    for column in ("estimate", "se"):
        assert two.means[column].to_numpy() == pytest.approx(one.means[column].to_numpy(), abs=1e-6)
    assert two.items["deviating"].tolist() == one.items["deviating"].tolist()
    assert two.items["value"].to_numpy() == pytest.approx(25 * one.items["value"].to_numpy(), rel=1e-5)


def two_factors(*, correlation: float) -> pd.DataFrame:
    """Answers of two groups to two scales, correlated beyond what the items allow in one of them."""
    rng, frames = np.random.default_rng(6), []
    for name, latent in (("north", correlation), ("south", 0.5)):
        block = covariance(0.6, 0.6, 0.6)
        across = np.full((3, 3), 0.36 * latent)
        whole = np.block([[block, across], [across, block]])
        columns = [*ITEMS, "LEM1", "LEM2", "LEM3"]
        frames.append(pd.DataFrame(exactly(whole, n=200, rng=rng), columns=columns).assign(side=name))
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def climbed() -> Invariance:
    return invariance(TWO, two_factors(correlation=1.08), group="side")


def test_inadmissible_steps_keep_their_verdict_and_carry_reasons(climbed: Invariance) -> None:
    step = climbed.steps["configural"]
    assert step.verdict == "holds"
    assert "latent_not_positive_definite" in [reason.code for reason in step.reasons]
    assert "configural" in climbed.with_care
    sound = invariance(TWO, two_factors(correlation=0.5), group="side")
    assert sound.with_care == {}
    assert ladder_care(sound, wording("en")) == ""


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_ladder_warns_in_table_and_sentence(
    climbed: Invariance, instrument: Instrument, language: str
) -> None:
    w = wording(language)
    care = ladder_care(climbed, w)
    start = {"en": "**Read this comparison with care:**", "nl": "**Lees deze vergelijking met voorbehoud:**"}
    assert care.startswith(start[language])
    assert "north" in care
    note = ladder_table(climbed, w, label="Side").note
    assert unmarked(care) in note
    assert "**" not in note  # a note is plain text: marks would be shown
    assert care in ladder_sentences(climbed, w, label="Side", instrument=instrument)
