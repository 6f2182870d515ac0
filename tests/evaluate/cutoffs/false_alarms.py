"""Are the simulated cut-offs what they claim? Samples of populations, each judged by cut-offs of its own fit.

Run as a script it writes tests/reference/cutoffs/RESULTS.md; the slow tests run less of the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from jq_models.evaluate.cutoffs import INDICES, JUDGED, simulate_cutoffs, why_no_cutoffs
from jq_models.evaluate.cutoffs.draw import drawn, normal_answers
from jq_models.evaluate.cutoffs.indices import misfit
from jq_models.evaluate.cutoffs.verdicts import misses_usual
from jq_models.evaluate.small_sample import small_sample_tests
from jq_models.sem import Moments, fit_sem

SECOND_ORDER = (0.75, 0.60, 0.65, 0.75, 0.65, 0.75, 0.80, 0.60, 0.80, 0.65, 0.70, 0.70)
LOADINGS = (0.60, 0.70, 0.80, 0.88)
TESTS = ("plain", "bartlett", "swain", "yuan_2005", "yuan_2015")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A population: model text, names, covariance matrix, and that with what the model leaves out."""

    name: str
    text: str
    names: tuple[str, ...]
    true: np.ndarray
    crossed: np.ndarray


def three_factors(name: str, loadings: tuple[float, ...], *, crossed: float) -> World:
    """Three factors of four items, correlated .40; the last item of the first also loads on the second."""
    L = np.kron(np.eye(3), np.array(loadings)[:, None])
    Phi = np.full((3, 3), 0.4) + 0.6 * np.eye(3)
    names = tuple(f"{f}{i}" for f in "abc" for i in range(1, 5))
    text = "\n".join(f"F{f} =~ " + " + ".join(f"{f}{i}" for i in range(1, 5)) for f in "abc")
    return World(
        name=name,
        text=text,
        names=names,
        true=_standardised(L, Phi),
        crossed=_crossed(L, Phi, [(3, 1)], crossed),
    )


def study_model(*, crossed: float = 0.30) -> World:
    """The second-order model of the first notes: 12 dimensions of 4 items, satisfaction and commitment of 3.

    Planted: the first item of three dimensions also loads on the next dimension.
    """
    g, d = np.array(SECOND_ORDER), 12
    Phi = np.zeros((14, 14))
    Phi[:d, :d] = np.outer(g, g)
    Phi[9:12, 9:12] += 0.35**2
    np.fill_diagonal(Phi[:d, :d], 1.0)
    # SAT = .72 JQ + e, COM = .40 JQ + .36 SAT + e
    for row, total in ((12, 0.72), (13, 0.40 + 0.36 * 0.72)):
        Phi[row, :d] = Phi[:d, row] = total * g
    Phi[12, 13] = Phi[13, 12] = 0.40 * 0.72 + 0.36
    Phi[12, 12] = Phi[13, 13] = 1.0
    counts = [4] * d + [3, 3]
    L = np.zeros((sum(counts), 14))
    names, lines, at = [], [], 0
    for j, count in enumerate(counts):
        own = [f"v{j + 1}_{i + 1}" for i in range(count)]
        L[at : at + count, j] = LOADINGS[:count]
        lines.append(f"D{j + 1} =~ {' + '.join(own)}")
        names, at = names + own, at + count
    lines.append("JQ =~ " + " + ".join(f"D{j + 1}" for j in range(d)))
    lines += ["D10 ~~ D11 + D12", "D11 ~~ D12", "D13 ~ JQ", "D14 ~ D13 + JQ"]
    places = [(4 * j, j + 1) for j in (0, 3, 6)]
    return World(
        name="study",
        text="\n".join(lines),
        names=tuple(names),
        true=_standardised(L, Phi),
        crossed=_crossed(L, Phi, places, crossed),
    )


def _standardised(L: np.ndarray, Phi: np.ndarray) -> np.ndarray:
    Sigma = L @ Phi @ L.T
    np.fill_diagonal(Sigma, 1.0)
    return Sigma


def _crossed(L: np.ndarray, Phi: np.ndarray, places: list[tuple[int, int]], size: float) -> np.ndarray:
    more = L.copy()
    for item, factor in places:
        more[item, factor] = size
    return _standardised(more, Phi)


def judged_samples(
    world: World, *, n: int, samples: int, draws: int, seed: int, crossed: bool = False
) -> pd.DataFrame:
    """Draw samples, fit each, simulate cut-offs from each fit.

    Returns
    -------
    DataFrame
        A row for each sample with a usable fit: for every index its value, p_<index> the simulated p value,
        usual_<index> whether it misses the usual line, test_<correction> the p value of the chi-square.
    """
    source = normal_answers(world.crossed if crossed else world.true, n=n)
    rows = []
    for i, S in enumerate(drawn(source, seed=seed, stream=99, replicates=range(samples))):
        moments = Moments(names=world.names, covariance=S, mean=np.zeros(len(S)), n=n)
        fit = fit_sem(world.text, moments)
        if why_no_cutoffs(fit):
            continue
        cutoffs = simulate_cutoffs(fit, draws=draws, planted_draws=0, seed=1000 * seed + i)
        row: dict[str, float] = dict(cutoffs.values)
        row |= {f"p_{index}": cutoffs.p_value(index) for index in INDICES}
        row |= {
            f"usual_{index}": bool(misses_usual(cutoffs, index, np.array([cutoffs.values[index]]))[0])
            for index in JUDGED
        }
        factors = small_sample_tests(fit)["factor"]
        row |= {f"test_{t}": float(chdtrc(fit.df, fit.test.chi_square * factors[t])) for t in TESTS}
        row["failed"] = sum(cutoffs.true.failed.values())
        rows.append(row)
    return pd.DataFrame(rows)


def error(share: float, n: int) -> float:
    """Return the Monte Carlo standard error of a share."""
    return float(np.sqrt(share * (1 - share) / n))


def rejected(found: pd.DataFrame, *, level: float = 0.05) -> pd.Series:
    """Return the share of samples that the simulated cut-offs reject, by index."""
    return pd.Series({index: float((found[f"p_{index}"] <= level + 1e-9).mean()) for index in INDICES})


def missed(found: pd.DataFrame) -> pd.Series:
    """Return the share of samples that miss the usual lines, by index and by any of them ("combined")."""
    own = {index: float(found[f"usual_{index}"].mean()) for index in JUDGED}
    return pd.Series({**own, "combined": float(found[[f"usual_{i}" for i in JUDGED]].any(axis=1).mean())})


def moved_line(true: list[pd.DataFrame], index: str, *, level: float = 0.05) -> float:
    """Return the misfit at which one line for all conditions has this rate of false alarms over them all."""
    misfits = np.concatenate([misfit(index, found[index].to_numpy()) for found in true])
    return float(np.quantile(misfits, 1 - level))


def over(found: pd.DataFrame, index: str, line: float) -> float:
    """Return the share of samples whose misfit exceeds a line."""
    return float((misfit(index, found[index].to_numpy()) > line).mean())


def true_lines(world: World, *, n: int, draws: int) -> dict[str, float]:
    """Return the values that 5 % of samples of the population itself miss, by index."""
    moments = Moments(names=world.names, covariance=world.true, mean=np.zeros(len(world.true)), n=n)
    cutoffs = simulate_cutoffs(fit_sem(world.text, moments), draws=draws, planted_draws=0, seed=77)
    return {index: cutoffs.cutoff(index) for index in INDICES}
