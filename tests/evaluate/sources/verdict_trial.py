"""Samples of known populations and the verdicts on them.

OPENBLAS_NUM_THREADS=1 python tests/evaluate/sources/verdict_trial.py
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd
from source_populations import POPULATIONS

from jq_models.data import OpenStudy
from jq_models.data.prepare import prepare
from jq_models.data.read import read_table
from jq_models.data.responses import modules_apart
from jq_models.data.simulate import simulate
from jq_models.evaluate.sources import judge_sources, material
from jq_models.evaluate.sources.judge import SOURCE_CLAIMS, verdicts_of_sources
from jq_models.spec import load_instrument, load_study, questionnaire_of

HEAD = """name = "trial"
instrument = "ccc_job_quality"
simulated = true
title = { en = "Trial", nl = "Proef" }
modules = { instrument = "ccc_modules", use = ["steering", "value", "today"] }
data = { file = "data/simulated/trial.csv", missing = [99], ignore = ["remarks", "contact", "language"] }
covariates = { recommend = "recommend" }
"""


def study_text(results: dict[str, float]) -> str:
    """Return a study file that reads all a draw holds."""
    names = ("organisation", "team", "contract", "home_days", "role", "tenure", "period")
    groups = "".join(
        f'[[groups]]\nname = "{n}"\ncolumn = "{n}"\nlabel = {{ en = "{n}", nl = "{n}" }}\n' for n in names
    )
    teams = "".join(f'"{team}" = {value}\n' for team, value in results.items())
    return f"{HEAD}\n{groups}\n[results.team]\n{teams}"


def sample(seed: int, *, population: str, n: int = 577) -> OpenStudy:
    """Draw a sample and open it as a study of its own would be."""
    own, added = POPULATIONS[population]
    drawn = simulate(
        load_instrument("ccc_job_quality"),
        seed=seed,
        n=n,
        population=own,
        modules=load_instrument("ccc_modules"),
        added=added,
    )
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "trial.toml").write_text(study_text(drawn.truth["modules"]["earlier"]), encoding="utf-8")
        drawn.frame.to_csv(folder / "trial.csv", index=False)
        spec = load_study("trial", folder=folder)
        asked = questionnaire_of(spec)
        raw = read_table(folder / "trial.csv")
    responses, modules = modules_apart(prepare(raw, study=spec, instrument=asked, language="en"))
    return OpenStudy(
        spec=spec,
        instrument=responses.instrument,
        responses=responses,
        modules=modules,
        language="en",
        problems=(),
        data_name=raw.name,
        data_sha256=raw.sha256,
    )


def judged(seed: int, *, population: str) -> dict[str, str]:
    """Return the verdict on every claim in one sample."""
    found = verdicts_of_sources(judge_sources(material(sample(seed, population=population))))
    return {str(k): str(v) for k, v in found.claims["verdict"].items()}


def trial(population: str, *, samples: int, workers: int) -> pd.DataFrame:
    """Return the share of each verdict, claims by verdicts."""
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(partial(judged, population=population), range(1, samples + 1)))
    counts = {name: Counter(one[name] for one in found) for name in SOURCE_CLAIMS}
    verdicts = ("supported", "not_supported", "inconclusive", "not_testable")
    return pd.DataFrame({name: {v: count[v] / samples for v in verdicts} for name, count in counts.items()}).T


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    for population in POPULATIONS:
        print(
            f"\n{population}\n{trial(population, samples=asked.samples, workers=asked.workers).to_string()}"
        )
