"""How often the ladder errs in simulated studies of the demo's size: false findings, planted ones missed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from jq_models.data.population import DEMO, SCALAR, Population
from jq_models.data.simulate import MISSING_CODE, simulate
from jq_models.evaluate.invariance import Invariance, invariance
from jq_models.spec import build_model, load_instrument


def ladders(population: Population, seeds: Iterable[int]) -> list[Invariance]:
    instrument = load_instrument("ccc_job_quality")
    model = build_model("correlated", instrument=instrument)
    items = [i for i in instrument.items if i.construct in model.factors]
    codes, turned = [i.code for i in items], [i.code for i in items if i.reversed]
    found = []
    for seed in seeds:
        drawn = simulate(instrument, seed=seed, population=population).frame
        answers = drawn[codes].astype(float)
        answers = answers.where(answers != MISSING_CODE)
        answers[turned] = 6 - answers[turned]
        frame = answers.assign(contract=drawn["contract"].astype(str))
        found.append(invariance(model, frame, group="contract", groups=("permanent", "flex")))
    return found


@pytest.mark.slow
def test_invariant_populations_are_rarely_accused() -> None:
    found = ladders(DEMO, range(100, 160))
    # a step is rejected by chance in 5 %; an item is accused in fewer, since it must stand out too
    accused = np.mean([any(r.kind != "residual" for r in one.releases) for one in found])
    assert accused <= 0.10
    for step in ("metric", "scalar"):
        rejected = np.mean([one.steps[step].test.p_value < 0.05 for one in found])  # type: ignore[union-attr]
        assert rejected < 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / 60)
    means = [(one.means["p_holm"] < 0.05).any() for one in found]
    assert np.mean(means) < 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / 60)


@pytest.mark.slow
def test_planted_shifts_are_named_and_hardly_anything_else() -> None:
    found = ladders(SCALAR, range(200, 220))
    named = [{r.item for r in one.releases if r.step in ("metric", "scalar")} for one in found]
    assert all({"LCU2", "SUP3"} <= items for items in named)
    assert np.mean([len(items) > 2 for items in named]) <= 0.15
