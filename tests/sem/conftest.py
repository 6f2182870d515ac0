"""Each reference case is fitted once for all tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from references import Reference, reference

from jq_models.sem import SemFit, fit_sem


@pytest.fixture(scope="session")
def fit_of() -> Callable[[str], SemFit]:
    """``fit_of("holzinger")``: our fit of a reference case."""

    @cache
    def fit(name: str) -> SemFit:
        case = reference(name)
        return fit_sem(case.text, case.data)

    return fit


@pytest.fixture(scope="session")
def holzinger() -> Reference:
    """The 1939 ability tests, three factors."""
    return reference("holzinger")
