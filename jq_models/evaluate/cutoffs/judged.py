"""Which models of a study simulated cut-offs judge: its main model first, then the measurement model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate.cutoffs.cutoffs import Cutoffs, simulate_cutoffs, why_no_cutoffs
from jq_models.evaluate.cutoffs.verdicts import corrected_tests
from jq_models.evaluate.gates import Plan
from jq_models.sem import FailedFit, SemFit, try_fit

# the main model, whose effects a study reports, gets the full simulation and planted faults; the other one
# fewer samples and no faults, so that both together stay within a few seconds
DRAWS, PLANTED_DRAWS = 500, 100
OTHER_DRAWS = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgedModel:
    """A model held against cut-offs of its own.

    Attributes
    ----------
    cutoffs : Cutoffs
        ``cutoffs.model`` names the model.
    tests : DataFrame
        As `corrected_tests` returns it.
    """

    cutoffs: Cutoffs
    tests: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NotJudged:
    """A model without cut-offs, since its solution is inadmissible: no population is like that."""

    fit: SemFit


def judged_models(
    opened: OpenStudy, plan: Plan, *, fits: Mapping[str, SemFit | FailedFit], seed: int
) -> tuple[JudgedModel | NotJudged, ...]:
    """Judge the study's main model, where the number of answers allows it, and its measurement model.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
    fits : mapping of str to SemFit or FailedFit
        The measurement model, as `measurement_fits` returns it.
    seed : int

    Returns
    -------
    tuple of JudgedModel or NotJudged
        The main model first. A model without usable estimates or without degrees of freedom is left out.
    """
    main = opened.spec.model
    chosen: dict[str, SemFit | FailedFit] = {}
    if plan.allows("second_order" if main == "second_order" else "full"):
        chosen[main] = fits[main] if main in fits else try_fit(opened.model(main), opened.responses)
    chosen |= {name: fit for name, fit in fits.items() if name not in chosen}
    found: list[JudgedModel | NotJudged] = []
    for fit in chosen.values():
        if not isinstance(fit, SemFit) or not fit.usable or fit.df == 0:
            continue
        if why_no_cutoffs(fit):
            found.append(NotJudged(fit=fit))
            continue
        other = any(isinstance(one, JudgedModel) for one in found)
        draws, planted = (OTHER_DRAWS, 0) if other else (DRAWS, PLANTED_DRAWS)
        cutoffs = simulate_cutoffs(fit, draws=draws, planted_draws=planted, seed=seed)
        found.append(JudgedModel(cutoffs=cutoffs, tests=corrected_tests(fit, cutoffs)))
    return tuple(found)
