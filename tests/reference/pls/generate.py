"""Make data.csv and the raw output of seminr and openpls-engine: ``python generate.py`` in this folder.

Needs both packages and pandas in an environment of its own (see SOURCE.md); nothing of the project is used.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import openpls.config as c
import pandas as pd
import seminr as s
from openpls import Plspm
from openpls.mode import Mode
from openpls.scheme import Scheme
from seminr.evaluate.constructs_in_model import constructs_in_model

HERE = Path(__file__).parent
MIXED = {
    "A": ["a1", "a2", "a3", "a4"],
    "B": ["b1", "b2", "b3"],
    "C": ["c1", "c2", "c3", "c4"],
    "D": ["d1"],
    "E": ["e1", "e2", "e3"],
    "G": ["g1", "g2", "g3"],
}
ARROWS = {"C": ["A"], "D": ["A", "B"], "E": ["A", "B", "C"], "G": ["C", "D", "E"]}
PARTS = {"A": MIXED["A"], "B": MIXED["B"], "E": MIXED["E"]}
SECOND = {"G": ["A", "B", "E"]}  # second order: G of A, B, E; d1 and c1 stand for themselves


def answers() -> pd.DataFrame:
    """Draw answers on a seven-point scale; a3 runs the other way."""
    rng = np.random.default_rng(20261122)
    n = 240
    a, b = rng.multivariate_normal([0, 0], [[1, 0.35], [0.35, 1]], size=n).T
    formed = rng.multivariate_normal(np.zeros(4), 0.25 + 0.75 * np.eye(4), size=n) + 0.3 * a[:, None]
    composite = formed @ [0.5, 0.3, 0.1, 0.5]
    composite /= composite.std()
    d = 0.3 * a + 0.25 * b + rng.standard_normal(n) * 0.85
    e = 0.3 * a + 0.2 * b + 0.4 * composite + rng.standard_normal(n) * 0.7
    g = 0.2 * composite - 0.3 * d + 0.4 * e + rng.standard_normal(n) * 0.8
    loadings = {"a": (a, [0.8, 0.7, -0.75, 0.6]), "b": (b, [0.85, 0.7, 0.6]), "e": (e, [0.7, 0.8, 0.65])}
    loadings["g"] = (g, [0.8, 0.75, 0.6])
    found = {}
    for name, (factor, values) in loadings.items():
        z = factor / factor.std()
        for k, loading in enumerate(values):
            found[f"{name}{k + 1}"] = loading * z + np.sqrt(1 - loading**2) * rng.standard_normal(n)
    found |= {f"c{k + 1}": formed[:, k] for k in range(4)}
    found["d1"] = d
    frame = pd.DataFrame({x: found[x] for items in MIXED.values() for x in items})
    return (4 + 1.3 * frame).round().clip(1, 7).astype(int)


def records(matrix, *, zero: bool = False) -> dict[str, dict[str, float]]:
    """A named matrix, or a table, as nested dictionaries without its empty cells."""
    if not isinstance(matrix, pd.DataFrame):
        matrix = pd.DataFrame(matrix.values, index=list(matrix.rows), columns=list(matrix.cols))
    return {
        str(row): {
            str(col): float(v) for col, v in values.items() if np.isfinite(v) and (zero or float(v) != 0.0)
        }
        for row, values in matrix.iterrows()
    }


def seminr_case(
    data: pd.DataFrame, *, scheme: str, consistent: bool, formative: str = "B"
) -> dict[str, object]:
    """Estimate the mixed model with seminr."""
    measure = s.reflective if consistent else s.composite
    entries = [
        s.composite(name, items, s.mode_B if formative == "B" else s.mode_A)
        if name == "C"
        else s.composite(name, items)
        if len(items) == 1
        else measure(name, items)
        for name, items in MIXED.items()
    ]
    arrows = s.relationships(*(s.paths(causes, to) for to, causes in ARROWS.items()))
    model = estimated(data, entries, arrows, scheme=scheme)
    contents = constructs_in_model(model)
    return {
        "loadings": records(model.outer_loadings),
        "weights": records(model.outer_weights),
        "paths": records(model.path_coef),
        "r2": records(model.r_squared),
        "reliability": records(s.reliability_table(model)),
        "htmt": records(s.htmt(model)),
        "total": records(s.total_effects(model.path_coef)),
        "indirect": records(s.total_indirect_effects(model.path_coef)),
        "cross": records(s.cross_loadings(model, contents)),
        "f2": records(s.model_fsquares(model)),
        "item_vif": s.item_vifs(model, contents),
        "antecedent_vif": s.pls_antecedent_vifs(model, contents),
        "iterations": model.iterations,
    }


def estimated(data, entries, arrows, *, scheme: str):
    weighting = {"path": s.path_weighting, "factorial": s.path_factorial}[scheme]
    return s.estimate_pls(
        data, s.constructs(*entries), arrows, inner_weights=weighting, max_it=2000, stop_criterion=12
    )


def seminr_second(data: pd.DataFrame, *, mode: str) -> dict[str, object]:
    """A second-order composite in two stages; the other constructs are single items, see SOURCE.md."""
    entries = [s.composite(name, items) for name, items in PARTS.items()]
    entries += [s.composite("X", ["c1"]), s.composite("D", ["d1"])]
    weights = s.mode_B if mode == "B" else s.mode_A
    entries.append(s.higher_composite("G", SECOND["G"], weights=weights))
    arrows = s.relationships(s.paths("X", ["G", "D"]), s.paths("G", "D"))
    model = estimated(data, entries, arrows, scheme="path")
    return {
        "loadings": records(model.outer_loadings),
        "weights": records(model.outer_weights),
        "paths": records(model.path_coef),
        "r2": records(model.r_squared),
    }


def openpls_case(data: pd.DataFrame, *, scheme: str) -> dict[str, object]:
    """Estimate the mixed model with openpls-engine, plain and consistent."""
    structure = c.Structure()
    for to, causes in ARROWS.items():
        structure.add_path(causes, [to])
    config = c.Config(structure.path(), scaled=True)
    for name, items in MIXED.items():
        config.add_lv(name, Mode.B if name == "C" else Mode.A, *(c.MV(x) for x in items))
    model = Plspm(data, config, Scheme[scheme.upper()], iterations=2000, tolerance=1e-26)
    outer, plsc = model.outer_model(), model.plsc()
    return {
        "weights": outer["weight"].to_dict(),
        "loadings": outer["loading"].to_dict(),
        "paths": records(model.path_coefficients()),
        "r2": model.inner_summary()["r_squared"].to_dict(),
        "htmt": records(model.htmt().matrix()),
        "htmt2": records(model.htmt2().matrix()),
        "plsc": {
            "rho_a": plsc.rho_a().to_dict(),
            "loadings": plsc.loadings().to_dict(),
            "paths": records(plsc.path_coefficients()),
            "r2": plsc.r_squared().to_dict(),
            "correlations": records(plsc.adjusted_correlations()),
            "ave": plsc.ave().dropna().to_dict(),
            "rho_c": plsc.rho_c().dropna().to_dict(),
        },
    }


def main() -> None:
    """Write data.csv, seminr.json and openpls.json."""
    data = answers()
    data.to_csv(HERE / "data.csv", index=False)
    found = {
        "version": version("seminr"),
        "plain_path": seminr_case(data, scheme="path", consistent=False),
        "plain_factorial": seminr_case(data, scheme="factorial", consistent=False),
        "plain_path_all_a": seminr_case(data, scheme="path", consistent=False, formative="A"),
        "consistent_path": seminr_case(data, scheme="path", consistent=True),
        "consistent_factorial": seminr_case(data, scheme="factorial", consistent=True),
        "second_a": seminr_second(data, mode="A"),
        "second_b": seminr_second(data, mode="B"),
    }
    write("seminr", found)
    other: dict[str, object] = {"version": version("openpls-engine")}
    other |= {scheme: openpls_case(data, scheme=scheme) for scheme in ("path", "factorial", "centroid")}
    write("openpls", other)


def write(name: str, found: dict[str, object]) -> None:
    text = json.dumps(found, indent=1, sort_keys=True)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
