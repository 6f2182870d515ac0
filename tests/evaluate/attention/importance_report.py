"""Write tests/reference/importance/RESULTS.md: do rank intervals hold the true ranks, and how wide are they?

``python tests/evaluate/attention/importance_report.py RAW`` runs what the folder RAW does not hold yet (about
an hour on one core), then writes; with ``stored`` after RAW it writes what is there and runs nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from importance_clients import (
    EQUAL,
    STRONG,
    client,
    client_of_its_own,
    judged,
    study,
    true_ranks,
    truth_among,
    truth_of,
)

from jq_models.data.population import DEMO, Population
from jq_models.evaluate import attention, group_attention

OUT = Path(__file__).parents[2] / "reference" / "importance" / "RESULTS.md"
SIZES = {60: 4, 150: 4, 300: 4, 577: 8}  # answers: organisations
DRAWS = 500
CLIENTS = 200
RUNNING = sys.argv[-1] != "stored"
READINGS = ("lowest", "gap", "weighted")
NAMES = {"total": "total effects", "relative": "relative weights", "lmg": "Shapley (LMG)"}


def drivers(n: int, *, population: Population = DEMO) -> pd.DataFrame:
    """Judge importance of simulated clients against the simulator's own covariance matrices."""
    opened = study()
    truths = {
        "constructs": truth_of(opened, population, latent=True),
        "scores": truth_of(opened, population, latent=False),
    }
    rows = []
    for seed in range(CLIENTS):
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


def strong(n: int) -> pd.DataFrame:
    """Judge importance where three dimensions matter much more than the others."""
    return drivers(n, population=STRONG)


