"""The people of simulated data: organisations and teams of unequal size, and what else is known of each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

SMALLEST, LARGEST = 30, 110
TEAM_SIZE, TEAM_SPREAD = 11.5, (10.5, 12.5)
CONTRACTS = {"permanent": 0.65, "flex": 0.35}
LANGUAGE_SHARES = {"nl": 0.80, "en": 0.20}


def drawn_people(
    rng: np.random.Generator,
    *,
    n: int,
    organisations: int,
    split: np.random.Generator,
    days: Mapping[int, float],
) -> pd.DataFrame:
    """Draw people: one row a person; organisation, team, contract, home_days, language.

    Parameters
    ----------
    rng : Generator
    n, organisations : int
    split : Generator
        Of the organisations' sizes: that of another wave where the same take part again.
    days : mapping
        Share of people by days a week at home.
    """
    people = _sizes(split, total=n, parts=organisations, spread=(SMALLEST, LARGEST))
    width = max(2, len(str(organisations)))
    organisation, team = [], []
    for number, size in enumerate(people, start=1):
        code = f"O{number:0{width}d}"
        parts = max(1, round(size / TEAM_SIZE))
        for index, members in enumerate(_sizes(rng, total=size, parts=parts, spread=TEAM_SPREAD), start=1):
            organisation += [code] * members
            team += [f"{code}-T{index:02d}"] * members
    return pd.DataFrame(
        {
            "organisation": organisation,
            "team": team,
            "contract": rng.choice(list(CONTRACTS), size=n, p=list(CONTRACTS.values())),
            "home_days": rng.choice(list(days), size=n, p=list(days.values())),
            "language": rng.choice(list(LANGUAGE_SHARES), size=n, p=list(LANGUAGE_SHARES.values())),
        }
    )


def _sizes(rng: np.random.Generator, *, total: int, parts: int, spread: tuple[float, float]) -> list[int]:
    """Split `total` in proportion to uniform draws, the largest remainders rounded up."""
    weights = rng.uniform(*spread, size=parts)
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(int)
    whole[np.argsort(whole - exact, kind="stable")[: total - whole.sum()]] += 1
    return [int(size) for size in whole]
