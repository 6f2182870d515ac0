"""Which dimensions need most attention: three readings with rank intervals, and what of it is supported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate.attention.importance import OVERALL, Importance, importance
from jq_models.evaluate.attention.ranked import NUMBERS, ranked
from jq_models.evaluate.attention.readings import READINGS, Yardstick, yardstick
from jq_models.evaluate.attention.sample import ScoreSample, score_sample
from jq_models.evaluate.gates import plan
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.numeric.moments import Array
from jq_models.numeric.threads import one_thread

DRAWS = 1000
FEWEST = 10  # persons, and never fewer than may be shown
PRIORITIES = 3
COLUMNS = ["reading", "dimension", *NUMBERS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """The dimensions by how much attention they need.

    Attributes
    ----------
    table : DataFrame
        reading, dimension, estimate, ci_low, ci_high, rank, rank_low, rank_high: by reading (`READINGS`) and
        dimension, in the questionnaire's order. Rank 1 needs most attention. ``lowest``: the mean score,
        the lowest first; ``gap``: what the mean lacks to the norm, target or mean of all dimensions, the
        largest first; ``weighted``: importance times shortfall, the largest first. A reading that cannot be
        computed has no rows.
    importance : DataFrame
        method, outcome, dimension and the same numbers; rank 1 matters most (`importance`).
    basis : mapping of str to str
        ``gap`` and ``weighted`` -> what the score is held against, of ``readings.BASES``.
    reasons : mapping of str to Gap
        Reading or method -> why it is missing; ``"latent"``: why total effects come from scores.
    priorities : DataFrame
        Three of them: dimension, rank, rank_low, rank_high, readings, supported (`priorities`).
    leading : str
        The reading that orders the priorities: ``weighted`` where there is one.
    method : str
        The importance that weighs the shortfall, or ``""``.
    route : str
        Total effects from the model (``"latent"``), from scores (``"scores"``), or ``""``.
    n, clusters : int
        Persons; teams drawn in the bootstrap, 0 where persons are.
    grouping : str
        The grouping drawn, or ``""``.
    """

    table: pd.DataFrame = field(repr=False)
    importance: pd.DataFrame = field(repr=False)
    basis: Mapping[str, str]
    reasons: Mapping[str, Gap]
    priorities: pd.DataFrame = field(repr=False)
    leading: str
    method: str
    route: str
    n: int
    clusters: int
    grouping: str
    weights: Importance = field(repr=False)

    @property
    def weighing(self) -> pd.DataFrame:
        """Return the importance that weighs the shortfall, by dimension; no rows where there is none."""
        rows = self.importance
        return rows[(rows["method"] == self.method) & (rows["outcome"] == OVERALL)].set_index("dimension")

    def of(self, reading: str) -> pd.DataFrame:
        """Return the rows of one reading, by dimension; none when it could not be computed."""
        rows = self.table[self.table["reading"] == reading]
        return rows.set_index("dimension")


def attention(
    opened: OpenStudy, *, norm: Mapping[str, float] | None = None, draws: int = DRAWS, seed: int
) -> Attention:
    """Rank the dimensions by how much attention they need.

    Parameters
    ----------
    opened : OpenStudy
    norm : mapping of str to float, optional
        Construct -> mean score of others; default: the norm the study names. It is taken as known exactly.
    draws : int
        Samples of the bootstrap. Whole teams are drawn where people are nested in teams, else persons; the
        organisations are those of the study, not a draw from others.
    seed : int

    Returns
    -------
    Attention

    Notes
    -----
    Intervals are t intervals with the spread of the bootstrap and as many degrees of freedom as units drawn
    less one. The rank intervals of one reading hold together for all its dimensions (`numeric.ranks`); over
    several readings they do not.

    Priorities are chosen by what is certain, then by the leading reading: importance can hardly be ranked
    with the answers of one study, low scores can. A priority is supported when in one reading at least its
    rank interval lies wholly in the first half of the ranks, and in none wholly in the second half. Where all
    dimensions are equal that happens by chance in fewer than 5 % of studies, in fact hardly ever
    (tests/reference/importance/RESULTS.md).
    """
    sample = score_sample(opened)
    basis = yardstick(opened, norm=norm)
    least = max(FEWEST, opened.spec.minimum_group)
    with one_thread():
        times = sample.drawn(draws, seed=seed)
        weights = importance(opened, plan(opened), sample=sample, times=times, seed=seed)
        too_few = _too_few(sample, least)
        blocks = {} if too_few else _readings(sample, basis, weights=weights, times=times)
    table = pd.concat([b.assign(reading=name) for name, b in blocks.items()]) if blocks else pd.DataFrame()
    table = table.reindex(columns=COLUMNS).reset_index(drop=True)
    leading = next((name for name in _leading(basis) if name in blocks), "")
    return Attention(
        table=table,
        importance=weights.table,
        basis={"gap": basis.gap, "weighted": basis.shortfall},
        reasons={**weights.reasons, **_missing(blocks, weights=weights, too_few=too_few)},
        priorities=priorities(table, leading=leading),
        leading=leading,
        method=weights.weighing,
        route=weights.route,
        n=len(sample.scores),
        clusters=sample.clusters,
        grouping=sample.grouping,
        weights=weights,
    )


def priorities(table: pd.DataFrame, *, leading: str) -> pd.DataFrame:
    """Return the three dimensions that come first, and whether the rank intervals support them.

    Parameters
    ----------
    table : DataFrame
        As `Attention.table`.
    leading : str
        The reading that orders dimensions of equal evidence.

    Returns
    -------
    DataFrame
        dimension, rank, rank_low, rank_high (of `leading`), readings (those whose rank interval lies wholly
        in the first half, with a blank between them), supported. First those with most such readings,
        provided that no interval lies wholly in the second half; then by the rank in `leading`.
    """
    own = table[table["reading"] == leading]
    size = table.groupby("reading")["dimension"].transform("size").to_numpy() if len(table) else 0
    first, second = table["rank_high"] <= size // 2, table["rank_low"] > size - size // 2
    rows = []
    for _, row in own.iterrows():
        mine = table["dimension"] == row["dimension"]
        readings = [] if (mine & second).any() else list(table.loc[mine & first, "reading"])
        rows.append(
            {
                **{key: row[key] for key in ("dimension", "rank", "rank_low", "rank_high")},
                "readings": " ".join(readings),
                "supported": bool(readings),
                "evidence": -len(readings),
            }
        )
    columns = ["dimension", "rank", "rank_low", "rank_high", "readings", "supported", "evidence"]
    found = pd.DataFrame(rows, columns=columns).sort_values(["evidence", "rank"], kind="stable")
    return found.head(PRIORITIES).drop(columns="evidence").reset_index(drop=True)


def _leading(basis: Yardstick) -> tuple[str, ...]:
    """Return the readings in the order in which they may lead."""
    return ("weighted", "gap", "lowest") if basis.gap == "norm" else ("weighted", "lowest")


def _too_few(sample: ScoreSample, least: int) -> Gap | None:
    """Return why there are no readings at all."""
    if len(sample.dimensions) < 2:
        return Gap(code="not_asked", where=sample.dimensions)
    n = int(np.isfinite(sample.scores[:, : len(sample.dimensions)]).sum(axis=0).min())
    return Gap(code="too_few", needs=least, n=n) if n < least else None


def _missing(
    blocks: Mapping[str, pd.DataFrame], *, weights: Importance, too_few: Gap | None
) -> dict[str, Gap]:
    """Return why a reading is missing: only the weighted one can be on its own."""
    if too_few is not None:
        return dict.fromkeys(READINGS, too_few)
    return {name: weights.reasons["lmg"] for name in READINGS if name not in blocks}


def _readings(
    sample: ScoreSample, basis: Yardstick, *, weights: Importance, times: Array
) -> dict[str, pd.DataFrame]:
    """Return the rows of every reading that can be computed."""
    names, means, drawn = sample.dimensions, sample.means, sample.mean_draws(times)
    found = {"lowest": ranked(names, means, draws=drawn, df=sample.df, smallest_first=True)}
    if basis.gap == "dimensions":
        gaps = [values.mean(axis=-1, keepdims=True) - values for values in (means, drawn)]
        found["gap"] = ranked(names, gaps[0], draws=gaps[1], df=sample.df)
    else:
        at = np.flatnonzero(np.isfinite(basis.gap_to))
        to = basis.gap_to[at]
        found["gap"] = ranked([names[i] for i in at], to - means[at], draws=to - drawn[:, at], df=sample.df)
    if weights.weighing:
        found["weighted"] = ranked(
            names,
            weights.estimates * basis.shortfalls(means),
            draws=weights.draws * basis.shortfalls(drawn),
            df=sample.df,
            floor=0.0,
        )
    return found
