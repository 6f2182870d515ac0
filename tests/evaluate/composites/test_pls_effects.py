"""Effect sizes, VIF of the causes, effects and routes of PLS fits, against other programs and by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from composite_cases import MIXED, SECOND, adanco_fit, adanco_sheet, answers, mixed, second, seminr

from jq_models.errors import FitError, SpecError
from jq_models.evaluate.composites.effects import (
    pls_effect_sizes,
    pls_effects,
    pls_r_squared,
    pls_specific_effects,
)
from jq_models.pls import bootstrap_pls, fit_pls, pls_estimates

PRINTED, CLOSE = 1e-6, 1e-9
LABELLED = MIXED.replace("C ~ A", "C ~ k*A").replace("G ~ C", "G ~ l*C") + "through := k*l\n"


@pytest.mark.parametrize("operator", ["=~", "<~"])
def test_effects_and_their_sizes_are_adancos(shared: Path, operator: str) -> None:
    sheet = adanco_sheet(shared, operator, "Effect Overview")
    fit = adanco_fit(shared, operator)
    kinds = pls_effects(fit).pivot(index=["source", "target"], columns="kind", values="estimate")
    sizes = pls_effect_sizes(fit).set_index(["source", "target"])["f2"]
    assert len(sheet) == len(kinds)
    for arrow, row in sheet.fillna(0.0).iterrows():
        pair = tuple(str(arrow).split(" -> "))
        assert kinds.loc[pair, "direct"] == pytest.approx(row["Beta"], abs=PRINTED)
        assert kinds.loc[pair, "indirect"] == pytest.approx(row["Indirect effects"], abs=PRINTED)
        assert kinds.loc[pair, "total"] == pytest.approx(row["Total effect"], abs=PRINTED)
        if row["Beta"]:
            # f2 of 24 is printed from more digits than 1e-6 of it leaves
            assert sizes[pair] == pytest.approx(row["Cohen's f2"], abs=PRINTED, rel=PRINTED)


@pytest.mark.parametrize("operator", ["=~", "<~"])
def test_explained_variance_is_adancos(shared: Path, operator: str) -> None:
    sheet = adanco_sheet(shared, operator, "R-Squared")
    found = pls_r_squared(adanco_fit(shared, operator)).loc[sheet.index]
    assert np.abs(found["r2"] - sheet.iloc[:, 0]).max() < PRINTED
    assert np.abs(found["r2_adjusted"] - sheet.iloc[:, 1]).max() < PRINTED
    assert found["n_causes"].tolist() == [1, 1, 2, 4, 2]


def test_plain_effects_and_sizes_are_seminrs() -> None:
    raw = seminr("plain_path")
    for target, source, path, _, vif, r2, adjusted in pls_effect_sizes(mixed(False)).itertuples(index=False):
        assert path == pytest.approx(raw["paths"][source][target], abs=CLOSE)
        assert r2 == pytest.approx(raw["r2"]["Rsq"][target], abs=CLOSE)
        assert adjusted == pytest.approx(raw["r2"]["AdjRsq"][target], abs=CLOSE)
        # seminr has no VIF of a cause that stands alone
        known = raw["antecedent_vif"][target][source]
        assert vif == pytest.approx(1.0 if np.isnan(known) else known, abs=CLOSE)
    for source, target, kind, estimate in pls_effects(mixed(False))[
        ["source", "target", "kind", "estimate"]
    ].itertuples(index=False):
        if kind != "direct":
            assert estimate == pytest.approx(raw[kind][source].get(target, 0.0), abs=CLOSE)


@pytest.mark.parametrize(("case", "consistent"), [("plain_path", False), ("consistent_path", True)])
def test_f2_by_estimating_anew_is_seminrs(case: str, consistent: bool) -> None:
    raw = seminr(case)["f2"]
    found = pls_effect_sizes(mixed(consistent), anew=True)
    held = pls_effect_sizes(mixed(consistent))
    for target, source, f2 in found[["target", "source", "f2"]].itertuples(index=False):
        assert f2 == pytest.approx(raw[source][target], abs=CLOSE)
    # the other definition is another number, though not by much
    assert 1e-4 < np.abs(found["f2"] - held["f2"]).max() < 0.01
    assert found.drop(columns="f2").equals(held.drop(columns="f2"))


def test_estimating_anew_knows_second_order_and_constructs_left_alone() -> None:
    plain = fit_pls(SECOND, answers(), consistent=False)
    found = pls_effect_sizes(plain, anew=True).set_index(["target", "source"])["f2"]
    less = fit_pls(SECOND.replace("D ~ J + G", "D ~ J"), answers(), consistent=False)
    full, left = (fit.values("r2").set_index("lhs")["est"]["D"] for fit in (plain, less))
    assert found["D", "G"] == pytest.approx((full - left) / (1 - full), abs=1e-12)
    # corrected, the model without D ~ J has correlations above 1 and no weights of J
    assert np.isnan(pls_effect_sizes(second(), anew=True).loc[1, "f2"])
    alone = fit_pls("G =~ g1 + g2 + g3\nD =~ d1\nE =~ e1 + e2 + e3\nD ~ G + E\n", answers())
    sizes = pls_effect_sizes(alone, anew=True).set_index("source")["f2"]
    two = fit_pls("G =~ g1 + g2 + g3\nD =~ d1\nD ~ G\n", answers())
    r2 = [fit.values("r2")["est"].item() for fit in (alone, two)]
    assert sizes["E"] == pytest.approx((r2[0] - r2[1]) / (1 - r2[0]), abs=1e-12)


def test_f2_is_what_leaving_the_cause_out_costs() -> None:
    fit = mixed()
    names = list(fit.design.last.constructs)
    Q = fit.solution.last.correlation[0]
    row = pls_effect_sizes(fit).set_index(["target", "source"]).loc[("E", "B")]
    y, rest = names.index("E"), [names.index("A"), names.index("C")]
    without = Q[y, rest] @ np.linalg.solve(Q[np.ix_(rest, rest)], Q[rest, y])
    assert row["f2"] == pytest.approx((row["r2"] - without) / (1 - row["r2"]), abs=1e-12)


def test_what_cannot_be_explained_more_has_no_effect_size() -> None:
    rng = np.random.default_rng(3)
    f = rng.standard_normal(60)
    items = {f"{x}{k}": f + 0.8 * rng.standard_normal(60) for x in "ab" for k in (1, 2, 3)}
    frame = answers().iloc[:60].assign(**items)
    text = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n"
    fits = [fit_pls(text, frame.assign(b1=frame["b1"] + s * frame["a1"])) for s in (0.5, 1.0, 2.0)]
    impossible = [fit for fit in fits if fit.solution.r2[0, 1] >= 1.0]
    assert impossible, "no sample with an explained share above 1"
    assert pls_effect_sizes(impossible[0])["f2"].isna().all()


def test_effects_without_a_route_are_nothing_and_pairs_keep_their_order() -> None:
    boot = bootstrap_pls(second(), draws=50, seed=2)
    found = pls_effects(second(), boot, sources=["G", "J"], targets=["D", "G", "J"])
    assert found.drop_duplicates(["source", "target"])[["source", "target"]].to_numpy().tolist() == [
        ["G", "D"],
        ["G", "J"],
        ["J", "D"],
        ["J", "G"],
    ]
    none = found[(found["source"] == "G") & (found["target"] == "J")]
    assert (none[["estimate", "se", "ci_low", "ci_high"]] == 0.0).all(axis=None)
    rows = pls_estimates(second(), boot).set_index(["op", "lhs", "rhs"])
    total = found[(found["source"] == "J") & (found["target"] == "D")].set_index("kind").loc["total"]
    expected = rows.loc[("total", "D", "J"), ["est", "se", "ci_low", "ci_high"]]
    assert total[["estimate", "se", "ci_low", "ci_high"]].tolist() == expected.tolist()


def test_pairs_no_route_connects_are_left_out_unless_asked_for() -> None:
    pairs = {tuple(p) for p in pls_effects(mixed())[["source", "target"]].to_numpy().tolist()}
    assert ("A", "G") in pairs
    assert ("G", "A") not in pairs
    assert ("B", "C") not in pairs
    assert pls_effects(mixed())[["se", "ci_low", "ci_high"]].isna().all(axis=None) == np.False_
    direct = pls_effects(mixed(), sources=["A"], targets=["C"]).iloc[0]
    assert np.isnan(direct["se"])


def test_routes_add_up_to_the_total_effect() -> None:
    routes = pls_specific_effects(mixed(), "A", "G")
    assert routes["route"].tolist() == ["A -> C -> G", "A -> D -> G", "A -> E -> G", "A -> C -> E -> G"]
    total = pls_effects(mixed(), sources=["A"], targets=["G"]).set_index("kind").loc["total", "estimate"]
    assert routes["estimate"].sum() == pytest.approx(total, abs=1e-14)
    assert routes[["se", "ci_low", "ci_high"]].isna().all(axis=None)
    assert pls_specific_effects(mixed(), "G", "A").empty


@pytest.mark.parametrize("kind", ["percentile", "bc"])
def test_a_route_has_the_interval_of_the_product_written_out(kind: str) -> None:
    fit = fit_pls(LABELLED, answers())
    boot = bootstrap_pls(fit, draws=80, seed=9)
    route = pls_specific_effects(fit, "A", "G", boot=boot, kind=kind, level=0.9).iloc[0]
    rows = pls_estimates(fit, boot, kind=kind, level=0.9)
    product = rows[rows["op"] == ":="].iloc[0]
    assert route[["estimate", "se", "ci_low", "ci_high"]].tolist() == pytest.approx(
        product[["est", "se", "ci_low", "ci_high"]].tolist(), abs=1e-12
    )


def test_errors_say_what_to_do() -> None:
    with pytest.raises(SpecError, match=r"'g' has no place .* Did you mean 'G'\?"):
        pls_effects(mixed(), sources=["g"])
    with pytest.raises(SpecError, match="Source and target are both 'A'"):
        pls_specific_effects(mixed(), "A", "A")
    with pytest.raises(SpecError, match="label the paths and write their product"):
        pls_specific_effects(mixed(), "A", "G", kind="bca")
    with pytest.raises(SpecError, match="replicates are of another fit"):
        pls_specific_effects(mixed(), "A", "G", boot=bootstrap_pls(second(), draws=3, seed=1))
    with pytest.raises(FitError, match="not converged"):
        pls_effect_sizes(fit_pls(MIXED, answers(), max_iterations=1))


def test_a_route_that_cannot_move_has_itself_as_interval() -> None:
    fit = mixed()
    boot = bootstrap_pls(fit, draws=20, seed=1)
    rows = fit.table.reset_index(drop=True)
    path = rows.index[(rows["op"] == "~") & (rows["lhs"] == "C") & (rows["rhs"] == "A")][0]
    values = boot.values.copy()
    values[:, path] = rows.at[path, "est"]
    still = replace(boot, values=values)
    for kind in ("percentile", "bc"):
        found = pls_specific_effects(fit, "A", "C", boot=still, kind=kind).iloc[0]
        assert found["se"] == 0.0
        assert found["ci_low"] == found["ci_high"] == found["estimate"]
