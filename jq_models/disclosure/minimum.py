"""From how many persons on something is shown."""

from __future__ import annotations

from jq_models.errors import DisclosureError
from jq_models.spec.study import FLOOR
from jq_models.spec.study import MINIMUM as MINIMUM

DISTRIBUTION = 50  # respondents from which full distributions of answers may be shown


def shows_distributions(n: int) -> bool:
    """Say whether `n` respondents are enough to show how their answers are spread, not just means.

    Examples
    --------
    >>> shows_distributions(49), shows_distributions(50)
    (False, True)
    """
    return n >= DISTRIBUTION


def check_minimum(minimum: int) -> None:
    """Raise when a minimum is below the floor."""
    if minimum < FLOOR:
        raise DisclosureError(f"The minimum group size is {minimum}; it cannot be below {FLOOR}.")
