"""Two groups for the tests of comparisons, with what differs between them."""

from __future__ import annotations

import numpy as np
import pandas as pd

TEXT = """
A =~ a1 + a2 + a3
B =~ b1 + b2 + b3
C =~ c1 + c2 + c3
B ~ A
C ~ A + B
"""
SECOND = """
A =~ a1 + a2 + a3
B =~ b1 + b2 + b3
C =~ c1 + c2 + c3
G <~ A + B
C ~ G
"""
OPENPLS = """
A =~ A1 + A2 + A3 + A4
B =~ B1 + B2 + B3 + B4
C =~ C1 + C2 + C3
B ~ A
C ~ A + B
"""
ALIKE = (0.8, 0.7, 0.75)


def people(
    rng: np.random.Generator,
    n: int,
    *,
    path: float = 0.4,
    loadings: tuple[float, ...] = ALIKE,
    mean: float = 0.0,
    spread: float = 1.0,
) -> pd.DataFrame:
    """Draw answers; `path` leads from A to C, `loadings` are B's, `mean` is C's, `spread` A's."""
    a = rng.standard_normal(n)
    b = 0.4 * a + np.sqrt(1 - 0.4**2) * rng.standard_normal(n)
    explained = path**2 + 0.3**2 + 2 * path * 0.3 * 0.4
    c = path * a + 0.3 * b + np.sqrt(1 - explained) * rng.standard_normal(n) + mean
    columns = {}
    for name, eta, own in (("a", a * spread, ALIKE), ("b", b, loadings), ("c", c, ALIKE)):
        for i, loading in enumerate(own, start=1):
            columns[f"{name}{i}"] = loading * eta + np.sqrt(1 - loading**2) * rng.standard_normal(n)
    return pd.DataFrame(columns)


def two_groups(
    seed: int, sizes: tuple[int, int] = (120, 90), **differs: object
) -> tuple[pd.DataFrame, pd.Series]:
    """Draw two groups; keyword arguments say what the second has otherwise."""
    rng = np.random.default_rng(seed)
    first, second = people(rng, sizes[0]), people(rng, sizes[1], **differs)  # type: ignore[arg-type]
    group = pd.Series(["north"] * sizes[0] + ["south"] * sizes[1], name="region")
    return pd.concat([first, second], ignore_index=True), group