def readings(n: int) -> pd.DataFrame:
    """Judge the readings of clients against all the people of their own organisations."""
    opened = study()
    rows = []
    for seed in range(CLIENTS // 2):
        one, everybody = client_of_its_own(opened, seed=30_000 + seed, n=n, organisations=SIZES[n])
        truth, found = truth_among(opened, everybody), attention(one, draws=DRAWS, seed=seed)
        for reading in READINGS:
            block = found.of(reading)
            if len(block):
                rows.append({"n": n, "reading": reading, **judged(block, truth.readings[reading])})
    return pd.DataFrame(rows)


def groups(n: int) -> pd.DataFrame:
    """Judge the lowest scores of every organisation against all its people."""
    opened = study()
    rows = []
    for seed in range(CLIENTS // 2):
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


def _means(responses: object, dimensions: tuple[str, ...]) -> np.ndarray:
    from jq_models.evaluate import construct_scores

    return construct_scores(responses)[list(dimensions)].mean().to_numpy()  # type: ignore[arg-type]


def by_chance(n: int) -> pd.DataFrame:
    """Count supported priorities where all dimensions are equal, and where the demo's truth holds."""
    opened = study()
    rows = []
    for seed in range(CLIENTS):
        equal = client(opened, seed=70_000 + seed, n=n, organisations=SIZES[n], population=EQUAL)
        found = attention(equal, draws=DRAWS, seed=seed)
        wrong = [found.of(r) for r in READINGS]
        spoilt = [bool(((b["rank_low"] > 1) | (b["rank_high"] < len(b))).any()) for b in wrong if len(b)]
        rows.append(
            {
                "n": n,
                "world": "equal",
                "any": float(len(found.supported) > 0),
                "spoilt": max(spoilt),
            }
        )
    for seed in range(CLIENTS // 2):
        one, everybody = client_of_its_own(opened, seed=90_000 + seed, n=n, organisations=SIZES[n])
        truth, found = truth_among(opened, everybody), attention(one, draws=DRAWS, seed=seed)
        half = len(opened.dimensions) // 2
        ranks = {
            r: dict(zip(opened.dimensions, true_ranks(truth.readings[r])[0], strict=True)) for r in READINGS
        }
        supported = found.priorities
        false = [
            all(ranks[r][row["dimension"]] > half for r in row["readings"].split())
            for _, row in supported.iterrows()
        ]
        rows.append({"n": n, "world": "demo", "any": float(any(false)), "supported": len(supported)})
    return pd.DataFrame(rows)


def remember() -> None:
    """Let the simulator solve each population's thresholds once: they take longer than drawing a client."""
    simulator, kept = import_module("jq_models.data.simulate"), {}
    for name in ("item_values", "describe"):
        plain = getattr(simulator, name)

        def once(*given: Any, _name: str = name, _plain: Callable[..., Any] = plain, **more: Any) -> Any:
            key = (_name, *map(id, given))
            if key not in kept:
                kept[key] = (given, _plain(*given, **more))  # what was given stays alive, so that ids stay
            value = kept[key][1]
            return dict(value) if isinstance(value, dict) else value

        setattr(simulator, name, once)


def stored(raw: Path, name: str, run: Callable[[int], pd.DataFrame], sizes: tuple[int, ...]) -> pd.DataFrame:
    """Return what a run gave, from the folder where it is there."""
    frames = []
    for n in sizes:
        path = raw / f"{name}_{n}.csv"
        if not path.is_file() and RUNNING:
            run(n).to_csv(path, index=False)
        if path.is_file():
            frames.append(pd.read_csv(path))
    return pd.concat(frames, ignore_index=True)


def table(frame: pd.DataFrame, keys: list[str], columns: dict[str, tuple[str, str]]) -> list[str]:
    """Return means as a Markdown table; a column is its heading and how its numbers are written."""
    means = frame.groupby(keys, sort=False)[list(columns)].mean()
    head = [*keys, *(heading for heading, _ in columns.values())]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for key, row in means.iterrows():
        names = [str(part) for part in (key if isinstance(key, tuple) else (key,))]
        names = [NAMES.get(name, name) for name in names]
        numbers = [format(row[name], how) for name, (_, how) in columns.items()]
        lines.append("| " + " | ".join([*names, *numbers]) + " |")
    return lines


def main(raw: Path) -> None:
    """Run and write."""
    raw.mkdir(parents=True, exist_ok=True)
    remember()
    sizes = tuple(SIZES)
    shown = {
        "all": ("all twelve held", ".3f"),
        "top": ("first three held", ".3f"),
        "top_width": ("width, first three", ".1f"),
        "width": ("width, all", ".1f"),
        "found": ("first three found", ".3f"),
    }
    template = OUT.with_name("results_template.md").read_text(encoding="utf-8")
    importance = stored(raw, "drivers", drivers, sizes)
    chance = stored(raw, "chance", by_chance, (150, 577))
    parts = {
        "drivers": table(importance[importance["truth"] == "constructs"], ["n", "method"], shown),
        "scores": table(
            importance[importance["truth"] == "scores"],
            ["n", "method"],
            {k: shown[k] for k in ("all", "top")},
        ),
        "strong": table(
            (clear := stored(raw, "strong", strong, (150, 577)))[clear["truth"] == "constructs"],
            ["n", "method"],
            shown,
        ),
        "readings": table(stored(raw, "readings", readings, sizes), ["n", "reading"], shown),
        "groups": table(
            stored(raw, "groups", groups, (150, 577)),
            ["n", "reading"],
            {k: shown[k] for k in ("all", "width")},
        ),
        "equal": table(
            chance[chance["world"] == "equal"],
            ["n"],
            {
                "any": ("a supported priority", ".3f"),
                "spoilt": ("any rank interval narrower than 1 to 12", ".3f"),
            },
        ),
        "demo": table(
            chance[chance["world"] == "demo"],
            ["n"],
            {"supported": ("supported priorities", ".2f"), "any": ("one of them wrong", ".3f")},
        ),
    }
    for name, lines in parts.items():
        template = template.replace(f"<<{name}>>", "\n".join(lines))
    OUT.write_text(template, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
