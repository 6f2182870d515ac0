"""A study's own population: its fitted model where that can be trusted, else the documented values."""

from __future__ import annotations

from dataclasses import dataclass

from jq_models.data import OpenStudy
from jq_models.errors import FitError, SpecError
from jq_models.evaluate.gates import plan
from jq_models.evaluate.power.population import (
    PowerPopulation,
    documented_population,
    fitted_population,
)
from jq_models.sem import FailedFit, SemFit, try_fit
from jq_models.spec import Instrument, build_model

MODEL = "second_order"
# why the population is what it is
SIMULATED, FITTED, TOO_FEW, NOT_USABLE, UNKNOWN = "simulated", "fitted", "too_few", "not_usable", "unknown"
REASONS = (SIMULATED, FITTED, TOO_FEW, NOT_USABLE, UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPopulation:
    """What a study's planning is drawn from.

    Attributes
    ----------
    population : PowerPopulation or None
        None when there is neither a model to be trusted nor a documented value for every construct, or
        when these values do not identify the model.
    reason : {"simulated", "fitted", "too_few", "not_usable", "unknown"}
        The study's data were drawn from the documented values; its own model is taken; it has too few
        complete answers for one; its model has no admissible solution; nothing is known.
    outcomes : tuple of str
    n : int
        Complete answers of the study; 0 without data.
    """

    population: PowerPopulation | None
    reason: str
    outcomes: tuple[str, ...]
    n: int

    def require(self) -> PowerPopulation:
        """Return the population.

        Raises
        ------
        SpecError
            When there is none.
        """
        if self.population is None:
            raise SpecError(
                "Nothing to plan with: the study's own model cannot be used, and the documented values know "
                "nothing of some construct or do not identify the model. Collect more answers first, or "
                "simplify the model."
            )
        return self.population


def study_population(opened: OpenStudy) -> StudyPopulation:
    """Choose the population of a study with data.

    Simulated data and studies with too few answers for the second-order model, or without an admissible
    solution of it, are planned with the documented values.
    """
    n = opened.complete.n
    if opened.spec.simulated:
        reason, found = SIMULATED, None
    elif not plan(opened).allows("second_order"):
        reason, found = TOO_FEW, None
    elif not opened.has_paths:
        reason, found = NOT_USABLE, None
    else:
        found = _own(try_fit(opened.model(MODEL), opened.responses))
        reason = NOT_USABLE if found is None else FITTED
    if found is None:
        found = _documented(opened)
        reason = reason if found is not None else UNKNOWN
    return StudyPopulation(population=found, reason=reason, outcomes=opened.outcomes, n=n)


def instrument_population(
    instrument: Instrument, *, turnover: bool = True, learning: bool = True, five_points: bool = False
) -> StudyPopulation:
    """Return the documented population of a questionnaire, before there are data.

    Parameters
    ----------
    turnover : bool
        Whether turnover intention is asked.
    learning : bool
        Whether the three new dimensions share a remainder.
    five_points : bool
        Whether answers are five points in place of continuous.

    Raises
    ------
    SpecError
        When the documented values know nothing of one of its constructs.
    """
    model = build_model(MODEL, instrument=instrument, turnover=turnover, learning=learning)
    outcomes = tuple(c.code for c in instrument.outcomes if c.code in model.factors)
    population = documented_population(model, instrument, five_points=five_points)
    return StudyPopulation(population=population, reason=SIMULATED, outcomes=outcomes, n=0)


def _own(fit: SemFit | FailedFit) -> PowerPopulation | None:
    if not isinstance(fit, SemFit) or not fit.usable or not fit.status.admissible:
        return None
    try:
        return fitted_population(fit)
    except SpecError:
        return None


def _documented(opened: OpenStudy) -> PowerPopulation | None:
    try:
        population = documented_population(opened.model(MODEL), opened.instrument)
        population.fit()  # a model that the population itself does not identify cannot be planned with
    except (SpecError, FitError):
        return None
    return population
