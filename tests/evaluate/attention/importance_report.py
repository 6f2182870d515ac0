"""Write tests/reference/importance/RESULTS.md: do rank intervals hold the true ranks, and how wide are they?

``python tests/evaluate/attention/importance_report.py RAW`` runs what the folder RAW does not hold yet, in
parts of 25 clients, so that it may be stopped and begun again (hours on one core), then writes. With names of
runs after RAW, such as ``chance_150``, only those are run and nothing is written; with ``stored`` what is
there is written and nothing is run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from importance_clients import (
    EQUAL,
    STRONG,
    client,
    client_of_its_own,
    judged,
    norm,
    remembered,
    study,
    told_wrongly,
    truth_among,
    truth_of,
)

from jq_models.data import Responses
from jq_models.data.population import DEMO, Population
from jq_models.evaluate import attention, construct_scores, group_attention

OUT = Path(__file__).parents[2] / "reference" / "importance" / "RESULTS.md"
SIZES = {60: 4, 150: 4, 300: 4, 577: 8}  # answers: organisations
DRAWS = 500
CLIENTS = 200
PART = 25  # clients in one file
Run = Callable[[int, Iterable[int]], pd.DataFrame]
READINGS = ("lowest", "gap", "weighted")
NAMES = {"total": "total effects", "relative": "relative weights", "lmg": "Shapley (LMG)"}


def drivers(n: int, seeds: Iterable[int], *, population: Population = DEMO) -> pd.DataFrame:
    """Judge importance of simulated clients against the simulator's own covariance matrices."""
    opened = study()
    truths = {
        "constructs": truth_of(opened, population, latent=True),
        "scores": truth_of(opened, population, latent=False),
    }
    rows = []
    for seed in seeds:
        one = client(opened, seed=10_000 + seed, n=n, organisations=SIZES[n], population=population)
        found = attention(one, draws=DRAWS, seed=seed).importance
        for method in NAMES:
            block = found[(found["method"] == method) & (found["outcome"] == "overall")]
            if len(block):
                rows += [
                    {"n": n, "method": method, "truth": name, **judged(block, truth.importance[method])}
                    for name, truth in truths.items()
                ]
    return pd.DataFrame(rows)


def strong(n: int, seeds: Iterable[int]) -> pd.DataFrame:
    """Judge importance where three dimensions matter much more than the others."""
    return drivers(n, seeds, population=STRONG)


def readings(n: int, seeds: Iterable[int]) -> pd.DataFrame:
    """Judge the readings of clients against all the people of their own organisations."""
    opened = study()
    rows = []
    for seed in seeds:
        one, everybody = client_of_its_own(opened, seed=30_000 + seed, n=n, organisations=SIZES[n])
        truth = truth_among(opened, everybody, norm=norm())
        found = attention(one, norm=norm(), draws=DRAWS, seed=seed)
        for reading in READINGS:
            block = found.of(reading)
            if len(block):
                rows.append({"n": n, "reading": reading, **judged(block, truth.readings[reading])})
    return pd.DataFrame(rows)


def groups(n: int, seeds: Iterable[int]) -> pd.DataFrame:
    """Judge the lowest scores of every organisation against all its people."""
    opened = study()
    rows = []
    for seed in seeds:
        one, everybody = client_of_its_own(opened, seed=50_000 + seed, n=n, organisations=SIZES[n])
        overall = attention(one, draws=DRAWS, seed=seed)
        found = group_attention(one, "organisation", overall=overall, seed=seed)
        members = everybody.responses.groups["organisation"].astype(str)
        for name, block in found[found["reading"] == "lowest"].groupby("group"):
            of = np.flatnonzero((members == name).to_numpy())
            answers = everybody.responses.items.iloc[of].reset_index(drop=True)
            people = type(everybody.responses)(
                items=answers,
                groups=everybody.responses.groups.iloc[of].reset_index(drop=True),
                instrument=everybody.responses.instrument,
                log=(),
                n_read=len(answers),
            )
            means = _means(people, opened.dimensions)
            rows.append({"n": n, "reading": "lowest", **judged(block, -means)})
    return pd.DataFrame(rows)


def _means(responses: Responses, dimensions: tuple[str, ...]) -> np.ndarray:
    return construct_scores(responses)[list(dimensions)].mean().to_numpy()


def equal(n: int, seeds: Iterable[int]) -> pd.DataFrame:
    """Count supported priorities where all dimensions are equal."""
    opened = study()
    rows = []
    for seed in seeds:
        one = client(opened, seed=70_000 + seed, n=n, organisations=SIZES[n], population=EQUAL)
        found = attention(one, draws=DRAWS, seed=seed)
        blocks = [found.of(reading) for reading in READINGS]
        narrow = [bool(((b["rank_low"] > 1) | (b["rank_high"] < len(b))).any()) for b in blocks if len(b)]
        rows.append({"n": n, "any": float(len(found.supported) > 0), "spoilt": float(max(narrow))})
    return pd.DataFrame(rows)


