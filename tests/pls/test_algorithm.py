"""The outer weights: equations they solve, special cases with answers of their own, batches."""

from __future__ import annotations

import numpy as np
import pytest
from pls_cases import MIXED, THREE, answers, estimate, three_factors

from jq_models.numeric.moments import Array
from jq_models.pls import fit_pls
from jq_models.pls.algorithm import SCHEMES, inner_weights, outer_weights, regress
from jq_models.pls.design import Stage, design_of
from jq_models.pls.solution import Search, solve, total_effects
from jq_models.spec.own_model import as_model

TWO = "X =~ x1 + x2 + x3\nY =~ y1 + y2 + y3\nY ~ X"


def stage_of(text: str, **options: object) -> Stage:
    return design_of(as_model(text), **{"scheme": "path", "consistent": False, **options}).first


def correlations(seed: int, *, b: int = 6, n: int = 80) -> Array:
    frames = [three_factors(n, seed=seed + k).to_numpy() for k in range(b)]
    return np.stack([np.corrcoef(x, rowvar=False) for x in frames])


def test_two_blocks_in_mode_a_are_the_first_singular_vectors() -> None:
    R = correlations(1, b=1)[0]
    fit = fit_pls(TWO, three_factors(80, seed=1), consistent=False)
    left, _, right = np.linalg.svd(R[:3, 3:6])
    for name, block, vector in (("X", R[:3, :3], left[:, 0]), ("Y", R[3:6, 3:6], right[0])):
        weights = vector * np.sign(vector[0]) / np.sqrt(vector @ block @ vector)
        found = [estimate(fit, "<~", name, f"{name.lower()}{i}") for i in (1, 2, 3)]
        np.testing.assert_allclose(found, weights, atol=1e-9)


def test_two_blocks_in_mode_b_are_the_first_canonical_correlation() -> None:
    R = correlations(1, b=1)[0]
    fit = fit_pls(TWO.replace("=~", "<~"), three_factors(80, seed=1))
    half = [np.linalg.inv(np.linalg.cholesky(R[s, s])) for s in (slice(0, 3), slice(3, 6))]
    canonical = np.linalg.svd(half[0] @ R[:3, 3:6] @ half[1].T)[1][0]
    assert abs(estimate(fit, "~", "Y", "X")) == pytest.approx(canonical, abs=1e-12)


def test_single_items_are_correlated_and_regressed_as_they_are() -> None:
    frame = three_factors()
    fit = fit_pls("y1 ~ x1\nz1 ~ x1 + y1", frame)
    z = (frame - frame.mean()) / frame.std()
    beta = np.linalg.lstsq(z[["x1", "y1"]].to_numpy(), z["z1"].to_numpy(), rcond=None)[0]
    np.testing.assert_allclose([estimate(fit, "~", "z1", x) for x in ("x1", "y1")], beta, atol=1e-12)
    assert (fit.values("<~")["est"] == 1.0).all()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("modes", ["AAA", "BAB", "BBB"])
def test_weights_solve_their_equations(scheme: str, modes: str) -> None:
    R = correlations(5)
    stage = stage_of(THREE, modes=dict(zip("XYZ", modes, strict=True)))
    found = outer_weights(R, stage, scheme=scheme, tolerance=1e-13, max_iterations=1000)
    assert found.converged.all()
    inner = inner_weights(found.correlation, stage, scheme=scheme)
    for s in range(len(R)):
        for k, mode in enumerate(modes):
            span = slice(3 * k, 3 * k + 3)
            # covariances of the block's items with the proxy made of the neighbours' scores
            target = found.cross[s][span] @ inner[s, k]
            if mode == "B":
                target = np.linalg.solve(R[s, span, span], target)
            w = found.weights[s, span]
            scaled = target / np.sqrt(target @ R[s, span, span] @ target)
            np.testing.assert_allclose(w, scaled * np.sign(scaled @ w), atol=1e-9)
            assert w @ R[s, span, span] @ w == pytest.approx(1.0, abs=1e-12)
            assert found.cross[s, 3 * k, k] > 0


def test_inner_weights_of_the_schemes() -> None:
    stage = stage_of("X =~ x\nW =~ w\nY =~ y\nZ =~ z\nY ~ X + W\nZ ~ Y")
    Q = np.array([[1, 0.3, -0.5, 0.1], [0.3, 1, 0.4, 0.2], [-0.5, 0.4, 1, 0.6], [0.1, 0.2, 0.6, 1]])[None]
    none = np.zeros((4, 4))
    factorial = none.copy()
    for i, j in ((0, 2), (1, 2), (2, 3)):
        factorial[i, j] = factorial[j, i] = Q[0, i, j]
    np.testing.assert_array_equal(inner_weights(Q, stage, scheme="factorial")[0], factorial)
    np.testing.assert_array_equal(inner_weights(Q, stage, scheme="centroid")[0], np.sign(factorial))
    # Y: regressed on X and W, correlated with Z; X, W, Z as in the factorial scheme
    path = factorial.copy()
    path[2, :2] = np.linalg.solve(Q[0, :2, :2], Q[0, :2, 2])
    np.testing.assert_allclose(inner_weights(Q, stage, scheme="path")[0], path, atol=1e-15)


