"""The demo study, opened once."""

from __future__ import annotations

import pytest

from jq_models.data import OpenStudy, open_study


@pytest.fixture(scope="session")
def demo() -> OpenStudy:
    return open_study("demo", language="en")
