"""What becomes of a nasty sample, and whether the numbers of a usable fit are what they claim."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from nasty import Case
from scipy.optimize import minimize

from jq_models.errors import DataError
from jq_models.evaluate import fit_indices
from jq_models.sem import FailedFit, SemFit, parameter_estimates, standardized, try_fit
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.normal import NormalTheory
from jq_models.sem.optimise import Discrepancy
from jq_models.sem.status import REASONS

Floats = npt.NDArray[np.float64]
# seconds of processor time that no fit of such a size may take
LIMIT = 5.0
# a decrease of F that another optimiser may still find, and a scaled gradient by differences
LOWER, SLOPE = 1e-6, 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a case ended.

    Attributes
    ----------
    ended : {"admissible", "improper", "unusable", "failed", "refused"}
        A proper solution; usable, with what is improper said; a fit that says it is not usable; no fit, by
        `UnfitError`'s diagnosis; data refused.
    said : tuple of str
        Codes of the reasons; of a refusal its first words.
    faults : tuple of str
        What contradicts that: empty, or the engine is wrong.
    seconds : float
    fit : SemFit or None
    """

    ended: str
    said: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    seconds: float = 0.0
    fit: SemFit | None = None


def outcome_of(case: Case, *, checked: bool = True) -> Outcome:
    """Fit a case and, where the fit is usable, check its numbers."""
    begun = time.process_time()
    try:
        fit = try_fit(case.text, case.frame, **case.options)
    except DataError as problem:
        return Outcome(ended="refused", said=(str(problem)[:60],))
    seconds = time.process_time() - begun
    slow = (f"{seconds:.1f} s",) if seconds > LIMIT else ()
    said = tuple(r.code for r in fit.status.reasons)
    if isinstance(fit, FailedFit):
        return Outcome(ended="failed", said=said, faults=slow + _unsaid(said), seconds=seconds)
    if not fit.usable:
        return Outcome(ended="unusable", said=said, faults=slow + _unsaid(said), seconds=seconds, fit=fit)
    found = slow
    if checked:
        found += (*holes_in(fit), *_not_a_minimum(fit))
    ended = "admissible" if fit.status.admissible else "improper"
    if ended == "improper":
        found += _unsaid(said)
    return Outcome(ended=ended, said=said, faults=found, seconds=seconds, fit=fit)


def _unsaid(said: tuple[str, ...]) -> tuple[str, ...]:
    unknown = tuple(f"unknown reason {code}" for code in said if code not in REASONS)
    return unknown or (() if said else ("no reason given",))


def holes_in(fit: SemFit) -> tuple[str, ...]:
    """Return the numbers of a usable fit that are not finite and should be."""
    faults = []
    raw, standard = parameter_estimates(fit), standardized(fit)
    existing = np.isfinite(fit.table["est"].to_numpy(dtype=float)) | (fit.table["op"] == ":=").to_numpy()
    if not existing.all():
        faults.append("est")
    # a defined parameter may divide by zero: its author's doing
    own = fit.table["op"].ne(":=").to_numpy()
    # a standardised value lacks where a variance is negative, which is then said
    if fit.status.admissible and not np.isfinite(standard["est_std"].to_numpy()[own]).all():
        faults.append("est_std")
    if "no_standard_errors" not in [r.code for r in fit.status.reasons]:
        moving = own & (raw["free"].to_numpy() > 0)
        if not (raw["se"].to_numpy()[moving] > 0).all():
            faults.append("se of a free parameter not positive")
        faults += [c for c in ("se", "ci_low", "ci_high") if not np.isfinite(raw[c].to_numpy()[own]).all()]
        faults += [c for c in ("z", "pvalue") if not np.isfinite(raw[c].to_numpy()[moving]).all()]
        there = own & np.isfinite(standard["est_std"].to_numpy())
        if not np.isfinite(standard["se"].to_numpy()[there]).all():
            faults.append("se of est_std")
    return (*faults, *_index_holes(fit))


def _index_holes(fit: SemFit) -> tuple[str, ...]:
    indices = asdict(fit_indices(fit))
    needed = {"chi_square", "df", "baseline_chi_square", "srmr", "rmsea", "cfi"}
    if fit.df > 0:
        needed |= {"p_value", "rmsea_low", "rmsea_high", "rmsea_close_p"}
    if isinstance(fit.discrepancy, NormalTheory | MissingNormal):
        needed |= {"log_likelihood", "aic", "bic", "sabic"}
    scaled = {"chi_square_scaled", "p_value_scaled", "scaling_factor"}
    if fit.df > 0 and fit.estimator in ("MLR", "MLM", "WLSMV", "ULSMV"):
        needed |= scaled
    # a scaling factor not above 0 leaves no scaled test: documented at TestStatistic
    if all(np.isnan(indices[name]) for name in scaled):
        needed -= scaled
    return tuple(sorted(name for name in needed if not np.isfinite(indices[name])))


def _not_a_minimum(fit: SemFit) -> tuple[str, ...]:
    scale = _units(fit)
    slope = np.abs(_differences(fit.discrepancy, fit.theta, scale=scale)).max()
    faults = [f"slope {slope:.1e}"] if slope > SLOPE else []
    lower = fit.objective - lowest_from(fit.discrepancy, fit.theta, scale=scale)
    return (*faults, *([f"another optimiser goes {lower:.1e} lower"] if lower > LOWER else []))


def _units(fit: SemFit) -> Floats:
    """Return a step of each parameter over which F rises by about 1."""
    scale: Floats = 1.0 / np.sqrt(2.0 * np.diag(fit.information))
    return scale


def _differences(discrepancy: Discrepancy, theta: Floats, *, scale: Floats) -> Floats:
    """Return the slope of F by central differences, in units of `scale`."""
    h = 1e-4
    slope = np.empty(len(theta))
    for a in range(len(theta)):
        step = np.zeros(len(theta))
        step[a] = h * scale[a]
        up, down = (discrepancy.point(theta + s * step, curvature="none").objective for s in (1.0, -1.0))
        slope[a] = (up - down) / (2.0 * h) if np.isfinite(up - down) else 0.0
    return slope


def lowest_from(discrepancy: Discrepancy, start: Floats, *, scale: Floats) -> float:
    """Return the lowest F that scipy's L-BFGS-B finds from a start."""

    def value(units: Floats) -> tuple[float, Floats]:
        point = discrepancy.point(start + units * scale, curvature="none")
        if not np.isfinite(point.objective):
            return 1e10, np.zeros(len(start))
        return point.objective, point.gradient * scale

    found = minimize(value, np.zeros(len(start)), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return float(found.fun)
