"""The span of cells against brute force: every set of few persons tried."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from jq_models.disclosure import modular
from jq_models.disclosure.bases import Bases


def is_safe(cells: np.ndarray, weights: np.ndarray, minimum: int) -> bool:
    """Whether no vector of the span, but 0, lies on fewer persons; by leaving out every such set of atoms."""
    rank = np.linalg.matrix_rank(cells) if len(cells) else 0
    for chosen in product([False, True], repeat=len(weights)):
        out = np.array(chosen)
        if weights[out].sum() < minimum and len(cells) and np.linalg.matrix_rank(cells[:, ~out]) < rank:
            return False
    return True


def random_cells(rng: np.random.Generator, atoms: int) -> np.ndarray:
    cells = rng.random((rng.integers(2, 8), atoms)) < rng.choice([0.3, 0.5, 0.8])
    return np.vstack([np.ones(atoms, dtype=bool), cells])


def fresh(weights: np.ndarray, minimum: int, lost: np.ndarray | None = None) -> Bases:
    return Bases(weights, minimum=minimum, lost=np.zeros(len(weights), dtype=bool) if lost is None else lost)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_taken_is_safe_and_what_is_refused_mostly_is_not(seed):
    rng = np.random.default_rng(seed)
    weights, minimum = rng.integers(1, 12, size=7), int(rng.integers(5, 11))
    bases, taken, refused, needless = fresh(weights, minimum), [], 0, 0
    for cell in random_cells(rng, 7):
        with_it = np.array([*taken, cell])
        if bases.add(cell) is None:
            assert is_safe(with_it, weights, minimum)
            taken.append(cell)
        else:
            refused += 1
            needless += is_safe(with_it, weights, minimum)
    assert needless <= refused / 2


def test_hardly_anything_is_refused_for_want_of_a_proof():
    refused = needless = 0
    for seed in range(100, 160):
        rng = np.random.default_rng(seed)
        weights, bases, taken = rng.integers(1, 12, size=7), None, []
        bases = fresh(weights, 6)
        for cell in random_cells(rng, 7):
            if bases.add(cell) is None:
                taken.append(cell)
            else:
                refused += 1
                needless += is_safe(np.array([*taken, cell]), weights, 6)
    assert refused > 60
    assert needless <= 0.05 * refused


@pytest.mark.parametrize("seed", range(40))
def test_other_numbers_of_persons_are_judged_as_from_the_beginning(seed):
    rng = np.random.default_rng(seed)
    weights = rng.integers(2, 12, size=7)
    bases = fresh(weights, 8)
    taken = [cell for cell in random_cells(rng, 7) if bases.add(cell) is None]
    fewer = np.maximum(weights - rng.integers(0, 3, size=7) * (rng.random(7) < 0.3), 0)
    fewer[rng.integers(7)] *= rng.integers(2)
    again, present = bases.reweighed(fewer), fewer > 0
    if again is not None:
        assert is_safe(np.array(taken)[:, present], fewer[present], 8)
    else:
        anew = fresh(fewer, 8)
        assert any(anew.add(cell & present) is not None for cell in taken)
    assert bases.weights.tolist() == weights.tolist()  # the span itself is as before


@pytest.mark.parametrize("seed", range(40))
def test_vectors_on_some_atoms_only(seed):
    rng = np.random.default_rng(seed)
    weights, cells = np.full(7, 20), random_cells(rng, 7)
    bases, inside = fresh(weights, 5), rng.random(7) < 0.6
    for k, cell in enumerate(cells):
        before, after = cells[:k], cells[: k + 1]
        grows = _dimension_on(after, inside) > _dimension_on(before, inside)
        assert bases.reaches(inside, cell) == grows
        assert bases.add(cell) is None
        assert bases.dimension_on(inside) == _dimension_on(after, inside)


def _dimension_on(cells: np.ndarray, inside: np.ndarray) -> int:
    if not len(cells):
        return 0
    outside = np.linalg.matrix_rank(cells[:, ~inside]) if (~inside).any() else 0
    return int(np.linalg.matrix_rank(cells) - outside)


def test_persons_given_away_before_protect_nobody():
    weights, lost = np.array([4, 9, 20]), np.array([True, False, False])
    whole, cell = np.ones(3, dtype=bool), np.array([True, True, False])
    assert fresh(weights, 10).add(cell) is None  # 13 persons
    bases = fresh(weights, 10, lost)
    assert bases.add(np.array([True, False, False]), given=True) is None
    assert bases.add(whole, given=True) is None
    assert bases.add(cell) is not None  # 4 of them are known already: 9 are left
    assert bases.add(np.array([False, False, True])) is not None  # and so they would be from the rest


def test_a_refusal_names_the_persons_and_changes_nothing():
    bases = fresh(np.array([30, 4, 20]), 10)
    assert bases.add(np.array([True, True, True])) is None
    told = bases.add(np.array([True, False, True]))
    assert told.tolist() == [False, True, False]
    assert bases.add(np.array([True, True, False])) is None


def test_rank_and_elimination_are_exact():
    rng = np.random.default_rng(3)
    for _ in range(50):
        matrix = rng.integers(0, 2, size=(rng.integers(1, 9), 6))
        assert modular.rank(matrix.astype(np.int64)) == np.linalg.matrix_rank(matrix)
    row = modular.scaled(np.array([3, 0, modular.PRIME - 1]), 0)
    assert row[0] == 1
    assert (row[2] * 3 + 1) % modular.PRIME == 0
