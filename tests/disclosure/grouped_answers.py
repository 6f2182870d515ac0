"""Small studies in which only the groups matter, and what is shown of them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from jq_models.data import Responses
from jq_models.spec import load_instrument

INSTRUMENT = load_instrument("ccc_job_quality")


def answered_by(
    *, items: pd.DataFrame | None = None, **groups: pd.Series | list | pd.Categorical
) -> Responses:
    """Responses of persons in groups; without `items` all answer alternately 2 and 4."""
    frame = pd.DataFrame(groups)
    answers = pd.DataFrame({"OPP1": np.where(np.arange(len(frame)) % 2, 2.0, 4.0)})
    return Responses(
        items=answers if items is None else items,
        groups=frame,
        instrument=INSTRUMENT,
        log=(),
        n_read=len(frame),
    )


def column(**sizes: int) -> pd.Categorical:
    """A grouping with groups of these sizes, its categories in this order."""
    return pd.Categorical(np.repeat(list(sizes), list(sizes.values())), categories=list(sizes))


def nested(**organisations: dict[str, int]) -> Responses:
    """Responses of persons in teams within organisations."""
    rows = [(o, t) for o, teams in organisations.items() for t, n in teams.items() for _ in range(n)]
    frame = pd.DataFrame(rows, columns=["organisation", "team"])
    return answered_by(organisation=frame["organisation"], team=frame["team"])


def plain(sizes: pd.Series) -> dict[str, int | None]:
    """Sizes as a dict, None where hidden."""
    return {group: None if math.isnan(n) else int(n) for group, n in sizes.items()}


def some_items(n: int, *, seed: int = 1) -> pd.DataFrame:
    """Answers to the items of two constructs, every row another one."""
    rng = np.random.default_rng(seed)
    codes = [f"{code}{k}" for code in ("OPP", "AMB", "CON", "ENJ") for k in (1, 2, 3, 4)]
    return pd.DataFrame(rng.integers(1, 6, size=(n, len(codes))).astype(float), columns=codes)
