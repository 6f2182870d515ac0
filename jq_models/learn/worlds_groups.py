"""A world of two kinds of contract: one real difference, and two questions read differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.stats import norm

from jq_models.data.population import SCALAR, Population
from jq_models.data.simulate import MISSING_CODE, simulate
from jq_models.data.truth import item_values
from jq_models.evaluate.invariance import Invariance
from jq_models.evaluate.invariance.ladder import Step
from jq_models.evaluate.invariance.latent_means import latent_means
from jq_models.sem import SemFit
from jq_models.spec import Instrument, Model, load_instrument
from jq_models.spec.own_model import as_model

GROUP, GROUPS = "contract", ("permanent", "flex")
SCALES: Mapping[str, str] = MappingProxyType(
    {"OPP": "Opportunity and challenge", "SUP": "Superior and feedback", "LCU": "Learning from customers"}
)
# what is true of flexible staff against permanent staff, in standard deviations of each dimension
TRUE_DIFFERENCES: Mapping[str, float] = MappingProxyType({"OPP": -0.40, "SUP": 0.0, "LCU": 0.0})
Z = float(norm.ppf(0.975))


@cache
def questionnaire() -> Instrument:
    """Return the workbook's questionnaire."""
    return load_instrument("ccc_job_quality")


@cache
def model() -> Model:
    """Return the three dimensions as correlated factors."""
    lines = (f"{code} =~ {' + '.join(items_of(code))}" for code in SCALES)
    return as_model("\n".join(lines))


def items_of(code: str) -> list[str]:
    """Return the items of a dimension."""
    return [item.code for item in questionnaire().construct(code).items]


@cache
def population() -> Population:
    """Return the demo's variant `scalar`, and a real difference: flexible staff have less challenge.

    A real difference moves every item of a dimension by its loading times the difference.
    """
    loadings = {value.code: value.loading for value in item_values(questionnaire(), SCALAR)}
    real = {(GROUP, "flex", code): loadings[code] * TRUE_DIFFERENCES["OPP"] for code in items_of("OPP")}
    return replace(SCALAR, shifts=MappingProxyType({**SCALAR.shifts, **real}))


def contract_world(*, n: int, seed: int) -> pd.DataFrame:
    """Draw people with permanent and flexible contracts; every answer is turned so that high is good.

    Returns
    -------
    DataFrame
        contract and the twelve items of three dimensions; people who skipped one of these are left out.
    """
    drawn = simulate(
        questionnaire(), seed=seed, n=n, organisations=min(8, n // 10), population=population()
    ).frame
    codes = [code for scale in SCALES for code in items_of(scale)]
    answers = drawn[codes].astype("Float64").replace(MISSING_CODE, pd.NA)
    for code in codes:
        if questionnaire().item(code).reversed:
            answers[code] = 6 - answers[code]
    frame = pd.concat([drawn[[GROUP]], answers], axis=1).dropna().reset_index(drop=True)
    return frame.astype(dict.fromkeys(codes, float))


def with_scores(people: pd.DataFrame) -> pd.DataFrame:
    """Return the mean score of every dimension beside the contract."""
    return people[[GROUP]].assign(**{code: people[items_of(code)].mean(axis=1) for code in SCALES})


def differences(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Compare flexible with permanent staff: standardised differences of means (d) with 95 % intervals.

    Returns
    -------
    DataFrame
        By column: estimate, ci_low, ci_high.
    """
    one, other = (frame.loc[frame[GROUP] == group, list(columns)] for group in GROUPS)
    m, k = len(one), len(other)
    pooled = np.sqrt(((m - 1) * one.var() + (k - 1) * other.var()) / (m + k - 2))
    d = (other.mean() - one.mean()) / pooled
    se = np.sqrt((m + k) / (m * k) + d**2 / (2 * (m + k)))
    return pd.DataFrame({"estimate": d, "ci_low": d - Z * se, "ci_high": d + Z * se})


def latent_differences(found: Invariance) -> pd.DataFrame:
    """Return the differences of latent means in the same form; no rows where they may not be compared."""
    return found.means.set_index("factor")[["effect", "ci_low", "ci_high"]].rename(
        columns={"effect": "estimate"}
    )


def forced_differences(found: Invariance) -> pd.DataFrame:
    """Return what latent means seem to be when every intercept is held equal, whether it is or not."""
    step = found.steps["scalar"]
    if not isinstance(step.fit, SemFit):
        return pd.DataFrame(columns=["estimate", "ci_low", "ci_high"])
    rows = latent_means(step.fit, labels=found.labels, releases=[])
    return rows.set_index("factor")[["effect", "ci_low", "ci_high"]].rename(columns={"effect": "estimate"})


WORDS: Mapping[str, str] = MappingProxyType(
    {
        "holds": "holds",
        "small": "holds: hardly worse",
        "partial": "holds in part",
        "fails": "fails",
        "doubtful": "doubtful",
        "not_estimated": "not estimated",
    }
)


def ladder(found: Invariance) -> pd.DataFrame:
    """Return the ladder for a reader: one row a step, and once more after items were released."""
    rows = found.table
    return pd.DataFrame(
        {
            "Step": rows["step"],
            "Newly released": [
                _released(found.steps[s], r) for s, r in zip(rows["step"], rows["releases"], strict=True)
            ],
            "CFI": rows["cfi"],
            "RMSEA": rows["rmsea"],
            "p of the step": rows["p_value"],
            "Verdict": [WORDS[verdict] for verdict in rows["verdict"]],
        }
    )


def _released(step: Step, count: int) -> str:
    return ", ".join(release.item for release in step.releases) if count else "none"
