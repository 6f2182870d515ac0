"""The cases of reference/after_fit, and of reference/engine where lavaan's tables go beyond the fit."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from lavaan_cases import by_parameter, cases
from references import REFERENCE, reference

from jq_models.sem import SemFit, fit_sem

FOLDER = REFERENCE / "after_fit"
# model, data and arguments of fit_sem
OWN = {
    "three": ("three", "holzinger", {}),
    "three_std": ("three", "holzinger", {"std_lv": True, "meanstructure": True}),
    "three_missing": ("three", "missing", {"missing": "fiml"}),
    "three_mlr": ("three", "holzinger", {"estimator": "MLR"}),
    "second": ("second", "holzinger", {}),
    "covariates": ("covariates", "holzinger", {}),
    "labels": ("labels", "political_democracy", {}),
    "linear": ("linear", "holzinger", {}),
    "scalar": (
        "three",
        "holzinger",
        {"group": "school", "equal": ("loadings", "intercepts"), "free": ("x3 ~1",)},
    ),
}
LEAST_SQUARES = ("ULS", "GLS", "WLS", "DWLS", "WLSMV", "ULSMV")
# nlminb's optimum is right to about 1e-6 here; the cases of reference/engine are exact, and R's polychoric
# correlations right to 1e-6
NEAR, EXACT, ORDINAL = 1e-4, 1e-6, 1e-5


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def data_of(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / "missing.csv") if name == "missing" else reference(name).data


@cache
def fit_of(name: str) -> SemFit:
    """Our fit of a case; names with a slash are those of reference/engine."""
    if "/" in name:
        fit: SemFit = cases()[name].fit()
        return fit
    model, data, arguments = OWN[name]
    return fit_sem(text_of(model), data_of(data), **arguments)


def table_of(name: str, what: str) -> pd.DataFrame:
    """A table of lavaan's; ``table_of("three", "mi")``."""
    if "/" in name:
        return cases()[name].table(what)
    frame = pd.read_csv(FOLDER / f"{name}_{what}.csv")
    words = [c for c in ("lhs", "op", "rhs", "first", "second") if c in frame]
    return frame.assign(**{c: frame[c].fillna("") for c in words})


def engine_with(extra: str, *, estimators: tuple[str, ...] = ("ML", "MLR")) -> list[str]:
    """The own cases of reference/engine with a table, fitted by some estimators."""
    return [
        name
        for name, case in cases().items()
        if case.source == "own"
        and extra in case.extra
        and case.ready
        and case.arguments.get("estimator", "ML") in estimators
    ]


def tolerance(name: str) -> float:
    if "/" not in name:
        return NEAR
    return ORDINAL if cases()[name].arguments.get("ordered") else EXACT


def parameters(table: pd.DataFrame) -> pd.DataFrame:
    return by_parameter(table)


def assert_near(ours: object, theirs: object, limit: float) -> None:
    """Differences relative to the size, or absolute where that is below 1."""
    np.testing.assert_allclose(
        np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float), rtol=limit, atol=limit
    )
