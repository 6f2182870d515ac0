"""Small groups are told in quarters, and quarters that add up tell no more than quarters."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from jq_models.disclosure import bands
from jq_models.errors import DisclosureError


def told(numbers: list[int], **options) -> list[float | None]:
    n = sum(numbers)
    found = bands(pd.DataFrame([np.array(numbers) / n]), pd.Series([n]), **options)
    return [None if np.isnan(code) else int(code) for code in found.iloc[0]]


@pytest.mark.parametrize(
    ("numbers", "code"), [([1, 7], 0), ([2, 6], 1), ([3, 9], 1), ([5, 7], 1), ([6, 6], 2), ([9, 3], 3)]
)
def test_quarters_begin_at_their_lower_end(numbers, code):
    assert told([*numbers, 0], minimum=5)[0] == code


def test_all_alike_and_nearly_all_look_the_same():
    assert told([12, 0, 0]) == told([10, 1, 1])
    assert told([12, 0, 0])[0] == 3


@pytest.mark.parametrize("numbers", [[2, 2, 2, 2, 2], [3, 3, 3, 3], [2, 2, 8]])
def test_bands_that_leave_one_set_of_numbers_are_not_all_told(numbers):
    assert None in told(numbers)


@pytest.mark.parametrize(("categories", "n"), [(2, 10), (2, 12), (3, 10), (3, 12), (3, 13), (4, 10)])
def test_what_is_told_leaves_every_category_as_open_as_a_band(categories, n):
    def band(k: int) -> int:
        return min(4 * k // n, 3)

    narrowest = min(sum(band(k) == code for k in range(n + 1)) for code in range(4))
    alike: dict[tuple, list[tuple]] = {}  # what is told -> everything of which just that is told
    for numbers in product(range(n + 1), repeat=categories):
        if sum(numbers) == n:
            alike.setdefault(tuple(told(list(numbers))), []).append(numbers)
    for shown, possible in alike.items():
        for k, code in enumerate(shown):
            found = {numbers[k] for numbers in possible}
            whole = {j for j in range(n + 1) if band(j) == code}
            assert found == whole if code is not None else len(found) >= narrowest


def test_the_first_category_is_always_told():
    for numbers in product(range(11), repeat=3):
        if sum(numbers) == 10:
            assert told(list(numbers))[0] is not None


def test_below_the_minimum_and_without_a_count_nothing_is_told():
    shares = pd.DataFrame({"yes": [0.5, 0.5, np.nan], "no": [0.5, 0.5, np.nan]}, index=["a", "b", "c"])
    found = bands(shares, pd.Series({"a": 9, "c": 20}))
    assert found.isna().all(axis=None)
    assert list(found.columns) == ["yes", "no"]


def test_the_floor_holds():
    with pytest.raises(DisclosureError, match="is 4; it cannot be below 5"):
        bands(pd.DataFrame({"yes": [0.5]}), pd.Series([20]), minimum=4)