def chance(n: int, seeds: Iterable[int]) -> pd.DataFrame:
    """Count priorities that do not belong to the true first third, of clients with the demo's truth."""
    opened = study()
    rows = []
    for seed in seeds:
        one, everybody = client_of_its_own(opened, seed=90_000 + seed, n=n, organisations=SIZES[n])
        truth, found = truth_among(opened, everybody), attention(one, draws=DRAWS, seed=seed)
        row: dict[str, float] = {"n": n}
        for name, told in (("supported", found.supported), ("printed", found.priorities)):
            wrong = told_wrongly(told, truth, opened.dimensions)
            row |= {
                name: len(told),
                f"{name}_any": sum(some for some, _ in wrong),
                f"{name}_all": sum(every for _, every in wrong),
            }
        rows.append(row)
    return pd.DataFrame(rows)


RUNS: dict[str, tuple[Run, tuple[int, ...]]] = {
    "drivers": (drivers, tuple(SIZES)),
    "strong": (strong, (150, 577)),
    "readings": (readings, tuple(SIZES)),
    "groups": (groups, (150, 577)),
    "equal": (equal, (150, 577)),
    "chance": (chance, (150, 577)),
}


def run(raw: Path, name: str, n: int) -> None:
    """Run the parts that the folder does not hold."""
    for first in range(0, CLIENTS, PART):
        path = raw / f"{name}_{n}_{first}.csv"
        if not path.is_file():
            done = RUNS[name][0](n, range(first, first + PART))
            done.assign(client=path.stem).to_csv(path.with_suffix(".part"), index=False)
            path.with_suffix(".part").replace(path)


def stored(raw: Path, name: str) -> pd.DataFrame:
    """Return what the runs of a name gave."""
    paths = [raw / f"{name}_{n}_{first}.csv" for n in RUNS[name][1] for first in range(0, CLIENTS, PART)]
    return pd.concat([pd.read_csv(path) for path in paths if path.is_file()], ignore_index=True)


def table(frame: pd.DataFrame, keys: list[str], columns: dict[str, tuple[str, str]]) -> list[str]:
    """Return means as a Markdown table; a column is its heading and how its numbers are written."""
    grouped = frame.groupby(keys, sort=False)[list(columns)]
    means, counts = grouped.mean(), grouped.size()
    head = [*keys, "clients", *(heading for heading, _ in columns.values())]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for key, row in means.iterrows():
        names = [str(part) for part in (key if isinstance(key, tuple) else (key,))]
        names = [NAMES.get(name, name) for name in names]
        names.append(str(counts[key]))
        numbers = [format(row[name], how) for name, (_, how) in columns.items()]
        lines.append("| " + " | ".join([*names, *numbers]) + " |")
    return lines


def false_priorities(frame: pd.DataFrame) -> list[str]:
    """Return how many priorities clients have, and which share of them is not of the true first third."""
    head = ["n", "clients", "priorities", "a client", "beyond the true first third in one of its readings"]
    head += ["in all of its readings", "clients with one that is, in all"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for n, rows in frame.groupby("n"):
        for name, told in (("printed", "the first three"), ("supported", "all supported")):
            total = max(int(rows[name].sum()), 1)
            some, every = rows[f"{name}_any"], rows[f"{name}_all"]
            numbers = [f"{x:.3f}" for x in (some.sum() / total, every.sum() / total, (every > 0).mean())]
            cells = [str(n), str(len(rows)), told, f"{rows[name].mean():.2f}", *numbers]
            lines.append("| " + " | ".join(cells) + " |")
    return lines


def write(raw: Path) -> None:
    """Write the tables of what is stored."""
    shown = {
        "all": ("all twelve held", ".3f"),
        "top": ("first three held", ".3f"),
        "top_width": ("width, first three", ".1f"),
        "width": ("width, all", ".1f"),
        "found": ("first three found", ".3f"),
    }
    held = {key: shown[key] for key in ("all", "top")}
    importance, clear = stored(raw, "drivers"), stored(raw, "strong")
    parts = {
        "drivers": table(importance[importance["truth"] == "constructs"], ["n", "method"], shown),
        "scores": table(importance[importance["truth"] == "scores"], ["n", "method"], held),
        "strong": table(clear[clear["truth"] == "constructs"], ["n", "method"], shown),
        "readings": table(stored(raw, "readings"), ["n", "reading"], shown),
        "groups": table(
            stored(raw, "groups"), ["n", "reading"], {key: shown[key] for key in ("all", "width")}
        ),
        "equal": table(
            stored(raw, "equal"),
            ["n"],
            {
                "any": ("a supported priority", ".3f"),
                "spoilt": ("any rank interval narrower than 1 to 12", ".3f"),
            },
        ),
        "demo": false_priorities(stored(raw, "chance")),
    }
    text = OUT.with_name("results_template.md").read_text(encoding="utf-8")
    for name, lines in parts.items():
        text = text.replace(f"<<{name}>>", "\n".join(lines))
    OUT.write_text(text, encoding="utf-8")


def main(raw: Path, *asked: str) -> None:
    """Run and write."""
    raw.mkdir(parents=True, exist_ok=True)
    wanted = {f"{name}_{n}": (name, n) for name, (_, sizes) in RUNS.items() for n in sizes}
    if asked != ("stored",):
        with remembered():
            for one in asked or tuple(wanted):
                run(raw, *wanted[one])
    if asked in ((), ("stored",)):
        write(raw)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
