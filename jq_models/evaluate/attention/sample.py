"""The scores that attention is computed from, and how they are drawn again."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from jq_models.data import OpenStudy
from jq_models.evaluate.nesting.clusters import cluster_codes, team_grouping
from jq_models.evaluate.scores import construct_scores
from jq_models.numeric.drawn import GroupMoments
from jq_models.numeric.moments import Array, Whole
from jq_models.numeric.resampling import Resampling

TARGETS = ("SAT", "COM")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSample:
    """Scores of the persons, and what is drawn.

    Attributes
    ----------
    dimensions, outcomes : tuple of str
        In the questionnaire's order; outcomes are those of SAT and COM that were asked.
    scores : ndarray, shape (N, dimensions + outcomes)
        NaN where a person answered too few items.
    unit : ndarray of int, shape (N,)
        The cluster of each person; a person whose group is unknown is one.
    clusters : int
        Number of clusters; 0 where persons are drawn.
    grouping : str
        Name of the grouping drawn, or ``""``.
    """

    dimensions: tuple[str, ...]
    outcomes: tuple[str, ...]
    scores: Array = field(repr=False)
    unit: Whole = field(repr=False)
    clusters: int
    grouping: str

    @property
    def df(self) -> float:
        """Degrees of freedom of a standard error: units drawn, less one."""
        return float(self.unit.max())

    @property
    def means(self) -> Array:
        """Mean score of each dimension over those who have one, shape (k,)."""
        result: Array = np.nanmean(self.scores[:, : len(self.dimensions)], axis=0)
        return result

    @property
    def complete(self) -> Array:
        """The scores of the persons who have all."""
        return self.scores[np.isfinite(self.scores).all(axis=1)]

    def drawn(self, draws: int, *, seed: int) -> Array:
        """Return how often each person is drawn in each sample, floats, shape (draws, N)."""
        units = np.arange(int(self.unit.max()) + 1)
        once = Resampling(unit=self.unit, strata=(units,), ends=np.array([len(self.unit)]))
        return once.times(seed, range(draws))

    def widened(self, estimates: Array, draws: Array) -> Array:
        """Return draws moved from their estimates by sqrt(G / (G - 1)): so much G clusters fall short."""
        wider: Array = estimates + (draws - estimates) * np.sqrt((self.df + 1.0) / self.df)
        return wider

    def mean_draws(self, times: Array) -> Array:
        """Return the mean of each dimension in each sample, widened, shape (draws, k)."""
        scores = self.scores[:, : len(self.dimensions)]
        known = np.isfinite(scores)
        with np.errstate(invalid="ignore"):  # nobody drawn: NaN, left out later
            drawn = (times @ np.where(known, scores, 0.0)) / (times @ known.astype(float))
        return self.widened(self.means, drawn)

    def covariances(self, times: Array | None = None) -> Array:
        """Return the covariances of all scores over the persons who have all, in each sample."""
        known = np.isfinite(self.scores).all(axis=1)
        counts = np.ones((1, int(known.sum()))) if times is None else times[:, known]
        return GroupMoments(self.complete).moments(counts, None).covariance


def cluster_grouping(opened: OpenStudy) -> str | None:
    """Return the grouping whose members resemble each other, such as teams (`nesting.team_grouping`)."""
    return team_grouping(opened.responses)


def score_sample(opened: OpenStudy) -> ScoreSample:
    """Return the scores of a study's dimensions and outcomes, and the teams that are drawn."""
    scores = construct_scores(opened.responses)
    outcomes = tuple(code for code in TARGETS if code in opened.outcomes)
    grouping = cluster_grouping(opened)
    known = [*opened.dimensions, *outcomes]
    n = len(scores)
    unit = np.arange(n) if grouping is None else cluster_codes(opened.responses.groups[grouping])
    return ScoreSample(
        dimensions=opened.dimensions,
        outcomes=outcomes,
        scores=scores[known].to_numpy(dtype=float),
        unit=unit,
        clusters=0 if grouping is None else int(unit.max()) + 1,
        grouping=grouping or "",
    )
