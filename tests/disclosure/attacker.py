"""A reader who adds and subtracts everything shown, to learn what is hidden. Shares no code with the package.

The attacker knows who is in which group, and every number of every report: n, mean and sd of a construct in a
group give n, sum and sum of squares over its persons, a linear equation each. Whatever is a combination of
the equations is known; the numbers recovered are compared with the truth, so that an attack that succeeds is
a real one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd

TOLERANCE = 1e-7


@dataclass
class Attacker:
    """Equations about the scores of persons; a person is a key that stays the same over reports."""

    persons: dict[Hashable, int] = field(default_factory=dict)
    sets: list[frozenset[Hashable]] = field(default_factory=list)
    known: list[tuple[float, float, float]] = field(default_factory=list)

    def learn(self, members: Iterable[Hashable], *, n: float, mean: float, sd: float) -> None:
        """Take in one shown row."""
        group = frozenset(members)
        total = n * mean
        squares = (n - 1) * (0.0 if np.isnan(sd) else sd) ** 2 + n * mean**2
        self.sets.append(group)
        self.known.append((n, total, squares))
        for person in group:
            self.persons.setdefault(person, len(self.persons))

    def prepare(self) -> None:
        """Solve the system once: an orthonormal basis of the row space and what is known along it."""
        rows = np.zeros((len(self.sets), len(self.persons)))
        for k, group in enumerate(self.sets):
            rows[k, [self.persons[p] for p in group]] = 1
        # persons nobody can tell apart share a column, scaled to keep lengths
        columns, self.column_of, sizes = np.unique(rows, axis=1, return_inverse=True, return_counts=True)
        self.sizes = sizes
        left, singular, right = np.linalg.svd(columns * np.sqrt(sizes), full_matrices=False)
        rank = int((singular > 1e-9 * max(singular.max(initial=0.0), 1.0)).sum())
        self.basis = right[:rank]
        self.values = (left[:, :rank] / singular[:rank]).T @ np.array(self.known).reshape(-1, 3)

    def recovers(self, target: frozenset[Hashable]) -> np.ndarray | None:
        """Return n, sum and sum of squares of these persons when they follow from what is shown."""
        if not target or not target <= self.persons.keys():
            return None
        counts = np.zeros(len(self.sizes))
        np.add.at(counts, [self.column_of[self.persons[p]] for p in target], 1)
        if np.any((counts > 0) & (counts < self.sizes)):
            return None  # persons outside always come along
        vector = np.where(counts > 0, 1.0, 0.0) * np.sqrt(self.sizes)
        along = self.basis @ vector
        if np.abs(vector - along @ self.basis).max() > TOLERANCE:
            return None
        return along @ self.values

    def sparsest(self, rng: np.random.Generator, *, tries: int = 4) -> int:
        """Return the fewest persons any reduced combination lies on, over some random reductions."""
        fewest = len(self.persons)
        for _ in range(tries):
            order = rng.permutation(len(self.sizes))
            rows, done = self.basis / np.sqrt(self.sizes), 0
            for column in order[np.argsort(-self.sizes[order], kind="stable")]:
                pivot = done + int(np.argmax(np.abs(rows[done:, column])))
                if abs(rows[pivot, column]) < TOLERANCE:
                    continue
                rows[[done, pivot]] = rows[[pivot, done]]
                rows[done] /= rows[done, column]
                others = np.arange(len(rows)) != done
                rows[others] -= np.outer(rows[others, column], rows[done])
                done += 1
                if done == len(rows):
                    break
            for row in rows:
                fewest = min(fewest, int(self.sizes[np.abs(row) > 1e-6 * np.abs(row).max()].sum()))
        return fewest


def cells_of(groups: pd.DataFrame, names: tuple[str, ...]) -> dict[tuple, list[int]]:
    """Return the persons of every group, or crossing of groups, by its labels; of everybody without names."""
    if not names:
        return {(): list(groups.index)}
    found = groups.groupby(list(names) if len(names) > 1 else names[0], observed=True).groups
    return {label if isinstance(label, tuple) else (label,): list(rows) for label, rows in found.items()}


def lattice(groups: pd.DataFrame) -> Iterator[frozenset[Hashable]]:
    """Yield the persons of every group, and of every crossing of groups of every set of groupings."""
    names = list(map(str, groups.columns))
    for size in range(1, len(names) + 1):
        for chosen in combinations(names, size):
            yield from map(frozenset, cells_of(groups, chosen).values())
