"""Two groups, simulated, and what openpls-engine and seminr say of them; see SOURCE.md. Not run by the tests.

python generate.py  (in an environment of its own with openpls-engine 1.13.0 and seminr 0.2.1)
"""

import sys
from pathlib import Path

import numpy as np
import openpls.config as c
import pandas as pd
from openpls.mga import MGA, GroupSpec
from openpls.micom import MICOM
from openpls.mode import Mode
from openpls.scheme import Scheme
from seminr.mga import henseler_p

HERE = Path(__file__).parent
PERMUTATIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
ITEMS = {"A": 4, "B": 4, "C": 3}


def draw() -> pd.DataFrame:
    """B is made otherwise in the second group; C differs in mean, A in spread; A -> C is weaker."""
    rng = np.random.default_rng(51)
    loadings = {
        ("one", "A"): (0.8, 0.7, 0.75, 0.65), ("two", "A"): (0.8, 0.7, 0.75, 0.65),
        ("one", "B"): (0.85, 0.8, 0.4, 0.3), ("two", "B"): (0.3, 0.45, 0.8, 0.85),
        ("one", "C"): (0.8, 0.75, 0.7), ("two", "C"): (0.8, 0.75, 0.7),
    }  # fmt: skip
    parts = []
    for group, n, path, spread, mean in (("one", 180, 0.6, 1.0, 0.0), ("two", 140, 0.2, 1.5, 0.5)):
        a = rng.standard_normal(n) * spread
        b = 0.5 * a / spread + np.sqrt(0.75) * rng.standard_normal(n)
        g = path * a / spread + 0.3 * b + 0.7 * rng.standard_normal(n) + mean
        columns = {"group": [group] * n}
        for name, eta in (("A", a), ("B", b), ("C", g)):
            for i, loading in enumerate(loadings[group, name], start=1):
                error = np.sqrt(1 - loading**2) * rng.standard_normal(n)
                columns[f"{name}{i}"] = np.round((loading * eta + error) * (1 + i / 4) + 3, 2)
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def config(data: pd.DataFrame) -> c.Config:
    structure = c.Structure()
    structure.add_path(["A"], ["B", "C"])
    structure.add_path(["B"], ["C"])
    found = c.Config(structure.path(), scaled=True)
    for name in ITEMS:
        found.add_lv_with_columns_named(name, Mode.A, data, name)
    return found


def main() -> None:
    data = draw()
    data.to_csv(HERE / "data.csv", index=False)
    items = [x for x in data if x != "group"]
    pooled = data.copy()
    # openpls weighs pooled covariances: of items in one unit these are correlations
    pooled[items] = (data[items] - data[items].mean()) / data[items].std(ddof=0)
    one, two = GroupSpec("one", values=["one"]), GroupSpec("two", values=["two"])
    test = MICOM(pooled, config(pooled), "group", one, two, Scheme.PATH, PERMUTATIONS, 1)
    test.step2().to_csv(HERE / "step2.csv", index=False)
    test.step3().to_csv(HERE / "step3.csv", index=False)
    raw = MICOM(data, config(data), "group", one, two, Scheme.PATH, 1, 1)
    raw.step2()[["construct", "c"]].to_csv(HERE / "step2_raw_units.csv", index=False)
    mga = MGA(data, config(data), "group", [one, two], Scheme.PATH, PERMUTATIONS, 1)
    mga.comparisons().to_csv(HERE / "permutation.csv", index=False)
    samples = np.random.default_rng(7).normal((0.5, 0.35, 0.36), (0.08, 0.1, 0.05), (400, 3))
    draws = pd.DataFrame(samples.round(4), columns=["a", "b", "c"])
    draws.to_csv(HERE / "draws.csv", index=False)
    pairs = [("a", "b"), ("b", "a"), ("b", "c"), ("a", "c")]
    rows = [{"first": x, "second": y, "p": henseler_p(draws[x], draws[y])} for x, y in pairs]
    pd.DataFrame(rows).to_csv(HERE / "henseler.csv", index=False)


main()
