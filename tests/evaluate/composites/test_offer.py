"""Constructs that overlap too much are found, and the composite offered in their place is free of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from composite_cases import DIMENSIONS, OVERLAPPING, SECOND, adanco_fit, answers, overlapping

from jq_models.errors import SpecError
from jq_models.evaluate.composites.advice import (
    OFFER_REASONS,
    UNRELIABLE,
    Offer,
    second_order_offer,
    why_collinear,
)
from jq_models.evaluate.composites.effects import pls_effect_sizes
from jq_models.evaluate.composites.offered import FORMS
from jq_models.numeric.moments import Moments
from jq_models.pls import PlsFit, bootstrap_pls, fit_pls

PAIR = "A =~ a1 + a2\nB =~ b1 + b2\nY =~ y1 + y2\nY ~ A + B\n"


def codes(offer: Offer | None) -> list[str]:
    return [] if offer is None else [reason.code for reason in offer.reasons]


def sampled(overlap: float, seed: int, **options: float) -> PlsFit:
    return fit_pls(OVERLAPPING, overlapping(overlap=overlap, seed=seed, **options))  # type: ignore[arg-type]


def population(names: str, correlations: dict[tuple[str, str], float], *, loading: float = 0.8) -> Moments:
    """Moments of two items a factor, exactly."""
    P = pd.DataFrame(np.eye(len(names)), index=list(names), columns=list(names))
    for (a, b), r in correlations.items():
        P.loc[a, b] = P.loc[b, a] = r
    owner = [x for x in names for _ in range(2)]
    R = loading**2 * P.loc[owner, owner].to_numpy()
    np.fill_diagonal(R, 1.0)
    items = tuple(f"{x.lower()}{k}" for x in names for k in (1, 2))
    return Moments(names=items, covariance=R, mean=np.zeros(len(R)), n=500)


def path_above_one() -> PlsFit:
    """A sample of collinear dimensions with a path above 1."""
    fits = (sampled(0.95, seed) for seed in range(20))
    return next(fit for fit in fits if "path_above_one" in [r.code for r in fit.status.reasons])


def test_a_path_above_one_is_flagged_and_the_composite_is_offered_and_admissible() -> None:
    fit = path_above_one()
    assert not fit.status.admissible
    offer = second_order_offer(fit, among=DIMENSIONS, name="JQ")
    assert offer is not None
    assert codes(offer)[0] == "path_above_one"
    assert set(offer.collinear) <= set(DIMENSIONS)
    assert len(offer.collinear) > 1
    assert offer.members == DIMENSIONS
    assert offer.fit is not None
    assert offer.fit.status.admissible
    assert why_collinear(offer.fit) == ()
    rows = offer.fit.values("~")
    assert {(a, b) for a, b in rows[["lhs", "rhs"]].to_numpy()} == {("S", "JQ"), ("T", "S"), ("T", "JQ")}
    assert offer.fit.model.text.splitlines()[5] == "JQ <~ P + Q + R"
    # what the dimensions share leads to S with .6 in the population
    assert rows.set_index(["lhs", "rhs"])["est"]["S", "JQ"] == pytest.approx(0.6, abs=0.15)


def test_in_samples_of_collinear_dimensions_every_flag_comes_with_an_admissible_offer() -> None:
    flagged = solved = 0
    for seed in range(40):
        offer = second_order_offer(sampled(0.95, seed), among=DIMENSIONS, name="JQ")
        flagged += offer is not None
        solved += offer is not None and offer.fit is not None and offer.fit.status.admissible
    assert flagged == 40
    assert solved == 40


def test_dimensions_that_differ_are_left_alone() -> None:
    offers = [second_order_offer(sampled(0.4, seed)) for seed in range(20)]
    assert offers == [None] * 20


def test_adancos_case_with_a_path_of_two_and_a_half(shared: Path) -> None:
    fit = adanco_fit(shared, "=~")
    assert [r.code for r in fit.status.reasons] == ["path_above_one"]
    offer = second_order_offer(fit)
    assert offer is not None
    assert codes(offer) == ["path_above_one", "inflated"]
    assert offer.collinear == offer.members == ("EXPE", "QUAL", "VAL")
    assert offer.fit is not None
    assert offer.fit.status.admissible
    assert second_order_offer(adanco_fit(shared, "<~")) is None


def test_few_members_are_tried_before_many() -> None:
    near = {
        ("A", "B"): 0.96,
        ("A", "C"): 0.3,
        ("B", "C"): 0.3,
        ("A", "Y"): 0.5,
        ("B", "Y"): 0.5,
        ("C", "Y"): 0.4,
    }
    text = "A =~ a1 + a2\nB =~ b1 + b2\nC =~ c1 + c2\nY =~ y1 + y2\nY ~ A + B + C\n"
    offer = second_order_offer(fit_pls(text, population("ABCY", near)))
    assert offer is not None
    assert codes(offer) == ["inflated"]
    assert offer.collinear == offer.members == ("A", "B")
    assert offer.form == "regression"
    assert offer.fit is not None
    assert set(offer.fit.values("~")["rhs"]) == {"COMPOSITE", "C"}


def test_weights_that_turn_sign_give_way_to_weights_by_correlation() -> None:
    apart = {("A", "B"): 0.95, ("A", "Y"): 0.6, ("B", "Y"): 0.45}
    fit = fit_pls(PAIR, population("ABY", apart))
    assert [r.code for r in fit.status.reasons] == ["path_above_one"]
    offer = second_order_offer(fit)
    assert offer is not None
    assert offer.form == "correlation"
    assert offer.fit is not None
    weights = offer.fit.values("<~").query("lhs == 'COMPOSITE'")["est"]
    assert (weights > 0).all()


def test_correlations_above_one_lead_to_scores() -> None:
    beyond = {("A", "B"): 1.1, ("A", "Y"): 0.5, ("B", "Y"): 0.5}
    fit = fit_pls(PAIR, population("ABY", beyond, loading=0.7))
    offer = second_order_offer(fit)
    assert offer is not None
    assert codes(offer)[:2] == ["correlation_above_one", "constructs_not_positive_definite"]
    assert offer.form == FORMS[-1] == "scores"
    assert offer.fit is not None
    assert offer.fit.status.admissible
    assert "A <~ a1 + a2" in offer.fit.model.text


def test_a_correlation_above_one_with_an_outcome_has_no_composite_to_offer() -> None:
    beyond = {("A", "B"): 0.3, ("A", "Y"): 1.05, ("B", "Y"): 0.3}
    offer = second_order_offer(fit_pls(PAIR, population("ABY", beyond, loading=0.7)), among=("A", "B"))
    assert offer is not None
    assert offer.fit is None
    assert (offer.collinear, offer.members, offer.form) == ((), (), "")


def test_constructs_that_determine_one_another_are_solved_though_the_fit_is_not_usable() -> None:
    same = {("A", "B"): 1.0, ("A", "Y"): 0.5, ("B", "Y"): 0.5}
    fit = fit_pls(PAIR, population("ABY", same))
    offer = second_order_offer(fit)
    assert offer is not None
    assert {"collinear_constructs", "constructs_not_positive_definite"} & set(codes(offer))
    assert offer.collinear == ("A", "B")
    assert offer.fit is not None
    assert why_collinear(offer.fit) == ()


def test_a_path_that_often_passes_one_in_resamples_counts() -> None:
    fit = sampled(0.4, 3)
    boot = bootstrap_pls(fit, draws=40, seed=1)
    assert second_order_offer(fit, boot) is None
    at = fit.table.index[(fit.table["op"] == "~") & (fit.table["rhs"] == "Q")][0]
    values = boot.values.copy()
    values[:4, at] = 1.2
    offer = second_order_offer(fit, replace(boot, values=values))
    assert offer is not None
    assert codes(offer) == ["often_above_one"]
    assert offer.reasons[0].where == ("S ~ Q",)
    assert "Q" in offer.collinear
    values[2:4, at] = 0.2
    assert second_order_offer(fit, replace(boot, values=values)) is None


def unreliable(n: int, seed: int, *, causes: int) -> pd.DataFrame:
    """Answers on A, whose items hold little of it, on B, which A leads to, and on C, a second cause."""
    rng = np.random.default_rng(seed)
    factors = {"a": rng.standard_normal(n), "c": rng.standard_normal(n)}
    factors["b"] = 0.4 * factors["a"] + 0.3 * (causes - 1) * factors["c"] + 0.9 * rng.standard_normal(n)
    loadings = {"a": 0.25, "b": 0.7, "c": 0.7}
    return pd.DataFrame(
        {
            f"{x}{k}": loading * factors[x] + np.sqrt(1 - loading**2) * rng.standard_normal(n)
            for x, loading in loadings.items()
            for k in (1, 2, 3)
        }
    )


@pytest.mark.parametrize("causes", [1, 2])
def test_low_reliability_is_not_called_overlap(causes: int) -> None:
    text = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\n"
    text += "B ~ A\n" if causes == 1 else "C =~ c1 + c2 + c3\nB ~ A + C\n"
    fits = [fit_pls(text, unreliable(150, seed, causes=causes)) for seed in range(12)]
    found = {}
    for seed, fit in enumerate(fits):
        if fit.usable:
            found[seed] = second_order_offer(fit, bootstrap_pls(fit, draws=100, seed=1))
    often = {seed: offer for seed, offer in found.items() if codes(offer) == ["often_above_one"]}
    assert len(often) > 2
    for seed, offer in often.items():
        assert offer is not None
        rho = fits[seed].values("rho_a").set_index("lhs")["est"]
        assert offer.collinear == ()
        assert offer.fit is None
        assert offer.unreliable == (("A",) if rho["A"] < UNRELIABLE else ())
    assert any(offer is not None and offer.unreliable for offer in often.values())


def test_what_leads_to_others_of_the_overlapping_ones_stays_outside() -> None:
    near = {
        ("A", "B"): 0.93,
        ("A", "S"): 0.9,
        ("B", "S"): 0.9,
        ("A", "Y"): 0.6,
        ("B", "Y"): 0.6,
        ("S", "Y"): 0.6,
    }
    text = "A =~ a1 + a2\nB =~ b1 + b2\nS =~ s1 + s2\nY =~ y1 + y2\nS ~ A + B\nY ~ S + A + B\n"
    offer = second_order_offer(fit_pls(text, population("ABSY", near)))
    assert offer is not None
    assert offer.collinear == ("A", "B")


def test_arrows_that_would_run_in_a_circle_are_not_offered() -> None:
    near = {
        ("A", "B"): 0.97,
        ("A", "M"): 0.5,
        ("B", "M"): 0.5,
        ("A", "Y"): 0.5,
        ("B", "Y"): 0.5,
        ("M", "Y"): 0.4,
    }
    text = "A =~ a1 + a2\nM =~ m1 + m2\nB =~ b1 + b2\nY =~ y1 + y2\nM ~ A\nB ~ M\nY ~ A + B\n"
    offer = second_order_offer(fit_pls(text, population("ABMY", near)))
    assert offer is not None
    assert offer.collinear == ("A", "B")
    assert offer.fit is None


def test_the_offered_model_keeps_scheme_cases_clusters_and_modes() -> None:
    frame = overlapping(overlap=0.95, seed=2).assign(team=np.arange(250) // 10)
    frame.loc[[3, 5], "t1"] = np.nan
    fit = fit_pls(
        OVERLAPPING, frame, scheme="factorial", cluster="team", modes={"T": "B"}, dominant={"S": "s2"}
    )
    offer = second_order_offer(fit, among=DIMENSIONS)
    assert offer is not None
    assert offer.fit is not None
    new = offer.fit
    assert (new.scheme, new.n, new.n_dropped, new.consistent) == ("factorial", 248, 2, True)
    assert new.rows is not None
    assert new.clusters is not None
    assert new.rows.tolist() == [k for k in range(250) if k not in (3, 5)]
    assert new.clusters.tolist() == [k // 10 for k in new.rows]
    blocks = {b.name: b for b in new.design.first.blocks}
    assert blocks["T"].mode == "B"
    assert blocks["S"].dominant == "s2"


def test_a_second_order_construct_becomes_no_member() -> None:
    rng = np.random.default_rng(5)
    frame = answers()
    whole = fit_pls(SECOND, frame, consistent=False).scores()["J"]
    near = {f"x{k}": whole + 0.1 * rng.standard_normal(len(frame)) for k in (1, 2)}
    text = SECOND.replace("D ~ J + G", "X =~ x1 + x2\nD ~ J + X")
    fit = fit_pls(text, frame.assign(**near), consistent=False)
    offer = second_order_offer(fit)
    assert offer is not None
    assert codes(offer) == ["inflated"]
    assert offer.reasons[0].where == ("J", "X")
    assert (offer.members, offer.fit) == ((), None)


def test_an_unusable_fit_of_another_kind_is_not_called_overlap() -> None:
    frame = answers().copy()
    frame[["a1", "a2", "a3", "a4"]] = np.random.default_rng(0).standard_normal((len(frame), 4))
    fit = fit_pls(SECOND, frame)
    assert "no_weights" in [r.code for r in fit.status.reasons]
    assert why_collinear(fit) == ()
    assert second_order_offer(fit) is None


def test_reasons_are_codes_in_their_order() -> None:
    found = codes(second_order_offer(path_above_one()))
    assert found == [code for code in OFFER_REASONS if code in found]


def test_inflation_of_the_flag_is_that_of_the_effect_sizes() -> None:
    fit = path_above_one()
    sizes = pls_effect_sizes(fit)
    high = set(sizes.loc[sizes["vif"] >= 5, "source"])
    assert set(next(r for r in why_collinear(fit) if r.code == "inflated").where) == high


def test_names_that_do_not_fit_are_refused() -> None:
    fit = sampled(0.4, 1)
    with pytest.raises(SpecError, match=r"'p' is no construct that arrows connect. Did you mean 'P'\?"):
        second_order_offer(fit, among=("p", "Q"))
    for name in ("S", "p1"):
        with pytest.raises(SpecError, match=f"has a '{name}' already. Give the composite another name"):
            second_order_offer(fit, name=name)
