"""Everything PLS estimates, as named rows: of one fit, and of many samples at once."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from jq_models.numeric.heterotrait import heterotrait_ratios
from jq_models.numeric.moments import Array
from jq_models.pls.design import Design, Stage
from jq_models.pls.solution import Measured, Solution, total_effects

# "~~" constructs' correlations; the rest by what the field calls them
OPERATORS = (
    "=~",
    "<~",
    "~",
    "total",
    "indirect",
    "r2",
    "~~",
    "rho_a",
    "rho_c",
    "alpha",
    "ave",
    "htmt",
    "htmt2",
    ":=",
)
RELIABILITY = ("rho_a", "rho_c", "alpha", "ave")


def quantity_rows(design: Design) -> pd.DataFrame:
    """Return lhs, op, rhs of every quantity, in the order of `quantities`.

    ``=~`` loading and ``<~`` weight (construct, indicator); ``~`` path, ``total`` and ``indirect`` effect
    (to, from); ``r2`` (construct); ``~~`` correlation of two constructs; ``rho_a``, ``rho_c``, ``alpha``,
    ``ave`` of constructs with several indicators; ``htmt``, ``htmt2`` of two such constructs; ``:=`` a
    formula of paths. With second-order constructs, loadings and weights of both stages stand one after the
    other, correlations are of all constructs of the first stage, then of the last.
    """
    rows: list[tuple[str, str, str]] = []
    stages = [s for s in (design.first, design.second) if s is not None]
    for op in ("=~", "<~"):
        for stage in stages:
            rows += [(stage.blocks[k].name, op, stage.indicators[i]) for i, k in _cells(stage, design)]
    last = design.last
    names = last.constructs
    arrows, reach = arrows_of(last), _reachable(last)
    rows += [(names[i], "~", names[j]) for i, j in arrows]
    rows += [(names[i], "total", names[j]) for i, j in reach]
    rows += [(names[i], "indirect", names[j]) for i, j in _indirect(last)]
    rows += [(names[i], "r2", "") for i in last.endogenous]
    for stage in stages:
        rows += [(stage.constructs[i], "~~", stage.constructs[j]) for i, j in _pairs(stage, design)]
    for op in RELIABILITY:
        for stage in stages:
            rows += [(stage.constructs[k], op, "") for k in _several(stage)]
    measured = [design.first.constructs[k] for k in _several(design.first)]
    for op in ("htmt", "htmt2"):
        rows += [(a, op, b) for a, b in combinations(measured, 2)]
    rows += [(name, ":=", "") for name in design.defined]
    return pd.DataFrame(rows, columns=["lhs", "op", "rhs"])


def quantities(solution: Solution, R: Array, design: Design) -> Array:
    """Return the quantities of `quantity_rows` in each sample, (b, q); NaN where one does not exist.

    Parameters
    ----------
    solution : Solution
    R : ndarray, shape (b, p, p)
        What it was estimated from.
    design : Design
    """
    stages = [(design.first, solution.first, R)]
    if design.second is not None and solution.second is not None:
        between = members_correlation(solution.first, design.first, second=design.second)
        stages.append((design.second, solution.second, between))
    parts: list[Array] = []
    for what in ("loadings", "weights"):
        for stage, measured, _ in stages:
            items = [i for i, _ in _cells(stage, design)]
            parts.append((measured.loadings if what == "loadings" else measured.outer.weights)[:, items])
    total = total_effects(solution.paths)
    parts.append(_at(solution.paths, arrows_of(design.last)))
    parts.append(_at(total, _reachable(design.last)))
    parts.append(_at(total - solution.paths, _indirect(design.last)))
    parts.append(solution.r2[:, list(design.last.endogenous)])
    parts += [_at(measured.correlation, _pairs(stage, design)) for stage, measured, _ in stages]
    kinds = [_reliability(stage, measured, S) for stage, measured, S in stages]
    parts += [kind[op] for op in RELIABILITY for kind in kinds]
    parts += _heterotrait(R, design.first)
    parts += _defined(solution.paths, design)
    return np.concatenate(parts, axis=1)


def members_correlation(measured: Measured, first: Stage, *, second: Stage) -> Array:
    """Return the correlations that the second stage is estimated from, (b, p, p), in its order."""
    inside = [first.constructs.index(x) for x in second.indicators]
    return measured.correlation[:, inside][:, :, inside]


def _cells(stage: Stage, design: Design) -> list[tuple[int, int]]:
    """Return indicator and construct of the weights worth a row: in a second stage not those of itself."""
    pairs = list(enumerate(int(k) for k in stage.owner))
    if stage is design.second:
        return [(i, k) for i, k in pairs if stage.indicators[i] != stage.constructs[k]]
    return pairs


def arrows_of(stage: Stage) -> list[tuple[int, int]]:
    """Return (to, from) of every arrow, in the order of the rows of paths."""
    return [(i, int(j)) for i in stage.endogenous for j in stage.causes(i)]


def _reachable(stage: Stage) -> list[tuple[int, int]]:
    """Return (to, from) of every pair that some route connects."""
    reach = total_effects(stage.paths[None].astype(float))[0] > 0
    return [(int(i), int(j)) for i, j in np.argwhere(reach)]


def _indirect(stage: Stage) -> list[tuple[int, int]]:
    """Return (to, from) of every pair that a route of at least two arrows connects."""
    steps = stage.paths.astype(float)
    longer = total_effects(steps[None])[0] - steps > 0
    return [(int(i), int(j)) for i, j in np.argwhere(longer)]


def _pairs(stage: Stage, design: Design) -> list[tuple[int, int]]:
    """Return the pairs of constructs; of a second stage those that the first has not."""
    pairs = [(i, j) for j, i in combinations(range(len(stage.blocks)), 2)]
    if stage is design.second:
        known = set(design.first.constructs)
        return [(i, j) for i, j in pairs if not {stage.constructs[i], stage.constructs[j]} <= known]
    return pairs


def _several(stage: Stage) -> list[int]:
    return [k for k, block in enumerate(stage.blocks) if len(block.indicators) > 1]


def _at(matrices: Array, cells: list[tuple[int, int]]) -> Array:
    rows, columns = [i for i, _ in cells], [j for _, j in cells]
    return matrices[:, rows, columns]


def _reliability(stage: Stage, measured: Measured, S: Array) -> dict[str, Array]:
    """Return rho_A, rho_C, alpha and AVE of every construct of several indicators, (b, k) each.

    rho_C (Jöreskog 1971; Fornell & Larcker 1981, eq. 10), AVE (their eq. 11) from the loadings, alpha
    (standardised, from the mean correlation). They speak of factors: of a composite in mode B NaN.
    """
    found = {op: np.full((len(S), len(_several(stage))), np.nan) for op in RELIABILITY}
    for column, k in enumerate(_several(stage)):
        block, first = stage.blocks[k], stage.starts[k]
        if block.mode == "B":
            continue
        size = len(block.indicators)
        span = slice(first, first + size)
        loadings = measured.loadings[:, span]
        squares = np.sum(loadings**2, axis=1)
        common = np.sum(loadings, axis=1) ** 2
        total = np.sum(S[:, span, span], axis=(1, 2))
        found["rho_a"][:, column] = measured.rho_a[:, k]
        found["rho_c"][:, column] = common / (common + size - squares)
        found["alpha"][:, column] = size / (size - 1.0) * (1.0 - size / total)
        found["ave"][:, column] = squares / size
    return found


def _heterotrait(R: Array, stage: Stage) -> list[Array]:
    """Return HTMT and HTMT2, (b, pairs) each, of the constructs with several indicators.

    Correlations by strength, as `evaluate.htmt`, semTools (``absolute = TRUE``), seminr and openpls take
    them; Henseler, Ringle & Sarstedt (2015) average them with their signs, which differs where an item runs
    the other way. seminr gives single items a ratio, too, with 1 for the correlation within; here they have
    none.
    """
    several = _several(stage)
    places = [i for i, k in enumerate(stage.owner) if k in several]
    if len(several) < 2:
        return [np.empty((len(R), 0))] * 2
    owner = np.searchsorted(several, stage.owner[places])
    strength = np.abs(R if len(places) == R.shape[1] else R[:, places][:, :, places])
    first, second = np.triu_indices(len(several), 1)
    return [heterotrait_ratios(strength, owner, geometric=kind)[:, first, second] for kind in (False, True)]


def _defined(paths: Array, design: Design) -> list[Array]:
    values = {label: paths[:, i, j] for label, (i, j) in design.labels.items()}
    found = []
    with np.errstate(all="ignore"):
        for name, expression in design.defined.items():
            values[name] = np.broadcast_to(expression.value(values), len(paths)).astype(float)
            found.append(values[name][:, None])
    return found
