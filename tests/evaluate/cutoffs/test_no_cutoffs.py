"""Faults that are none are not planted, and a model without a possible population gets no cut-offs."""

from __future__ import annotations

import numpy as np
import pytest

from jq_models.errors import FitError
from jq_models.evaluate.cutoffs import NotJudged, planted, simulate_cutoffs, why_no_cutoffs
from jq_models.report import judged_views, no_cutoff_sentences, wording
from jq_models.sem import Moments, SemFit, fit_sem
from jq_models.spec import Model
from jq_models.spec.own_model import as_model

NAMES = tuple(f"{d}{k}" for d in "abcd" for k in (1, 2, 3))


def higher(dimensions: str, loadings: tuple[float, ...], *, n: int = 400) -> SemFit:
    """Fit a second-order model to its own population; a loading above 1 asks for a negative disturbance."""
    names = [name for name in NAMES if name[0] in dimensions]
    latent = np.outer(loadings, loadings)
    np.fill_diagonal(latent, 1.0)
    Sigma = 0.5625 * np.kron(latent, np.ones((3, 3)))
    np.fill_diagonal(Sigma, 1.0)
    text = "\n".join(f"F{d} =~ {d}1 + {d}2 + {d}3" for d in dimensions)
    text += "\nG =~ " + " + ".join(f"F{d}" for d in dimensions)
    factors = tuple(f"F{d}" for d in dimensions)
    model = Model(name="second_order", text=text, factors=factors, higher=("G",))
    return fit_sem(model, Moments(names=tuple(names), covariance=Sigma, mean=np.zeros(len(Sigma)), n=n))


def test_three_dimensions_absorb_a_correlated_disturbance() -> None:
    fit = higher("abc", (0.7, 0.6, 0.8))
    # one place, so one level; and the model reproduces it
    assert [len(level.places) for level in planted(fit)] == [1]
    assert simulate_cutoffs(fit, draws=20, planted_draws=10, seed=1).wrong == ()


def test_four_dimensions_keep_their_levels_once_each() -> None:
    fit = higher("abcd", (0.7, 0.6, 0.8, 0.65))
    wrong = simulate_cutoffs(fit, draws=20, planted_draws=10, seed=1).wrong
    assert [(one.planted.level, len(one.planted.places)) for one in wrong] == [(1, 1), (2, 2)]
    assert all(one.population["rmsea"] > 0.001 for one in wrong)


def test_a_negative_disturbance_is_no_place_and_its_model_gets_no_cutoffs() -> None:
    fit = higher("abcd", (0.6, 1.05, 0.6, 0.6))
    assert fit.usable
    assert not fit.status.admissible
    assert [(p.first, p.second) for p in planted(fit)[-1].places] == [("Fc", "Fd")]
    assert why_no_cutoffs(fit) == "inadmissible"
    with pytest.raises(FitError, match="'second_order' is inadmissible: negative variance"):
        simulate_cutoffs(fit, seed=1)


@pytest.mark.parametrize(
    ("language", "start"),
    [("en", "**No cut-offs are simulated for"), ("nl", "**Voor het model ‘")],
)
def test_the_refusal_is_said(language: str, start: str) -> None:
    w, fit = wording(language), higher("abcd", (0.6, 1.05, 0.6, 0.6))
    text = no_cutoff_sentences(fit, w)
    assert text.startswith(start)
    assert "Fb" in text
    assert judged_views([NotJudged(fit=fit)], w) == [text]
    assert no_cutoff_sentences(higher("abcd", (0.7, 0.6, 0.8, 0.65)), w) == ""


def test_no_residual_is_planted_where_none_is_left() -> None:
    Sigma = np.outer([0.6, 1.1, 0.6, 0.6, 0.6], [0.6, 1.1, 0.6, 0.6, 0.6])
    np.fill_diagonal(Sigma, 1.0)
    names = ("y1", "y2", "y3", "y4", "y5")
    moments = Moments(names=names, covariance=Sigma, mean=np.zeros(5), n=400)
    levels = planted(fit_sem(as_model("F =~ y1 + y2 + y3 + y4 + y5"), moments))
    assert "y2" not in {name for level in levels for p in level.places for name in (p.first, p.second)}
    assert len(levels) == 2
