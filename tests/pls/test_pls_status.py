"""What can go wrong is said: NaN with a reason, never a crash, a warning or a number from nowhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from pls_cases import THREE, composite, factor, population, three_factors

from jq_models.errors import FitError
from jq_models.numeric.moments import Moments
from jq_models.pls import REASONS, PlsFit, bootstrap_pls, fit_pls, pls_estimates
from jq_models.pls.algorithm import SCHEMES
from jq_models.pls.solution import Search, solve
from jq_models.pls.status import judge, proper

MODE_B = {"modes": {"X": "B"}}
ONE = "X =~ x1 + x2\nY =~ y1 + y2 + y3\nY ~ X"


def codes(fit: PlsFit) -> dict[str, tuple[str, ...]]:
    return {r.code: r.where for r in fit.status.reasons}


def refused(fit: PlsFit) -> None:
    """A fit without usable numbers hands none out."""
    assert not fit.usable
    assert fit.table["est"].isna().all()
    for use in (fit.require, lambda: fit.values("~"), fit.scores, lambda: pls_estimates(fit)):
        with pytest.raises(FitError, match="no usable PLS solution"):
            use()
    with pytest.raises(FitError):
        bootstrap_pls(fit, draws=2, seed=1)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.assign(x2=d["x1"]),
        lambda d: d.assign(x2=-d["x1"]),
        lambda d: d.assign(x2=d["x1"] + 1e-9 * d["z3"]),
        lambda d: d.assign(x3=d["x1"] + d["x2"]),
    ],
    ids=["same", "opposite", "nearly", "sum"],
)
def test_items_in_mode_b_that_determine_one_another(spoil: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    frame = spoil(three_factors())
    for scheme in SCHEMES:
        fit = fit_pls(THREE, frame, scheme=scheme, **MODE_B)
        assert codes(fit) == {"no_weights": ("X",)}
        refused(fit)


def test_in_mode_a_the_same_items_are_no_hindrance() -> None:
    frame = three_factors()
    fit = fit_pls(THREE, frame.assign(x2=frame["x1"]))
    assert fit.usable
    assert fit.values("=~")["est"][0] == pytest.approx(fit.values("=~")["est"][1], abs=1e-12)


@pytest.mark.parametrize("rest", [0.0, 1e-12])
def test_constructs_that_determine_one_another(rest: float) -> None:
    frame = three_factors()
    for text in ("y1 ~ x1 + x2\nz1 ~ y1", "x1 ~ z1\nx2 ~ z1\ny1 ~ x1 + x2 + z1"):
        fit = fit_pls(text, frame.assign(x2=frame["x1"] + rest * frame["x3"]))
        assert codes(fit)["collinear_constructs"] == ("x1", "x2")
        refused(fit)
    summed = fit_pls("z1 ~ x1 + x2 + x3", frame.assign(x3=frame["x1"] - frame["x2"]))
    assert codes(summed)["collinear_constructs"] == ("x1", "x2", "x3")


def test_reliability_that_is_not_positive() -> None:
    # items that oppose one another, though both go with the neighbour
    S = np.array([[1, -0.3, 0.4], [-0.3, 1, 0.4], [0.4, 0.4, 1]])
    fit = fit_pls("X =~ x1 + x2\ny ~ X", Moments(names=("x1", "x2", "y"), covariance=S, mean=[0] * 3, n=99))
    assert codes(fit) == {"reliability_not_positive": ("X",)}
    refused(fit)
    plain = fit_pls(fit.model, fit.moments, consistent=False)
    assert plain.status.admissible
    assert np.isnan(plain.values("rho_a")["est"]).all()


def test_reliability_that_is_not_positive_below_a_second_order_construct() -> None:
    S = np.eye(7) * 0.7 + 0.3
    S[0, 1] = S[1, 0] = -0.3
    names = ("p1", "p2", "q1", "q2", "r1", "r2", "y")
    text = "P =~ p1 + p2\nQ =~ q1 + q2\nR =~ r1 + r2\nG =~ P + Q + R\ny ~ G"
    fit = fit_pls(text, Moments(names=names, covariance=S, mean=np.zeros(7), n=99))
    # said once, where it arises
    assert codes(fit) == {"reliability_not_positive": ("P",)}
    refused(fit)


def test_inadmissible_solutions_keep_their_numbers_and_their_reasons() -> None:
    S = np.array([[1, 0.3, 0.5, 0.5], [0.3, 1, 0.5, 0.5], [0.5, 0.5, 1, 0.3], [0.5, 0.5, 0.3, 1]])
    text = "X =~ x1 + x2\nY =~ y1 + y2\nY ~ X"
    fit = fit_pls(text, Moments(names=("x1", "x2", "y1", "y2"), covariance=S, mean=np.zeros(4), n=99))
    assert codes(fit) == {
        "constructs_not_positive_definite": ("X", "Y"),
        "correlation_above_one": ("X ~~ Y",),
        "path_above_one": ("Y ~ X",),
        "explained_above_one": ("Y",),
    }
    assert fit.usable
    assert not fit.status.admissible
    assert fit.values("~")["est"].item() == pytest.approx(5 / 3)
    assert [r.code for r in fit.status.reasons] == sorted(codes(fit), key=REASONS.index)
    assert "path above one (Y ~ X)" in repr(fit)


def test_loadings_and_reliability_above_one() -> None:
    # the loadings' product is .3 and their ratio 4, as the weights': the second is the root of 1.2
    S = np.array([[1, 0.3, 0.15], [0.3, 1, 0.6], [0.15, 0.6, 1]])
    moments = Moments(names=("x1", "x2", "y"), covariance=S, mean=np.zeros(3), n=99)
    fit = fit_pls("X =~ x1 + x2\ny ~ X", moments)
    assert codes(fit) == {"loading_above_one": ("X =~ x2",), "reliability_above_one": ("X",)}
    assert fit.values("=~")["est"][1] == pytest.approx(np.sqrt(1.2), abs=1e-9)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("n", [3, 4, 5, 7, 9, 10, 14])
def test_fewer_cases_than_items(n: int, scheme: str) -> None:
    """Whatever comes out: usable numbers are finite, others absent with a reason, resamples too."""
    for modes in ({}, {"Y": "B"}, dict.fromkeys("XYZ", "B")):
        fit = fit_pls(THREE, three_factors(n, seed=n), scheme=scheme, modes=modes)
        assert fit.status.reasons or fit.status.admissible
        if not fit.usable:
            refused(fit)
            continue
        assert np.isfinite(fit.values("~")["est"]).all()
        boot = bootstrap_pls(fit, draws=40, seed=n)
        assert np.isnan(boot.values[~boot.converged]).all()
        assert not boot.admissible[~boot.converged].any()
        for kind in ("percentile", "bc", "bca") if boot.converged.sum() > 1 else ():
            table = pls_estimates(fit, boot, kind=kind)
            both = table[["ci_low", "ci_high"]].notna().all(axis=1)
            assert (table.loc[both, "ci_low"] <= table.loc[both, "ci_high"]).all()


def test_items_with_nothing_in_common() -> None:
    rng = np.random.default_rng(4)
    for _ in range(10):
        noise = pd.DataFrame(rng.standard_normal((50, 9)), columns=three_factors(3).columns)
        for scheme in SCHEMES:
            fit = fit_pls(THREE, noise, scheme=scheme)
            assert fit.status.reasons
            if fit.usable:
                bootstrap_pls(fit, draws=20, seed=1)


def test_uncorrelated_blocks_have_no_weights_in_the_schemes_that_need_some() -> None:
    measures = {"X": factor(0.8, 0.7), "Y": composite(0.6, 0.7)}
    moments = population(measures, np.eye(2))
    text = "X =~ x1 + x2\nY <~ y1 + y2\nY ~ X"
    for scheme in SCHEMES:
        fit = fit_pls(text, moments, scheme=scheme)
        assert codes(fit) == {"no_weights": ("X", "Y")}
        refused(fit)


def test_disconnected_models_are_two_models() -> None:
    frame = three_factors()
    blocks = "X =~ x1 + x2 + x3\nY =~ y1 + y2 + y3\nY ~ X\n"
    both = fit_pls(blocks + "z1 ~ z2", frame).values("~")
    assert both["est"][0] == pytest.approx(fit_pls(blocks, frame).values("~")["est"][0], abs=1e-12)
    assert both["est"][1] == pytest.approx(frame["z1"].corr(frame["z2"]), abs=1e-12)


@pytest.mark.parametrize("consistent", [True, False])
def test_batches_are_judged_as_single_fits_are(consistent: bool) -> None:
    frames = [three_factors(12, seed=k, loading=0.6) for k in range(60)]
    R = np.stack([np.corrcoef(x.to_numpy(), rowvar=False) for x in frames])
    design = fit_pls(THREE, frames[0], consistent=consistent).design
    admissible = proper(solve(R, design, search=Search()), design)
    alone = [judge(solve(R[k][None], design, search=Search()), design, R=R[k][None]) for k in range(len(R))]
    assert [s.admissible for s in alone] == admissible.tolist()
    assert 0 < admissible.sum() < len(R)
    seen = {r.code for s in alone for r in s.reasons}
    if consistent:
        assert {"loading_above_one", "path_above_one", "correlation_above_one"} <= seen
