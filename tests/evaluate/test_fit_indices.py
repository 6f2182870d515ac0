"""Fit indices against lavaan 0.6-14 (tests/reference/fit_edges, ../shared/oracles/lavaan)."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jq_models.errors import FitError
from jq_models.evaluate import fit_indices
from jq_models.evaluate.fit_indices import (
    cfi,
    rmsea,
    rmsea_close_p,
    rmsea_interval,
    srmr,
    tli,
)
from jq_models.sem import Moments, fit_sem
from jq_models.sem.baseline import baseline_chi_square
from jq_models.sem.normal import normal_log_likelihood

LAVAAN = {
    "n_parameters": "npar",
    "chi_square": "chisq",
    "df": "df",
    "p_value": "pvalue",
    "baseline_chi_square": "baseline.chisq",
    "baseline_df": "baseline.df",
    "cfi": "cfi",
    "tli": "tli",
    "rmsea": "rmsea",
    "rmsea_close_p": "rmsea.pvalue",
    "srmr": "srmr",
    "log_likelihood": "logl",
    "log_likelihood_saturated": "unrestricted.logl",
    "aic": "aic",
    "bic": "bic",
    "sabic": "bic2",
}
INTERVAL = {"rmsea_low": "rmsea.ci.lower", "rmsea_high": "rmsea.ci.upper"}
HOLZINGER = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\n"
DEMOCRACY = """ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8
"""


def check(indices, reference):
    """Hold every index against lavaan's: 1e-6 relative, the interval 1e-5 (its root finder stops early)."""
    for ours, theirs in LAVAAN.items():
        assert getattr(indices, ours) == pytest.approx(reference[theirs], rel=1e-6, abs=1e-6, nan_ok=True), (
            ours
        )
    for ours, theirs in INTERVAL.items():
        assert getattr(indices, ours) == pytest.approx(reference[theirs], rel=1e-5, abs=1e-6), ours


@pytest.mark.parametrize("case", ["saturated", "perfect", "covariates", "misfit", "noise"])
def test_edge_cases_agree_with_lavaan(case, fit_case, table):
    check(fit_indices(fit_case("fit_edges", f"{case}.txt")), table("fit_edges", f"{case}.csv")["value"])


@pytest.mark.parametrize(("case", "model"), [("hs", HOLZINGER), ("pd", DEMOCRACY)])
def test_published_examples_agree_with_lavaan(case, model, shared: Path):
    folder = shared / "oracles" / "lavaan"
    reference = pd.read_csv(folder / f"{case}_ml_fm.csv", index_col=0)["value"].astype(float)
    check(fit_indices(fit_sem(model, pd.read_csv(folder / f"{case}_data.csv"))), reference)


def test_saturated_model_has_no_p_values(fit_case):
    indices = fit_indices(fit_case("fit_edges", "saturated.txt"))
    assert (indices.df, indices.tli, indices.rmsea, indices.rmsea_high) == (0, 1.0, 0.0, 0.0)
    assert indices.cfi == pytest.approx(1.0, abs=1e-9)  # what is left is where the engine stopped
    assert math.isnan(indices.p_value)
    assert math.isnan(indices.rmsea_close_p)


def test_rmsea_interval_and_close_fit_over_a_grid(table):
    for row in table("fit_edges", "rmsea.csv", index=False).itertuples():
        low, high = rmsea_interval(row.chi_square, row.df, n=row.n)
        # R's own root is found to 1e-12 in the noncentrality; its pnchisq is good to about 1e-9
        assert (low, high) == pytest.approx((row.low, row.high), rel=1e-6, abs=1e-8)
        if row.close_p > 1e-10:  # below, R's pnchisq warns that it lost its precision
            assert rmsea_close_p(row.chi_square, row.df, n=row.n) == pytest.approx(row.close_p, rel=1e-6)


def test_kernels_by_hand():
    assert cfi(50, 20, baseline=320, baseline_df=20) == pytest.approx(1 - 30 / 300)
    assert cfi(10, 20, baseline=320, baseline_df=20) == 1.0
    assert cfi(10, 20, baseline=5, baseline_df=20) == 1.0
    assert tli(50, 20, baseline=330, baseline_df=30) == pytest.approx(1 - (30 / 20) / (300 / 30))
    assert rmsea(120, 20, n=500) == pytest.approx(0.1)
    assert rmsea(10, 20, n=500) == 0.0
    S, implied = np.array([[4.0, 1.0], [1.0, 9.0]]), np.array([[4.0, 0.0], [0.0, 9.0]])
    assert srmr(S, implied) == pytest.approx(math.sqrt((1 / 6) ** 2 / 3))
    moments = Moments(names=("a", "b"), covariance=S, mean=np.zeros(2), n=100)
    assert baseline_chi_square(moments) == pytest.approx((-100 * math.log(1 - 1 / 36), 1))
    assert normal_log_likelihood(np.eye(2), np.eye(2), n=10) == pytest.approx(
        -5 * (2 * math.log(2 * math.pi) + 2)
    )


def test_unusable_fit_is_refused(scales_fit):
    vcov = np.full_like(scales_fit.vcov, np.nan)
    reasons = tuple(reason for reason in _not_converged())
    status = replace(scales_fit.status, converged=False, reasons=reasons)
    with pytest.raises(FitError, match="no usable solution"):
        fit_indices(replace(scales_fit, status=status, vcov=vcov))


def _not_converged():
    from jq_models.sem import Reason
    from jq_models.sem.status import FATAL

    yield Reason(code=sorted(FATAL)[0], where=())
