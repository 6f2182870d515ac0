"""Exact elimination on matrices of whole numbers, modulo a prime."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

PRIME = 2**31 - 1  # products of two residues fit in 64 bits


def scaled(row: Ints, at: int) -> Ints:
    """Return the row times the number that makes its entry `at` 1."""
    return row * pow(int(row[at]), -1, PRIME) % PRIME


def cleared(block: Ints, factors: Ints, row: Ints) -> Ints:
    """Return every row of a block minus its factor times a row."""
    difference: Ints = (block - factors[:, None] * row) % PRIME
    return difference


def rank(matrix: Ints) -> int:
    """Return the rank of a matrix of residues; quick where it has few rows."""
    rest, found = matrix, 0
    while len(rest):
        first, rest = rest[0], rest[1:]
        places = np.flatnonzero(first)
        if len(places):
            found += 1
            rest = cleared(rest, rest[:, places[0]], scaled(first, int(places[0])))
    return found