def test_a_batch_is_its_samples_one_by_one() -> None:
    R = correlations(11, b=7)
    design = design_of(as_model(THREE), scheme="path", consistent=True, modes={"Z": "B"})
    batch = solve(R, design, search=Search())
    for k in range(len(R)):
        alone = solve(R[k : k + 1], design, search=Search())
        np.testing.assert_allclose(batch.paths[k], alone.paths[0], atol=1e-13)
        np.testing.assert_allclose(batch.first.loadings[k], alone.first.loadings[0], atol=1e-13)
        assert batch.first.outer.iterations[k] == alone.first.outer.iterations[0]


def test_one_hopeless_sample_does_not_spoil_the_others() -> None:
    R = correlations(11, b=4)
    spoilt = R.copy()
    spoilt[1, 0], spoilt[1, :, 0] = np.nan, np.nan
    # a block in mode B whose items repeat one another, exactly and nearly
    spoilt[2, 6:9, 6:9] = 1.0
    spoilt[3, 6:9, 6:9] = 1.0 - 1e-13
    spoilt[3, range(9), range(9)] = 1.0
    design = design_of(as_model(THREE), scheme="path", consistent=False, modes={"Z": "B"})
    found = solve(spoilt, design, search=Search())
    assert found.converged.tolist() == [True, False, False, False]
    whole = solve(R, design, search=Search())
    np.testing.assert_array_equal(found.paths[0], whole.paths[0])
    assert np.isnan(found.paths[1:]).any(axis=(1, 2)).all()


def test_start_weights_change_the_way_not_the_end() -> None:
    R = correlations(21, b=3)
    stage = stage_of(THREE)
    first = outer_weights(R, stage, scheme="path", tolerance=1e-12, max_iterations=300)
    start = np.array([1.0, 0.2, 0.1, 0.3, 2.0, 0.1, 0.4, 0.4, 1.0])
    second = outer_weights(R, stage, scheme="path", tolerance=1e-12, max_iterations=300, start=start)
    np.testing.assert_allclose(first.weights, second.weights, atol=1e-11)


def test_equal_weights_that_cancel_out_are_replaced() -> None:
    frame = three_factors()
    frame["x2"] = -frame["x1"]
    fit = fit_pls("X =~ x1 + x2\nY =~ y1 + y2 + y3\nY ~ X", frame)
    assert fit.status.admissible
    np.testing.assert_allclose(fit.values("=~")["est"][:2], [1.0, -1.0], atol=1e-9)


def test_tolerance_and_iterations() -> None:
    frame = answers()
    loose, tight = fit_pls(MIXED, frame, tolerance=1e-2), fit_pls(MIXED, frame)
    assert loose.status.iterations[0] < tight.status.iterations[0]
    gap = np.abs(loose.table["est"] - tight.table["est"]).max()
    assert 1e-9 < gap < 1e-2
    stopped = fit_pls(MIXED, frame, max_iterations=1)
    assert [r.code for r in stopped.status.reasons] == ["not_converged"]
    assert not stopped.usable
    assert stopped.table["est"].isna().all()


def test_shortest_coefficients_of_collinear_causes_predict_the_same() -> None:
    Q = np.array([[1, 1, 0.5, 0.4], [1, 1, 0.5, 0.4], [0.5, 0.5, 1, 0.6], [0.4, 0.4, 0.6, 1]])[None]
    on = np.array([0, 1, 2])
    assert np.isnan(regress(Q, to=3, on=on)).all()
    beta = regress(Q, to=3, on=on, shortest=True)[0]
    alone = regress(Q, to=3, on=np.array([0, 2]))[0]
    np.testing.assert_allclose([beta[0] + beta[1], beta[2]], alone, atol=1e-12)


def test_total_effects_are_the_sum_over_routes() -> None:
    rng = np.random.default_rng(3)
    paths = np.tril(rng.uniform(-0.5, 0.5, size=(4, 6, 6)), -1)
    expected = np.linalg.inv(np.eye(6) - paths) - np.eye(6)
    np.testing.assert_allclose(total_effects(paths), expected, atol=1e-14)
