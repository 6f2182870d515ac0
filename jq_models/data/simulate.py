"""Simulated respondents from known population values, for the demo, the course and the tests.

The model, from the top down (values: :mod:`jq_models.data.population`):

1. Independent parts u (job quality, the learning trio's further factor, residuals, disturbances), each
   the sum of an organisation, a team and a person part: u = sqrt(v) (sqrt(s_o) z_o + sqrt(s_t) z_t +
   sqrt(1 - s_o - s_t) z_p), all z independent standard normal.
2. Constructs eta = W u: cov(eta) is the documented one in total, and the same structure holds at every level.
3. Responses y* = loading eta + sqrt(1 - loading^2) e: standard normal in the population.
4. Answers 1-5: y* cut at thresholds solved for each item's mean, spread and skew (high = good), then turned
   to what the questionnaire stores: a reversed item is stored as 6 - answer.
5. Missing answers: a share of the respondents skips items, whatever their answers would have been (MCAR).
6. Whether they would recommend working here, 0 to 10 (:mod:`jq_models.data.recommend`).

Contract, home days, language, team size and the share of customer contact have no effect on the answers
to the questionnaire, unless a variant of the population plants one (`Population.shifts`,
`Population.moderation`). Answers to the modules, where they are drawn, do differ by some of what is known of
people (`ModulePopulation.shifts`): see :mod:`jq_models.data.simulate_modules`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from jq_models.data.likert import CATEGORIES, answer
from jq_models.data.population import DEMO, Exogenous, Floats, Population, Wave, decompose
from jq_models.data.population_modules import DEMO_MODULES, ModulePopulation
from jq_models.data.recommend import recommend
from jq_models.data.remarks import remarks
from jq_models.data.simulate_modules import module_answers, module_scales, module_truth, with_products
from jq_models.data.simulate_people import drawn_people
from jq_models.data.truth import ItemValues, describe, item_values
from jq_models.errors import DataError, suggest
from jq_models.spec import Instrument, check_name

MISSING_CODE = 99
SKIPPERS, CODED = 0.15, 0.05
CONTACT = {20: 0.10, 40: 0.15, 60: 0.25, 80: 0.30, 100: 0.20}  # share of working time, in per cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A simulated data set as a questionnaire tool would store it, and the truth it was drawn from."""

    frame: pd.DataFrame
    truth: dict[str, Any]


def simulate(
    instrument: Instrument,
    *,
    seed: int,
    n: int = 577,
    organisations: int = 8,
    population: Population = DEMO,
    modules: Instrument | None = None,
    added: ModulePopulation = DEMO_MODULES,
) -> Simulated:
    """Draw simulated employees.

    Parameters
    ----------
    instrument : Instrument
        The demo's questionnaire, dimensions may be added, on a scale of 1 to 5.
    seed : int
        The same seed gives the same data.
    n, organisations : int
        Employees in all, and organisations they are spread over (unequal sizes, teams of 8 to 15).
    population : Population
        The values to draw from; dimensions the questionnaire adds get ordinary ones.
    modules : Instrument, optional
        The modules asked as well: nothing drawn without them changes.
    added : ModulePopulation
        The values of the modules.

    Returns
    -------
    Simulated
        ``frame`` (n rows: organisation, team, contract, home_days, language, contact, one column an item
        with the unturned answers, recommend; with modules what `module_scales` says is known of people,
        and their items; remarks) and ``truth`` (JSON-able; what each part means stands in it).

    Raises
    ------
    DataError
        When the questionnaire has a construct or scale the population does not know, or n is too small.
    """
    population = population.with_dimensions(c.code for c in instrument.dimensions)
    _check(instrument, population, n=n, organisations=organisations)
    people, parts, items, gaps, texts, contacts, advice = (_stream(seed, place) for place in range(7))
    exogenous = decompose(population)
    values = item_values(instrument, population)
    wave = population.wave
    split = people if wave is None else _stream(wave.seed, 0)
    background = drawn_people(
        people, n=n, organisations=organisations, split=split, days=population.home_days
    )
    background["contact"] = contacts.choice(list(CONTACT), size=n, p=list(CONTACT.values()))
    eta = _constructs(parts, exogenous, background=background, wave=wave)
    eta = eta + [population.moved.get(str(code), 0.0) for code in eta]
    eta = _moderated(eta, population, exogenous=exogenous, contact=background["contact"])
    xi, rows = pd.DataFrame(), pd.DataFrame()
    if modules is not None:
        drawn, facts = _stream(seed, 7), _stream(seed, 8)
        xi, rows = module_scales(drawn, facts, eta, background=background, exogenous=exogenous, added=added)
        eta = with_products(eta, xi, added)
    shifts = _shifts(background, population)
    facets = _facets(_stream(seed, 11), eta, values, instrument=instrument, population=population)
    answers = _answers(items, eta, values, shifts=[shifts, facets])
    frame = pd.concat([background, _with_gaps(gaps, answers, values)], axis=1)
    frame["recommend"] = recommend(advice, eta, exogenous=exogenous)
    truth = describe(instrument, population, exogenous=exogenous, values=values)
    if modules is not None:
        more, known = module_answers(_stream(seed, 9), modules, xi, population=population, added=added)
        results = rows.pop("earlier_results").groupby(background["team"]).first()
        frame = pd.concat([frame, rows, _with_gaps(_stream(seed, 10), more, known)], axis=1)
        truth["modules"] = module_truth(modules, added, exogenous=exogenous) | {"earlier": results.to_dict()}
    frame["remarks"], canaries = remarks(texts, frame["language"])
    sizes = background["organisation"].value_counts().sort_index()
    truth |= {"seed": seed, "n": n, "organisation_sizes": sizes.to_dict(), "canaries": canaries}
    return Simulated(frame=frame, truth=truth)


