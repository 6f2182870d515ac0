"""How a PLS fit ended: converged, admissible; never a number without that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array, above
from jq_models.numeric.reason import Reason
from jq_models.pls.algorithm import SINGULAR
from jq_models.pls.design import Design, Flags, Stage
from jq_models.pls.quantities import members_correlation
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
    "reliability_unknown",
)
FATAL = (*NOT_FITTED, *REASONS[2 : REASONS.index("constructs_not_positive_definite")])
# a number that is absent, and that no other rests on: the solution may be admissible all the same
CARE = ("reliability_unknown",)
# rounding allowed
ZERO = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class PlsStatus:
    """How a fit ended.

    Attributes
    ----------
    converged, admissible : bool
        `admissible`: nothing is wrong but what is in `CARE`.
    reasons : tuple of Reason
        Everything found, worst first; codes of `REASONS`.
    iterations : tuple of int
        Of each stage.
    """

    converged: bool
    admissible: bool
    reasons: tuple[Reason, ...]
    iterations: tuple[int, ...]

    @property
    def usable(self) -> bool:
        """Whether the algorithm converged to weights and correlations that exist."""
        return not any(reason.code in FATAL for reason in self.reasons)


def judge(solution: Solution, design: Design, *, R: Array) -> PlsStatus:
    """Judge one solution (a batch of one), estimated from correlations R (1, p, p)."""
    found: dict[str, list[str]] = {}
    stages = [(design.first, solution.first, R[0])]
    if design.second is not None and solution.second is not None:
        between = members_correlation(solution.first, design.first, second=design.second)
        stages.append((design.second, solution.second, between[0]))
    for stage, measured, S in stages:
        if not np.isfinite(S).all():
            # what is wrong lies in the first stage, and is said there
            continue
        problems = _measured(stage, measured, S=S)
        if not measured.outer.converged[0] and "no_weights" not in dict(problems):
            problems.append(("not_converged", []))
        for code, where in problems:
            found.setdefault(code, []).extend(where)
    for code, where in _structural(solution, design.last):
        found.setdefault(code, []).extend(where)
    reasons = tuple(
        Reason(code=code, where=tuple(dict.fromkeys(found[code]))) for code in REASONS if code in found
    )
    return PlsStatus(
        converged=bool(solution.converged[0]),
        admissible=all(reason.code in CARE for reason in reasons),
        reasons=reasons,
        iterations=tuple(int(m.outer.iterations[0]) for _, m, _ in stages),
    )


def usable(solution: Solution, design: Design) -> Flags:
    """Say of each sample whether its solution may be used, as `judge` finds it, (b,).

    Converged, to correlations that exist, of causes that do not determine one another: the one rule for
    fits, resamples, exchanges and fits that leave cases out.
    """
    return verdicts(solution, design)[0]


def verdicts(solution: Solution, design: Design) -> tuple[Flags, Flags]:
    """Say of each sample whether its solution is `usable`, and whether it is admissible, (b,) each."""
    good = np.array(solution.converged)
    stages = [(design.first, solution.first)]
    if design.second is not None and solution.second is not None:
        stages.append((design.second, solution.second))
    for stage, measured in stages:
        good &= np.isfinite(measured.rho_a[:, stage.corrected]).all(axis=1)
        good &= np.isfinite(measured.correlation).all(axis=(1, 2))
    correlation = solution.last.correlation
    exist = np.array(good)
    exist[good] = _positive(correlation[good])
    # where all eigenvalues are positive, so are those of every set of causes (interlacing)
    doubtful = np.flatnonzero(good & ~exist)
    for i in design.last.endogenous if len(doubtful) else ():
        causes = design.last.causes(i)
        good[doubtful] &= ~_determined(correlation[doubtful][:, causes[:, None], causes])
    if design.second is not None:
        exist[exist] = _positive(solution.first.correlation[exist])
    with np.errstate(invalid="ignore"):
        for stage, measured in stages:
            exist &= (np.abs(measured.loadings) <= 1.0 + ZERO).all(axis=1)
            exist &= (measured.rho_a[:, stage.corrected] <= 1.0 + ZERO).all(axis=1)
        # R2 needs no look: it is above 1 only where the matrix is not positive definite
        exist &= (np.abs(solution.paths) <= 1.0 + ZERO).all(axis=(1, 2))
    return good, exist


def proper(solution: Solution, design: Design) -> Flags:
    """Say of each sample whether its solution is admissible, as `judge` finds it, (b,)."""
    return verdicts(solution, design)[1]


def _determined(among: Array) -> Flags:
    """Say of each matrix whether what it correlates determine one another.

    Rounding turns what has no answer into any answer.
    """
    return np.asarray(np.abs(np.linalg.eigvalsh(among)).min(axis=1) < 1.0 / SINGULAR)


def _positive(matrices: Array) -> Flags:
    """Say of each symmetric matrix whether it is positive definite."""
    if not len(matrices):
        return np.empty(0, dtype=bool)
    try:
        # most often all are, and triangular roots take a tenth of the time
        np.linalg.cholesky(matrices - ZERO * np.eye(matrices.shape[1]))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.eigvalsh(matrices)[:, 0] > ZERO)
    return np.ones(len(matrices), dtype=bool)


def _measured(stage: Stage, measured: Measured, *, S: Array) -> list[tuple[str, list[str]]]:
    names, indicators = stage.constructs, stage.indicators
    weights, rho = measured.outer.weights[0], measured.rho_a[0]
    owner = stage.owner
    found: list[tuple[str, list[str]]] = []
    without = sorted({int(owner[i]) for i in np.flatnonzero(~np.isfinite(weights))})
    if without:
        singular = [k for k in without if _singular_block(stage, k, S)]
        return [("no_weights", [names[k] for k in singular or without])]
    lost = np.flatnonzero(np.isnan(rho) & stage.corrected)
    found.append(("reliability_not_positive", [names[k] for k in lost]))
    reflected = np.array([len(b.indicators) > 1 and b.mode == "A" for b in stage.blocks])
    unknown = np.flatnonzero(np.isnan(rho) & reflected & ~stage.corrected)
    found.append(("reliability_unknown", [names[k] for k in unknown]))
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


def _singular_block(stage: Stage, k: int, S: Array) -> bool:
    """Say whether the indicators of a construct in mode B determine one another."""
    span = slice(stage.starts[k], stage.starts[k] + len(stage.blocks[k].indicators))
    return stage.blocks[k].mode == "B" and not above(S[span, span], 1.0 / SINGULAR)


def _linked(correlation: Array, names: tuple[str, ...]) -> list[str]:
    """Return the constructs that the direction of the smallest eigenvalue is made of."""
    values, vectors = np.linalg.eigh(correlation)
    weight = np.abs(vectors[:, np.argmin(np.abs(values)) if values[0] > -ZERO else 0])
    return [name for name, w in zip(names, weight, strict=True) if w > 0.3 * weight.max()]


def _structural(solution: Solution, stage: Stage) -> list[tuple[str, list[str]]]:
    names, paths, r2 = stage.constructs, solution.paths[0], solution.r2[0]
    correlation = solution.last.correlation[0]
    if not np.isfinite(correlation).all():
        return []
    lost: list[str] = []
    for i in stage.endogenous:
        causes = stage.causes(i)
        among = correlation[np.ix_(causes, causes)]
        if _determined(among[None])[0]:
            lost += _linked(among, tuple(names[j] for j in causes))
    if lost:
        return [("collinear_constructs", lost)]
    beyond = [f"{names[i]} ~ {names[j]}" for i, j in np.argwhere(np.abs(paths) > 1.0 + ZERO)]
    explained = [names[i] for i in stage.endogenous if r2[i] > 1.0 + ZERO]
    found = [("path_above_one", beyond), ("explained_above_one", explained)]
    return [(code, where) for code, where in found if where]
