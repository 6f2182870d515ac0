"""Worlds of three things and their paths: job quality, satisfaction, commitment, what lies behind them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from jq_models.evaluate import fit_indices
from jq_models.learn.worlds import World, factor_world, implied, model_text
from jq_models.numeric.moments import Array
from jq_models.sem import Bootstrap, Moments, SemFit, bootstrap_intervals, fit_sem, standardized
from jq_models.sem.resampling.functionals import functional_values

LOADINGS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "JQ": {"JQ1": 0.80, "JQ2": 0.75, "JQ3": 0.85},
        "SAT": {"SAT1": 0.85, "SAT2": 0.75, "SAT3": 0.80},
        "COM": {"COM1": 0.80, "COM2": 0.70, "COM3": 0.85},
    }
)
MOOD: Mapping[str, float] = MappingProxyType({"MOOD1": 0.85, "MOOD2": 0.80, "MOOD3": 0.75})
MEASURED = model_text(LOADINGS)
# a: job quality to satisfaction; b: satisfaction to commitment; direct: job quality to commitment
MEDIATION = f"""{MEASURED}
SAT ~ a*JQ
COM ~ b*SAT + direct*JQ
indirect := a*b
total := direct + a*b"""
WITH_MOOD = f"""{MEASURED}
MOOD =~ {" + ".join(MOOD)}
SAT ~ JQ + MOOD
COM ~ SAT + JQ + MOOD"""
# who points at whom, as a reader names it, and in the model language
RIVALS: Mapping[str, str] = MappingProxyType(
    {
        "forward": "SAT ~ JQ\nCOM ~ SAT + JQ",
        "reversed": "SAT ~ COM\nJQ ~ SAT + COM",
        "commitment first": "COM ~ JQ\nSAT ~ COM + JQ",
        "common cause": "SAT ~ JQ\nCOM ~ JQ\nSAT ~~ COM",
        "no direct path": "SAT ~ JQ\nCOM ~ SAT",
    }
)


def mediation_world(*, n: int, seed: int, a: float = 0.60, b: float = 0.40, direct: float = 0.20) -> World:
    """Draw people in whom SAT = a JQ + e and COM = direct JQ + b SAT + e, all standardised.

    Parameters
    ----------
    n, seed : int
    a, b, direct : float
        Standardised paths.
    """
    return factor_world(LOADINGS, n=n, seed=seed, correlations=_mediated(a, b, direct))


def confounded_world(*, n: int, seed: int, strength: float, a: float = 0.60, direct: float = 0.20) -> World:
    """Draw people whose mood colours satisfaction and commitment alike; SAT does nothing to COM.

    Parameters
    ----------
    n, seed : int
    strength : float
        Path of MOOD to SAT and to COM.
    a, direct : float
        Paths of JQ to SAT and to COM; JQ and MOOD are unrelated.
    """
    correlations = _confounded(strength, a=a, direct=direct)
    return factor_world({**LOADINGS, "MOOD": MOOD}, n=n, seed=seed, correlations=correlations)


def confounded_moments(strength: float, *, a: float = 0.60, direct: float = 0.20) -> Moments:
    """Return the same world without sampling error, mood not asked: what endless data would say."""
    return implied(LOADINGS, n=1000, correlations=_confounded(strength, a=a, direct=direct, asked=False))


def apparent_path(strength: float) -> float:
    """Return the standardised path SAT -> COM that the model finds where the true one is zero."""
    fit = fit_sem(MEDIATION, confounded_moments(strength))
    return path_of(fit, "COM", "SAT")


def path_of(fit: SemFit, target: str, source: str) -> float:
    """Return a standardised path."""
    return float(_path(fit, target, source)["est_std"])


def path_table(fits: Mapping[str, SemFit], target: str, source: str) -> pd.DataFrame:
    """Return one standardised path in several models: Model, Path, Low, High."""
    rows = [(name, _path(fit, target, source)) for name, fit in fits.items()]
    return pd.DataFrame(
        [{"Model": name, "Path": r["est_std"], "Low": r["ci_low"], "High": r["ci_high"]} for name, r in rows]
    )


def rival_table(data: pd.DataFrame | Moments) -> pd.DataFrame:
    """Fit every rival to the same data.

    Returns
    -------
    DataFrame
        Model, Chi-square, df, CFI, RMSEA: one row a rival.
    """
    rows = []
    for name, paths in RIVALS.items():
        indices = fit_indices(fit_sem(f"{MEASURED}\n{paths}", data))
        rows.append(
            {
                "Model": name,
                "Chi-square": indices.chi_square,
                "df": indices.df,
                "CFI": indices.cfi,
                "RMSEA": indices.rmsea,
            }
        )
    return pd.DataFrame(rows)


def two_intervals(fit: SemFit, boot: Bootstrap) -> pd.DataFrame:
    """Return standardised paths and defined effects with both kinds of interval.

    Returns
    -------
    DataFrame
        By "SAT ~ JQ", "indirect" and so on: Estimate, and Low and High by the normal curve and by resampling.
    """
    keys = ["lhs", "op", "rhs"]
    curve = standardized(fit)[[*keys, "ci_low", "ci_high"]]
    drawn = bootstrap_intervals(fit, boot, standardized=True)[[*keys, "est", "ci_low", "ci_high"]]
    rows = drawn.merge(curve, on=keys, suffixes=("_boot", "_curve"))
    rows = rows[rows["op"].isin(["~", ":="])]
    names = (rows["lhs"] + " ~ " + rows["rhs"]).where(rows["op"] == "~", rows["lhs"])
    return pd.DataFrame(
        {
            "Estimate": rows["est"].to_numpy(),
            "Curve low": rows["ci_low_curve"].to_numpy(),
            "Curve high": rows["ci_high_curve"].to_numpy(),
            "Bootstrap low": rows["ci_low_boot"].to_numpy(),
            "Bootstrap high": rows["ci_high_boot"].to_numpy(),
        },
        index=pd.Index(names, name="Effect"),
    )


def indirect_draws(fit: SemFit, boot: Bootstrap) -> Array:
    """Return the resampled indirect effects, standardised."""
    row = int(np.flatnonzero((fit.table["op"] == ":=") & (fit.table["lhs"] == "indirect"))[0])
    good = boot.usable()
    fixed = [group[good] for group in boot.fixed]
    return functional_values(fit, boot.theta[good], standardized=True, fixed=fixed)[:, row]


def _path(fit: SemFit, target: str, source: str) -> pd.Series:
    rows = standardized(fit)
    return rows[(rows["op"] == "~") & (rows["lhs"] == target) & (rows["rhs"] == source)].iloc[0]


def _mediated(a: float, b: float, direct: float) -> dict[tuple[str, str], float]:
    """Return correlations by tracing the paths."""
    return {("JQ", "SAT"): a, ("JQ", "COM"): direct + a * b, ("SAT", "COM"): b + a * direct}


def _confounded(
    strength: float, *, a: float, direct: float, asked: bool = True
) -> dict[tuple[str, str], float]:
    own = {("JQ", "SAT"): a, ("JQ", "COM"): direct, ("SAT", "COM"): a * direct + strength**2}
    mood = {("SAT", "MOOD"): strength, ("COM", "MOOD"): strength} if asked else {}
    return {**own, **mood}
