"""Rivals that are one model in another dress: the plain one is named."""

from __future__ import annotations

import pandas as pd
import pytest

from jq_models.evaluate.rivals.compare import CRITERIA, Rivals


def rivals(rows: dict[str, tuple[float, float]]) -> Rivals:
    table = pd.DataFrame(
        [
            {"model": name, "state": "fitted", "df": df, **dict.fromkeys(CRITERIA, value)}
            for name, (value, df) in rows.items()
        ]
    )
    return Rivals(n=300, dimensions=("A", "B", "C"), fits={}, table=table, tests=pd.DataFrame())


def test_among_equivalent_models_the_dimensions_win() -> None:
    same = {"three_blocks": (100.0 - 1e-7, 24.0), "dimensions": (100.0, 24.0), "higher": (100.0, 24.0)}
    found = rivals({"one_factor": (150.0, 27.0)} | same)
    assert set(found.preferred.values()) == {"dimensions"}
    assert found.winner == "dimensions"


@pytest.mark.parametrize("other", [(99.9, 24.0), (100.0 - 1e-7, 25.0)])
def test_a_better_model_is_no_tie(other: tuple[float, float]) -> None:
    assert rivals({"higher": other, "dimensions": (100.0, 24.0)}).winner == "higher"
