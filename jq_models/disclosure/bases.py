"""What follows from shown cells by adding and subtracting, and whether it tells about too few persons.

A cell is a row of zeros and ones over atoms (persons whom no cell tells apart). Its n, sum and sum of squares
are linear in the atoms' own, so a reader of several cells knows these numbers of every vector in their span,
and of no other. The span is safe when none of its vectors but 0 lies on fewer than `minimum` persons. To find
its sparsest vector is hard in general; a packing argument decides it here. Let B_1, ..., B_m be disjoint sets
of persons, each a basis of the span's column matroid, with 2m >= minimum. A vector on fewer than `minimum`
persons meets some B_j at most once, so it is a multiple of one row of the system reduced on B_j (the
pigeonhole of Brouwer and Zimmermann's search for light code words). Hence the span is safe if and only if
every row of the m reduced systems lies on `minimum` persons or more. Where no m such sets are found, the cell
is refused: caution, not knowledge.

Arithmetic is modulo a prime. It differs from that of fractions only where the prime divides a minor, not 0,
of the matrix of cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jq_models.disclosure.modular import PRIME, cleared, rank, scaled

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A row to be added to one system, its atom, and what it makes of the rows it touches."""

    row: Ints
    at: int
    touched: Ints
    columns: Ints
    block: Ints
    worth: Ints


class _System:
    """The span reduced on one basis: row t is 1 at atom ``at[t]`` and every other row is 0 there."""

    def __init__(self, weights: Ints) -> None:
        self.weights = weights
        self.stored = np.zeros((16, len(weights)), dtype=np.int64)
        self.at: list[int] = []
        self.row_at = np.full(len(weights), -1)
        self.worth = np.zeros(0, dtype=np.int64)

    @property
    def rows(self) -> Ints:
        return self.stored[: len(self.at)]

    def rest(self, cell: Mask) -> Ints:
        """Return the cell minus the vector of the span that agrees with it on the basis."""
        combined = self.rows[cell[self.at]].sum(axis=0)
        difference: Ints = (cell - combined) % PRIME
        return difference

    def step(self, rest: Ints, at: int) -> _Step:
        """Work out what becomes of the system when a rest is added with its atom `at`."""
        row = scaled(rest, at)
        touched, columns = np.flatnonzero(self.rows[:, at]), np.flatnonzero(row)
        before = self.rows[np.ix_(touched, columns)]
        block = cleared(before, self.rows[touched, at], row[columns])
        change = ((block != 0).astype(np.int64) - (before != 0)) @ self.weights[columns]
        worth = self.worth[touched] + change
        return _Step(row=row, at=at, touched=touched, columns=columns, block=block, worth=worth)

    def take(self, step: _Step) -> None:
        if len(self.at) == len(self.stored):
            self.stored = np.concatenate([self.stored, np.zeros_like(self.stored)])
        self.stored[np.ix_(step.touched, step.columns)] = step.block
        self.stored[len(self.at)] = step.row
        self.worth[step.touched] = step.worth
        self.worth = np.append(self.worth, self.weights[step.row != 0].sum())
        self.row_at[step.at] = len(self.at)
        self.at.append(step.at)

    def move(self, t: int, at: int) -> None:
        """Let row t stand at another atom, on which it is not 0."""
        step = self.step(self.rows[t], at)
        others = step.touched != t
        self.stored[np.ix_(step.touched[others], step.columns)] = step.block[others]
        self.stored[t] = step.row
        self.worth[step.touched[others]] = step.worth[others]
        self.row_at[self.at[t]], self.row_at[at] = -1, t
        self.at[t] = at

    def copy(self) -> _System:
        other = _System(self.weights)
        other.stored, other.at = self.rows.copy(), list(self.at)
        other.row_at, other.worth = self.row_at.copy(), self.worth.copy()
        return other

    def reweigh(self, weights: Ints, present: Mask) -> None:
        """Count other numbers of persons; absent atoms become 0, and so may rows."""
        self.weights, self.stored = weights, np.where(present, self.rows, 0)
        kept: Mask = np.any(self.stored != 0, axis=1)
        self.stored = self.stored[kept]
        self.at = [at for at, keep in zip(self.at, kept.tolist(), strict=True) if keep]
        self.row_at[:] = -1
        self.row_at[self.at] = np.arange(len(self.at))
        self.worth = (self.stored != 0) @ weights


