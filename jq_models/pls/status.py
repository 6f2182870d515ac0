"""How a PLS fit ended: converged, admissible; never a number without that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array, above
from jq_models.numeric.reason import Reason
from jq_models.pls.design import Design, Flags, Stage
from jq_models.pls.solution import Measured, Solution

# the answers could not carry the model: nothing was estimated
NOT_FITTED = ("too_few_cases", "constant")
REASONS = (
    *NOT_FITTED,
    "not_converged",
    "no_weights",
    "reliability_not_positive",
    "collinear_constructs",
    "constructs_not_positive_definite",
    "correlation_above_one",
    "loading_above_one",
    "reliability_above_one",
    "path_above_one",
    "explained_above_one",
)
FATAL = (*NOT_FITTED, *REASONS[2 : REASONS.index("constructs_not_positive_definite")])
# rounding allowed
ZERO = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class PlsStatus:
    """How a fit ended.

    Attributes
    ----------
    converged, admissible : bool
    reasons : tuple of Reason
        Everything found, worst first; codes of `REASONS`.
    iterations : tuple of int
        Of each stage.
    """

    converged: bool
    admissible: bool
    reasons: tuple[Reason, ...]
    iterations: tuple[int, ...]


def judge(solution: Solution, design: Design) -> PlsStatus:
    """Judge one solution (a batch of one)."""
    found: dict[str, list[str]] = {}
    stages = [(design.first, solution.first)]
    if design.second is not None and solution.second is not None:
        stages.append((design.second, solution.second))
    for stage, measured in stages:
        for code, where in _measured(stage, measured):
            found.setdefault(code, []).extend(where)
    for code, where in _structural(solution, design.last):
        found.setdefault(code, []).extend(where)
    if not bool(solution.converged[0]) and "no_weights" not in found:
        found["not_converged"] = []
    reasons = tuple(
        Reason(code=code, where=tuple(dict.fromkeys(found[code]))) for code in REASONS if code in found
    )
    return PlsStatus(
        converged=bool(solution.converged[0]),
        admissible=not reasons,
        reasons=reasons,
        iterations=tuple(int(m.outer.iterations[0]) for _, m in stages),
    )


def proper(solution: Solution, design: Design) -> Flags:
    """Say of each sample whether its solution is admissible, as `judge` finds it, (b,)."""
    good = np.array(solution.converged)
    with np.errstate(invalid="ignore"):
        for stage, measured in ((design.first, solution.first), (design.second, solution.second)):
            if stage is None or measured is None:
                continue
            good &= np.isfinite(measured.correlation).all(axis=(1, 2))
            good &= (np.abs(measured.loadings) <= 1.0 + ZERO).all(axis=1)
            good &= (measured.rho_a[:, stage.corrected] <= 1.0 + ZERO).all(axis=1)
            good[good] = _positive(measured.correlation[good])
        good &= (np.abs(solution.paths) <= 1.0 + ZERO).all(axis=(1, 2))
        r2 = solution.r2[:, list(design.last.endogenous)]
        good &= (r2 <= 1.0 + ZERO).all(axis=1)
    return good


def _positive(matrices: Array) -> Flags:
    """Say of each symmetric matrix whether it is positive definite."""
    if not len(matrices):
        return np.empty(0, dtype=bool)
    return np.asarray(np.linalg.eigvalsh(matrices)[:, 0] > ZERO)


def _measured(stage: Stage, measured: Measured) -> list[tuple[str, list[str]]]:
    names, indicators = stage.constructs, stage.indicators
    weights, rho = measured.outer.weights[0], measured.rho_a[0]
    owner = stage.owner
    without = sorted({int(owner[i]) for i in np.flatnonzero(~np.isfinite(weights))})
    found: list[tuple[str, list[str]]] = []
    if without:
        return [("no_weights", [names[k] for k in without])]
    lost = np.flatnonzero(np.isnan(rho) & stage.corrected)
    found.append(("reliability_not_positive", [names[k] for k in lost]))
    above_one = np.flatnonzero(np.abs(measured.loadings[0]) > 1.0 + ZERO)
    found.append(("loading_above_one", [f"{names[owner[i]]} =~ {indicators[i]}" for i in above_one]))
    found.append(
        ("reliability_above_one", [names[k] for k in np.flatnonzero((rho > 1.0 + ZERO) & stage.corrected)])
    )
    correlation = measured.correlation[0]
    low, high = np.triu_indices(len(names), 1)
    beyond = np.abs(correlation[low, high]) > 1.0 + ZERO
    pairs = [f"{names[i]} ~~ {names[j]}" for i, j in zip(low[beyond], high[beyond], strict=True)]
    found.append(("correlation_above_one", pairs))
    if np.isfinite(correlation).all() and not above(correlation, ZERO):
        found.append(("constructs_not_positive_definite", _linked(correlation, names)))
    return [(code, where) for code, where in found if where]


def _linked(correlation: Array, names: tuple[str, ...]) -> list[str]:
    """Return the constructs that the direction of the smallest eigenvalue is made of."""
    weight = np.abs(np.linalg.eigh(correlation)[1][:, 0])
    return [name for name, w in zip(names, weight, strict=True) if w > 0.3 * weight.max()]


def _structural(solution: Solution, stage: Stage) -> list[tuple[str, list[str]]]:
    names, paths, r2 = stage.constructs, solution.paths[0], solution.r2[0]
    lost = [names[i] for i in stage.endogenous if not np.isfinite(paths[i]).all()]
    if lost:
        known = np.isfinite(solution.last.correlation[0]).all()
        return [("collinear_constructs", lost)] if known else []
    beyond = [f"{names[i]} ~ {names[j]}" for i, j in np.argwhere(np.abs(paths) > 1.0 + ZERO)]
    explained = [names[i] for i in stage.endogenous if r2[i] > 1.0 + ZERO]
    found = [("path_above_one", beyond), ("explained_above_one", explained)]
    return [(code, where) for code, where in found if where]
