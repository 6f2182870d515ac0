"""Residual correlations and their z values against lavaan's lavResiduals() and residuals()."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from after_fit_cases import LEAST_SQUARES, OWN, assert_near, engine_with, fit_of, table_of, tolerance
from lavaan_cases import cases

from jq_models.errors import FitError
from jq_models.evaluate import residuals
from jq_models.evaluate.residuals import residual_correlations
from jq_models.sem import fit_sem

ENGINE = engine_with("residuals", estimators=("ML", "MLR", "MLM", *LEAST_SQUARES))
COLUMNS = {
    "cov": "residual_cor",
    "cov.se": "se",
    "cov.z": "z",
    "mean": "residual_cor",
    "mean.se": "se",
    "mean.z": "z",
    "th": "residual_cor",
    "th.z": "z",
}


def keyed(table: pd.DataFrame) -> pd.DataFrame:
    """Index by the two variables in either order, or a threshold's name, and the group."""
    rows = zip(table["lhs"], table["op"], table["rhs"], table["group"], strict=True)
    keys = [("", f"{a}|{b}", g) if op == "|" else (*sorted((a, b)), g) for a, op, b, g in rows]
    return table.set_index(pd.Index(keys, tupleize_cols=False))


def lavaans(name: str) -> pd.DataFrame:
    table = table_of(name, "residuals")
    if "quantity" in table:
        table = table.rename(columns={"quantity": "what", "column": "lhs", "row": "rhs"})
        table[["lhs", "rhs"]] = table[["lhs", "rhs"]].fillna("")
    # of ordered items lavaan has means of 0, and z values of them without a name or a value
    items = dict(fit_of(name).parameters.ordered)
    about = table["what"].str.startswith("mean") & (table["rhs"].isin(items) | (table["rhs"] == ""))
    table = table[~about if items else np.full(len(table), True)]
    return table.assign(op=np.where(table["what"].str.startswith("cov"), "~~", "~1"))


@pytest.mark.parametrize("name", [*OWN, *ENGINE])
def test_residuals_and_z_are_lavaans(name: str) -> None:
    fit = fit_of(name)
    ours = keyed(residual_correlations(fit))
    if fit.parameters.ordered and len(fit.groups) > 1:
        # lavaan divides Gamma by all cases, not by the group's: its z are too large
        sizes = np.array([g.n for g in fit.sample.groups])[ours["group"] - 1]
        ours = ours.assign(z=ours["z"] * np.sqrt(fit.n / sizes))
    theirs = lavaans(name)
    compared = 0
    for what, column in COLUMNS.items():
        wanted = theirs[theirs["what"] == what]
        if not len(wanted):
            continue
        wanted = keyed(wanted)
        assert set(wanted.index) <= set(ours.index)
        own = ours.loc[wanted.index]
        known = own["se"] > 0
        if what.endswith(".z"):
            # lavaan does not divide residuals this close to 0
            known &= own["residual_cor"].abs() >= 1.1e-4
        assert_near(own.loc[known, column], wanted.loc[known, "value"], 10 * tolerance(name))
        if not what.endswith(".z"):
            assert_near(wanted.loc[own["se"] == 0, "value"], 0.0, 1e-5)
        compared += int(known.sum())
    # with some items ordered lavaan has residuals, but no z
    assert compared > (25 if name.startswith("mixed") else 50)


def test_a_group_alone_has_the_same_z() -> None:
    case = cases()["ordinal_groups/configural"]
    together = residual_correlations(case.fit())
    column = case.arguments["group"]
    for g, label in enumerate(dict.fromkeys(case.data[column]), start=1):
        data = case.data[case.data[column] == label]
        options = {k: v for k, v in case.arguments.items() if k not in ("group", "ordered")}
        alone = residual_correlations(fit_sem(case.text, data, ordered="all", **options))
        own = together[together["group"] == g].reset_index(drop=True)
        known = own["z"].notna()

        assert known.sum() == 28
        assert (known == alone["z"].notna()).all()
        assert_near(own.loc[known, ["z", "residual_cor"]], alone.loc[known, ["z", "residual_cor"]], 1e-5)


