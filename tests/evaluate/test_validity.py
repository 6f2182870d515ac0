"""HTMT against semTools 0.5-6, the Fornell-Larcker table against lavaan."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jq_models.errors import DataError
from jq_models.evaluate import fornell_larcker, htmt, reliability

CASE = "reliability_htmt"
BLOCKS = {"A": ["A1", "A2", "A3", "A4"], "B": ["B1", "B2", "B3"], "C": ["C1", "C2", "C3"]}


@pytest.mark.parametrize(("geometric", "file"), [(False, "htmt.csv"), (True, "htmt2.csv")])
def test_htmt_equals_semtools(geometric, file, table):
    reference = table(CASE, file).to_numpy(copy=True)
    np.fill_diagonal(reference, np.nan)
    found = htmt(table(CASE, "data.csv", index=False), BLOCKS, geometric=geometric)
    np.testing.assert_allclose(found.to_numpy(), reference, rtol=1e-12)
    assert list(found.columns) == list(BLOCKS)


def test_published_example_equals_semtools(shared):
    folder = shared / "oracles" / "lavaan"
    blocks = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}
    reference = pd.read_csv(folder / "hs_htmt.csv").to_numpy(copy=True)
    np.fill_diagonal(reference, np.nan)
    found = htmt(pd.read_csv(folder / "hs_data.csv"), blocks, geometric=True)
    np.testing.assert_allclose(found.to_numpy(), reference, rtol=1e-12)


def test_single_items_have_no_htmt(table):
    found = htmt(table(CASE, "data.csv", index=False), {**BLOCKS, "D": ["D1"]})
    assert found.loc["D"].isna().all()
    assert found["D"].isna().all()
    assert found.loc["A", "B"] > 0


def test_htmt_recovers_the_population_correlation():
    generator = np.random.default_rng(5)
    factors = generator.multivariate_normal([0, 0], [[1, -0.6], [-0.6, 1]], size=20_000)
    items = np.repeat(factors, 3, axis=1) * 0.8 + 0.6 * generator.standard_normal((20_000, 6))
    frame = pd.DataFrame(items, columns=list("abcdef"))
    found = htmt(frame, {"f": ["a", "b", "c"], "g": ["d", "e", "f"]})
    assert found.loc["f", "g"] == pytest.approx(0.6, abs=0.02)


def test_htmt_errors(table):
    items = table(CASE, "data.csv", index=False)
    with pytest.raises(DataError, match=r"No answers for Z9\. Leave"):
        htmt(items, {"A": ["A1", "A2"], "Z": ["Z9"]})
    with pytest.raises(DataError, match="2 complete rows for HTMT; at least 3"):
        htmt(items.dropna().head(2), BLOCKS)


def test_fornell_larcker(scales_fit, table):
    found = fornell_larcker(scales_fit)
    correlation = table(CASE, "latent_correlation.csv").to_numpy()
    below = np.tril_indices(3, -1)
    np.testing.assert_allclose(found.to_numpy()[below], correlation[below], rtol=1e-4)
    np.testing.assert_allclose(np.diag(found) ** 2, reliability(scales_fit)["ave"], rtol=1e-12)
    assert np.isnan(found.to_numpy()[np.triu_indices(3, 1)]).all()