def write_simulated(
    instrument: Instrument,
    *,
    folder: Path,
    seed: int,
    n: int = 577,
    organisations: int = 8,
    name: str = "demo",
    population: Population = DEMO,
    modules: Instrument | None = None,
    added: ModulePopulation = DEMO_MODULES,
) -> tuple[Path, Path]:
    """Write ``NAME.csv`` and ``NAME_truth.json`` into `folder`; the same seed writes the same bytes.

    Returns
    -------
    tuple of Path
        The data file and the truth file.
    """
    check_name(name)
    drawn = simulate(
        instrument,
        seed=seed,
        n=n,
        organisations=organisations,
        population=population,
        modules=modules,
        added=added,
    )
    folder.mkdir(parents=True, exist_ok=True)
    data, truth = folder / f"{name}.csv", folder / f"{name}_truth.json"
    content = drawn.frame.to_csv(index=False, lineterminator="\n").encode("utf-8")
    data.write_bytes(content)
    facts = drawn.truth | {"data_file": data.name, "data_sha256": hashlib.sha256(content).hexdigest()}
    text = json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False)
    truth.write_bytes(f"{text}\n".encode())
    return data, truth


def _check(instrument: Instrument, population: Population, *, n: int, organisations: int) -> None:
    for construct in instrument.constructs:
        if construct.code not in population.constructs:
            raise DataError(
                f"No population values for construct '{construct.code}' of {instrument.name}. "
                f"{suggest(construct.code, population.constructs)}"
            )
    for item in instrument.items:
        if item.scale.values != tuple(range(1, CATEGORIES + 1)):
            raise DataError(
                f"{instrument.name}, item {item.code}: simulated answers run from 1 to {CATEGORIES}, "
                f"the scale '{item.scale.name}' from {item.scale.low} to {item.scale.high}."
            )
    if organisations < 1 or n < 10 * organisations:
        raise DataError(
            f"n = {n} for {organisations} organisations: "
            "give at least 1 organisation and 10 employees for each."
        )


