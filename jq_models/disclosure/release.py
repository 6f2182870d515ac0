"""The one gate: which groups a report may show, for which answers, beside all it and earlier ones show.

What is protected: numbers that are sums over persons (n, mean, sd, share of answers: each an n, a sum or a
sum of squares) of every construct, item and covariate, against whoever adds and subtracts everything shown
of this client, in this report and those issued before. No combination tells about fewer than `minimum`
persons, nor about persons who all answered alike, nor what one team alone thinks of the person who leads it.

What is not: bounds (a mean near the end of its scale allows few sets of answers; so do shares and means of
one small group together), rounding, the number without an answer (the size of a group minus its n on a
construct), knowledge about persons from elsewhere, results that are no sums (estimates of models by group),
statistics of listwise complete answers beside those of all.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.data import Responses
from jq_models.disclosure.cells import (
    WHOLE,
    Cell,
    Names,
    all_sizes,
    answers,
    answers_on_leaders,
    cell_of,
    cells_in_order,
    items_key,
    members,
    sets_of_codes,
)
from jq_models.disclosure.earlier import earlier
from jq_models.disclosure.ledger import Ledger
from jq_models.disclosure.masks import hide_rows, labels_of
from jq_models.disclosure.minimum import MINIMUM, check_minimum
from jq_models.disclosure.systems import Systems
from jq_models.errors import DisclosureError, suggest

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a report may show.

    Attributes
    ----------
    minimum : int
        Fewest persons that anything tells about.
    n : int
        Persons in the file.
    issued : Ledger or None
        What was shown before.
    known, gone : int
        Persons of the file who were in earlier reports; persons of those who are not in the file.
    """

    minimum: int
    n: int
    issued: Ledger | None = field(repr=False)
    known: int
    gone: int
    _sizes: dict[Names, pd.Series] = field(repr=False)
    _places: dict[Cell, int] = field(repr=False)
    _systems: Systems = field(repr=False)
    _inside: Mask = field(repr=False)
    _keys: dict[str, tuple[str, ...]] = field(repr=False)

    @property
    def whole(self) -> bool:
        """Whether the numbers of the whole sample may be shown, beside those of earlier reports."""
        return self.shows((), ())

    @property
    def hidden(self) -> dict[Names, int]:
        """How many groups of every grouping and crossing are hidden."""
        return {names: int(self.sizes(names).isna().sum()) for names in self._sizes}

    def require_whole(self) -> None:
        """Raise when not even the whole sample may be shown beside earlier reports.

        Raises
        ------
        DisclosureError
        """
        if self._unrecognised():
            raise DisclosureError(
                "Most persons of reports already issued are not recognised in this file of about as many: "
                "it was probably coded or matched to questions otherwise. Restore that. If these are "
                "other people, such as those of a new wave, give them a study file with another name."
            )
        if not self.whole:
            raise DisclosureError(
                "The results of everybody may not be shown: something about fewer than "
                f"{self.minimum} persons would follow. Fewer than that are in the file, or are new since the "
                "reports already issued, or left or changed their answers; or reports showed so many groups "
                "of so few persons before that it cannot be ruled out. Wait until at least "
                f"{self.minimum} persons make the difference, or report on the file of before."
            )

    def _unrecognised(self) -> bool:
        largest = max((len(cell.persons) for cell in (self.issued or Ledger(key="")).cells), default=0)
        return 2 * self.known < min(self.n, largest) and abs(self.n - largest) < self.minimum

    def sizes(self, grouping: str | Names) -> pd.Series:
        """Return the persons of every group, NaN where the group is hidden.

        Parameters
        ----------
        grouping : str or tuple of str
            A grouping, or the groupings of a crossing.

        Returns
        -------
        Series of float
            Index: the groups in the order of their categories.

        Raises
        ------
        DisclosureError
            On a grouping or crossing that was not released.
        """
        sizes = self._sizes[names := self._names(grouping)]
        shown = [self._cell_shows(cell_of(names, group), ()) for group in sizes.index]
        return pd.Series(np.where(shown, sizes, np.nan), index=sizes.index, name=sizes.name)

    def shows(self, grouping: str | Names, group: Hashable, *, of: str | None = None) -> bool:
        """Say whether a group may be shown.

        Parameters
        ----------
        grouping : str or tuple of str
            A grouping, the groupings of a crossing, or ``()`` for the whole sample.
        group : hashable
            Its label, or a tuple of labels.
        of : str, optional
            Code of a construct, item or covariate; another one (job quality, a total) shows where every
            construct does. Without it: its size.
        """
        return self._cell_shows(cell_of(self._names(grouping), group), self._sets(of))

    def mask(
        self,
        frame: pd.DataFrame,
        *,
        group: str | Names,
        construct: str | None = "construct",
        at: str | Sequence[str] | None = None,
        of: str | None = None,
    ) -> pd.DataFrame:
        """Hide the rows of a table of groups that may not be shown.

        Order and ranks tell about hidden rows too: make them after masking.

        Parameters
        ----------
        frame : DataFrame
            A row a group, or a group and construct.
        group : str or tuple of str
            The grouping, or the groupings of a crossing.
        construct : str or None
            Index level or column with codes of constructs, items or covariates. None: the rows rest on no
            answers (sizes), or all on those that `of` names.
        at : str or sequence of str, optional
            Index level(s) or column(s) with the groups; by default named as the grouping.
        of : str, optional
            Code of the construct, item or covariate all rows are about.

        Returns
        -------
        DataFrame
            The same rows and columns; NaN in every number of hidden rows and those of unknown groups.

        Raises
        ------
        DisclosureError
            When the frame lacks a level or column named here.
        """
        names = self._names(group)
        places = names if at is None else ((at,) if isinstance(at, str) else tuple(at))
        labels = list(zip(*(labels_of(frame, place) for place in places), strict=True))
        named = construct is not None and of is None
        codes = [str(code) for code in labels_of(frame, str(construct))] if named else [of] * len(frame)
        shown = [self.shows(names, group, of=code) for group, code in zip(labels, codes, strict=True)]
        return hide_rows(
            frame, ~np.array(shown, dtype=np.bool_), keep=(*places, *([construct] if construct else []))
        )

    def shown(self) -> dict[Cell, frozenset[str]]:
        """Return every shown cell with the sets of answers it is not shown for."""
        every = [key for keys in self._keys.values() for key in keys]
        return {
            cell: frozenset(key for key in every if not self._cell_shows(cell, (key,)))
            for cell in self._places
            if self._cell_shows(cell, ())
        }

    def told(self) -> Iterator[tuple[Mask, frozenset[str]]]:
        """Yield of every shown cell who is in it, and the sets of answers it is not shown for."""
        for cell, hidden in self.shown().items():
            yield self._inside[:, self._places[cell]], hidden

    def _names(self, grouping: str | Names) -> Names:
        names = (grouping,) if isinstance(grouping, str) else tuple(grouping)
        if names != WHOLE and names not in self._sizes:
            known = [" x ".join(known) for known in self._sizes]
            raise DisclosureError(
                f"Nothing was released of '{' x '.join(names)}'. {suggest(' x '.join(names), known)}"
            )
        return names

    def _sets(self, code: str | None) -> tuple[str, ...]:
        """Return the sets of answers that a code rests on."""
        return () if code is None else self._keys.get(str(code), self._keys[""])

    def _cell_shows(self, cell: Cell, sets: Sequence[str]) -> bool:
        k = self._places.get(cell)
        return k is not None and bool(self._systems.shown[k]) and all(self._shown_for(s)[k] for s in sets)

    def _showing(self, cells: Sequence[Cell], key: str) -> Mask:
        return np.array([self._cell_shows(cell, (key,) if key else ()) for cell in cells], dtype=bool)

    def _shown_for(self, key: str) -> Mask:
        construct = key.removesuffix(items_key(""))
        within = self._systems.shown_for(construct) if construct != key else None
        return self._systems.shown_for(key, within=within)


