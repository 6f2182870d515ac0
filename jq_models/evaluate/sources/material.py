"""What the claims of the sources are judged from: scores of questionnaire and modules, persons by scales."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy, Responses
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.scores import construct_scores

FEWEST = 30  # persons a claim is judged on, and never fewer than may be shown (ours)
CLUSTERS = ("organisation", "team")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A study's answers as the claims need them.

    Attributes
    ----------
    opened : OpenStudy
    scores : DataFrame, persons x scales
        Of the questionnaire, then of its modules; NaN where too little was answered.
    items : DataFrame, persons x items
        Of both, turned.
    before : Material or None
        Of the wave before.
    shown : mapping of str to Series, optional
        Grouping -> sizes, NaN where a group may not be shown (``disclosure.shown_sizes``). Without it every
        group from the minimum on is.
    """

    opened: OpenStudy
    scores: pd.DataFrame = field(repr=False)
    items: pd.DataFrame = field(repr=False)
    before: Material | None = field(default=None, repr=False)
    shown: Mapping[str, pd.Series] | None = field(default=None, repr=False)

    @property
    def groups(self) -> pd.DataFrame:
        """The groupings, aligned with `scores`."""
        return self.opened.responses.groups

    @property
    def midpoint(self) -> float:
        """The middle of the answer scale."""
        low, high = self.opened.instrument.score_range
        return (low + high) / 2.0

    def asked_alike(self, code: str) -> Material | None:
        """Return the wave before, when a module's scale was answered there to questions of the same words."""
        before = self.before
        if before is None or before.absent((code,)) is not None:
            return None
        asked, earlier = self.opened.modules, before.opened.modules
        if asked is None or earlier is None:
            return None
        alike = asked.instrument.wording_hash(code) == earlier.instrument.wording_hash(code)
        return before if alike else None

    def absent(self, codes: Iterable[str]) -> Gap | None:
        """Return the gap of scales that were not asked."""
        lacking = tuple(code for code in codes if code not in self.scores)
        return Gap(code="not_asked", where=lacking) if lacking else None

    def few(self, who: pd.Series) -> Gap | None:
        """Return the gap of too few persons (`who` is a mask)."""
        least = max(FEWEST, self.opened.spec.minimum_group)
        n = int(who.sum())
        return Gap(code="too_few", needs=least, n=n) if n < least else None

    def sides(self, holds: pd.Series) -> Gap | None:
        """Return the gap of a share that would tell of too few persons on one of its sides.

        Parameters
        ----------
        holds : Series
            1 and 0, NaN for who is not counted.
        """
        least = self.opened.spec.minimum_group
        told = min(int((holds == 1.0).sum()), int((holds == 0.0).sum())) >= least
        return None if told else Gap(code="hidden")

    def hidden(self, name: str, who: pd.Series) -> Gap | None:
        """Return the gap of a group that may not be shown, or whose others are too few to be subtracted."""
        least = self.opened.spec.minimum_group
        others = int((~who & self.groups[name].notna()).sum())
        label = str(self.groups.loc[who, name].iloc[0]) if who.any() else ""
        if self.shown is not None:
            sizes = self.shown[name]
            allowed = label in sizes.index and bool(pd.notna(sizes[label]))
        else:
            allowed = int(who.sum()) >= least
        return None if allowed and (others == 0 or others >= least) else Gap(code="hidden", where=(name,))

    def members(self, name: str, group: str) -> pd.Series | None:
        """Return who belongs to a group, by the code of the data file; None where it is not known."""
        found = next((g for g in self.opened.spec.groups if g.name == name), None)
        if found is None:
            return None
        label = found.labels[group][self.opened.language] if group in found.labels else group
        mask: pd.Series = self.groups[name].astype(str) == label
        return mask

    def item_names(self, codes: Iterable[str]) -> dict[str, list[str]]:
        """Return the items with answers, scale by scale."""
        constructs = {c.code: c for part in self._parts() for c in part.instrument.constructs}
        return {code: [i.code for i in constructs[code].items if i.code in self.items] for code in codes}

    def _parts(self) -> tuple[Responses, ...]:
        own, modules = self.opened.responses, self.opened.modules
        return (own,) if modules is None else (own, modules)


def material(
    opened: OpenStudy, *, before: OpenStudy | None = None, shown: Mapping[str, pd.Series] | None = None
) -> Material:
    """Return what the claims of the sources are judged from.

    Parameters
    ----------
    opened : OpenStudy
    before : OpenStudy, optional
        The wave before (`survey.trend.wave_before`).
    shown : mapping of str to Series, optional
        As `Material.shown`.
    """
    parts = [opened.responses] if opened.modules is None else [opened.responses, opened.modules]
    scores = pd.concat([construct_scores(part) for part in parts], axis=1)
    items = pd.concat([part.items for part in parts], axis=1)
    return Material(
        opened=opened,
        scores=scores.astype(np.float64),
        items=items,
        before=None if before is None else material(before),
        shown=shown,
    )
