"""Models with samples that suit them, for others to spoil: see nasty.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from jq_models.spec import build_model, load_instrument

Random = np.random.Generator
# model, sample, options of the fit
Made = tuple[str, pd.DataFrame, dict[str, Any]]
LIKERT = (-1.4, -0.6, 0.3, 1.1)
NORMAL = ("ML", "MLR", "MLM", "MLF")
ORDINAL = ("WLSMV", "ULSMV", "DWLS")


def some_sizes(rng: Random) -> dict[str, int]:
    return {f"f{j}": int(rng.integers(3, 5)) for j in range(1, int(rng.integers(2, 5)))}


def factor_text(sizes: dict[str, int]) -> str:
    return "\n".join(f"{f} =~ " + " + ".join(f"{f}_{i}" for i in range(1, k + 1)) for f, k in sizes.items())


def measured(
    sizes: dict[str, int],
    rng: Random,
    *,
    n: int,
    between: float = 0.5,
    loading: tuple[float, float] = (0.5, 0.85),
) -> pd.DataFrame:
    """Draw items of factors that are correlated alike."""
    general = rng.standard_normal(n)
    columns = {}
    for f, k in sizes.items():
        factor = np.sqrt(between) * general + np.sqrt(1 - between) * rng.standard_normal(n)
        for i in range(1, k + 1):
            weight = rng.uniform(*loading)
            columns[f"{f}_{i}"] = weight * factor + np.sqrt(1 - weight**2) * rng.standard_normal(n)
    return pd.DataFrame(columns)


def small_n(rng: Random) -> int:
    return int(rng.integers(60, 151))


def as_answers(frame: pd.DataFrame, cuts: tuple[float, ...] = LIKERT) -> pd.DataFrame:
    return pd.DataFrame(np.digitize(frame.to_numpy(), cuts) + 1.0, columns=frame.columns)


def plain(rng: Random, **how: Any) -> tuple[str, pd.DataFrame]:
    sizes = some_sizes(rng)
    frame = measured(sizes, rng, n=how.pop("n", None) or small_n(rng), **how)
    return factor_text(sizes), as_answers(frame) if rng.random() < 0.5 else frame


def normal_theory(rng: Random) -> dict[str, Any]:
    return {"estimator": str(rng.choice(NORMAL))}


def study(rng: Random, *, n: int, between: float) -> tuple[str, pd.DataFrame]:
    """Return a model of the study with three to six of its dimensions, and answers to it."""
    instrument = load_instrument("ccc_job_quality")
    dimensions = [c.code for c in instrument.constructs if c.role == "dimension"]
    left_out = rng.choice(dimensions, int(rng.integers(6, 10)), replace=False)
    name = str(rng.choice(["correlated", "second_order", "direct"]))
    model = build_model(name, instrument=instrument, turnover=False, without=tuple(left_out.tolist()))
    sizes = {c.code: c.items for c in instrument.constructs if c.code in model.factors}
    frame = measured({code: len(items) for code, items in sizes.items()}, rng, n=n, between=between)
    frame.columns = [item.code for items in sizes.values() for item in items]
    return model.text, as_answers(frame)


def ordinal(rng: Random, cuts: tuple[float, ...] = LIKERT) -> tuple[str, pd.DataFrame]:
    sizes = some_sizes(rng)
    return factor_text(sizes), as_answers(measured(sizes, rng, n=small_n(rng)), cuts)


def are_answers(frame: pd.DataFrame) -> bool:
    return bool((frame == frame.round()).all(axis=None))


def either(rng: Random) -> dict[str, Any]:
    """Continuous or, where that may be, ordered."""
    if rng.random() < 0.5:
        return normal_theory(rng)
    return {"estimator": str(rng.choice(ORDINAL)), "ordered": "all"}
