"""What counts as an estimate: the same in one fit, in resamples, in fits that leave a case out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pls_cases import SECOND, THREE, answers, factor, population, three_factors, weakly_measured

from jq_models.errors import DataError, SpecError
from jq_models.numeric.moments import Moments, UnfitError
from jq_models.pls import PlsFit, bootstrap_pls, fit_pls, pls_estimates
from jq_models.pls.bootstrap import resampling_of
from jq_models.pls.dominance import weak_dominants
from jq_models.pls.estimates import left_out_lost
from jq_models.pls.solution import Search, solve
from jq_models.pls.status import judge, usable

WEAK = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A"
FEW = "y1 ~ x1 + x2 + x3"


def few_answers() -> pd.DataFrame:
    """Eight people, three answers possible: in many a resample the causes determine one another."""
    drawn = np.random.default_rng(0).integers(1, 4, size=(8, 4))
    return pd.DataFrame(drawn, columns=["x1", "x2", "x3", "y1"])


def paths_of(fit: PlsFit, values: np.ndarray) -> np.ndarray:
    return values[:, np.flatnonzero(fit.table["op"] == "~")]


def usable_alone(fit: PlsFit, frame: pd.DataFrame, *, seed: int, draws: int) -> list[bool]:
    """Fit every resample by itself."""
    found = []
    for k in range(draws):
        times = resampling_of(fit).counts(seed, k)[0].astype(int)
        try:
            again = fit_pls(
                fit.model, frame.iloc[np.repeat(np.arange(fit.n), times)], consistent=fit.consistent
            )
        except UnfitError:
            found.append(False)
        else:
            found.append(again.usable)
    return found


@pytest.mark.parametrize("case", ["collinear", "unreliable"])
def test_a_resample_has_estimates_exactly_where_a_fit_of_it_is_usable(case: str) -> None:
    # an outcome without ties: correlations of exactly 0 are a matter of rounding
    outcome = np.random.default_rng(1).standard_normal(8)
    frame = few_answers().assign(y1=outcome) if case == "collinear" else weakly_measured(100, seed=2)
    fit = fit_pls(FEW if case == "collinear" else WEAK, frame, consistent=case == "unreliable")
    boot = bootstrap_pls(fit, draws=80, seed=1)
    alone = usable_alone(fit, frame, seed=1, draws=80)
    assert boot.converged.tolist() == alone
    assert boot.failed == alone.count(False) > 3
    assert np.isnan(boot.values[~boot.converged]).all()
    assert np.isfinite(paths_of(fit, boot.values[boot.converged])).all()
    assert not boot.admissible[~boot.converged].any()


def test_causes_that_determine_one_another_in_a_resample_give_no_standard_errors_from_rounding() -> None:
    fit = fit_pls(FEW, few_answers(), consistent=False)
    boot = bootstrap_pls(fit, draws=2000, seed=1)
    rows = pls_estimates(fit, boot)
    assert (rows.loc[rows["op"] == "~", "se"] < 1e3).all()
    assert boot.failed > 100


@pytest.mark.parametrize("consistent", [True, False])
@pytest.mark.parametrize("text", [THREE, SECOND])
def test_one_rule_for_one_fit_and_for_many(text: str, consistent: bool) -> None:
    rng = np.random.default_rng(3)
    columns = [f"{f}{i}" for f in "xyz" for i in (1, 2, 3)] if text == THREE else list(answers().columns)
    frames = [pd.DataFrame(rng.integers(1, 5, size=(9, len(columns))), columns=columns) for _ in range(60)]
    whole = [f for f in frames if (f.std() > 0).all()]
    design = fit_pls(text, three_factors() if text == THREE else answers(), consistent=consistent).design
    R = np.stack([np.corrcoef(f[list(design.first.indicators)].to_numpy(), rowvar=False) for f in whole])
    found = usable(solve(R, design, search=Search()), design)
    alone = [judge(solve(R[k][None], design, search=Search()), design, R=R[k][None]) for k in range(len(R))]
    assert found.tolist() == [status.usable for status in alone]
    if consistent:
        assert 0 < found.sum() < len(found)


def test_bca_says_how_many_fits_that_leave_a_case_out_are_lost() -> None:
    frame = weakly_measured(60, seed=1)
    fit = fit_pls(WEAK, frame)
    lost = sum(not fit_pls(WEAK, frame.drop(index=k)).usable for k in range(60))
    assert left_out_lost(fit) == (lost, 60)
    assert lost > 0
    assert left_out_lost(fit_pls(THREE, three_factors())) == (0, 100)


def test_replicates_of_other_cases_with_the_same_estimates_are_refused() -> None:
    frame = three_factors()
    fit = fit_pls(THREE, frame)
    teams = [fit_pls(THREE, frame.assign(t=np.arange(100) // k), cluster="t") for k in (5, 10)]
    twice = fit_pls(THREE, fit.moments.__class__(**_doubled(fit)))
    np.testing.assert_array_equal(teams[0].table["est"], fit.table["est"])
    boots = [bootstrap_pls(one, draws=10, seed=1) for one in (fit, *teams)]
    for i, one in enumerate((fit, *teams)):
        for j, boot in enumerate(boots):
            if i == j:
                boot.require_of(one)
            else:
                with pytest.raises(SpecError, match="of another fit"):
                    pls_estimates(one, boot)
    with pytest.raises(SpecError, match="of another fit"):
        boots[0].require_of(twice)


def _doubled(fit: PlsFit) -> dict[str, object]:
    m = fit.moments
    return {"names": m.names, "covariance": m.covariance, "mean": m.mean, "n": 2 * m.n}


# ---------------------------------------------------------------- which way a construct points


def test_a_dominant_item_that_hardly_belongs_is_named_with_a_better_one() -> None:
    frame = three_factors(200, seed=3)
    frame["x1"] = np.random.default_rng(9).standard_normal(200)
    fit = fit_pls(THREE, frame)
    boot = bootstrap_pls(fit, draws=300, seed=1)
    found = weak_dominants(fit, boot)
    assert [(w.construct, w.dominant) for w in found] == [("X", "x1")]
    assert found[0].better in ("x2", "x3")
    turned = np.sign(boot.values[:, 1]) != np.sign(fit.table["est"][1])
    assert found[0].share == pytest.approx(turned.mean(), abs=0.03)
    assert found[0].share > 0.1
    # named, it is gone
    mended = fit_pls(THREE, frame, dominant={"X": found[0].better})
    assert weak_dominants(mended, bootstrap_pls(mended, draws=300, seed=1)) == ()


def test_dominant_items_that_belong_are_not_named() -> None:
    for text, frame in ((THREE, three_factors()), (SECOND, answers())):
        fit = fit_pls(text, frame)
        assert weak_dominants(fit, bootstrap_pls(fit, draws=200, seed=1)) == ()


def test_a_weak_member_of_a_second_order_composite_is_named() -> None:
    frame = answers()
    items = [c for c in frame if c.startswith("a")]
    frame[items] = np.random.default_rng(1).permutation(frame[items].to_numpy())
    fit = fit_pls(SECOND, frame)
    found = {w.construct: w for w in weak_dominants(fit, bootstrap_pls(fit, draws=200, seed=1))}
    assert found["G"].dominant == "A"
    assert found["G"].better in ("B", "E")


def test_a_construct_whose_best_item_is_weak_has_no_better_one() -> None:
    rng = np.random.default_rng(3)
    frame = three_factors(60).assign(**{f"x{k}": rng.standard_normal(60) for k in (1, 2, 3)})
    plain = fit_pls(THREE, frame, consistent=False)
    best = plain.values("=~").query("lhs == 'X'").set_index("rhs")["est"].abs().idxmax()
    fit = fit_pls(THREE, frame, consistent=False, dominant={"X": best})
    boot = bootstrap_pls(fit, draws=200, seed=1)
    found = [w for w in weak_dominants(fit, boot) if w.construct == "X"]
    assert [w.better for w in found] == [""]


# ---------------------------------------------------------------- reasons and refusals


def test_a_reliability_that_plain_pls_cannot_know_has_its_reason() -> None:
    fit = fit_pls(WEAK, weakly_measured(60, seed=2, loading=0.1), consistent=False)
    rho = fit.values("rho_a").set_index("lhs")["est"]
    absent = tuple(rho.index[rho.isna()])
    assert absent
    assert [(r.code, r.where) for r in fit.status.reasons] == [("reliability_unknown", absent)]
    # a matter of care: the rest of the solution does not rest on it
    assert fit.usable
    assert fit.status.admissible
    assert "reliability unknown" in repr(fit)
    boot = bootstrap_pls(fit, draws=50, seed=1)
    column = fit.table.index[(fit.table["op"] == "rho_a") & (fit.table["lhs"] == absent[0])]
    assert np.isnan(boot.values[boot.converged][:, column]).any()


def test_a_reliability_that_is_known_has_no_reason() -> None:
    fit = fit_pls("A =~ a1 + a2\nB <~ b1 + b2\nB ~ A", two_blocks(), modes={"B": "A"})
    assert fit.status.reasons == ()


def two_blocks() -> Moments:
    measures = {"A": factor(0.8, 0.7), "B": factor(0.8, 0.7)}
    return population(measures, np.array([[1.0, 0.5], [0.5, 1.0]]))


@pytest.mark.parametrize("tolerance", [float("inf"), 1e9, 0.011])
def test_a_tolerance_that_stops_nothing_is_refused(tolerance: float) -> None:
    with pytest.raises(SpecError, match=r"tolerance not above 0\.01"):
        fit_pls(THREE, three_factors(), tolerance=tolerance)


@pytest.mark.parametrize("huge", [1e200, -1e160, 1e308])
def test_answers_too_large_to_square_are_named(huge: float) -> None:
    frame = three_factors()
    frame.loc[4, "x1"] = huge
    with pytest.raises(DataError, match=r"too large to compute with in: x1\.") as caught:
        fit_pls(THREE, frame)
    assert "200" not in str(caught.value)
    frame.loc[4, "x1"] = 1e50
    assert fit_pls(THREE, frame).n == 100
    m = fit_pls(THREE, three_factors()).moments
    with pytest.raises(DataError, match="too large"):
        fit_pls(THREE, Moments(names=m.names, covariance=m.covariance, mean=m.mean + abs(huge), n=9))