def _stream(seed: int, place: int) -> np.random.Generator:
    """Return one of a seed's independent generators; a new one never moves those before it."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(place,)))


def _constructs(
    rng: np.random.Generator, exogenous: Exogenous, *, background: pd.DataFrame, wave: Wave | None
) -> pd.DataFrame:
    """Draw the parts at three levels and sum them: constructs (n x 15), one column a construct."""
    person = 1.0 - exogenous.organisation - exogenous.team
    u = rng.standard_normal((len(background), len(person))) * np.sqrt(person)
    for level, share in (("organisation", exogenous.organisation), ("team", exogenous.team)):
        member, groups = pd.factorize(background[level])
        drawn = rng.standard_normal((len(groups), len(share)))
        if wave is not None and level == "organisation":
            drawn = _standing(wave, drawn.shape)
        u += (drawn * np.sqrt(share))[member]
    eta = (u * np.sqrt(exogenous.variance)) @ exogenous.weights.to_numpy().T
    return pd.DataFrame(eta, columns=exogenous.weights.index)


def _standing(wave: Wave, shape: tuple[int, ...]) -> Floats:
    """Return what the organisations of another draw were given; its people were drawn before them."""
    rng = _stream(wave.seed, 1)
    rng.standard_normal((wave.n, shape[1]))
    return rng.standard_normal(shape)


def _moderated(
    eta: pd.DataFrame, population: Population, *, exogenous: Exogenous, contact: pd.Series[int]
) -> pd.DataFrame:
    """Add the products of dimensions and customer contact: disturbances that flow on to later outcomes."""
    shares, levels = np.array(list(CONTACT.values())), np.array(list(CONTACT), dtype=float)
    mean = float(shares @ levels)
    standardised = (contact.to_numpy() - mean) / np.sqrt(float(shares @ (levels - mean) ** 2))
    for (effect, dimension), weight in population.moderation.items():
        product = weight * eta[dimension].to_numpy() * standardised
        eta = eta + np.outer(product, exogenous.weights[f"residual {effect}"].to_numpy())
    return eta


def _shifts(background: pd.DataFrame, population: Population) -> dict[str, Floats]:
    """Return what is added to every person's response behind an item, by item."""
    shifts = {code: np.full(len(background), amount) for code, amount in population.moved.items()}
    for (column, group, item), amount in population.shifts.items():
        added = amount * (background[column].astype(str) == group).to_numpy(dtype=float)
        shifts[item] = shifts.get(item, np.zeros(len(background))) + added
    return shifts


def _facets(
    rng: np.random.Generator,
    eta: pd.DataFrame,
    values: tuple[ItemValues, ...],
    *,
    instrument: Instrument,
    population: Population,
) -> dict[str, Floats]:
    """Return what makes a dimension's facets correlate less than perfectly, by item.

    The item answers to f = sqrt(r) eta + sqrt(1 - r) z with a z of its facet's own: the facets correlate r.
    """
    loadings = {item.code: item.loading for item in values}
    shifts: dict[str, Floats] = {}
    for code, r in population.facets.items():
        construct, whole = instrument.construct(code), eta[code].to_numpy()
        own = {name: rng.standard_normal(len(eta)) for name in construct.facets}
        for item in construct.items:
            if item.facet is not None:
                facet = np.sqrt(r) * whole + np.sqrt(1.0 - r) * own[item.facet]
                shifts[item.code] = loadings[item.code] * (facet - whole)
    return shifts


def _answers(
    rng: np.random.Generator,
    eta: pd.DataFrame,
    values: tuple[ItemValues, ...],
    *,
    shifts: Sequence[Mapping[str, Floats]],
) -> pd.DataFrame:
    """Cut the responses into answers and store reversed items the way the questionnaire does."""
    answers: dict[str, npt.NDArray[np.int64]] = {}
    for item in values:
        noise = rng.standard_normal(len(eta)) * np.sqrt(1.0 - item.loading**2)
        response = item.loading * eta[item.construct].to_numpy() + noise
        for added in shifts:
            response = response + added.get(item.code, 0.0)
        good = answer(response, item.cuts)
        answers[item.code] = CATEGORIES + 1 - good if item.reversed else good
    return pd.DataFrame(answers)


def _with_gaps(
    rng: np.random.Generator, answers: pd.DataFrame, values: tuple[ItemValues, ...]
) -> pd.DataFrame:
    """Take answers away from the respondents who skip; a few gaps are coded 99 instead of empty.

    The gaps gather in few respondents, as in real surveys, so that most rows stay complete.
    """
    rates: Floats = np.array([item.missing for item in values])
    skips = rng.random(len(answers)) < SKIPPERS
    gone = skips[:, None] & (rng.random(answers.shape) < rates / SKIPPERS)
    coded = gone & (rng.random(answers.shape) < CODED)
    return answers.astype("Int64").mask(gone, pd.NA).mask(coded, MISSING_CODE)
