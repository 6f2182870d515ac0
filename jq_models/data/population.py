"""The population behind the simulated data: every value a choice of this project, none of them an estimate.

They were chosen to resemble published meta-analyses of job attitudes; not one of them comes from the 2012
studies of contact-center job quality.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from jq_models.errors import DataError

Floats = npt.NDArray[np.float64]

JOB_QUALITY, LEARNING = "JQ", "LEARN"
OUTCOMES = ("SAT", "COM", "TIN")
HOME_DAYS = MappingProxyType({0: 0.50, 1: 0.12, 2: 0.16, 3: 0.12, 4: 0.10})


def _fixed(**values: float) -> Mapping[str, float]:
    return MappingProxyType(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Another draw of the same organisations: its seed and its number of people."""

    seed: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Population values, standardised: every latent variable has mean 0 and total variance 1.

    Attributes
    ----------
    second_order : mapping
        Loading of each dimension on job quality (JQ).
    further : mapping
        Loading of the learning trio on one further factor (LEARN), uncorrelated with JQ.
    paths : mapping of (effect, cause)
        Standardised regression coefficients among JQ and the outcomes.
    organisation_icc, team_icc : mapping
        Share of a latent variable's variance between organisations, and between teams within them.
    means : mapping
        Mean of a construct's items on 1-5, high = good (TIN: high = wants to leave).
    loadings, means_around : tuple of float
        Loading of the 1st, 2nd, ... item of a construct, and its mean's distance to the construct's.
    reversed_loading : float
        Loading of a reversed item: negative wording measures a little less well.
    sd : float
        Standard deviation of every item.
    missing : tuple of float
        Share of answers missing, item after item and then from the start again.
    sensitive_missing : float
        The same for an item marked sensitive.
    shifts : mapping of (group column, group, item)
        Added to the response behind an item in one group (in its standard deviations): an intercept that
        differs, and so a planted violation of scalar invariance.
    moderation : mapping of (effect, dimension)
        Added to the effect for every product of the dimension with the standardised share of customer
        contact; it comes on top of the effect's documented variance.
    home_days : mapping
        Share of people who work so many days a week at home.
    facets : mapping of dimension
        Correlation of the facets its items are sorted into by the questionnaire; 1, one thing, where it is
        left out.
    moved : mapping of construct or item
        Added for everyone: to a construct (in its standard deviations), or to the response behind an item (in
        that response's): how a wave differs from the demo.
    wave : Wave or None
        The draw whose organisations take part again: their sizes, in proportion, and their standing. Teams
        and people are new.
    """

    second_order: Mapping[str, float]
    further: Mapping[str, float]
    paths: Mapping[tuple[str, str], float]
    organisation_icc: Mapping[str, float]
    team_icc: Mapping[str, float]
    means: Mapping[str, float]
    loadings: tuple[float, ...]
    reversed_loading: float
    means_around: tuple[float, ...]
    sd: float
    missing: tuple[float, ...]
    sensitive_missing: float
    shifts: Mapping[tuple[str, str, str], float] = field(default_factory=lambda: MappingProxyType({}))
    moderation: Mapping[tuple[str, str], float] = field(default_factory=lambda: MappingProxyType({}))
    facets: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    moved: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    home_days: Mapping[int, float] = field(default_factory=lambda: HOME_DAYS)
    wave: Wave | None = None

    @property
    def constructs(self) -> tuple[str, ...]:
        """The constructs: dimensions, then outcomes."""
        return (*self.second_order, *OUTCOMES)

    def with_dimensions(self, codes: Iterable[str]) -> Population:
        """Return the population with values for the dimensions a questionnaire adds to the documented ones.

        An added dimension reflects job quality like the others (`ADDED_LOADING`) and is related to the
        outcomes through it only; the truth file states its values like all others. A questionnaire that
        lacks a documented dimension adds none: a code misspelt is no thirteenth dimension.
        """
        asked = tuple(codes)
        added = [code for code in asked if code not in self.constructs]
        if not added or not set(self.second_order) <= set(asked):
            return self
        return replace(
            self,
            second_order=_fixed(**self.second_order, **dict.fromkeys(added, ADDED_LOADING)),
            means=_fixed(**self.means, **dict.fromkeys(added, ADDED_MEAN)),
            organisation_icc=_fixed(**self.organisation_icc, **dict.fromkeys(added, ADDED_ICC)),
        )


DEMO = Population(
    second_order=_fixed(
        OPP=0.75, AMB=0.60, CON=0.65, SUP=0.75, ATM=0.65, EMP=0.75,
        ENJ=0.80, TOO=0.60, INT=0.80, LCU=0.65, LEM=0.70, INF=0.70,
    ),
    further=_fixed(LCU=0.35, LEM=0.35, INF=0.35),
    paths=MappingProxyType(
        {
            ("SAT", "JQ"): 0.72,
            ("COM", "JQ"): 0.40,
            ("COM", "SAT"): 0.36,
            ("TIN", "SAT"): -0.38,
            ("TIN", "COM"): -0.32,
            ("TIN", "JQ"): 0.0,
        }
    ),
    organisation_icc=_fixed(
        JQ=0.04, LEARN=0.30,
        OPP=0.06, AMB=0.05, CON=0.08, SUP=0.04, ATM=0.04, EMP=0.06, ENJ=0.05, TOO=0.20, INT=0.12,
        LCU=0.20, LEM=0.15, INF=0.25, SAT=0.05, COM=0.05, TIN=0.04,
    ),
    team_icc=_fixed(SUP=0.10, ATM=0.10),
    means=_fixed(
        OPP=3.4, AMB=3.8, CON=3.2, SUP=3.6, ATM=3.8, EMP=3.5, ENJ=3.7, TOO=3.3, INT=3.5,
        LCU=3.0, LEM=2.9, INF=2.9, SAT=3.6, COM=3.4, TIN=2.5,
    ),
    loadings=(0.80, 0.88, 0.72, 0.76),
    reversed_loading=0.62,
    means_around=(0.12, -0.04, 0.04, -0.12),
    sd=1.0,
    missing=(0.0, 0.01, 0.02, 0.03, 0.05, 0.02, 0.01),
    sensitive_missing=0.08,
)  # fmt: skip

# what is assumed of a dimension that a questionnaire adds: ordinary in every respect
ADDED_LOADING, ADDED_MEAN, ADDED_ICC = 0.70, 3.4, 0.06

# flexible staff answer two items differently at the same standing on the dimension
SCALAR = replace(
    DEMO,
    shifts=MappingProxyType({("contract", "flex", "LCU2"): -0.60, ("contract", "flex", "SUP3"): 0.60}),
)
# acting on customers' signals matters more to those who speak with customers all day (H6)
MODERATED = replace(DEMO, moderation=MappingProxyType({("SAT", "LCU"): 0.25}))
# the demo's organisations a wave earlier: they learned less, and one question on the supervisor was read
# differently
BEFORE = replace(
    DEMO, moved=MappingProxyType({"LCU": -0.25, "LEM": -0.25, "SUP3": 0.50}), wave=Wave(seed=2013, n=577)
)
VARIANTS = MappingProxyType({"demo": DEMO, "scalar": SCALAR, "moderated": MODERATED, "before": BEFORE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exogenous:
    """The independent parts every latent variable is made of, and where their variance lies.

    ``weights`` (constructs x parts) are the reduced form; ``variance`` (parts) the total variances;
    ``organisation`` and ``team`` (parts) the shares between organisations and between teams within them.
    """

    parts: tuple[str, ...]
    weights: pd.DataFrame
    variance: Floats
    organisation: Floats = field(repr=False)
    team: Floats = field(repr=False)


def decompose(population: Population) -> Exogenous:
    r"""Write the latent variables as sums of independent parts.

    The parts u are JQ, LEARN, one residual a dimension and one disturbance an outcome. The model is linear,
    eta = B eta + Gamma u, so eta = (I - B)^-1 Gamma u = W u (the reduced form). Residual variances follow
    from the demand that every eta has variance 1.

    Each part is itself a sum over levels, u = u_organisation + u_team + u_person, with shares s of its
    variance. As the same W carries every level, **the same structure holds between organisations, between
    teams and within them**, and the levels add up to the documented total exactly. A part's shares are what
    is left to reach the construct's documented ICC after what it inherits from the parts before it:

        s_residual = (ICC_construct - sum of inherited variance between groups) / var(residual).

    Raises
    ------
    DataError
        When the values contradict each other: explained variance above 1, or an ICC that cannot be reached.
    """
    codes = population.constructs
    parts = (JOB_QUALITY, LEARNING, *(f"residual {code}" for code in codes))
    weights = pd.DataFrame(0.0, index=[JOB_QUALITY, *codes], columns=list(parts))
    weights.loc[JOB_QUALITY, JOB_QUALITY] = 1.0
    variance = np.ones(len(parts))
    organisation, team = np.zeros(len(parts)), np.zeros(len(parts))
    organisation[:2] = [population.organisation_icc[JOB_QUALITY], population.organisation_icc[LEARNING]]
    for position, code in enumerate(codes, start=2):
        inherited = _inherited(population, code, weights)
        variance[position] = 1.0 - float((inherited**2 * variance).sum())
        if variance[position] <= 0:
            raise DataError(
                f"The population values contradict each other: {code} is explained beyond its variance. "
                "Lower its loadings or paths."
            )
        for share, icc in ((organisation, population.organisation_icc), (team, population.team_icc)):
            between = icc.get(code, 0.0) - float((inherited**2 * variance * share).sum())
            share[position] = between / variance[position]
        if min(organisation[position], team[position]) < 0 or organisation[position] + team[position] > 1:
            raise DataError(
                f"The population values contradict each other: the ICC of {code} is out of reach, given what "
                "it inherits. Raise it, or lower that of job quality."
            )
        weights.loc[code] = inherited
        weights.loc[code, parts[position]] = 1.0
    for values in (variance, organisation, team):
        values.setflags(write=False)
    return Exogenous(
        parts=parts,
        weights=weights.loc[list(codes)],
        variance=variance,
        organisation=organisation,
        team=team,
    )


def _inherited(population: Population, code: str, weights: pd.DataFrame) -> Floats:
    """Return what a construct owes to JQ, LEARN and the constructs before it, as weights of the parts."""
    inherited = np.zeros(weights.shape[1])
    if code in population.second_order:
        inherited[0] = population.second_order[code]
        inherited[1] = population.further.get(code, 0.0)
    for (effect, cause), value in population.paths.items():
        if effect == code:
            inherited = inherited + value * weights.loc[cause].to_numpy()
    return inherited


def latent_covariance(exogenous: Exogenous, *, share: Floats | None = None) -> pd.DataFrame:
    """Return W diag(v s) W', the covariance of the constructs: total (s = 1), or of one level's share s."""
    scaled = exogenous.variance if share is None else exogenous.variance * share
    W = exogenous.weights.to_numpy()
    names = exogenous.weights.index
    return pd.DataFrame((W * scaled) @ W.T, index=names, columns=names)
