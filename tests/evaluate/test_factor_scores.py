"""Factor scores against lavaan's lavPredict()."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from after_fit_cases import (
    LEAST_SQUARES,
    OWN,
    assert_near,
    data_of,
    engine_with,
    fit_of,
    table_of,
    text_of,
    tolerance,
)
from lavaan_cases import cases

from jq_models.errors import DataError, SpecError
from jq_models.evaluate.factor_scores import factor_scores
from jq_models.sem import fit_sem, moments_of

ENGINE = engine_with("predict", estimators=("ML", "MLR", *LEAST_SQUARES))
KINDS = ("regression", "bartlett")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", list(OWN))
def test_scores_are_lavaans(name: str, kind: str) -> None:
    ours, theirs = factor_scores(fit_of(name), kind=kind), table_of(name, f"scores_{kind}")
    latent = list(fit_of(name).parameters.latent)
    if kind == "bartlett":
        latent = [f for f in latent if f != "g" or name != "second"]

    assert len(ours) == len(theirs)
    assert_near(ours[latent], theirs[latent], tolerance(name))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ENGINE)
def test_scores_of_the_engine_cases(name: str, kind: str) -> None:
    try:
        theirs = table_of(name, f"scores_{kind}")
    except FileNotFoundError:
        pytest.skip("R could not compute these scores")
    fit, data = fit_of(name), cases()[name].data
    latent = [c for c in theirs.columns if c not in ("group", "row")]
    # a case without any answer is a row of nothing
    theirs = theirs.dropna(subset=latent, how="all")
    ours = factor_scores(fit, kind=kind)
    # lavaan numbers the rows of the data, we the cases used, group after group
    rows = used_rows(name, data)
    assert len(rows) == len(ours)
    ours = ours.set_index(pd.Index(rows)).loc[theirs["row"]]
    for factor in latent:
        if not ours[factor].isna().all():
            assert_near(ours[factor], theirs[factor], tolerance(name))


def used_rows(name: str, data: pd.DataFrame) -> list[int]:
    """The row of each case used, counted from 1."""
    case, fit = cases()[name], fit_of(name)
    answers = data[list(fit.parameters.observed)].notna()
    used = answers.any(axis=1) if case.arguments.get("missing") == "fiml" else answers.all(axis=1)
    used &= answers[list(fit.parameters.covariates)].all(axis=1)
    groups = (
        [used]
        if len(fit.groups) == 1
        else [used & (data[case.arguments["group"]].astype(str) == g.label) for g in fit.sample.groups]
    )
    return [int(i) + 1 for own in groups for i in np.flatnonzero(own)]


@pytest.mark.parametrize("kind", KINDS)
def test_oracles(kind: str, shared) -> None:
    theirs = pd.read_csv(shared / "oracles" / "lavaan" / f"hs_ml_fscores_{kind}.csv")
    assert_near(factor_scores(cases()["hs_ml"].fit(), kind=kind), theirs, 1e-5)


def test_a_higher_factor_has_no_bartlett_score() -> None:
    fit = fit_of("second")

    assert factor_scores(fit, kind="bartlett")["g"].isna().all()
    assert factor_scores(fit)["g"].notna().all()


def test_bartlett_scores_of_a_case_without_a_factors_items_are_missing() -> None:
    data = data_of("missing").copy()
    data.loc[0, ["x1", "x2", "x3"]] = np.nan
    fit = fit_sem(text_of("three"), data, missing="fiml")
    scores = factor_scores(fit, kind="bartlett")

    assert np.isnan(scores.loc[0, "visual"])
    assert scores.loc[0, ["textual", "speed"]].notna().all()
    assert factor_scores(fit).loc[0].notna().all()


def test_groups_are_named() -> None:
    scores = factor_scores(fit_of("scalar"))

    assert list(scores.columns) == ["group", "visual", "textual", "speed"]
    assert scores["group"].value_counts().to_dict() == {1: 156, 2: 145}


def test_refusals() -> None:
    with pytest.raises(SpecError, match=r"No factor scores of kind 'bartlet'. Did you mean 'bartlett'"):
        factor_scores(fit_of("three"), kind="bartlet")
    items = data_of("holzinger")[[f"x{i}" for i in range(1, 10)]]
    with pytest.raises(DataError, match="A factor score needs the answers themselves"):
        factor_scores(fit_sem(text_of("three"), moments_of(items)))
