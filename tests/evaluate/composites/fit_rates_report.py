"""Write tests/reference/pls_fit/RESULTS.md: how often the test of fit rejects true and wrong models.

``python tests/evaluate/composites/fit_rates_report.py RAW`` runs the conditions that the folder RAW does not
hold yet (a quarter of an hour on one core), then writes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from fit_rates import FAULTS, World, composites, factors, judged, rejected, second_order

FOLDER = Path(__file__).parents[2] / "reference" / "pls_fit"
SIZES = (150, 300, 600)
SEED, SAMPLES, DRAWS = 5, 400, 99
WORLDS = (factors(), composites(), second_order())
AT_300 = (
    factors(name="factors, five skewed categories", categories=True),
    factors(name="factors, plain PLS", consistent=False),
)
CONDITIONS = [
    *((world, n, fault) for world in WORLDS for n in SIZES for fault in FAULTS),
    *((world, 300, fault) for world in AT_300 for fault in FAULTS),
]
MODELS, INDICES = ("saturated", "estimated"), ("srmr", "d_uls", "d_g")


def raw(folder: Path, world: World, n: int, *, fault: str) -> pd.DataFrame:
    """Return one condition, from the folder when it is there."""
    path = folder / f"{world.name.replace(', ', '_').replace(' ', '_')}_{n}_{fault}.csv"
    if not path.exists():
        judged(world, fault, n=n, samples=SAMPLES, draws=DRAWS, seed=SEED).to_csv(path, index=False)
        print(path.name, flush=True)
    return pd.read_csv(path)


def table(found: dict[tuple[str, int, str], pd.DataFrame], *, faults: tuple[str, ...]) -> str:
    """Write the rates of some conditions, in per cent with their Monte Carlo standard errors."""
    headings = ["world", "n", "left out", *(f"{m} {i}" for m in MODELS for i in INDICES), "samples", "inadm."]
    lines = [headings, ["---"] * len(headings)]
    for (world, n, fault), rows in found.items():
        if fault not in faults:
            continue
        share, samples = rejected(rows), rows["sample"].nunique()
        cells = []
        for model in MODELS:
            for index in INDICES:
                rate = float(share.loc[model, index])
                cells.append(f"{100 * rate:.1f} ({100 * np.sqrt(rate * (1 - rate) / samples):.1f})")
        inadmissible = rows.loc[rows["model"] == "estimated", "inadmissible"].mean()
        what = {"none": "nothing", "blocks": "in a block", "paths": "an arrow"}[fault]
        lines.append([world, str(n), what, *cells, str(samples), f"{100 * inadmissible:.0f}"])
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def limits(found: dict[tuple[str, int, str], pd.DataFrame]) -> str:
    """Write where HI95 lies beside what 5 % of the samples of the population itself exceed."""
    headings = ["world", "n", "index", "5 % of samples exceed", "median HI95", "r (distance, HI95)"]
    lines = [headings, ["---"] * len(headings)]
    for (world, n, fault), rows in found.items():
        for index in ("srmr", "d_g") if fault == "none" else ():
            part = rows[(rows["model"] == "estimated") & (rows["index"] == index)]
            numbers = (part["value"].quantile(0.95), part["hi95"].median())
            cells = [f"{x:.3f}" for x in numbers]
            lines.append([world, str(n), index, *cells, f"{part['value'].corr(part['hi95']):.2f}"])
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def main(folder: Path) -> None:
    """Run what is missing, write the results."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {(w.name, n, fault): raw(folder, w, n, fault=fault) for w, n, fault in CONDITIONS}
    text = (FOLDER / "results_template.md").read_text(encoding="utf-8")
    text = text.replace("{samples}", str(SAMPLES)).replace("{draws}", str(DRAWS))
    text = text.replace("{true}", table(found, faults=("none",)))
    text = text.replace("{limits}", limits(found))
    text = text.replace("{wrong}", table(found, faults=("blocks", "paths")))
    (FOLDER / "RESULTS.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
