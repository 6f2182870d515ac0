"""Samples of known populations and the verdicts on them.

OPENBLAS_NUM_THREADS=1 python tests/evaluate/claims/verdict_trial.py [--samples 200] [--workers 2] [--write]
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd
import published_populations as published
import verdict_report
from source_populations import POPULATIONS

from jq_models.data import OpenStudy
from jq_models.data.population import Population
from jq_models.data.population_modules import ModulePopulation
from jq_models.data.prepare import prepare
from jq_models.data.read import read_table
from jq_models.data.responses import modules_apart
from jq_models.data.simulate import simulate
from jq_models.evaluate import Plan, allowed_fits, fit_rivals, judge_hypotheses, plan
from jq_models.evaluate.hypotheses import added_value, dimensionality, split
from jq_models.evaluate.hypotheses.claims import Stated, h1, h3, h7, h8
from jq_models.evaluate.hypotheses.dimensionality import JUDGED
from jq_models.evaluate.sources import judge_sources, material
from jq_models.evaluate.sources.judge import verdicts_of_sources
from jq_models.spec import load_instrument, load_study, questionnaire_of

SIZE = 577
DRAWS = 400  # of the bootstraps: a study takes 2,000
VERDICTS = ("supported", "not_supported", "inconclusive", "not_testable")
HEAD = """name = "trial"
instrument = "ccc_job_quality"
simulated = true
title = { en = "Trial", nl = "Proef" }
data = { file = "data/simulated/trial.csv", missing = [99], ignore = ["remarks"] }
covariates = { recommend = "recommend", customer_contact = "contact" }
"""


MODULES = 'modules = { instrument = "ccc_modules", use = ["steering", "value", "today"] }'
KNOWN, BESIDE = ("organisation", "team", "contract", "home_days"), ("role", "tenure", "period")


def study_text(results: Mapping[str, float]) -> str:
    """Return a study file that reads all a draw holds; without results there are no modules either."""
    names = (*KNOWN, *BESIDE) if results else KNOWN
    groups = "".join(
        f'[[groups]]\nname = "{n}"\ncolumn = "{n}"\nlabel = {{ en = "{n}", nl = "{n}" }}\n' for n in names
    )
    teams = "".join(f'"{team}" = {value}\n' for team, value in results.items())
    return f"{HEAD}{MODULES}\n{groups}\n[results.team]\n{teams}" if results else f"{HEAD}\n{groups}"


def sample(seed: int, population: Population, added: ModulePopulation | None, *, n: int = SIZE) -> OpenStudy:
    """Draw a sample and open it as a study of its own would be."""
    more = {"modules": load_instrument("ccc_modules"), "added": added} if added is not None else {}
    drawn = simulate(load_instrument("ccc_job_quality"), seed=seed, n=n, population=population, **more)
    results = drawn.truth["modules"]["earlier"] if added is not None else {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "trial.toml").write_text(study_text(results), encoding="utf-8")
        drawn.frame.to_csv(folder / "trial.csv", index=False)
        spec = load_study("trial", folder=folder)
        asked = questionnaire_of(spec)
        raw = read_table(folder / "trial.csv")
    responses, modules = modules_apart(prepare(raw, study=spec, instrument=asked, language="en"))
    return OpenStudy(
        spec=spec,
        instrument=responses.instrument,
        responses=responses,
        modules=modules if added is not None else None,
        language="en",
        problems=(),
        data_name=raw.name,
        data_sha256=raw.sha256,
    )


def judged_sources(seed: int, *, population: str) -> dict[str, str]:
    """Return the verdict on every claim of the sources in one sample."""
    found = verdicts_of_sources(judge_sources(material(sample(seed, *POPULATIONS[population]))))
    return {str(k): str(v) for k, v in found.claims["verdict"].items()}


def judged_published(seed: int, *, population: str) -> dict[str, str]:
    """Return the verdicts on H1 to H8 in one sample, or those a population is the truth of."""
    opened = sample(seed, getattr(published, population), None)
    carried = plan(opened)
    if population == "ONE_FACTOR":
        return _one_factor(opened, carried)
    fits = allowed_fits(opened, carried)
    if population == "NOTHING_ADDED":
        found = added_value(opened, carried, direct=fits["direct"], seed=seed, draws=DRAWS)
        facets = split(opened, carried, rivals=fit_rivals(opened, names=JUDGED))
        return {"H3": _alone(h3(found)), "H7": _alone(h7(found)), "H8": _alone(facets.gap or h8(facets))}
    found = judge_hypotheses(opened, carried, seed=seed, fits=fits, draws=DRAWS)
    return {str(k): str(v) for k, v in found.verdicts.claims["verdict"].items()}


def _one_factor(opened: OpenStudy, carried: Plan) -> dict[str, str]:
    second_order = allowed_fits(opened, carried)["second_order"]
    rivals = fit_rivals(opened, names=JUDGED)
    found = dimensionality(opened, carried, rivals=rivals, second_order=second_order)
    return {"H1": _alone(found.gap or h1(found))}


def _alone(claim: object) -> str:
    """Return a verdict by its own probability: with fewer claims beside it more would be supported."""
    return str(claim.rule(claim.pvalue)) if isinstance(claim, Stated) else "not_testable"


def trial(judge: str, population: str, *, samples: int, workers: int) -> pd.DataFrame:
    """Return the share of each verdict, claims by verdicts; `judge` is "sources" or "published"."""
    one = partial({"sources": judged_sources, "published": judged_published}[judge], population=population)
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(one, range(1, samples + 1)))
    counts = {name: Counter(row[name] for row in found) for name in found[0]}
    return pd.DataFrame({name: {v: count[v] / samples for v in VERDICTS} for name, count in counts.items()}).T


TRIALS = (
    *(("published", name) for name in ("HOLDS", "WRONG", "NOTHING_ADDED", "ONE_FACTOR")),
    *(("sources", name) for name in POPULATIONS),
)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--write", action="store_true", help="into tests/reference/verdicts")
    asked = parser.parse_args()
    for judge, population in TRIALS:
        if not asked.only or population in asked.only:
            found = trial(judge, population, samples=asked.samples, workers=asked.workers)
            print(f"\n{judge} {population}\n{found.to_string()}", flush=True)
            if asked.write:
                verdict_report.write({population: found}, samples=asked.samples, n=SIZE, draws=DRAWS)
