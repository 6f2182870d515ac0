"""ULS, GLS, WLS and DWLS on continuous items: lavaan's numbers, and plain matrix algebra."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from lavaan_cases import cases, compare_fit

from jq_models.errors import DataError, SpecError
from jq_models.evaluate.fit_indices import fit_indices
from jq_models.sem import SemFit, fit_sem, moments_of, try_fit
from jq_models.sem.least_squares.discrepancy import LeastSquares
from jq_models.sem.least_squares.statistics import layout_of

LEAST = [name for name, case in cases().items() if not case.normal and "ordered" not in case.arguments]
THREE = cases()["three_groups/uls_pooled"]
# lavaan leaves tli.robust (and cfi.robust) uncorrected where chi-square < df, but not rmsea.robust
QUIRK = "three_groups/wlsmv_pooled"


def least(fit: SemFit) -> LeastSquares:
    assert isinstance(fit.discrepancy, LeastSquares)
    return fit.discrepancy


@pytest.mark.parametrize("name", LEAST)
def test_lavaan(request: pytest.FixtureRequest, name: str) -> None:
    case = cases()[name]
    if case.source == "oracle":
        request.getfixturevalue("shared")
    found = compare_fit(case, case.fit())
    assert [text for text in found.beyond if name != QUIRK or "tli.robust" not in text] == []


@pytest.mark.parametrize("name", LEAST)
def test_lavaan_with_means_and_without_agree(shared: Path, name: str) -> None:
    """A saturated mean structure changes nothing but WLS's weights (means and covariances covary)."""
    case = cases()[name]
    if "group" in case.arguments or case.arguments["estimator"] == "WLS":
        return
    with_means, without = case.fit(meanstructure=True), case.fit(meanstructure=False)
    assert with_means.test.chi_square == pytest.approx(without.test.chi_square, rel=1e-8)
    assert with_means.df == without.df
    names = set(without.parameters.free_names)
    kept = [i for i, n in enumerate(with_means.parameters.free_names) if n in names]
    np.testing.assert_allclose(with_means.theta[kept], without.theta, atol=1e-7)
    np.testing.assert_allclose(with_means.vcov[np.ix_(kept, kept)], without.vcov, rtol=1e-5, atol=1e-8)


