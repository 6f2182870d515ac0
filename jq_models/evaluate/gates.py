"""Which analyses a sample carries: the study file's gates held against the complete answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.spec import Gates

Analysis = Literal["score_path", "second_order", "full"]
InGroups = Literal["group", "alignment"]
ANALYSES = ("score_path", "second_order", "full")
IN_GROUPS = ("group", "alignment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What may be run on a sample.

    Attributes
    ----------
    n : int
        Persons who answered every item of the models.
    gates : Gates
        The study file's.
    sizes : mapping of str to Series
        Grouping -> complete answers in each group that may be shown.
    """

    n: int
    gates: Gates
    sizes: Mapping[str, pd.Series] = field(repr=False)

    def needs(self, analysis: str) -> int:
        """Return the complete answers an analysis needs: in all, or in each group."""
        return int(getattr(self.gates, analysis))

    def allows(self, analysis: Analysis) -> bool:
        """Say whether there are enough complete answers for an analysis of the whole sample."""
        return self.n >= self.needs(analysis)

    def groups_for(self, name: str, *, analysis: InGroups = "group") -> tuple[str, ...]:
        """Return the groups of a grouping with enough complete answers; none when fewer than two have.

        Groups that may not be shown never take part: a result for the others would tell about them.
        """
        sizes = self.sizes.get(name, pd.Series(dtype=float))
        enough = tuple(str(group) for group in sizes.index[sizes >= self.needs(analysis)])
        return enough if len(enough) > 1 else ()

    @property
    def stage(self) -> str:
        """Return the largest analysis allowed, or ``"descriptives"``."""
        return next((name for name in reversed(ANALYSES) if self.n >= self.needs(name)), "descriptives")


def plan(opened: OpenStudy, *, shown: Mapping[str, pd.Series] | None = None) -> Plan:
    """Hold the gates of a study against its data.

    Parameters
    ----------
    opened : OpenStudy
    shown : mapping of str to Series, optional
        Grouping -> sizes, NaN where a group may not be shown (``disclosure.shown_sizes``). Without it
        no group takes part; of simulated answers, which need no protection, groups from the minimum on do.

    Returns
    -------
    Plan
    """
    complete = opened.complete
    sizes = {}
    for name in complete.groups.columns:
        counts = complete.groups[name].value_counts(sort=False)
        counts = counts[counts >= opened.spec.minimum_group]
        if shown is not None or not opened.spec.simulated:
            visible = pd.Index([]) if shown is None else shown[str(name)].dropna().index
            counts = counts[counts.index.isin(visible)]
        sizes[str(name)] = counts
    return Plan(n=complete.n, gates=opened.spec.gates, sizes=sizes)
