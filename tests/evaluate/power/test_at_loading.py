"""Items that measure better: the mean asked for is the mean got, with the limit in place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jq_models.errors import SpecError
from jq_models.evaluate.power import PowerPopulation, documented_population
from jq_models.evaluate.power.population import HIGHEST
from jq_models.spec import build_model, load_instrument


@pytest.fixture(scope="module")
def population() -> PowerPopulation:
    instrument = load_instrument("ccc_job_quality")
    return documented_population(build_model("second_order", instrument=instrument), instrument)


@pytest.mark.parametrize("level", [0.2, 0.5, 0.8, 0.85, 0.9, 0.94, 0.95])
def test_the_mean_loading_is_the_one_asked_for(population: PowerPopulation, level: float) -> None:
    found = population.at_loading(level)
    assert found.mean_loading == pytest.approx(level, abs=1e-9)
    assert found.loading[found.several].max() <= HIGHEST
    below = found.several & (found.loading < HIGHEST - 1e-9)
    if below.any():
        ratio = found.loading[below] / population.loading[below]
        assert np.ptp(ratio) == pytest.approx(0.0, abs=1e-9)


def test_a_level_out_of_reach_is_refused(population: PowerPopulation) -> None:
    loading = population.loading.copy()
    loading[np.flatnonzero(population.several)[:3]] *= -1
    with pytest.raises(SpecError, match="out of reach"):
        replace(population, loading=loading).at_loading(0.95)
