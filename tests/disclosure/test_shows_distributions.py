"""From how many respondents on the spread of their answers may be seen."""

from __future__ import annotations

import pytest

from jq_models.disclosure import DISTRIBUTION, MINIMUM, shows_distributions


@pytest.mark.parametrize(("n", "shown"), [(0, False), (49, False), (50, True), (51, True), (3711, True)])
def test_from_fifty_on(n, shown):
    assert shows_distributions(n) is shown


def test_a_distribution_needs_more_people_than_a_mean():
    assert DISTRIBUTION == 50
    assert DISTRIBUTION > MINIMUM
