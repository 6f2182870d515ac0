"""Whether a construct's direction is sure: signs of all its loadings and paths hang on one indicator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.pls.bootstrap import PlsBootstrap
from jq_models.pls.result import PlsFit

# the interval of 95 % of what the dominant indicator has in common with its construct then holds 0
TURNED = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakDominant:
    """A construct that points the other way in too many resamples.

    Attributes
    ----------
    construct, dominant : str
        The dominant indicator is the one that gives the construct its sign.
    share : float
        Of the resamples with estimates, those in which the construct points the other way.
    better : str
        The indicator that goes with the construct most; "" when the dominant one is it.
    """

    construct: str
    dominant: str
    share: float
    better: str


def weak_dominants(fit: PlsFit, boot: PlsBootstrap) -> tuple[WeakDominant, ...]:
    """Return the constructs whose dominant indicator goes with them too little to give them a sign.

    A construct has a positive correlation with its dominant indicator in every resample. Where that is weak,
    chance says which way the construct points: standard errors and intervals of its loadings and paths then
    hold changes of sign. A resample's construct points the other way when its loadings go against those of
    the fit (negative sum of products).

    Parameters
    ----------
    fit : PlsFit
    boot : PlsBootstrap
        Of that fit.

    Raises
    ------
    SpecError, FitError
        As `PlsBootstrap.require_of`.
    """
    boot.require_of(fit)
    values = boot.values[boot.converged]
    found = []
    for stage in (fit.design.first, fit.design.second):
        for block in stage.blocks if stage is not None else ():
            if len(block.indicators) < 2:
                continue
            own = _columns(fit, block.name, block.indicators)
            loadings = fit.table["est"].to_numpy(dtype=float)[own]
            share = _turned(values[:, own], loadings)
            if share > TURNED:
                best = block.indicators[int(np.argmax(np.abs(loadings)))]
                better = "" if best == block.dominant else best
                found.append(
                    WeakDominant(construct=block.name, dominant=block.dominant, share=share, better=better)
                )
    return tuple(found)


def _columns(fit: PlsFit, construct: str, indicators: tuple[str, ...]) -> list[int]:
    rows = fit.table
    mine = (rows["op"] == "=~") & (rows["lhs"] == construct)
    place = {name: int(k) for k, name in zip(np.flatnonzero(mine), rows.loc[mine, "rhs"], strict=True)}
    return [place[name] for name in indicators]


def _turned(draws: Array, loadings: Array) -> float:
    return float(np.mean(draws @ loadings < 0.0))
