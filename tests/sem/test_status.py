"""What went wrong is found, named and keeps the numbers from being used."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from references import Reference, reference

from jq_models.errors import FitError
from jq_models.sem import (
    REASONS,
    SemFit,
    fit_sem,
    latent_correlation,
    latent_covariance,
    parameter_estimates,
    r_squared,
    semopy_engine,
    standardized,
)
from jq_models.sem.status import judge

FitOf = Callable[[str], SemFit]
CHECKED = (parameter_estimates, standardized, r_squared, latent_covariance, latent_correlation)


def reasons(fit: SemFit) -> dict[str, tuple[str, ...]]:
    found = {reason.code: reason.where for reason in fit.status.reasons}
    assert set(found) <= set(REASONS)
    return found


def refuses(fit: SemFit, what: str) -> None:
    assert not fit.usable
    for table in CHECKED:
        with pytest.raises(FitError, match=what):
            table(fit)


def test_two_items_do_not_identify_a_factor(holzinger: Reference) -> None:
    fit = fit_sem("f =~ x1 + x2", holzinger.data)
    assert not fit.status.identified
    assert reasons(fit)["more_parameters_than_moments"] == ("4 > 3",)
    assert set(reasons(fit)["not_identified"]) == {"f =~ x2", "x1 ~~ x1", "x2 ~~ x2", "f ~~ f"}
    assert np.isnan(fit.vcov).all()
    refuses(fit, "'own' has no usable solution: more parameters than moments .4 > 3.; not identified")


def test_a_factor_without_a_scale_is_named(holzinger: Reference) -> None:
    fit = fit_sem("f =~ NA*x1 + x2 + x3 + x7\ng =~ x4 + x5 + x6", holzinger.data)
    at_fault = {"f =~ x1", "f =~ x2", "f =~ x3", "f =~ x7", "f ~~ f", "f ~~ g"}
    named = set(reasons(fit)["not_identified"])
    assert named <= at_fault
    assert {"f =~ x1", "f ~~ f"} <= named
    assert fit.status.condition == np.inf
    refuses(fit, r"not identified .*f =~ x1.* Simplify the model, fix a parameter named here")


def test_an_unidentified_part_among_enough_moments_is_found(holzinger: Reference) -> None:
    text = holzinger.text + "\nability =~ visual + a*textual + a*speed\ntextual ~~ speed"
    fit = fit_sem(text, holzinger.data)
    assert fit.df > 0
    assert "textual ~~ speed" in reasons(fit)["not_identified"]
    # the same model without the covariance is identified
    assert "not_identified" not in reasons(fit_sem(text.rsplit("\n", 1)[0], holzinger.data))


def test_heywood_case_is_usable_and_said(fit_of: FitOf) -> None:
    fit = fit_of("heywood")
    assert fit.usable
    assert not fit.status.admissible
    assert reasons(fit) == {"negative_variance": ("x1 ~~ x1",), "loading_above_one": ("f =~ x1",)}
    assert np.isnan(r_squared(fit)["x1"])
    assert r_squared(fit)["x2":].between(0, 1).all()
    assert fit.table["est"].min() < -0.1


def test_factors_correlated_above_one(holzinger: Reference) -> None:
    fit = fit_sem("f =~ x1 + x2\ng =~ x3 + x4", holzinger.data)
    assert reasons(fit)["correlation_above_one"] == ("f ~~ g",)
    assert reasons(fit)["latent_not_positive_definite"] == ("f", "g")
    assert fit.usable
    assert latent_correlation(fit).loc["f", "g"] > 1


def test_a_negative_latent_variance_is_named_and_its_values_are_nan() -> None:
    rng = np.random.default_rng(5)
    u, noise = rng.normal(size=300), rng.normal(size=(300, 3))
    data = pd.DataFrame(noise + np.outer(u, [0.7, -0.7, 0.0]), columns=["x1", "x2", "x3"])
    fit = fit_sem("f =~ 1*x1 + 1*x2 + 1*x3", data)
    assert "f ~~ f" in reasons(fit)["negative_variance"]
    assert fit.usable
    solution = standardized(fit).set_index(["lhs", "op", "rhs"])
    assert solution.loc[("f", "=~", "x1"), ["est_std", "se", "pvalue"]].isna().all()
    assert solution.loc[("x1", "~~", "x1"), "est_std"] > 1
    assert latent_correlation(fit).isna().all(axis=None)


def test_residuals_that_are_not_positive_definite_together(holzinger: Reference) -> None:
    text = "f =~ x4 + x5 + x6 + x1 + x2 + x3\nx1 ~~ x2 + x3\nx2 ~~ x3"
    fit = fit_sem(text, holzinger.data)
    assert "residual_not_positive_definite" not in reasons(fit)
    theta = fit.theta.copy()
    # covariances that cannot hold together, each within its own limits; a strong factor hides it in Sigma
    variance = fit.table.query("op == '~~' and lhs == rhs").set_index("lhs")["est"]
    for row in fit.parameters.rows:
        if row.op == "~~" and row.lhs != row.rhs:
            sign = -1 if {row.lhs, row.rhs} == {"x1", "x3"} else 1
            theta[row.free - 1] = sign * 0.505 * np.sqrt(variance[row.lhs] * variance[row.rhs])
        if row.free and (row.op == "=~" or row.name == "f ~~ f"):
            theta[row.free - 1] = 2.0
    status = judge(fit.groups, theta, point=fit.discrepancy.point(theta), moments=100, iterations=0)
    found = {reason.code: reason.where for reason in status.reasons}
    assert set(found["residual_not_positive_definite"]) == {"x1", "x2", "x3"}
    assert not status.admissible


def test_an_optimiser_stopped_early_is_not_believed(
    holzinger: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(semopy_engine.TIGHT, "maxiter", 1)
    fit = fit_sem(holzinger.text, holzinger.data, engine="semopy")
    assert not fit.status.converged
    assert fit.status.gradient_norm > 1e-4
    assert "not_converged" in reasons(fit)
    refuses(fit, "no usable solution: not converged")


def test_an_optimiser_that_loses_its_way_is_not_believed(
    holzinger: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(self: object, *_: object) -> semopy_engine.Attempt:
        return semopy_engine.Attempt(theta=np.full(21, np.nan), iterations=3)

    monkeypatch.setattr(semopy_engine.SemopyFit, "from_start", lost)
    monkeypatch.setattr(semopy_engine.SemopyFit, "from_default", lost)
    fit = fit_sem(holzinger.text, holzinger.data, engine="semopy")
    assert reasons(fit).keys() == {"not_converged", "implied_not_positive_definite"}
    refuses(fit, "not converged; implied not positive definite")


def test_near_singular_information_is_said(holzinger: Reference) -> None:
    # two factors that explain each other: the discrepancy falls for ever, towards a path of minus infinity
    text = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nf ~ g + x7\ng ~ f + x8"
    stopped = fit_sem(text, holzinger.data, engine="semopy")
    assert stopped.status.condition > 1e6
    assert "unstable" in reasons(stopped)
    followed = fit_sem(text, holzinger.data)
    assert followed.objective < stopped.objective
    assert followed.status.condition > 1e6
    assert {"unstable", "not_identified"} & set(reasons(followed))
    refuses(followed, "not identified|not converged")


def test_small_samples_end_in_a_fit_or_a_diagnosis() -> None:
    case = reference("demo/second_order")
    fit = fit_sem(case.text, case.data.dropna().iloc[:62])
    assert fit.usable
    assert np.isfinite(parameter_estimates(fit)["est"]).all()


def test_reasons_read_as_words(fit_of: FitOf) -> None:
    first = fit_of("heywood").status.reasons[0]
    assert str(first) == "negative variance (x1 ~~ x1)"