def test_z_of_least_squares_is_that_of_the_moments_by_matrices() -> None:
    # Q Gamma Q' / n written out, also where lavaan has none: DWLS of continuous items, mixed items
    for name in ("three_groups/dwls_pooled", "mixed_ordinal/wlsmv_path", "mixed_ordinal/wlsmv_theta"):
        fit = fit_of(name)
        (model,), (sample,) = fit.discrepancy.models, fit.discrepancy.statistics
        at = model.at(fit.theta)
        J = model.jacobian(at).dense() @ fit.groups[0].design[model.places.rows]
        W, X = np.diag(sample.weight), sample.influence
        Q = np.eye(len(W)) - J @ np.linalg.solve(J.T @ W @ J, J.T @ W)
        variance = np.diag(Q @ (X.T @ X / fit.n) @ Q.T) / fit.n
        h, names = sample.layout.margins, fit.moments.names
        table = residual_correlations(fit).set_index(["lhs", "op", "rhs"])
        rows = [
            (names[i], "~~", names[j]) for i, j in zip(sample.layout.first, sample.layout.second, strict=True)
        ]
        known = variance[h:] > 1e-12
        z = (sample.vector - at.vector)[h:][known] / np.sqrt(variance[h:][known])

        assert known.sum() >= 27
        assert_near(table.loc[[r for r, k in zip(rows, known, strict=True) if k], "z"], z, 1e-7)


def test_z_of_least_squares_is_standard_normal_in_a_true_model() -> None:
    rng = np.random.default_rng(5)
    found = []
    for _ in range(150):
        x = rng.standard_normal((300, 1)) * 0.8 + rng.standard_normal((300, 5)) * 0.6
        data = pd.DataFrame(np.digitize(x, [-0.8, 0.1, 0.9]), columns=list("abcde"))
        fit = fit_sem("f =~ a + b + c + d + e", data, ordered="all", estimator="WLSMV")
        found.append(residual_correlations(fit)["z"].dropna())
    z = np.concatenate(found)

    assert len(z) == 1500
    assert abs(z.mean()) < 0.1
    assert z.std() == pytest.approx(1.0, abs=0.07)


def test_means_come_with_a_mean_structure() -> None:
    table = residual_correlations(fit_of("scalar"))

    assert list(table.groupby("group").size()) == [54, 54]
    assert (table["op"] == "~1").sum() == 18
    assert set(residual_correlations(fit_of("three"))["op"]) == {"~~"}


def test_observed_less_implied_in_units_of_the_observed() -> None:
    fit = fit_of("three")
    table = residual_correlations(fit).set_index(["lhs", "rhs"])
    row, S = table.loc[("x1", "x9")], fit.moments.covariance
    i, j = fit.moments.names.index("x1"), fit.moments.names.index("x9")
    unit = np.sqrt(S[i, i] * S[j, j])

    assert row["observed"] == S[i, j]
    assert row["residual"] == pytest.approx(S[i, j] - fit.implied[i, j], rel=1e-12)
    assert row["observed_cor"] == pytest.approx(S[i, j] / unit, rel=1e-12)
    assert row["implied_cor"] == pytest.approx(fit.implied[i, j] / unit, rel=1e-12)
    assert row["residual_cor"] == pytest.approx((S[i, j] - fit.implied[i, j]) / unit, rel=1e-10)
    assert row["z"] == pytest.approx(row["residual_cor"] / row["se"], rel=1e-12)


def test_what_is_always_reproduced_has_no_z() -> None:
    table = residual_correlations(fit_of("three"))
    alone = table[table["lhs"] == table["rhs"]]

    assert (alone["se"] == 0).all()
    assert alone["z"].isna().all()


def test_the_short_route_and_the_long_one_agree() -> None:
    for name, means in (("three", False), ("scalar", True)):
        fit = fit_of(name)
        short = residuals._normal_variances(fit, means=means)
        long = residuals._variances(fit, means=means, information="expected", robust=False)
        for (a, b), (c, d) in zip(short, long, strict=True):
            at = 9 if not means else 0
            np.testing.assert_allclose(a[at:], c[at:], atol=1e-12)
            np.testing.assert_allclose(b[at:], d[at:], rtol=1e-10)


def test_oracle_of_raw_residuals(shared) -> None:
    # residuals(fit, type = "standardized") of the covariances
    theirs = pd.read_csv(shared / "oracles" / "lavaan" / "hs_ml_cov_z.csv").to_numpy()
    fit = cases()["hs_ml"].fit()
    table = residual_correlations(fit)
    at = {name: i for i, name in enumerate(fit.moments.names)}
    rows = table[table["lhs"] != table["rhs"]]

    assert_near(
        rows["z"], [theirs[at[a], at[b]] for a, b in zip(rows["lhs"], rows["rhs"], strict=True)], 1e-4
    )


def test_uls_is_refused() -> None:
    with pytest.raises(FitError, match=r"ULS, which knows no sampling error .* estimator='ULSMV'"):
        residual_correlations(fit_of("three_groups/uls_scalar"))