def release(
    responses: Responses,
    *,
    minimum: int = MINIMUM,
    crossings: Sequence[Names] = (),
    issued: Ledger | None = None,
    others: Sequence[Ledger] = (),
    within: Release | None = None,
) -> Release:
    """Decide what a report may show of groups.

    Cells are taken in the order of `cells_in_order`; one that would let something follow about fewer than
    `minimum` persons is hidden. Every cell shown anywhere has to be in one release: what two releases show
    beside each other is not held together, unless the first was recorded in the ledger.

    Parameters
    ----------
    responses : Responses
    minimum : int
        At least 5.
    crossings : sequence of tuple of str
        Crossings of groupings that the report shows, such as ``("organisation", "contract")``.
    issued : Ledger, optional
        The reports already issued of this study.
    others : sequence of Ledger
        Those of other studies with persons of it (`kin`).
    within : Release, optional
        Of the same with a smaller minimum, which is the one recorded: only what it shows is at choice.

    Raises
    ------
    DisclosureError
        When `minimum` is below the floor or a crossing cannot be.
    """
    check_minimum(minimum)
    sizes = all_sizes(responses.groups, crossings)
    cells = cells_in_order(sizes, n=responses.n, minimum=minimum)
    if within is not None:
        cells = [cell for cell in cells if within._cell_shows(cell, ())]
    inside = members(responses.groups, cells)
    ledger = issued or Ledger(key="00")
    before = earlier([ledger, *others], responses)
    gone = len(before.given) - responses.n
    systems = Systems(
        np.vstack([inside, np.zeros((gone, len(cells)), dtype=bool)]),
        given=before.given,
        values=before.values,
        withheld=before.withheld,
        minimum=minimum,
        within=None if within is None else partial(within._showing, cells),
        teams=answers_on_leaders(responses, gone=gone),
    )
    return Release(
        minimum=minimum,
        n=responses.n,
        issued=issued,
        known=before.known,
        gone=len(ledger.persons) - before.known,
        _sizes=sizes,
        _places={cell: k for k, cell in enumerate(cells)},
        _systems=systems,
        _inside=inside,
        _keys=sets_of_codes(responses, answers(responses)),
    )
