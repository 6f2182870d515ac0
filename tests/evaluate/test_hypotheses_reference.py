"""Mediation, gains, the latent product and Holm's adjustment against lavaan and base R."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jq_models.data.responses import Responses
from jq_models.evaluate import likelihood_ratio
from jq_models.evaluate.hypotheses.added_value import _gain, without_paths
from jq_models.evaluate.hypotheses.mediation import EFFECTS, mediation
from jq_models.evaluate.hypotheses.moderation import moderation
from jq_models.evaluate.hypotheses.verdicts import _holm
from jq_models.sem import SemFit, bootstrap, fit_sem
from jq_models.spec.model import Model

CASE = "hypotheses"
DIMENSIONS = ("DA", "DB", "DC", "DD")
OUTCOMES = ("SAT", "COM", "TIN")
MEASURED = "\n".join(f"{c} =~ {c}1 + {c}2 + {c}3" for c in (*DIMENSIONS, *OUTCOMES))


@pytest.fixture(scope="module")
def values(table: Callable[..., pd.DataFrame]) -> pd.Series:
    return table(CASE, "values.csv")["value"]


@pytest.fixture(scope="module")
def opened(make_responses: Callable[..., Responses], table: Callable[..., pd.DataFrame]) -> Any:
    data = table(CASE, "data.csv", index=False)
    responses = make_responses(data.drop(columns="contact"))
    contact = data[["contact"]].astype(float).set_axis(["customer_contact"], axis=1)
    text = f"{MEASURED}\nJQ =~ DA + DB + DC + DD\nSAT ~ JQ\nCOM ~ SAT + JQ\nTIN ~ SAT + COM\n"
    model = Model(name="second_order", text=text, factors=(*DIMENSIONS, *OUTCOMES), higher=("JQ",))
    return SimpleNamespace(
        responses=replace(responses, covariates=contact),
        complete=responses,
        dimensions=DIMENSIONS,
        outcomes=OUTCOMES,
        model=lambda _: model,
        spec=SimpleNamespace(minimum_group=10),
    )


@pytest.fixture(scope="module")
def everything() -> Any:
    return SimpleNamespace(n=420, allows=lambda _: True, needs=lambda _: 0)


def test_effects_their_errors_and_the_test_of_the_direct_path_equal_lavaans(
    opened: Any, everything: Any, table: Callable[..., pd.DataFrame], values: pd.Series
) -> None:
    found = mediation(opened, everything, seed=1, draws=40)
    wanted = table(CASE, "effects.csv", index=False).set_index(["lhs", "op", "rhs"])
    labels = {"a": ("SAT", "~", "JQ"), "c": ("COM", "~", "JQ"), "f": ("TIN", "~", "JQ")}
    by_formula = {rhs: (lhs, op, rhs) for lhs, op, rhs in wanted.index if op == ":="}
    keys = [(labels | by_formula)[formula.replace(" ", "")] for *_, formula in EFFECTS]
    rows = wanted.loc[keys]
    for ours, theirs in (
        ("estimate", "est.std"),
        ("se", "se"),
        ("pvalue", "pvalue"),
        ("delta_low", "ci.lower"),
        ("delta_high", "ci.upper"),
    ):
        np.testing.assert_allclose(found.effects[ours], rows[theirs], atol=1e-5, rtol=0, err_msg=ours)
    test = table(CASE, "tests.csv").loc["direct_path"]
    assert found.test is not None
    assert found.test.difference == pytest.approx(test["difference"], abs=1e-4)
    assert found.test.p_value == pytest.approx(test["pvalue"], abs=1e-5)
    assert found.partial_correlation["estimate"] == pytest.approx(values["partial_correlation"], abs=1e-5)


def test_gains_and_their_tests_equal_lavaans(
    opened: Any, table: Callable[..., pd.DataFrame], values: pd.Series
) -> None:
    text = f"{MEASURED}\nSAT ~ DA + DB + DC + DD\nCOM ~ SAT + DA + DB + DC + DD\nTIN ~ SAT + COM\n"
    direct = fit_sem(Model(name="direct", text=text, factors=(*DIMENSIONS, *OUTCOMES)), opened.responses)
    tests, new = table(CASE, "tests.csv"), ("DC", "DD")
    boot = bootstrap(direct, draws=2, seed=1)
    for target in ("SAT", "COM"):
        found = _gain(direct, opened, new=new, target=target, boot=boot)
        assert found["without"] == pytest.approx(values[f"{target}_without"], abs=1e-5)
        assert found["within"] == pytest.approx(values[f"{target}_within"], abs=1e-5)
        assert found["difference"] == pytest.approx(tests["difference"][target], abs=1e-4)
        assert found["df"] == tests["df"][target]
    smaller = fit_sem(without_paths(direct.model, sources=new, targets=("SAT", "COM")), opened.responses)
    both = likelihood_ratio(smaller, direct)
    assert (both.difference, both.df) == (pytest.approx(tests["difference"]["both"], abs=1e-4), 4)


def test_the_latent_product_and_the_slopes_equal_lavaans(
    opened: Any, everything: Any, table: Callable[..., pd.DataFrame], values: pd.Series
) -> None:
    found = moderation(opened, everything, source="DC", target="SAT")
    wanted = table(CASE, "moderation.csv")
    assert isinstance(found.fit, SemFit)
    rows = pd.concat([found.routes.loc[["latent"]], found.slopes])
    names = ["product", "low", "mean", "high"]
    np.testing.assert_allclose(rows["estimate"], wanted.loc[names, "estimate"], atol=1e-5, rtol=0)
    np.testing.assert_allclose(rows["se"], wanted.loc[names, "se"], atol=2e-5, rtol=0)
    assert found.own == pytest.approx(wanted["estimate"]["own"], abs=1e-5)
    scores = found.routes.loc["scores"]
    assert scores["estimate"] == pytest.approx(values["scores_product"], abs=1e-8)
    assert scores["se"] == pytest.approx(values["scores_product_se"], abs=1e-8)


def test_probabilities_are_adjusted_as_in_r(values: pd.Series) -> None:
    raw = [0.0001, 0.0137, 0.2176, 0.0079, 0.7553, 0.0909, 0.2899]
    wanted = [values[f"holm_{k}"] for k in range(1, 8)]
    assert _holm(raw) == pytest.approx(wanted, abs=1e-12)
    assert _holm([]) == []
