"""Draw the data and let seminr 0.2.1 (PyPI) predict them.

Run in an environment of its own: pip install seminr==0.2.1 pandas, then python generate.py
"""

from pathlib import Path

import numpy as np
import pandas as pd
import seminr
from seminr.estimate.data import Dataset
from seminr.predict.predict_pls import cut_folds

HERE = Path(__file__).parent
BLOCKS = {"A": 3, "B": 4, "M": 3, "Y": 3}
N, FOLDS = 240, 8


def draw() -> pd.DataFrame:
    """Two causes, a mediator, an outcome; answers from 1 to 5, of B from 0 to 10."""
    rng = np.random.default_rng(20261122)
    a = rng.normal(size=N)
    b = 0.4 * a + np.sqrt(1 - 0.16) * rng.normal(size=N)
    m = 0.5 * a + 0.3 * b + 0.7 * rng.normal(size=N)
    y = 0.6 * m + 0.2 * b + 0.7 * rng.normal(size=N)
    columns = {}
    for name, factor in zip(BLOCKS, (a, b, m, y), strict=True):
        for k in range(BLOCKS[name]):
            loading = 0.85 - 0.1 * k
            z = loading * factor + np.sqrt(1 - loading**2) * rng.normal(size=N)
            wide = name == "B"
            answer = np.round((5 + 2 * z) if wide else (3.2 + z))
            columns[f"{name.lower()}{k + 1}"] = np.clip(answer, 0 if wide else 1, 10 if wide else 5)
    return pd.DataFrame(columns).astype(int)


def items(name: str) -> list[str]:
    return [f"{name.lower()}{k + 1}" for k in range(BLOCKS[name])]


def predictions(data: pd.DataFrame) -> pd.DataFrame:
    """Return what seminr predicts for the cases held out, by way."""
    dataset = Dataset(tuple(data.columns), data.to_numpy(dtype=float))
    inner = seminr.relationships(seminr.paths(["A", "B"], "M"), seminr.paths(["M", "B"], "Y"))
    found = {}
    for kind in ("pls", "plsc"):
        make = seminr.composite if kind == "pls" else seminr.reflective
        outer = seminr.constructs(*(make(name, items(name)) for name in BLOCKS))
        model = seminr.estimate_pls(
            dataset, outer, inner, inner_weights=seminr.path_weighting, max_it=1000, stop_criterion=12
        )
        for how, technique in (("direct", seminr.predict_DA), ("earliest", seminr.predict_EA)):
            result = seminr.predict_pls(model, technique=technique, no_folds=FOLDS, ordering=list(range(N)))
            for way, matrix in (
                ("", result.items.pls_out_of_sample),
                ("lm_", result.items.lm_out_of_sample),
            ):
                if way and kind == "plsc":
                    continue
                for j, item in enumerate(matrix.cols):
                    found[f"{way or kind + '_'}{how}_{item}"] = matrix.values[:, j]
    return pd.DataFrame(found)


if __name__ == "__main__":
    data = draw()
    data.assign(fold=[f - 1 for f in cut_folds(N, FOLDS)]).to_csv(HERE / "data.csv", index=False)
    predictions(data).to_csv(HERE / "seminr_predictions.csv", index=False, float_format="%.15g")
