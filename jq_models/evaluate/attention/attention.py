"""Which dimensions need most attention: up to three readings with rank intervals, and what is supported."""

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
SUPPORTED = ["dimension", "reading", "rank", "rank_low", "rank_high", "readings"]


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
        computed has no rows, nor has a gap that ranks the dimensions as their scores do (`mirrored`).
    importance : DataFrame
        method, outcome, dimension and the same numbers; rank 1 matters most (`importance`).
    basis : mapping of str to str
        ``gap`` and ``weighted`` -> what the score is held against, of ``readings.BASES``.
    reasons : mapping of str to Gap
        Reading or method -> why it is missing; ``"latent"``: why total effects come from scores.
    supported : DataFrame
        Every dimension that the ranks support as a priority, none or more, in their order (`priorities`).
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
    supported: pd.DataFrame = field(repr=False)
    method: str
    route: str
    n: int
    clusters: int
    grouping: str
    weights: Importance = field(repr=False)

    @property
    def priorities(self) -> pd.DataFrame:
        """Return the first three supported dimensions; fewer, or no rows, where fewer are supported."""
        return self.supported.head(PRIORITIES)

    @property
    def mirrored(self) -> bool:
        """Whether the gap is no reading of its own: it ranks the dimensions as their scores do."""
        return not self.table.empty and "gap" not in set(self.table["reading"])

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

    Only what is supported is a priority (`priorities`). Where all dimensions are equal that happens by chance
    in fewer than 5 % of studies: a rank interval must then leave out true ranks. None of 200 simulated
    studies of 150 had such a priority, nor one of 125 of 577; and of 200 and 100 studies with the demo's
    truth, no priority lay beyond the true first third (tests/reference/importance/RESULTS.md).
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
    return Attention(
        table=table,
        importance=weights.table,
        basis={"gap": basis.gap, "weighted": basis.shortfall},
        reasons={**weights.reasons, **_missing(blocks, weights=weights, too_few=too_few)},
        supported=priorities(table),
        method=weights.weighing,
        route=weights.route,
        n=len(sample.scores),
        clusters=sample.clusters,
        grouping=sample.grouping,
        weights=weights,
    )


def priorities(table: pd.DataFrame) -> pd.DataFrame:
    """Return the dimensions that the rank intervals support as priorities, in their order.

    Parameters
    ----------
    table : DataFrame
        As `Attention.table`.

    Returns
    -------
    DataFrame
        dimension, reading (the one that supports it most), rank, rank_low, rank_high (in that reading),
        readings (all that support it, the first first, with a blank between them).

    Notes
    -----
    A reading supports a dimension whose whole rank interval lies in the first third of the ranks, rounded up:
    what is certain to be among the first half of twelve need not be what needs most attention. A dimension
    whose interval lies wholly in the second half of another reading is no priority. First come those with
    most readings, then by the supporting reading's rank_high, rank_low and rank.
    """
    size = table.groupby("reading")["dimension"].transform("size")
    against = set(table.loc[table["rank_low"] > size - size // 2, "dimension"])
    first = table[(table["rank_high"] <= -(-size // 3)) & ~table["dimension"].isin(against)]
    first = first.sort_values(["rank_high", "rank_low", "rank"], kind="stable")
    readings: dict[str, list[str]] = {}
    for dimension, reading in zip(first["dimension"], first["reading"], strict=True):
        readings.setdefault(str(dimension), []).append(str(reading))
    found = first.drop_duplicates("dimension")
    found = found.assign(readings=[" ".join(readings[str(code)]) for code in found["dimension"]])
    fewest = np.array([-len(readings[str(code)]) for code in found["dimension"]])
    return found.iloc[np.argsort(fewest, kind="stable")][SUPPORTED].reset_index(drop=True)


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
    return {} if "weighted" in blocks else {"weighted": weights.reasons["lmg"]}


def _readings(
    sample: ScoreSample, basis: Yardstick, *, weights: Importance, times: Array
) -> dict[str, pd.DataFrame]:
    """Return the rows of every reading that can be computed."""
    names, means, drawn = sample.dimensions, sample.means, sample.mean_draws(times)
    found = {"lowest": ranked(names, means, draws=drawn, df=sample.df, smallest_first=True)}
    if not basis.mirrors:
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
