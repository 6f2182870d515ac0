"""Days worked at home: how attitudes differ between them, as categories, as a line and as a curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm

from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.sources.averages import widest
from jq_models.evaluate.sources.material import Material
from jq_models.evaluate.sources.relations import robust_fit
from jq_models.evaluate.sources.today import HOME, home_days

TARGETS = ("SAT", "COM", "ATM", "INF")


def group_days(given: Material) -> pd.DataFrame | Gap:
    """Return the mean of each scale by days at home, with the widest interval.

    Returns
    -------
    DataFrame
        construct, group (the label of the days), mean, ci_low, ci_high, n; what may be shown of it is for
        `disclosure` to say.
    """
    days = home_days(given) if HOME in given.groups else None
    if days is None:
        return Gap(code="not_asked", where=(HOME,))
    labels = given.groups[HOME].astype(object)
    rows = []
    for code in (code for code in TARGETS if code in given.scores):
        for _, label in sorted({(day, label) for day, label in zip(days, labels, strict=True) if day == day}):
            values = given.scores[code].where(labels == label)
            n = int(values.notna().sum())
            if n < given.opened.spec.minimum_group:
                continue
            found = widest(values, given.groups)
            rows.append(
                {"construct": code, "group": label, "mean": found["estimate"]}
                | {key: found[key] for key in ("ci_low", "ci_high")}
                | {"n": n}
            )
    return pd.DataFrame(rows)


def shapes(given: Material) -> pd.DataFrame | Gap:
    """Test whether attitudes differ between days at home: at all, along a line, along a curve.

    Returns
    -------
    DataFrame
        Index construct; per_day, ci_low, ci_high (slope of a day more, in score points, 95 %), p_line,
        p_curve (of the square, beside the line), p_any (of all categories together), n. Least squares with
        errors robust to clusters.
    """
    days = home_days(given) if HOME in given.groups else None
    if days is None:
        return Gap(code="not_asked", where=(HOME,))
    rows = {}
    for code in (code for code in TARGETS if code in given.scores):
        who = given.scores[code].notna() & days.notna()
        if given.few(who) is not None or days[who].nunique() < 3:
            continue
        y, x = given.scores.loc[who, code].to_numpy(), days[who].to_numpy(dtype=float)
        centred, known = x - x.mean(), given.groups[who.to_numpy()]
        dummies = pd.get_dummies(pd.Series(x), drop_first=True, dtype=float).to_numpy()
        terms = (centred[:, None], np.column_stack([centred, centred**2]), dummies)
        line, curve, any_ = (robust_fit(y, sm.add_constant(X), known) for X in terms)
        low, high = line.conf_int()[1]
        rows[code] = {
            "per_day": float(line.params[1]),
            "ci_low": float(low),
            "ci_high": float(high),
            "p_line": float(line.pvalues[1]),
            "p_curve": float(curve.pvalues[2]),
            "p_any": _together(any_),
            "n": int(who.sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("construct")


def _together(fit: Any) -> float:
    k = len(fit.params)
    return float(fit.f_test(np.eye(k)[1:]).pvalue)
