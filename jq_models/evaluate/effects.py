"""Direct, indirect and total effects with delta-method standard errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from jq_models.errors import FitError, SpecError, suggest
from jq_models.sem import FailedFit, Filled, SemFit, delta_se, filled, wald
from jq_models.sem.matrices import Numbers

KINDS = ("direct", "indirect", "total")
ARROW = " -> "


def effects(
    fit: SemFit, sources: Sequence[str], targets: Sequence[str], *, standardized: bool = True
) -> pd.DataFrame:
    """Return direct, total indirect and total effects of every source on every target.

    Parameters
    ----------
    fit : SemFit
        A usable fit.
    sources, targets : sequences of str
        Latent variables, or observed ones with a path; a pair of the same variable is left out.
    standardized : bool
        Whether in standard deviations of source and target (lavaan's ``std.all``).

    Returns
    -------
    DataFrame
        Columns source, target, kind (``"direct"``, ``"indirect"``, ``"total"``), estimate, se, z,
        pvalue, ci_low, ci_high (95 %, normal). Rows in the order given. An effect the model fixes (no
        such path, say) has se 0, z and pvalue NaN and an interval without width, as in lavaan; one that
        cannot be standardised, because a variance is estimated below zero, is NaN.

    Raises
    ------
    FitError
        When the fit must not be used.
    SpecError
        On a variable without a place in the structure (an item that only measures).

    Notes
    -----
    With B the paths, effects are B, (I - B)^-1 B B and their sum (Bollen 1987); standard errors by the
    delta method (Sobel 1982) on all parameters, those behind the standardisation included.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem
    >>> L = np.kron(np.eye(2), np.array([[0.8], [0.7], [0.6]]))
    >>> S = L @ np.array([[1.0, 0.5], [0.5, 1.0]]) @ L.T
    >>> np.fill_diagonal(S, 1.0)
    >>> moments = Moments(names=tuple("abcxyz"), covariance=S, mean=np.zeros(6), n=300)
    >>> fit = fit_sem("F =~ a + b + c\\nG =~ x + y + z\\nG ~ F", moments)
    >>> from jq_models.evaluate import effects
    >>> effects(fit, ["F"], ["G"])[["kind", "estimate", "se"]].round(2)
           kind  estimate    se
    0    direct       0.5  0.06
    1  indirect       0.0  0.00
    2     total       0.5  0.06
    """
    names = _known(fit, [*sources, *targets])
    pairs = [(s, t) for s in sources for t in targets if s != t]
    at = [(names.index(t), names.index(s)) for s, t in pairs]

    def values(theta: Numbers) -> Numbers:
        state = filled(fit.matrices, theta)
        indirect = state.total @ state.path @ state.path
        scale = _scale(state, standardized=standardized)
        kinds = [scale * effect for effect in (state.path, indirect, state.path + indirect)]
        return np.array([kind[i, j] for i, j in at for kind in kinds])

    frame = pd.DataFrame(
        [(s, t, kind) for s, t in pairs for kind in KINDS], columns=["source", "target", "kind"]
    )
    return frame.join(_inference(values, fit))


def effects_of(
    fits: Mapping[str, SemFit | FailedFit], *, sources: Sequence[str], targets: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Return the standardised effects of every fit that may be used; a failed one has none.

    Parameters
    ----------
    sources : sequence of str
        As in `effects`.
    targets : sequence of str
        As in `effects`.
    """
    return {
        name: effects(fit, sources, targets)
        for name, fit in fits.items()
        if isinstance(fit, SemFit) and fit.usable
    }


def specific_effects(fit: SemFit, source: str, target: str, *, standardized: bool = True) -> pd.DataFrame:
    """Return the effect along every route from one variable to another, the direct path included.

    Parameters
    ----------
    source : str
        Where the routes begin.
    target : str
        Where they end.
    standardized : bool
        As in `effects`.

    Returns
    -------
    DataFrame
        Columns route (``"JQ -> SAT -> TIN"``), n_steps, then as in `effects`. Shorter routes first.
        The routes add up to the total effect.

    Raises
    ------
    FitError
        When the fit must not be used, or arrows run in a circle, so that routes have no end.
    SpecError
        On a variable without a place in the structure, or twice the same.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem
    >>> L = np.kron(np.eye(2), np.array([[0.8], [0.7], [0.6]]))
    >>> S = L @ np.array([[1.0, 0.5], [0.5, 1.0]]) @ L.T
    >>> np.fill_diagonal(S, 1.0)
    >>> moments = Moments(names=tuple("abcxyz"), covariance=S, mean=np.zeros(6), n=300)
    >>> fit = fit_sem("F =~ a + b + c\\nG =~ x + y + z\\nG ~ F", moments)
    >>> from jq_models.evaluate import specific_effects
    >>> specific_effects(fit, "F", "G")[["route", "estimate"]].round(2)
        route  estimate
    0  F -> G       0.5
    """
    names = _known(fit, [source, target])
    if source == target:
        raise SpecError(f"Source and target are both '{source}'. Name two variables.")
    routes = sorted(_routes(_arrows(fit), (source,), target), key=len)
    places = [[names.index(name) for name in route] for route in routes]

    def values(theta: Numbers) -> Numbers:
        state = filled(fit.matrices, theta)
        scale = _scale(state, standardized=standardized)
        along = [[state.path[to, start] for start, to in pairwise(p)] for p in places]
        return np.array([scale[p[-1], p[0]] * np.prod(a) for p, a in zip(places, along, strict=True)])

    frame = pd.DataFrame(
        {"route": [ARROW.join(route) for route in routes], "n_steps": [len(route) - 1 for route in routes]}
    )
    return frame.join(_inference(values, fit))


def _known(fit: SemFit, variables: Iterable[str]) -> list[str]:
    """Return the variables that arrows may connect, after checking that `variables` are among them."""
    fit.require()
    known = list(fit.matrices.latent)
    for name in variables:
        if name not in known:
            raise SpecError(
                f"'{name}' has no place in the structure of the model '{fit.model.name}'. "
                f"{suggest(name, known)}"
            )
    return known


def _scale(state: Filled, *, standardized: bool) -> Numbers:
    """Return sd(column) / sd(row), the factor that standardises an effect."""
    if not standardized:
        return np.ones_like(state.path)
    with np.errstate(invalid="ignore", divide="ignore"):  # a variance below zero makes NaN
        sd = np.sqrt(np.diag(state.latent_covariance))
        return np.asarray(sd[None, :] / sd[:, None])


def _inference(values: Callable[[Numbers], Numbers], fit: SemFit) -> pd.DataFrame:
    estimate = values(fit.theta)
    se = delta_se(values, fit) if len(estimate) else np.empty(0)
    se = np.where(np.isnan(estimate), np.nan, se)
    return pd.DataFrame({"estimate": estimate, "se": se}).join(wald(estimate, se))


def _arrows(fit: SemFit) -> dict[str, list[str]]:
    """Return for each variable the variables its arrows point at: a loading points at its indicator."""
    arrows: dict[str, list[str]] = {}
    for lhs, op, rhs in zip(fit.table["lhs"], fit.table["op"], fit.table["rhs"], strict=True):
        if op != "~~":
            source, to = (lhs, rhs) if op == "=~" else (rhs, lhs)
            arrows.setdefault(source, []).append(to)
    return arrows


def _routes(arrows: dict[str, list[str]], so_far: tuple[str, ...], target: str) -> list[tuple[str, ...]]:
    if so_far[-1] == target:
        return [so_far]
    found = []
    for following in arrows.get(so_far[-1], ()):
        if following in so_far:
            raise FitError(
                f"The arrows run in a circle ({ARROW.join((*so_far, following))}), so routes have no end. "
                "Use the total effect."
            )
        found += _routes(arrows, (*so_far, following), target)
    return found