class Bases:
    """The span of the cells taken so far, reduced on m disjoint sets of persons.

    Parameters
    ----------
    weights : array of int, atoms
        Persons of every atom.
    minimum : int
        Fewest persons a vector of the span may lie on.
    lost : array of bool, atoms
        Atoms that earlier reports gave away: whatever is told about them, it protects nobody else.
    """

    def __init__(self, weights: Ints, *, minimum: int, lost: Mask) -> None:
        self.weights, self.minimum, self.lost = np.where(lost, 0, weights), minimum, lost
        self.present = (self.weights > 0) | lost
        self.free = self.weights.copy()  # persons of an atom who are in no basis yet
        self.systems = [_System(self.weights) for _ in range((minimum + 1) // 2)]

    def add(self, cell: Mask, *, given: bool = False) -> Mask | None:
        """Take a cell into the span when that leaves it safe.

        Parameters
        ----------
        cell : array of bool, atoms
        given : bool
            It was shown before: what lies on lost atoms only is taken too.

        Returns
        -------
        array of bool or None
            None when it is taken. Else the span is as before, and these are the atoms of a vector on too few
            persons or, where no proof of safety was found, of what the cell adds.
        """
        rests = [system.rest(cell) for system in self.systems]
        told: Mask = rests[0] != 0
        if not told.any():
            return None
        if not self.weights[told].any():
            places = [int(np.flatnonzero(rest)[0]) for rest in rests] if given else None
        else:
            few = [rest != 0 for rest in rests if self.weights[rest != 0].sum() < self.minimum]
            places = None if few else self._places(cell)
            told = few[0] if few else told
        if places is None:
            return told
        steps = [s.step(s.rest(cell), at) for s, at in zip(self.systems, places, strict=True)]
        for system, step in zip(self.systems, steps, strict=True):
            if self.weights[step.at] and (step.worth < self.minimum).any():
                t = int(np.argmin(step.worth))
                told = system.rows[step.touched[t]] != 0
                told[step.columns] = step.block[t] != 0
                return told
        for system, step in zip(self.systems, steps, strict=True):
            system.take(step)
            self.free[step.at] -= 1
        return None

    def dimension_on(self, inside: Mask) -> int:
        """Return the dimension of what the span holds of vectors that are 0 outside of these atoms."""
        system = min(self.systems, key=lambda s: int(inside[s.at].sum()))
        rows = system.rows[inside[system.at]]
        return len(rows) - rank(rows[:, ~inside])

    def reaches(self, inside: Mask, cell: Mask) -> bool:
        """Say whether the cell and the span together hold a new vector that is 0 outside of these atoms."""
        system = min(self.systems, key=lambda s: int(inside[s.at].sum()))
        rest = system.rest(cell)
        rows = system.rows[inside[system.at]][:, ~inside]
        return bool(rest.any()) and rank(np.vstack([rows, rest[~inside]])) == rank(rows)

    def reweighed(self, weights: Ints) -> Bases | None:
        """Return the span of the same cells over other numbers of persons, where it is shown to be safe.

        Parameters
        ----------
        weights : array of int, atoms
            No more than before. Nothing is known, or told, of an atom with 0 persons: it takes no part.
        """
        other = Bases(weights, minimum=self.minimum, lost=self.lost)
        other.systems = [system.copy() for system in self.systems]
        for system in other.systems:
            other.free[system.at] -= 1
        if not all(other._stand_on_persons(system) for system in other.systems):
            return None
        for system in other.systems:
            system.reweigh(other.weights, other.present)
        safe = all((s.worth[other.weights[s.at] > 0] >= self.minimum).all() for s in other.systems)
        return other if safe else None

    def _stand_on_persons(self, system: _System) -> bool:
        """Move the rows that stand on persons of another basis, or on nobody; False when one cannot."""
        for t, at in enumerate(system.at):
            if self.free[at] >= 0 or self.lost[at]:
                continue
            places = self._open(system, system.rows[t])
            if len(places):
                system.move(t, int(places[0]))
                self.free[places[0]] -= 1
            elif self.weights[at] or self.weights[system.rows[t] != 0].any():
                return False
            self.free[at] += 1
        return True

    def _places(self, cell: Mask) -> list[int] | None:
        """Return for every basis an atom that the cell may stand at, no person twice; None if not found."""
        places: list[int] = []
        for system in self.systems:
            rest = system.rest(cell)
            found = self._open(system, rest)
            if not len(found) and self._make_room(cell, system, rest=rest, taken=places):
                found = self._open(system, rest)
            if not len(found):
                break
            places.append(int(found[0]))
            self.free[found[0]] -= 1
        for at in places:
            self.free[at] += 1
        return places if len(places) == len(self.systems) else None

    def _make_room(self, cell: Mask, system: _System, *, rest: Ints, taken: list[int]) -> bool:
        """Free a person for a row by moving a row of another basis to a person still free."""
        wanted = (rest != 0) & (self.weights > 0)
        for i, other in enumerate(self.systems):
            if other is system:
                continue
            for t in np.flatnonzero(wanted[other.at]):
                for at in self._open(other, other.rows[t])[:4]:
                    if i < len(taken) and not self._leaves(other, cell, t=int(t), at=int(at), place=taken[i]):
                        continue
                    self.free[other.at[t]] += 1
                    self.free[at] -= 1
                    other.move(int(t), int(at))
                    return True
        return False

    @staticmethod
    def _leaves(system: _System, cell: Mask, *, t: int, at: int, place: int) -> bool:
        """Say whether the cell can still stand at its place after row t has moved."""
        if at == place:
            return False
        rest, row = system.rest(cell), scaled(system.rows[t], at)
        return bool((rest[place] - rest[at] * row[place]) % PRIME)

    def _open(self, system: _System, row: Ints) -> Ints:
        """Return the atoms at which a row may stand: with a person in no basis yet, most of them first."""
        places = np.flatnonzero((row != 0) & (self.free > 0) & (system.row_at < 0))
        return places[np.argsort(-self.free[places], kind="stable")]
