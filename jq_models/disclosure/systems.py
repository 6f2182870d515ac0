"""Which cells may be shown together: of persons, and of every construct, construct's items and covariate.

The n, sum and sum of squares of a construct rest on the persons who have a score on it, so every construct
has a system of its own: the same cells, an atom counting the persons with a score. A cell that may be shown
for its size may thus still be hidden for one construct. Nothing leaks from one system into another, for the
unknowns of one are not those of another. The exception is a construct and its items: where nothing is
missing, the items' sums add up to the construct's. So its items have one set of cells, safe for each of
them and a part of the construct's. What items and construct together tell of one item alone is u on that item
and v on every item, with u in the items' span, v in the construct's; and since v is to vanish from the other
items, it is in the items' span too, and so is u + v.

Where all persons of a vector answered alike, its mean tells what each of them answered, however many they
are. Vectors that lie on atoms with one value only are a subspace for every value: it must hold 0 only. So
must the vectors on one team's atoms, for answers that tell of the one person who leads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from jq_models.disclosure.bases import Bases

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

GONE = -2  # the team of who left the file is not known: it may be any


class Systems:
    """The cells of one report beside those of earlier ones.

    Parameters
    ----------
    inside : array of bool, persons x cells
        Who is in which cell, the most important first.
    given : array of bool, persons x cells
        Who was in which cell issued before; persons who left the file have rows too.
    values : mapping of str to array of int, persons x columns
        Set of answers -> a number for every different value, -1 where missing.
    withheld : sequence of sets of str
        For every issued cell the sets of answers it was not shown for.
    minimum : int
    within : callable, optional
        Set of answers (``""``: sizes) -> the cells at choice, of a release with a smaller minimum. The cells
        issued before were shown by that one; those this minimum would have hidden then count as hidden.
    teams : mapping of str to sequence of arrays of int
        Set of answers that tells of the leader of a team -> a number for everybody's team, -1 for none,
        `GONE`, by every grouping into teams. Nothing that is shown may tell about one team alone.
    """

    def __init__(
        self,
        inside: Mask,
        *,
        given: Mask,
        values: Mapping[str, Ints],
        withheld: Sequence[frozenset[str]],
        minimum: int,
        within: Callable[[str], Mask] | None = None,
        teams: Mapping[str, Sequence[Ints]] | None = None,
    ) -> None:
        patterns = np.packbits(np.hstack([inside, given]), axis=1)
        _, first, self._atom = np.unique(patterns, axis=0, return_index=True, return_inverse=True)
        self._cells, self._given = inside[first].T, given[first].T
        self._values, self._withheld, self._minimum = values, withheld, minimum
        self._within, self._teams = within, teams or {}
        self._weights = np.bincount(self._atom, minlength=len(first)).astype(np.int64)
        before = self._issued(range(len(given.T)), weights=self._weights)
        self._bases, self.shown = self._chosen(before, start=self._at_choice(""))
        self._kept: dict[str, Mask] = {}

    def shown_for(self, key: str, *, within: Mask | None = None) -> Mask:
        """Return for which cells a set of answers may be shown.

        Parameters
        ----------
        key : str
            A key of `values`.
        within : array of bool, cells
            The cells at choice; by default those shown for their size.
        """
        if key not in self._kept:
            self._kept[key] = self._settled(key, start=self.shown if within is None else within)
        return self._kept[key]

    def _settled(self, key: str, *, start: Mask) -> Mask:
        """Narrow the cells column by column: fewer cells are as safe for the columns before."""
        rows = [k for k, sets in enumerate(self._withheld) if key not in sets]
        start = start & self._at_choice(key)
        for column in self._values[key].T:
            start = self._safe_for(column, start=start, rows=rows, teams=self._teams.get(key, ()))
        return start

    def _at_choice(self, key: str) -> Mask:
        return np.ones(len(self._cells), dtype=bool) if self._within is None else self._within(key)

    def _safe_for(self, values: Ints, *, start: Mask, rows: Sequence[int], teams: Sequence[Ints]) -> Mask:
        weights = np.bincount(self._atom[values >= 0], minlength=len(self._weights)).astype(np.int64)
        answered = self._cells @ weights
        start = start & ((answered >= self._minimum) | (answered == 0))  # even where it was told before
        suspects = [alike for alike in self._alike(values, weights) if _excess(self._bases, *alike)]
        if suspects and rows:
            before = self._issued(rows, weights=weights)
            suspects = [alike for alike in suspects if _excess(self._bases, *alike) > _excess(before, *alike)]
        if teams:
            return self._of_no_team(
                values, weights=weights, start=start, rows=rows, teams=teams, suspects=suspects
            )
        if not suspects and self._bases.reweighed(weights):
            return start
        return self._chosen(self._issued(rows, weights=weights), start=start, suspects=suspects)[1]

    def _of_no_team(
        self,
        values: Ints,
        *,
        weights: Ints,
        start: Mask,
        rows: Sequence[int],
        teams: Sequence[Ints],
        suspects: Sequence[tuple[Mask, Mask]],
    ) -> Mask:
        """Leave out the cells of one team, then those that tell about one team together with others.

        Not for a team that everybody who answered is in: its score is that of the whole sample.
        """
        single: list[tuple[Mask, Mask]] = []
        for one in teams:
            # 0 for who is in no team
            lowest, highest = self._ends(one + 1, (values >= 0) & (one != GONE))
            if lowest.min() == highest.max():
                continue
            low = np.where(self._cells, lowest, lowest.max()).min(axis=1)
            high = np.where(self._cells, highest, -1).max(axis=1)
            start = start & ~((low == high) & (low > 0))
            wild = highest < 0
            pure = np.unique(lowest[(lowest == highest) & (lowest > 0)])
            single += [(((lowest == team) & (highest == team)) | wild, wild) for team in pure]
        before = self._issued(rows, weights=weights)
        told = [_excess(before, *alone) for alone in single]
        bases, shown = self._chosen(before, start=start, suspects=suspects)
        more = [alone for alone, old in zip(single, told, strict=True) if _excess(bases, *alone) > old]
        if not more:
            return shown
        return self._chosen(self._issued(rows, weights=weights), start=start, suspects=[*suspects, *more])[1]

    def _alike(self, values: Ints, weights: Ints) -> Iterator[tuple[Mask, Mask]]:
        """Yield for every value the atoms where nobody has another one, and those of nobody with any."""
        lowest, highest = self._ends(values, values >= 0)
        for value in np.unique(lowest[lowest == highest]):
            same = (lowest == value) & (highest == value)
            if weights[same].sum() >= self._minimum:  # fewer persons are protected anyway
                yield same | (weights == 0), weights == 0

    def _ends(self, numbers: Ints, given: Mask) -> tuple[Ints, Ints]:
        """Return the lowest and the highest number of every atom; a large one and -1 where there is none."""
        lowest = np.full(len(self._weights), np.iinfo(np.int64).max)
        highest = np.full(len(self._weights), -1)
        np.minimum.at(lowest, self._atom[given], numbers[given])
        np.maximum.at(highest, self._atom[given], numbers[given])
        return lowest, highest

    def _issued(self, rows: Iterable[int], *, weights: Ints) -> Bases:
        """Return what earlier reports gave; the atoms of whatever is unsafe in them are lost.

        With a larger minimum than theirs nothing is lost: they hid what is unsafe by it (`within`).
        """
        lost = np.zeros(len(weights), dtype=bool)
        if self._within is not None:
            bases = Bases(weights, minimum=self._minimum, lost=lost)
            for k in rows:
                bases.add(self._given[k] & bases.present)
            return bases
        while True:
            bases = Bases(weights, minimum=self._minimum, lost=lost)
            told = (bases.add(self._given[k] & bases.present, given=True) for k in rows)
            unsafe = next((atoms for atoms in told if atoms is not None), None)
            if unsafe is None:
                return bases
            lost = lost | unsafe

    def _chosen(
        self, bases: Bases, *, start: Mask, suspects: Sequence[tuple[Mask, Mask]] = ()
    ) -> tuple[Bases, Mask]:
        """Take the cells that leave the span safe, one after the other."""
        shown = np.zeros(len(self._cells), dtype=bool)
        for k in np.flatnonzero(start):
            cell = self._cells[k] & bases.present
            if any(
                bases.reaches(inside, cell) and not bases.reaches(wild, cell) for inside, wild in suspects
            ):
                continue
            shown[k] = bases.add(cell) is None
        return bases, shown


def _excess(bases: Bases, inside: Mask, wild: Mask) -> int:
    """Return how many dimensions of a span lie on atoms of one value, beside those about nobody."""
    found = bases.dimension_on(inside)
    return found - bases.dimension_on(wild) if found else 0
