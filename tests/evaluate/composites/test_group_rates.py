"""How often the comparisons of groups speak up: without a difference at their level, with one mostly.

Results of the last run: tests/reference/pls_groups/RESULTS.md.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from group_cases import TEXT, two_groups

from jq_models.evaluate.composites.micom import ALPHA, micom_of
from jq_models.evaluate.composites.multigroup import groups_of
from jq_models.evaluate.composites.permuted import pairs_of, permuted
from jq_models.pls import fit_pls

SAMPLES, PERMUTATIONS, DRAWS = 400, 199, 199
SIZES = (140, 90)
# planted in the second group -> what must be noticed: row of the table, column of p, least share of samples
PLANTED = {
    "composition": ({"loadings": (0.2, 0.5, 0.95)}, ("B", "p_composition"), 0.60),
    "mean": ({"mean": 0.5}, ("C", "p_mean"), 0.70),
    "spread": ({"spread": 1.5}, ("A", "p_variance"), 0.70),
    "path": ({"path": 0.0}, (("C", "A"), "p_permutation"), 0.50),
}


def rates(differs: dict[str, object], *, consistent: bool, samples: int) -> pd.Series:
    """Return the share of samples in which each test rejects at 5 %."""
    hits: dict[tuple[object, str], list[bool]] = {}
    for sample in range(samples):
        data, group = two_groups(10_000 + sample, SIZES, **differs)
        fit = fit_pls(TEXT, data, consistent=consistent)
        found = [permuted(fit, pairs_of(fit, group)[0], permutations=PERMUTATIONS, seed=sample)]
        test = micom_of(fit, found, permutations=PERMUTATIONS, seed=sample).table.set_index("construct")
        paths = groups_of(fit, found, permutations=PERMUTATIONS, draws=DRAWS, seed=sample).table
        paths = paths.set_index(["lhs", "rhs"])
        for frame, columns in (
            (test, ("p_composition", "p_mean", "p_variance")),
            (paths, ("p_permutation", "p_henseler_two_sided")),
        ):
            for column in columns:
                for row, p in frame[column].items():
                    hits.setdefault((row, column), []).append(bool(p < ALPHA))
    return pd.Series({key: float(np.mean(values)) for key, values in hits.items()})


@pytest.mark.slow
@pytest.mark.parametrize("consistent", [False, True])
def test_without_a_difference_one_in_twenty_is_refused(consistent: bool) -> None:
    found = rates({}, consistent=consistent, samples=SAMPLES)
    print(found.to_string())
    by_test = found.groupby(level=1).mean()
    exact = by_test[["p_composition", "p_mean", "p_variance", "p_permutation"]]
    # 1,200 tests of each kind: a standard error of about .008
    assert exact.between(0.025, 0.075).all(), found
    # Henseler's test rests on the bootstrap, which is right in large samples only
    assert 0.01 < by_test["p_henseler_two_sided"] < 0.10, found


@pytest.mark.slow
@pytest.mark.parametrize("what", PLANTED)
def test_what_differs_is_mostly_noticed(what: str) -> None:
    differs, where, least = PLANTED[what]
    found = rates(differs, consistent=True, samples=100)
    print(what, found.to_string())
    assert found[where] > least, found
