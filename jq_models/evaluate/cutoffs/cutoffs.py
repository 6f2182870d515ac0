"""Cut-offs for fit indices simulated for one model and one sample size.

The idea is that of McNeish & Wolf (2023, Psychological Methods 28, 61-88): what a good value of an index is
depends on the model, its loadings and the sample size, so simulate it for the model at hand. Here samples are
drawn from the fitted model's own implied moments, in which the model is true; the value that a share `level`
of them misses is the cut-off, and that share its rate of false alarms. What was planted to be found is said
in `plant`.

Cut-offs from estimates are estimates: tests/reference/cutoffs/RESULTS.md measures what they reject when the
model is true. Chi-square, RMSEA, CFI and TLI keep their level; the SRMR of models with many factors
stays below it, because it goes along with the level of the correlations, which a fit carries into its own
samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from jq_models.errors import FitError, SpecError, suggest
from jq_models.evaluate.cutoffs.draw import Source, in_categories, normal_answers, ordered_answers
from jq_models.evaluate.cutoffs.indices import HIGHER, INDICES, batch_indices, misfit
from jq_models.evaluate.cutoffs.plant import Planted, planted
from jq_models.evaluate.cutoffs.simulate import Distribution, distribution
from jq_models.numeric.moments import Array
from jq_models.sem import SemFit
from jq_models.sem.resampling.refit import Refitter

ANSWERS = ("normal", "ordinal")
AUTO = "auto"
LEVEL = 0.05
WHY_NO_CUTOFFS = ("unusable", "inadmissible", "saturated")
# RMSEA in the population below which the model reproduces what was planted
ABSORBED = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wrong:
    """A planted misspecification and what the indices do in samples of the size at hand.

    Attributes
    ----------
    planted : Planted
    distribution : Distribution
    population : mapping of str to float
        The indices without sampling error; ``chi_square`` is n F.
    """

    planted: Planted
    distribution: Distribution
    population: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cutoffs:
    """Fit indices of a model, in the data and in simulated samples of the same size.

    Attributes
    ----------
    model : str
    n, df : int
    level : float
        The rate of false alarms asked for.
    answers : {"normal", "ordinal"}
    seed : int
    values : mapping of str to float
        The indices in the data; keys `indices.INDICES`.
    true : Distribution
        In samples in which the model is true.
    wrong : tuple of Wrong
        In samples in which it is not, by level; empty when nothing could be planted that the model does not
        absorb.
    """

    model: str
    n: int
    df: int
    level: float
    answers: str
    seed: int
    values: Mapping[str, float]
    true: Distribution
    wrong: tuple[Wrong, ...]

    def cutoff(self, index: str) -> float:
        """Return the cut-off of an index; NaN with too few replicates for this level."""
        worst = cutoff_of(misfit(index, self.drawn(index)), self.level)
        return -worst if index in HIGHER else worst

    def p_value(self, index: str) -> float:
        """Return (1 + replicates that fit as badly or worse) / (1 + replicates)."""
        drawn = misfit(index, self.drawn(index))
        here = misfit(index, np.array([self.values[index]]))
        return float((1 + (drawn >= here).sum()) / (1 + len(drawn)))

    def drawn(self, index: str) -> Array:
        """Return the values of an index in the samples in which the model is true."""
        found: Array = self.true.indices[index].to_numpy(dtype=float)
        return found


def cutoff_of(misfits: Array, level: float) -> float:
    """Return the k-th largest misfit, k = floor(level (R + 1)): what exceeds it is rejected.

    Then the rate of false alarms is k / (R + 1), at most `level`, whenever the data are drawn like the R
    replicates (Dufour 2006, Journal of Econometrics 133, 443-477). NaN when k is 0.

    Parameters
    ----------
    misfits : ndarray, shape (R,)
        An index in each replicate, larger being worse.
    level : float
        Rate of false alarms, a fraction.
    """
    # 0.05 (99 + 1) must be 5
    k = int(level * (len(misfits) + 1) + 1e-9)
    return float(np.sort(misfits)[-k]) if k else float("nan")


def why_no_cutoffs(fit: SemFit) -> str:
    """Say why no cut-offs are simulated for a fit: a code of `WHY_NO_CUTOFFS`, empty where they can be."""
    if not fit.usable:
        return "unusable"
    if not fit.status.admissible:
        return "inadmissible"
    return "saturated" if fit.df == 0 else ""


def simulate_cutoffs(
    fit: SemFit,
    *,
    draws: int = 500,
    planted_draws: int = 100,
    seed: int,
    level: float = LEVEL,
    answers: str = AUTO,
    workers: int = 1,
) -> Cutoffs:
    """Simulate cut-offs for the fit indices of a model.

    Parameters
    ----------
    fit : SemFit
        Maximum likelihood, one group, complete data, no mean structure, no observed covariates. Scaled tests
        are not simulated: the plain chi-square is.
    draws, planted_draws : int
        Samples in which the model is true, and in which it is wrong at each level; 0 plants nothing.
    seed : int
        From 0. Replicate i is the same sample whatever the numbers of replicates and workers.
    level : float
        Rate of false alarms.
    answers : {"auto", "normal", "ordinal"}
        Draw normal answers, or answers in the categories of the data with the same shares in each, whose
        covariance matrix is the model's. The second takes along what skew and few categories do to the
        indices; neither takes along what organisations or teams have in common. "auto" is "ordinal" where
        the fit has answers and all are in categories, else "normal".
    workers : int
        Threads; the result is the same to the last bit.

    Raises
    ------
    FitError
        When the fit is not usable, inadmissible (`why_no_cutoffs`), saturated, or of another kind.
    SpecError
        On an unknown kind of answers, or a number below its least.
    DataError
        When ordered answers are asked for and the fit has moments only, or items not in categories.
    """
    if answers not in (AUTO, *ANSWERS):
        raise SpecError(f"No kind of answers '{answers}'. {suggest(answers, (AUTO, *ANSWERS))}")
    for name, value, least in (
        ("draws", draws, 1), ("planted_draws", planted_draws, 0), ("seed", seed, 0), ("workers", workers, 1)
    ):  # fmt: skip
        if value < least:
            raise SpecError(f"The cut-offs got {name} = {value}. Give a whole number from {least} on.")
    refitter = Refitter(fit)
    if why_no_cutoffs(fit) == "inadmissible":
        reasons = "; ".join(str(reason) for reason in fit.status.reasons)
        raise FitError(
            f"The solution of the model '{fit.model.name}' is inadmissible: {reasons}. No population has its "
            "numbers, so no cut-offs are simulated. Change the model; why_no_cutoffs(fit) asks beforehand."
        )
    if fit.df == 0:
        raise FitError(
            f"The model '{fit.model.name}' has no degrees of freedom: it fits any data. There is no cut-off."
        )
    if answers == AUTO:
        cases = fit.sample.groups[0].cases
        answers = "ordinal" if cases is not None and in_categories(cases) else "normal"
    population = np.array(fit.implied)
    options = {"df": fit.df, "seed": seed, "workers": workers}
    true = distribution(refitter, _source(fit, population, answers), draws=draws, **options)
    wrong: list[Wrong] = []
    for plant in planted(fit) if planted_draws else ():
        nearest = refitter.started_at(plant.covariance)
        seen = _population_indices(nearest, plant.covariance, df=fit.df)
        # what the model absorbs is no fault of it, and nothing that an index could see
        if seen["rmsea"] < ABSORBED:
            continue
        plant = replace(plant, level=len(wrong) + 1)
        source = _source(fit, plant.covariance, answers)
        wrong.append(
            Wrong(
                planted=plant,
                distribution=distribution(
                    nearest, source, draws=planted_draws, stream=plant.level, **options
                ),
                population=seen,
            )
        )
    return Cutoffs(
        model=fit.model.name,
        n=fit.n,
        df=fit.df,
        level=level,
        answers=answers,
        seed=seed,
        values=_values(fit),
        true=true,
        wrong=tuple(wrong),
    )


def _source(fit: SemFit, covariance: Array, answers: str) -> Source:
    if answers == "normal":
        return normal_answers(covariance, n=fit.n)
    cases = fit.sample.require_cases("A simulation of ordered answers")[0]
    return ordered_answers(covariance, cases, n=fit.n)


def _values(fit: SemFit) -> Mapping[str, float]:
    """Return the indices of the fit itself; the chi-square is the plain one whatever the estimator."""
    S = fit.moments.covariance[None]
    frame = batch_indices(
        np.array([max(fit.n * fit.objective, 0.0)]),
        S,
        fit.implied[None],
        log_det=np.linalg.slogdet(S)[1],
        df=fit.df,
        n=fit.n,
    )
    return MappingProxyType({index: float(frame[index].to_numpy(dtype=float)[0]) for index in INDICES})


def _population_indices(refitter: Refitter, covariance: Array, *, df: int) -> Mapping[str, float]:
    """Return the indices at the population, whose misfit has no sampling error to subtract."""
    fits = refitter.run(covariance[None])
    F, p = float(fits.chi_square[0]) / refitter.n, len(covariance)
    baseline = float(np.log(np.diag(covariance)).sum() - fits.log_det[0])
    frame = batch_indices(
        fits.chi_square, covariance[None], fits.implied, log_det=fits.log_det, df=df, n=refitter.n
    )
    share = F / baseline
    return MappingProxyType(
        {
            "chi_square": refitter.n * F,
            "cfi": 1.0 - share,
            "tli": 1.0 - share * (p * (p - 1) / 2) / df,
            "rmsea": float(np.sqrt(F / df)),
            "srmr": float(frame["srmr"].to_numpy(dtype=float)[0]),
        }
    )
