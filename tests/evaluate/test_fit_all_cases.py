"""Every fit index on every reference case equals lavaan 0.6's fitMeasures() (tests/references.py).

Tolerances, relative. 1e-6 for all that hangs on the minimum of F: there F is flat, so two optimisers that
stop 1e-6 apart in the estimates agree in F to 1e-10 (reached). 1e-5 for SRMR, which moves with the
estimates themselves and not with their square, and for the bounds of RMSEA, whose noncentrality lavaan
seeks with R's uniroot() at its default precision of 1e-4. Beside that p values may differ by 1e-15, for R
takes them as 1 - P.
"""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest
from references import CASES, reference

from jq_models.evaluate import FitIndices, fit_indices
from jq_models.evaluate.robust_indices import RobustIndices
from jq_models.sem import fit_sem

LAVAAN = {
    "n": "ntotal",
    "n_parameters": "npar",
    "chi_square": "chisq",
    "df": "df",
    "p_value": "pvalue",
    "baseline_chi_square": "baseline.chisq",
    "baseline_df": "baseline.df",
    "cfi": "cfi",
    "tli": "tli",
    "rmsea": "rmsea",
    "rmsea_low": "rmsea.ci.lower",
    "rmsea_high": "rmsea.ci.upper",
    "rmsea_close_p": "rmsea.pvalue",
    "srmr": "srmr",
    "log_likelihood": "logl",
    "log_likelihood_saturated": "unrestricted.logl",
    "aic": "aic",
    "bic": "bic",
    "sabic": "bic2",
}
RELATIVE = dict.fromkeys(LAVAAN, 1e-6) | dict.fromkeys(("srmr", "rmsea_low", "rmsea_high"), 1e-5)
ROUNDING = 1e-15


@cache
def indices_of(case: str) -> FitIndices:
    found = reference(case)
    return fit_indices(fit_sem(found.text, found.data))


@pytest.mark.parametrize("index", LAVAAN)
@pytest.mark.parametrize("case", CASES)
def test_index_equals_lavaan(case: str, index: str) -> None:
    found = float(getattr(indices_of(case), index))
    expected = reference(case).measures[LAVAAN[index]]
    assert found == pytest.approx(expected, rel=RELATIVE[index], abs=ROUNDING, nan_ok=True)


def test_no_index_is_left_out() -> None:
    # scaled and robust ones are held to lavaan's by the cases of the engine
    plain = {f.name for f in dataclasses.fields(FitIndices)} - {
        f.name for f in dataclasses.fields(RobustIndices)
    }
    assert set(LAVAAN) == plain - {
        "chi_square_scaled",
        "df_scaled",
        "p_value_scaled",
        "scaling_factor",
        "shift",
    }


def test_the_cases_hold_good_and_poor_fit_and_both_ends_of_the_interval() -> None:
    measures = [reference(case).measures for case in CASES]
    assert min(m["cfi"] for m in measures) < 0.90
    assert max(m["cfi"] for m in measures) == 1.0
    assert max(m["tli"] for m in measures) > 1.0  # not cut at 1
    assert min(m["rmsea.ci.lower"] for m in measures) == 0.0
    assert max(m["rmsea.ci.lower"] for m in measures) > 0.08
