"""Write tests/reference/cutoffs/RESULTS.md: false alarms and power of simulated cut-offs and usual lines.

``python tests/evaluate/cutoffs/false_alarms_report.py RAW`` runs the conditions that the folder RAW does not
hold yet (an hour on one core), then writes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from false_alarms import (
    World,
    error,
    judged_samples,
    missed,
    moved_line,
    over,
    rejected,
    study_model,
    three_factors,
    true_lines,
)

from jq_models.evaluate.cutoffs import INDICES, JUDGED
from jq_models.evaluate.cutoffs.indices import misfit

OUT = Path(__file__).parents[2] / "reference" / "cutoffs" / "RESULTS.md"
SIZES = (150, 300, 577)
SEED = 4
STRONG = three_factors("strong", (0.65, 0.75, 0.80, 0.85), crossed=0.20)
WEAK = three_factors("weak", (0.50, 0.55, 0.60, 0.70), crossed=0.30)
STUDY = study_model()
# draws from each population itself, for the line that 5 % of its samples miss
POPULATION = 5000
# world, n, samples, whether with what the model leaves out; 99 replicates inside each, which makes 5 % exact
CONDITIONS = [
    *((STRONG, n, 1000, crossed) for n in SIZES for crossed in (False, True)),
    *((WEAK, 150, 1000, crossed) for crossed in (False, True)),
    *((WEAK, 300, 200, crossed) for crossed in (False, True)),
    *((WEAK, 577, 400, crossed) for crossed in (False, True)),
    (STUDY, 300, 200, False),
    (STUDY, 300, 200, True),
    (STUDY, 150, 100, False),
]
DRAWS = 99


def raw(folder: Path, world: World, n: int, *, samples: int, crossed: bool) -> pd.DataFrame:
    """Return one condition, from the folder when it is there."""
    path = folder / f"{world.name}_{n}_{'crossed' if crossed else 'true'}.csv"
    if not path.exists():
        found = judged_samples(world, n=n, samples=samples, draws=DRAWS, seed=SEED + n, crossed=crossed)
        found.to_csv(path, index=False)
    return pd.read_csv(path)


def percent(share: float, n: int) -> str:
    """Write a rate with its Monte Carlo standard error."""
    return f"{100 * share:.1f} ({100 * error(share, n):.1f})"


def line(cells: list[str]) -> str:
    """Write one row of a table."""
    return "| " + " | ".join(cells) + " |"


def table(headings: list[str], rows: list[list[str]]) -> str:
    """Write a table."""
    return "\n".join([line(headings), line(["---"] * len(headings)), *map(line, rows)])


Found = dict[tuple[str, int, bool], pd.DataFrame]


def alarms(found: Found) -> str:
    """Write the rates of false alarms."""
    rows = []
    for (world, n, crossed), own in found.items():
        if crossed:
            continue
        shares, usual = rejected(own), missed(own)
        tests = {t: float((own[f"test_{t}"] < 0.05).mean()) for t in ("plain", "swain", "yuan_2005")}
        cells = [percent(float(x), len(own)) for x in [*shares, usual["combined"], *tests.values()]]
        rows.append([world, str(n), str(len(own)), *cells])
    headings = ["world", "n", "samples", *INDICES, "usual lines together", "plain χ²", "Swain", "Yuan 2005"]
    return table(headings, rows)


def adjusted(found: Found) -> str:
    """Write the rates once more, less the chance that these samples misfit more or less than others."""
    rows = []
    for world in (STRONG, WEAK):
        for n in SIZES:
            own, lines = found[world.name, n, False], true_lines(world, n=n, draws=POPULATION)
            cells = []
            for index in INDICES:
                rejects = (own[f"p_{index}"] <= 0.05 + 1e-9).astype(float)
                beyond = misfit(index, own[index].to_numpy()) > misfit(index, np.array([lines[index]]))
                difference = rejects - beyond
                share = 0.05 + float(difference.mean())
                own_error = np.sqrt(float(difference.var()) / len(own) + 0.05 * 0.95 / POPULATION)
                cells.append(f"{100 * share:.1f} ({100 * own_error:.1f})")
            rows.append([world.name, str(n), *cells])
    return table(["world", "n", *INDICES], rows)


def power(found: Found) -> str:
    """Write how often the planted cross-loading is noticed."""
    rows = []
    for (world, n, crossed), own in found.items():
        if not crossed:
            continue
        usual = missed(own)
        cells = [percent(float(x), len(own)) for x in [*rejected(own), *usual]]
        rows.append([world, str(n), str(len(own)), *cells])
    usual_headings = [f"usual {index}" for index in (*JUDGED, "together")]
    return table(["world", "n", "samples", *(f"simulated {i}" for i in INDICES), *usual_headings], rows)


def matched(found: Found) -> str:
    """Write the power at the rate of false alarms that the usual lines together have at each n."""
    rows = []
    for (world, n, crossed), own in found.items():
        if not crossed:
            continue
        alarm = float(missed(found[world, n, False])["combined"])
        if alarm < 0.01:
            continue
        level = round(alarm * (DRAWS + 1)) / (DRAWS + 1)
        same = rejected(own, level=level)
        cells = [percent(float(same[index]), len(own)) for index in ("cfi", "rmsea", "srmr")]
        together = percent(float(missed(own)["combined"]), len(own))
        rows.append([world, str(n), f"{100 * alarm:.1f}", f"{100 * level:.0f}", together, *cells])
    headings = ["world", "n", "false alarms of the usual lines, %", "level of the simulated, %"]
    return table(
        [*headings, "usual lines together", "simulated CFI", "simulated RMSEA", "simulated SRMR"], rows
    )


def moved(found: Found) -> str:
    """Write the power of one line an index for all conditions, with 5 % false alarms over all of them."""
    keys = [(world.name, n) for world in (STRONG, WEAK) for n in SIZES]
    least = min(len(found[(*key, crossed)]) for key in keys for crossed in (False, True))
    rows = []
    for index in ("cfi", "rmsea", "srmr"):
        true = [found[(*key, False)][:least] for key in keys]
        wrong = [found[(*key, True)][:least] for key in keys]
        at = moved_line(true, index)
        fixed = float(np.mean([over(own, index, at) for own in wrong]))
        alarms_by = [over(own, index, at) for own in true]
        simulated = float(np.mean([rejected(own)[index] for own in wrong]))
        alarm = float(np.mean([rejected(own)[index] for own in true]))
        total = least * len(keys)
        value = -at if index in ("cfi", "tli") else at
        spread = f"{100 * min(alarms_by):.1f} to {100 * max(alarms_by):.1f}"
        rows.append(
            [
                index,
                f"{value:.4f}",
                spread,
                percent(fixed, total),
                percent(alarm, total),
                percent(simulated, total),
            ]
        )
    headings = ["index", "line", "its false alarms by condition, %", "its power", "simulated: false alarms"]
    return table([*headings, "simulated: power"], rows)


def main(folder: Path) -> None:
    """Run what is missing, and write."""
    folder.mkdir(exist_ok=True, parents=True)
    found = {
        (world.name, n, crossed): raw(folder, world, n, samples=samples, crossed=crossed)
        for world, n, samples, crossed in CONDITIONS
    }
    parts = {
        "ALARMS": alarms(found),
        "ADJUSTED": adjusted(found),
        "POWER": power(found),
        "MATCHED": matched(found),
        "MOVED": moved(found),
    }
    text = (OUT.parent / "results_template.md").read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    OUT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
