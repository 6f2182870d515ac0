"""Scaled and robust CFI, TLI and RMSEA against lavaan 0.6-14.

From the test statistics that lavaan prints (../shared/oracles/lavaan, reference/robust_ordinal), so that
formulas are tested apart from fits; with missing answers from our fits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from lavaan_cases import cases
from references import REFERENCE

from jq_models.evaluate.robust_corrections import (
    IncompleteGroup,
    complete_information,
    independence_jacobians,
    missing_correction,
    missing_corrections,
    prepare,
)
from jq_models.evaluate.robust_indices import RobustIndices, correction, correction_of, robust_indices
from jq_models.evaluate.robust_ordinal import OrdinalMoments, ordinal_corrections
from jq_models.sem import fit_sem
from jq_models.sem.robust.scaled_test import (
    TestStatistic,
    satorra_bentler_test,
    scaled_shifted_test,
    standard_test,
    yuan_bentler_test,
)

POINTS = {
    "cfi.scaled": "cfi_scaled",
    "tli.scaled": "tli_scaled",
    "rmsea.scaled": "rmsea_scaled",
    "cfi.robust": "cfi_robust",
    "tli.robust": "tli_robust",
    "rmsea.robust": "rmsea_robust",
}
# lavaan's root search stops early
BOUNDS = {
    "rmsea.ci.lower.scaled": "rmsea_scaled_low",
    "rmsea.ci.upper.scaled": "rmsea_scaled_high",
    "rmsea.pvalue.scaled": "rmsea_scaled_close_p",
    "rmsea.ci.lower.robust": "rmsea_robust_low",
    "rmsea.ci.upper.robust": "rmsea_robust_high",
    "rmsea.pvalue.robust": "rmsea_robust_close_p",
}
# tr(U Gamma) of model and baseline, from ``fit@test``
SHIFTED = {"hs_mlmv": (25.3157830097426, 41.9089849365298)}
ORACLES = {
    "hs_mlr": (301, 1),
    "pd_mlr": (75, 1),
    "hs_mlm": (301, 1),
    "pd_mlm": (75, 1),
    "hs_mlmv": (301, 1),
    "hs_weights": (301, 1),
    "hs_cluster": (301, 1),
    "hs_mgmlr_configural": (301, 2),
    "hs_mgmlr_metric": (301, 2),
    "hs_mgmlr_scalar": (301, 2),
    "hs_mgmlr_strict": (301, 2),
}


def check(ours: RobustIndices, lavaan: Mapping[str, float], *, points: float, bounds: float):
    compared = 0
    for names, tolerance in ((POINTS, points), (BOUNDS, bounds)):
        for theirs, name in names.items():
            if theirs in lavaan and not math.isnan(lavaan[theirs]):
                assert getattr(ours, name) == pytest.approx(lavaan[theirs], abs=tolerance), name
                compared += 1
    assert compared >= 6


def published(lavaan: Mapping[str, float], name: str, *, prefix: str = "") -> TestStatistic:
    """Rebuild a test from the numbers that lavaan prints."""
    chi_square, df = lavaan[f"{prefix}chisq"], int(lavaan[f"{prefix}df"])
    factor = lavaan[f"{prefix}chisq.scaling.factor"]
    if name in SHIFTED:
        return scaled_shifted_test(
            chi_square, df, trace=SHIFTED[name][bool(prefix)], trace_of_square=factor**2 * df
        )
    if "mlm" in name:
        return satorra_bentler_test(chi_square, df, trace=factor * df)
    return yuan_bentler_test(chi_square, df, saturated=factor * df, model=0.0)


@pytest.mark.parametrize("case", ORACLES)
def test_indices_of_published_tests(case, shared):
    path = shared / "oracles" / "lavaan" / f"{case}_fm.csv"
    lavaan = pd.to_numeric(pd.read_csv(path, index_col=0)["value"], errors="coerce")
    n, groups = ORACLES[case]
    test, baseline = published(lavaan, case), published(lavaan, case, prefix="baseline.")
    assert test.scaled == pytest.approx(lavaan["chisq.scaled"], rel=1e-12)
    check(robust_indices(test, baseline, n=n, groups=groups), lavaan, points=1e-12, bounds=1e-7)


def missing_cases() -> list[str]:
    return [
        name
        for name, case in cases().items()
        if case.arguments.get("missing") == "fiml" and case.source == "own" and case.normal
    ]


@pytest.mark.parametrize("name", missing_cases())
def test_missing_answers_of_exact_fits(name):
    """reference/engine: lavaan at its exact optimum, EM to 1e-11; weights, clusters, groups, covariates."""
    case = cases()[name]
    check_missing(case, points=2e-9, bounds=1e-7)


@pytest.mark.parametrize("name", ["hs_fiml", "hs_fiml_exp", "hs_fiml_mlr"])
def test_missing_answers_of_published_fits(name, shared):
    # lavaan's EM stops at 1e-5 of its saturated estimates: that is what differs
    check_missing(cases()[name], points=2e-6, bounds=3e-6)


def check_missing(case, *, points: float, bounds: float):
    arguments = dict(case.arguments)
    information = arguments.pop("information", "observed")
    fit = case.fit(information=information)
    lavaan = case.measures
    corrections = missing_corrections(fit, information=information)
    ours = robust_indices(
        standard_test(fit.test.chi_square, fit.test.df),
        standard_test(lavaan["baseline.chisq"], int(lavaan["baseline.df"])),
        n=fit.n,
        groups=len(fit.groups),
        corrections=corrections,
    )
    check(ours, {k: v for k, v in lavaan.items() if k.endswith("robust")}, points=points, bounds=bounds)


def test_without_missing_answers_the_correction_is_the_degrees_of_freedom():
    """Normal theory, information in place of products of scores: E X = df."""
    generator = np.random.default_rng(5)
    S = np.cov(generator.standard_normal((60, 4)).T) + 0.5
    W = complete_information(S)
    group = IncompleteGroup(n=60, mean=np.zeros(4), covariance=S, observed=W)
    sandwich = IncompleteGroup(n=60, mean=np.zeros(4), covariance=S, observed=W, first_order=W)
    for one in (group, sandwich):
        found = missing_correction(
            [prepare(one)],
            means=[np.zeros(4)],
            implied=[np.diag(np.diag(S))],
            jacobians=independence_jacobians(4),
            df=6,
        )
        assert found.expected == pytest.approx(6.0, rel=1e-10)
        assert found.chi_square == pytest.approx(
            60 * (np.log(np.diag(S)).sum() - np.linalg.slogdet(S)[1]), rel=1e-12
        )


def test_a_fit_to_complete_answers_is_refused(shared):
    fit = fit_sem("f =~ x1 + x2 + x3", pd.read_csv(shared / "oracles" / "lavaan" / "hs_data.csv"))
    with pytest.raises(TypeError, match="not by full-information maximum likelihood"):
        missing_corrections(fit)


ORDINAL = REFERENCE / "robust_ordinal"


def ordinal(estimator: str) -> OrdinalMoments:
    def read(name: str) -> np.ndarray:
        return pd.read_csv(ORDINAL / f"{name}.csv").to_numpy(dtype=float)

    return OrdinalMoments(
        n=420,
        correlations=read("correlations"),
        implied=read(f"{estimator}_implied"),
        jacobian=read(f"{estimator}_jacobian"),
        weights=read(f"{estimator}_weights")[:, 0],
        gamma=read("gamma"),
    )


@pytest.mark.parametrize("estimator", ["wlsmv", "ulsmv"])
def test_ordered_items(estimator):
    lavaan = pd.to_numeric(
        pd.read_csv(ORDINAL / f"{estimator}_fit.csv", index_col=0)["value"], errors="coerce"
    )
    found = ordinal_corrections(ordinal(estimator), df=9, baseline_df=15)
    plain = [
        standard_test(lavaan[k], int(lavaan[d]))
        for k, d in (("chisq", "df"), ("baseline.chisq", "baseline.df"))
    ]
    ours = robust_indices(*plain, n=419, corrections=found)
    robust = {k: v for k, v in lavaan.items() if k.endswith("robust")}
    check(ours, robust, points=1e-9, bounds=1e-6)


def test_thresholds_may_have_columns_or_not():
    moments = ordinal("wlsmv")
    used = np.flatnonzero(np.any(moments.jacobian != 0, axis=0))
    assert len(used) < moments.jacobian.shape[1]
    bare = OrdinalMoments(
        n=moments.n,
        correlations=moments.correlations,
        implied=moments.implied,
        jacobian=moments.jacobian[:, used],
        weights=moments.weights,
        gamma=moments.gamma,
    )
    both = (ordinal_corrections(m, df=9, baseline_df=15) for m in (moments, bare))
    assert next(both) == next(both)


def test_correlations_that_are_not_positive_definite_have_no_robust_indices():
    moments = ordinal("wlsmv")
    broken = moments.correlations.copy()
    broken[0, 1] = broken[1, 0] = 0.999
    broken[0, 2] = broken[2, 0] = -0.9
    wrong = OrdinalMoments(
        n=420,
        correlations=broken,
        implied=moments.implied,
        jacobian=moments.jacobian,
        weights=moments.weights,
        gamma=moments.gamma,
    )
    none = ordinal_corrections(wrong, df=9, baseline_df=15)
    assert none == ()
    test = standard_test(20.0, 9)
    assert math.isnan(robust_indices(test, standard_test(300.0, 15), n=419, corrections=none).cfi_robust)


def test_a_plain_test_has_no_corrected_indices():
    ours = robust_indices(standard_test(20.0, 9), standard_test(300.0, 15), n=100)
    assert all(math.isnan(getattr(ours, name)) for name in (*POINTS.values(), *BOUNDS.values()))


def test_a_saturated_model_fits_perfectly_when_scaled():
    test = yuan_bentler_test(0.0, 0, saturated=9.0, model=9.0)
    ours = robust_indices(test, yuan_bentler_test(80.0, 3, saturated=9.0, model=6.0), n=100)
    assert (ours.cfi_scaled, ours.tli_scaled, ours.rmsea_scaled) == (1.0, 1.0, 0.0)
    assert math.isnan(ours.cfi_robust)


def test_normal_data_need_no_correction():
    """c = 1: scaled, robust and plain are one."""
    test, baseline = (satorra_bentler_test(x, df, trace=df) for x, df in ((50.0, 20), (400.0, 28)))
    ours = robust_indices(test, baseline, n=250)
    for name in ("cfi", "tli", "rmsea"):
        assert getattr(ours, f"{name}_scaled") == pytest.approx(getattr(ours, f"{name}_robust"), rel=1e-12)
    assert ours.rmsea_scaled_high == pytest.approx(ours.rmsea_robust_high, rel=1e-8)
    assert correction_of(test) == correction(50.0, 20, expected=20.0)


def test_a_correction_that_breaks_down_gives_nan():
    test = yuan_bentler_test(30.0, 10, saturated=40.0, model=41.0)
    ours = robust_indices(test, yuan_bentler_test(90.0, 15, saturated=40.0, model=20.0), n=90)
    assert math.isnan(ours.cfi_scaled)
    assert math.isnan(ours.rmsea_robust)
    assert math.isnan(correction(30.0, 10, expected=-1.0).expected)
