"""The study model and samples drawn from it: what every engine is timed on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

DIMENSIONS = ("OPP", "AMB", "CON", "SUP", "ATM", "EMP", "ENJ", "TOO", "INT", "LCU", "LEM", "INF")
ITEMS = {**dict.fromkeys(DIMENSIONS, 3), "SAT": 4, "COM": 5}
# for the composite route: 56 items
FOUR_EACH = dict.fromkeys((*DIMENSIONS, "SAT", "COM"), 4)
N_FREE = 181
LOADINGS = (0.80, 0.75, 0.70, 0.75, 0.70)
# where a standard normal item is cut into five answers: a little skewed, no category below 4 %
CUTS = (-1.7, -0.9, 0.1, 1.0)


def study_model(sizes: Mapping[str, int] = ITEMS) -> str:
    """Return the study model: twelve dimensions lead to SAT and COM, SAT to COM; 181 free parameters.

    Parameters
    ----------
    sizes : mapping
        Items of each of its factors.
    """
    causes = " + ".join(DIMENSIONS)
    return f"{_measurement(sizes)}\nSAT ~ {causes}\nCOM ~ SAT + {causes}\n"


def factor_model(items: int) -> str:
    """Return correlated factors of three items each.

    Parameters
    ----------
    items : int
        A multiple of three.
    """
    return _measurement({f"F{f:02d}": 3 for f in range(1, items // 3 + 1)}) + "\n"


def _measurement(sizes: Mapping[str, int]) -> str:
    return "\n".join(f"{f} =~ " + " + ".join(_names(f, size)) for f, size in sizes.items())


def _names(factor: str, size: int) -> list[str]:
    return [f"{factor}{i}" for i in range(1, size + 1)]


def study_sample(n: int, *, seed: int = 1, sizes: Mapping[str, int] = ITEMS) -> pd.DataFrame:
    """Draw n cases of the study model's items, 45 of them, normal, with variances of about 1."""
    rng = np.random.default_rng([seed, n])
    dimensions = _correlated(len(DIMENSIONS), n=n, rng=rng)
    # twelve paths of 0.08 on variables correlated 0.49 explain 49 % of SAT, and most of them also serve COM
    common = dimensions.sum(axis=1) * 0.08
    sat = common + np.sqrt(1 - 0.0064 * (12 + 132 * 0.49)) * rng.standard_normal(n)
    com = 0.4 * sat + 0.5 * common + 0.65 * rng.standard_normal(n)
    factors = dict(zip(sizes, [*dimensions.T, sat, com], strict=True))
    return _measured(factors, sizes, rng=rng)


def factor_sample(n: int, *, items: int, seed: int = 1) -> pd.DataFrame:
    """Draw n cases of ``factor_model(items)``."""
    rng = np.random.default_rng([seed, n, items])
    names = [f"F{f:02d}" for f in range(1, items // 3 + 1)]
    factors = dict(zip(names, _correlated(len(names), n=n, rng=rng).T, strict=True))
    return _measured(factors, dict.fromkeys(names, 3), rng=rng)


def _correlated(count: int, *, n: int, rng: np.random.Generator) -> Floats:
    """Return standard normal variables, shape (n, count), any two correlated 0.49."""
    general = rng.standard_normal((n, 1))
    result: Floats = 0.7 * general + np.sqrt(0.51) * rng.standard_normal((n, count))
    return result


def _measured(
    factors: dict[str, Floats], sizes: Mapping[str, int], *, rng: np.random.Generator
) -> pd.DataFrame:
    columns = {
        name: loading * value + np.sqrt(1 - loading**2) * rng.standard_normal(len(value))
        for factor, value in factors.items()
        for name, loading in zip(_names(factor, sizes[factor]), LOADINGS, strict=False)
    }
    return pd.DataFrame(columns)


def with_missing(frame: pd.DataFrame, *, share: float = 0.05, seed: int = 1) -> pd.DataFrame:
    """Delete answers completely at random; the first item of a case left without any answer stays."""
    gone = np.random.default_rng([seed, len(frame), 2]).random(frame.shape) < share
    gone[gone.all(axis=1), 0] = False
    return frame.mask(gone)


def with_patterns(frame: pd.DataFrame, *, patterns: int, seed: int = 1) -> pd.DataFrame:
    """Delete answers so that there are exactly `patterns` missing patterns, the complete one among them.

    Every pattern but that misses one to three answers; cases are dealt out over them in turn.

    Raises
    ------
    ValueError
        When there are fewer cases than patterns.
    """
    if patterns > len(frame):
        raise ValueError(f"{patterns} patterns need as many cases; found {len(frame)}.")
    rng = np.random.default_rng([seed, len(frame), patterns])
    chosen: dict[tuple[int, ...], None] = {(): None}
    while len(chosen) < patterns:
        chosen[tuple(sorted(rng.choice(frame.shape[1], rng.integers(1, 4), replace=False)))] = None
    order, gone = list(chosen), np.zeros(frame.shape, dtype=bool)
    for case in range(len(frame)):
        gone[case, list(order[case % patterns])] = True
    return frame.mask(gone)


def as_answers(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut standard normal items into answers 1 to 5."""
    return pd.DataFrame(np.digitize(frame.to_numpy(), CUTS) + 1, columns=frame.columns, index=frame.index)


def with_groups(frame: pd.DataFrame, *, groups: int) -> pd.DataFrame:
    """Add a column `group` ("g01", ...), cases dealt out in turn."""
    return frame.assign(group=[f"g{case % groups + 1:02d}" for case in range(len(frame))])
