"""semopy's side, called as a user of it would: model, fit to full precision, inspect, calc_stats."""

from __future__ import annotations

from typing import Any

import numpy as np
import semopy

from benchmarks.measure import Measured, Setting, rounds, stopwatch

# its own default stops at errors of 1e-2
TIGHT = {"ftol": 1e-12, "maxiter": 500}
ABSENT = {
    "fiml": "its FIML takes minutes and reports no chi-square of the model",
    "fiml_mlr": "no robust test with missing values",
    "wlsmv": "no polychoric WLSMV",
    "modification": "no modification indices",
    "groups": "no equality over groups",
    "ml_again": "the same as ml",
}
NOTES = {"mlr": "robust standard errors only, no scaled test"}


def measure(setting: Setting) -> Measured:
    """Time a task; where semopy does not do it, the reason."""
    if setting.task in ABSENT:
        return Measured(reason=ABSENT[setting.task])
    seconds, optimising = [], []
    for repeat in rounds(setting):
        one, inside, model = _refit(setting, repeat) if setting.task == "bootstrap" else _whole_call(setting)
        seconds.append(one)
        optimising.append(inside)
    stats = semopy.calc_stats(_fitted(setting)[1] if setting.task == "bootstrap" else model)
    return Measured(
        seconds=tuple(seconds),
        optimising=tuple(optimising),
        chi_square=float(stats["chi2"].iloc[0]),
        df=int(stats["DoF"].iloc[0]),
        n_free=len(model.param_vals),
        note=NOTES.get(setting.task, ""),
    )


def _fitted(setting: Setting) -> tuple[float, Any]:
    model = semopy.Model(setting.model)
    return stopwatch(lambda: model.fit(setting.data, options=dict(TIGHT)))[0], model


def _whole_call(setting: Setting) -> tuple[float, float, Any]:
    def whole() -> tuple[float, Any]:
        inside, model = _fitted(setting)
        model.inspect(se_robust=setting.task == "mlr")
        semopy.calc_stats(model)
        return inside, model

    seconds, (inside, model) = stopwatch(whole)
    return seconds, inside, model


def _refit(setting: Setting, repeat: int) -> tuple[float, float, Any]:
    """Time one bootstrap replicate: the fitted model fitted again to drawn cases, from its last estimates."""
    n = len(setting.data)
    drawn = setting.data.iloc[np.random.default_rng([1, repeat]).integers(0, n, n)]
    _, model = _fitted(setting)
    seconds, _ = stopwatch(lambda: model.fit(drawn, options=dict(TIGHT)))
    return seconds, seconds, model