def dense(fit: SemFit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W, Gamma and Delta of all groups in one, with lavaan's weights n_g / N."""
    ls = least(fit)
    sizes = [s.layout.size for s in ls.statistics]
    W, G = np.zeros((sum(sizes),) * 2), np.zeros((sum(sizes),) * 2)
    D, at = [], 0
    for model, s in zip(ls.models, ls.statistics, strict=True):
        own, share = slice(at, at + s.layout.size), s.n / ls.n
        W[own, own] = share * (np.diag(s.weight) if s.weight.ndim == 1 else s.weight)
        assert s.influence is not None
        G[own, own] = s.influence.T @ s.influence / s.n / share
        implied = model.at(fit.theta)
        assert implied is not None
        D.append(model.jacobian(implied).dense() @ model.matrices.design[model.places.rows])
        at += s.layout.size
    return W, G, np.vstack(D)


@pytest.mark.parametrize(
    ("estimator", "options"),
    [
        ("WLSMV", {}),
        ("ULSMV", {"meanstructure": True}),
        ("WLSMV", {"group": "site", "equal": ("loadings", "intercepts")}),
    ],
)
@pytest.mark.parametrize("rows", [None, 42])
def test_errors_and_traces_by_plain_algebra(estimator: str, options: dict, rows: int | None) -> None:
    """With more cases than statistics, and with fewer."""
    data = THREE.data if rows is None else THREE.data.groupby("site").head(rows // 3)
    options = options if rows is None else {k: v for k, v in options.items() if k == "meanstructure"}
    fit = fit_sem(THREE.text, data, estimator=estimator, **options)
    W, G, D = dense(fit)
    A = np.linalg.inv(D.T @ W @ D)
    np.testing.assert_allclose(
        fit.vcov, A @ D.T @ W @ G @ W @ D @ A / least(fit).divisor, rtol=1e-8, atol=1e-12
    )
    UG = (W - W @ D @ A @ D.T @ W) @ G
    t1, t2 = np.trace(UG), np.trace(UG @ UG)
    assert fit.test.factor == pytest.approx(np.sqrt(t2 / fit.df), rel=1e-10)
    assert fit.test.shift == pytest.approx(fit.df - t1 / fit.test.factor, rel=1e-9)


@pytest.mark.parametrize(
    "name", ["three_groups/wls_scalar", "ordinal_groups/scalar_theta", "mixed_ordinal/wlsmv"]
)
def test_gradient_and_information(name: str) -> None:
    fit = cases()[name].fit()
    ls, theta = least(fit), fit.theta + 0.05
    point, k = ls.point(theta), len(theta)
    steps = 1e-6 * np.eye(k)
    numeric = [
        (ls.point(theta + e, curvature="none").objective - ls.point(theta - e, curvature="none").objective)
        / 2e-6
        for e in steps
    ]
    np.testing.assert_allclose(point.gradient, numeric, atol=1e-7)
    # Gauss and Newton's information is half the second derivative where the residuals are 0
    W, _, D = dense(fit)
    np.testing.assert_allclose(ls.point(fit.theta).information, D.T @ W @ D, atol=1e-10)


def test_a_point_without_meaning_is_infinite() -> None:
    fit = cases()["ordinal_groups/scalar"].fit()
    scale = next(i for i, name in enumerate(fit.parameters.free_names) if "~*~" in name)
    for value in (-1.0, np.nan):
        theta = fit.theta.copy()
        theta[scale] = value
        point = least(fit).point(theta)
        assert point.objective == np.inf
        assert np.isnan(point.gradient).all()


def test_moments_are_enough_without_weights_by_cases() -> None:
    names = [f"{f}{i}" for f in "abc" for i in (1, 2, 3)]
    moments = moments_of(THREE.data[names])
    for estimator in ("ULS", "GLS"):
        fit = fit_sem(THREE.text, moments, estimator=estimator)
        full = fit_sem(THREE.text, THREE.data, estimator=estimator)
        assert fit.test.chi_square == pytest.approx(full.test.chi_square, rel=1e-10)
    for estimator in ("WLS", "DWLS", "ULSMV"):
        with pytest.raises(DataError, match="need the answers themselves, not only their moments"):
            fit_sem(THREE.text, moments, estimator=estimator)


def test_full_weights_need_cases() -> None:
    fit = try_fit(THREE.text, THREE.data.head(45), estimator="WLS")
    assert [(r.code, r.where) for r in fit.status.reasons] == [("too_few_cases", ("45 ≤ 45",))]
    apart = try_fit(THREE.text, THREE.data.groupby("site").head(50), estimator="WLS", group="site")
    first = str(THREE.data["site"].iloc[0])
    assert apart.status.reasons[0].where == (f"50 ≤ 54 [{first}]",)
    assert apart.n == 150


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"missing": "fiml"}, "missing='fiml' needs maximum likelihood"),
        ({"cluster": "site"}, "Clusters and weights are not offered with DWLS"),
        ({"weights": "a1"}, "Clusters and weights are not offered with DWLS"),
        ({"information": "observed"}, "DWLS has expected information only"),
        ({"engine": "semopy"}, "The engine 'semopy' does not fit by DWLS"),
        ({"ordered": ("a1",), "estimator": "MLR"}, "Ordered items are not fitted by MLR"),
        ({"ordered": ("a1",), "estimator": "GLS"}, "Ordered items are not fitted by GLS"),
        ({"ordered": ("a11",)}, "The ordered item 'a11' is not in the model"),
    ],
)
def test_what_least_squares_does_not_do(options: dict, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        fit_sem(THREE.text, THREE.data, **({"estimator": "DWLS"} | options))


def test_observed_covariates_are_refused() -> None:
    data = THREE.data.assign(age=np.arange(len(THREE.data)))
    with pytest.raises(SpecError, match=r"WLSMV with observed covariates \(age\) is not offered"):
        fit_sem(THREE.text + "\nf ~ age", data, estimator="WLSMV")
    # measured by a factor of its own it is a variable as others
    text = THREE.text + "\nage_ =~ age\nf ~ age_"
    assert fit_sem(text, data.assign(age=data["age"] % 7), estimator="DWLS").usable


def test_indices_take_n_minus_groups() -> None:
    fit = cases()["three_groups/uls_scalar"].fit()
    assert least(fit).divisor == fit.n - 3
    assert np.isnan(fit_indices(fit).aic)


def test_layout() -> None:
    layout = layout_of((3, 0, 2), means=True)
    assert list(zip(layout.item, layout.cut, strict=True)) == [(0, 0), (0, 1), (1, -1), (2, 0)]
    assert (layout.margins, layout.size, list(layout.variances)) == (5, 8, [1])
    assert layout_of((0, 0), means=False).size == 3


def test_constraints_and_defined_parameters() -> None:
    text = THREE.text + "\nh ~ p*f + q*g\nboth := p + q"
    fit = fit_sem(text, THREE.data, estimator="WLSMV")
    paths = fit.table.query("op == '~'")["est"]
    sums = fit.table.query("op == ':='")
    assert sums["est"].item() == pytest.approx(paths.sum(), rel=1e-12)
    assert sums["se"].item() > 0
    equal = fit_sem(text + "\np == q", THREE.data, estimator="WLSMV")
    assert equal.df == fit.df + 1
    assert equal.test.chi_square >= fit.test.chi_square
