"""What planned studies are drawn from: constructs, their correlations, and how well the items measure them.

Two sources: the documented values behind the demo data (ours, no estimates), or a study's own fitted
second-order model. In both, every construct has variance 1 and every item its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from jq_models.data.likert import CATEGORIES, answer_covariance
from jq_models.data.population import DEMO, Population, decompose, latent_covariance
from jq_models.data.truth import item_values
from jq_models.errors import SpecError
from jq_models.numeric.moments import Array, read_only
from jq_models.sem import Moments, SemFit, fit_sem
from jq_models.spec import Instrument, Item, Model

DOCUMENTED, FITTED = "documented", "fitted"
# share of a construct's variance between organisations where none is documented; a choice of this project,
# within the range of the documented values (.04 to .25)
ICC = 0.10
# no item measures better than this, however far the loadings are raised
HIGHEST = 0.95
# how near the mean loading comes to the one asked for
EXACT, HALVINGS = 1e-12, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerPopulation:
    """A population of respondents.

    Attributes
    ----------
    model : Model
        What is fitted to each drawn study.
    items : tuple of str
        The p items.
    factors : tuple of str
        The f constructs.
    factor : ndarray of int, shape (p,)
        The construct of each item.
    loading : ndarray, shape (p,)
        Standardised; 1 where a construct has one item.
    sd : ndarray, shape (p,)
        Of the items.
    latent : ndarray, shape (f, f)
        Correlations of the constructs.
    between, team : ndarray, shape (f, f)
        The parts of them between organisations, and between teams within organisations.
    cuts : ndarray, shape (p, 4), or None
        Where normal responses are cut into five answers; None for continuous answers.
    source : {"documented", "fitted"}
    """

    model: Model
    items: tuple[str, ...]
    factors: tuple[str, ...]
    factor: np.ndarray
    loading: Array
    sd: Array
    latent: Array
    between: Array
    team: Array
    cuts: Array | None
    source: str

    def __post_init__(self) -> None:
        """Protect the arrays."""
        for name in ("loading", "sd", "latent", "between", "team"):
            object.__setattr__(self, name, read_only(np.asarray(getattr(self, name), dtype=float)))

    @property
    def several(self) -> np.ndarray:
        """Whether an item shares its construct with other items, shape (p,)."""
        return np.asarray(np.bincount(self.factor, minlength=len(self.factors))[self.factor] > 1)

    @property
    def mean_loading(self) -> float:
        """The mean standardised loading of the items that share their construct."""
        return float(self.loading[self.several].mean())

    @property
    def covariance(self) -> Array:
        """The covariance matrix of the answers, (p, p)."""
        response: Array = np.outer(self.loading, self.loading) * self.latent[np.ix_(self.factor, self.factor)]
        if self.cuts is not None:
            response = answer_covariance(response, self.cuts)
            np.fill_diagonal(response, self.sd**2)
            return response
        np.fill_diagonal(response, 1.0)
        scaled: Array = response * np.outer(self.sd, self.sd)
        return scaled

    def at_loading(self, level: float | None) -> PowerPopulation:
        """Return the population with items that measure better or worse: the mean loading is `level`.

        All loadings are multiplied by the same number, but none goes above .95: the number is such that the
        mean is `level` with that limit in place. Constructs with one item stay as they are, and so do the
        constructs themselves. None changes nothing.

        Raises
        ------
        SpecError
            When the level is not between .2 and .95, or out of reach because of a negative loading.
        """
        if level is None:
            return self
        if not 0.2 <= level <= HIGHEST:
            raise SpecError(
                f"A mean loading of {level} was asked for. Give one from 0.2 to {HIGHEST}: below, items "
                "hardly measure their construct; above, they are copies of each other."
            )
        return replace(self, loading=np.where(self.several, self._raised(level), self.loading))

    def _raised(self, level: float) -> Array:
        """Return the loadings times the number that brings their mean to `level`, none above the highest."""
        own = self.loading[self.several]

        def times(factor: float) -> Array:
            return np.asarray(np.minimum(own * factor, HIGHEST))

        # without the limit `low` is the number; at `high` every loading has reached it
        low, high = level / self.mean_loading, HIGHEST / own[own > 0].min()
        if times(low).mean() < level - EXACT:
            if times(high).mean() < level - EXACT:
                raise SpecError(
                    f"A mean loading of {level} was asked for. It is out of reach: an item is turned against "
                    f"its construct, and no loading goes above {HIGHEST}. Give a lower one."
                )
            for _ in range(HALVINGS):
                middle = (low + high) / 2.0
                low, high = (middle, high) if times(middle).mean() < level else (low, middle)
            low = high
        return np.asarray(np.minimum(self.loading * low, HIGHEST))

    def fit(self, *, n: int = 1_000_000) -> SemFit:
        """Return the model fitted to the population itself: estimates are the values looked for.

        Raises
        ------
        FitError
            When the model has no usable solution in the population.
        """
        moments = Moments(names=self.items, covariance=self.covariance, mean=np.zeros(len(self.items)), n=n)
        return fit_sem(self.model, moments).require()


def documented_population(
    model: Model, instrument: Instrument, *, population: Population = DEMO, five_points: bool = False
) -> PowerPopulation:
    """Return the documented population, for the constructs of a model.

    Parameters
    ----------
    model : Model
    instrument : Instrument
    population : Population
        Dimensions the questionnaire adds to its own get ordinary values.
    five_points : bool
        Whether answers are cut into five points with skewed thresholds, as in the simulated data; else they
        are continuous.

    Raises
    ------
    SpecError
        When the values know nothing of a construct, or `five_points` meets a scale of another length.
    """
    population = population.with_dimensions(c.code for c in instrument.dimensions)
    unknown = [code for code in model.factors if code not in population.constructs]
    if unknown:
        raise SpecError(
            f"The documented values have none for {', '.join(unknown)} of {instrument.name}. "
            "Plan with the study's own fitted model, or leave these constructs out."
        )
    exogenous = decompose(population)
    codes = list(model.factors)
    latent, between, team = (
        latent_covariance(exogenous, share=share).loc[codes, codes].to_numpy()
        for share in (None, exogenous.organisation, exogenous.team)
    )
    kept = [i for i in instrument.items if i.construct in codes]
    if five_points and any(i.scale.values != tuple(range(1, CATEGORIES + 1)) for i in kept):
        raise SpecError(
            f"{instrument.name} has scales of other than {CATEGORIES} points: documented thresholds are for "
            f"{CATEGORIES}. Plan with continuous answers."
        )
    values = {v.code: v for v in item_values(instrument, population)} if five_points else {}
    return PowerPopulation(
        model=model,
        items=tuple(i.code for i in kept),
        factors=tuple(codes),
        factor=np.array([codes.index(i.construct) for i in kept]),
        loading=np.array([_loading(i, instrument, population=population) for i in kept]),
        sd=np.full(len(kept), population.sd),
        latent=latent,
        between=between,
        team=team,
        cuts=np.array([values[i.code].cuts for i in kept]) if five_points else None,
        source=DOCUMENTED,
    )


def fitted_population(fit: SemFit, *, icc: float = ICC) -> PowerPopulation:
    """Return the population that a fitted model describes.

    Parameters
    ----------
    fit : SemFit
        Usable, one group; items that load on one factor each, residuals uncorrelated.
    icc : float
        Share of every construct's variance between organisations.

    Raises
    ------
    FitError
        When the fit is not usable.
    SpecError
        When an item loads on several factors, or residuals of items are correlated.
    """
    fit.require()
    state, names = fit.states[0], fit.matrices.latent
    deviation = np.sqrt(np.diag(state.latent_covariance))
    sd = np.sqrt(np.diag(state.implied))
    loading = np.asarray(state.loading) * deviation / sd[:, None]
    simple = ((loading != 0).sum(axis=1) == 1).all()
    apart = np.count_nonzero(state.theta - np.diag(np.diag(state.theta))) == 0
    if not (simple and apart):
        raise SpecError(
            f"The model '{fit.model.name}' has items on several factors or correlated residuals of items: "
            "planned studies are drawn from simple structure. Plan with the second-order model."
        )
    codes = [code for code in names if code in fit.model.factors]
    at = [names.index(code) for code in codes]
    latent = (state.latent_covariance / np.outer(deviation, deviation))[np.ix_(at, at)]
    return PowerPopulation(
        model=fit.model,
        items=fit.parameters.observed,
        factors=tuple(codes),
        factor=np.array([at.index(int(j)) for j in np.abs(loading).argmax(axis=1)]),
        loading=loading.sum(axis=1),
        sd=sd,
        latent=latent,
        between=icc * latent,
        team=np.zeros_like(latent),
        cuts=None,
        source=FITTED,
    )


def _loading(item: Item, instrument: Instrument, *, population: Population) -> float:
    """Return the documented loading of an item; a construct's only item is taken to be the construct."""
    own = instrument.construct(item.construct).items
    if len(own) == 1:
        return 1.0
    # a questionnaire stored the other way round has most of its items turned: that is no negative wording
    usual = 2 * sum(other.reversed for other in instrument.items) > len(instrument.items)
    if item.reversed != usual:
        return population.reversed_loading
    return population.loadings[own.index(item) % len(population.loadings)]
