"""Worlds for the test of fit: populations in which a PLS model is true, and in which it is not."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.evaluate.composites.fit import composite_fit
from jq_models.pls import fit_pls

Array = NDArray[np.float64]
FACTORS = """
a =~ a1 + a2 + a3 + a4
b =~ b1 + b2 + b3 + b4
c =~ c1 + c2 + c3 + c4
b ~ a
c ~ b
"""
COMPOSITES = FACTORS.replace("=~", "<~")
SECOND = """
d1 =~ a1 + a2 + a3 + a4
d2 =~ b1 + b2 + b3 + b4
d3 =~ c1 + c2 + c3 + c4
s =~ e1 + e2 + e3
t =~ f1 + f2 + f3
q <~ d1 + d2 + d3
s ~ q
t ~ s
"""
LOADINGS = (0.60, 0.70, 0.80, 0.85)
FAULTS = ("none", "blocks", "paths")
LEFT_OUT = 0.30


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A model text and correlations for each of `FAULTS`: all true, a block wrong, an arrow left out."""

    name: str
    text: str
    items: tuple[str, ...]
    correlations: dict[str, Array]
    consistent: bool = True
    categories: bool = False


def factors(*, name: str = "factors", consistent: bool = True, categories: bool = False) -> World:
    """Return three factors in a chain; left out: a cross-loading, the arrow from the first to the last."""
    found = {}
    for fault in FAULTS:
        L = np.kron(np.eye(3), np.array(LOADINGS)[:, None])
        between = _chain(LEFT_OUT if fault == "paths" else 0.0)
        if fault == "blocks":
            L[0, 2] = LEFT_OUT
        implied = L @ between @ L.T
        np.fill_diagonal(implied, 1.0)
        found[fault] = implied
    return World(
        name=name,
        text=FACTORS,
        items=_items("abc", 4),
        correlations=found,
        consistent=consistent,
        categories=categories,
    )


def composites() -> World:
    """Return three composites in a chain; left out are a correlation of two items, and the same arrow."""
    within = np.full((4, 4), 0.35) + 0.65 * np.eye(4)
    within[0, 1] = within[1, 0] = 0.55
    weights = np.array([0.5, 0.1, 0.4, 0.3])
    weights /= np.sqrt(weights @ within @ weights)
    loadings = np.kron(np.eye(3), (within @ weights)[:, None])
    found = {}
    for fault in FAULTS:
        R = loadings @ _chain(LEFT_OUT if fault == "paths" else 0.0) @ loadings.T
        for k in range(3):
            R[4 * k : 4 * k + 4, 4 * k : 4 * k + 4] = within
        if fault == "blocks":
            R[1, 9] += LEFT_OUT / 2.0
            R[9, 1] = R[1, 9]
        found[fault] = R
    return World(name="composites", text=COMPOSITES, items=_items("abc", 4), correlations=found)


def second_order() -> World:
    """Return a composite of three factors before two factors; left out are the same kinds of thing."""
    within = np.array([[1.0, 0.5, 0.3], [0.5, 1.0, 0.4], [0.3, 0.4, 1.0]])
    weights = np.array([0.5, 0.2, 0.5])
    weights /= np.sqrt(weights @ within @ weights)
    toward = within @ weights
    found = {}
    for fault in FAULTS:
        direct = LEFT_OUT if fault == "paths" else 0.0
        q_s, s_t = 0.5, 0.4
        q_t = q_s * s_t + direct
        between = np.eye(5)
        between[:3, :3] = within
        between[3, :3] = between[:3, 3] = q_s * toward
        between[4, :3] = between[:3, 4] = q_t * toward
        between[3, 4] = between[4, 3] = s_t + direct * q_s
        L = np.zeros((18, 5))
        first = 0
        for k, size in enumerate((4, 4, 4, 3, 3)):
            L[first : first + size, k] = LOADINGS[-size:]
            first += size
        if fault == "blocks":
            L[0, 4] = LEFT_OUT
        R = L @ between @ L.T
        np.fill_diagonal(R, 1.0)
        found[fault] = R
    return World(
        name="second order",
        text=SECOND,
        items=(*_items("abc", 4), *_items("ef", 3)),
        correlations=found,
    )


def _chain(direct: float) -> Array:
    b, c = 0.5, 0.4
    return np.array(
        [[1.0, b, b * c + direct], [b, 1.0, c + b * direct], [b * c + direct, c + b * direct, 1.0]]
    )


def _items(letters: str, size: int) -> tuple[str, ...]:
    return tuple(f"{letter}{i + 1}" for letter in letters for i in range(size))


def answers(world: World, fault: str, *, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a sample; in categories: five, skewed (5, 10, 20, 35 and 30 %)."""
    R = world.correlations[fault]
    drawn = rng.standard_normal((n, len(R))) @ np.linalg.cholesky(R).T
    if world.categories:
        drawn = np.searchsorted([-1.645, -1.036, -0.385, 0.524], drawn).astype(float)
    return pd.DataFrame(drawn, columns=list(world.items))


def judged(world: World, fault: str, *, n: int, samples: int, draws: int, seed: int) -> pd.DataFrame:
    """Return the rows of `composite_fit` of every sample, with the sample's number."""
    found = []
    stream = zlib.crc32(f"{world.name}/{fault}/{n}".encode())
    for i in range(samples):
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(stream, i)))
        fit = fit_pls(world.text, answers(world, fault, n=n, rng=rng), consistent=world.consistent)
        if not fit.usable:
            continue
        found.append(composite_fit(fit, draws=draws, seed=i).assign(sample=i))
    return pd.concat(found, ignore_index=True)


def rejected(rows: pd.DataFrame) -> pd.Series:
    """Return the share of the samples that each test rejects at 5 %, by model and index."""
    share: pd.Series = (
        (rows["value"] > rows["hi95"]).groupby([rows["model"], rows["index"]], sort=False).mean()
    )
    return share
