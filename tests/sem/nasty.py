"""Small and nasty samples, each with a model: what field data do to an engine, and worse.

``nasty_case(kind, seed)`` makes one sample; the same kind and seed give the same one. What is wrong with a
kind stands in its function's docstring.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import nasty_designs as designs
import numpy as np
import pandas as pd
from nasty_samples import (
    Made,
    Random,
    are_answers,
    either,
    factor_text,
    measured,
    normal_theory,
    ordinal,
    plain,
    small_n,
    study,
)


def near_collinear(rng: Random) -> Made:
    """Dimensions correlated 0.93 to 0.99 in the study's own models."""
    text, frame = study(rng, n=small_n(rng), between=rng.uniform(0.93, 0.99))
    return text, frame, normal_theory(rng)


def study_models(rng: Random) -> Made:
    """The study's models in a sample too small for them."""
    text, frame = study(rng, n=int(rng.integers(30, 90)), between=0.4)
    return text, frame, normal_theory(rng)


def identical_factors(rng: Random) -> Made:
    """Several factors in the model, one in the population."""
    return *plain(rng, between=1.0), normal_theory(rng)


def constant_item(rng: Random) -> Made:
    """An item that all answer alike, in some samples but one respondent."""
    text, frame = plain(rng)
    item, n = str(rng.choice(frame.columns)), len(frame)
    constant = np.full(n, float(rng.integers(1, 6)))
    constant[0] += float(rng.random() < 0.5)
    return text, frame.assign(**{item: constant}), either(rng) if are_answers(frame) else normal_theory(rng)


def empty_category(rng: Random) -> Made:
    """Answers in the middle or at the end of the scale that nobody gave."""
    text, frame = ordinal(rng)
    item, gone = str(rng.choice(frame.columns)), float(rng.integers(1, 6))
    moved = frame[item].where(frame[item] != gone, 3.0 if gone != 3.0 else 4.0)
    return text, frame.assign(**{item: moved}), either(rng)


def heywood(rng: Random) -> Made:
    """Items correlated so that a factor would have to explain more than all of one of them."""
    n, (a, b) = small_n(rng), rng.uniform(0.6, 0.75, 2)
    S = np.array([[1, a, b], [a, 1, a * b * rng.uniform(0.4, 0.95)], [b, 0, 1]])
    S = np.tril(S.T) + np.tril(S.T, -1).T
    x = rng.standard_normal((n, 3)) @ np.linalg.cholesky(S).T
    frame = pd.DataFrame(x, columns=["f1_1", "f1_2", "f1_3"])
    for i in range(1, 4):
        frame[f"f2_{i}"] = 0.3 * frame["f1_1"] + rng.standard_normal(n)
    return factor_text({"f1": 3, "f2": 3}), frame, normal_theory(rng)


def weak_loadings(rng: Random) -> Made:
    """Loadings near nothing: Heywood cases and flat likelihoods by chance."""
    return *plain(rng, loading=(0.1, 0.4)), normal_theory(rng)


def duplicates(rng: Random) -> Made:
    """Two items with the same answers, a summed item, or every respondent twice."""
    text, frame = plain(rng)
    which, (a, b, c) = rng.integers(4), rng.choice(frame.columns, 3, replace=False)
    if which == 0:
        frame = frame.assign(**{a: frame[b]})
    elif which == 1:
        frame = frame.assign(**{a: frame[b] + frame[c]})
    elif which == 2:
        frame = frame.assign(**{a: 6 - frame[b]})
    else:
        frame = pd.concat([frame, frame], ignore_index=True)
    return text, frame, either(rng) if are_answers(frame) else normal_theory(rng)


def near_duplicates(rng: Random) -> Made:
    """Two items that differ by noise of 1e-1 to 1e-6 standard deviations."""
    text, frame = plain(rng)
    a, b = rng.choice(frame.columns, 2, replace=False)
    noise = 10.0 ** -rng.integers(1, 7) * rng.standard_normal(len(frame))
    return text, frame.assign(**{a: frame[b] + noise}), normal_theory(rng)


def few_cases(rng: Random) -> Made:
    """As many cases as items, a few more or less."""
    text, frame = plain(rng, n=60)
    n = max(frame.shape[1] + int(rng.integers(-2, 6)), 1)
    return text, frame.iloc[:n], normal_theory(rng)


def tiny_variance(rng: Random) -> Made:
    """An item with almost no variance beside a large mean."""
    text, frame = plain(rng)
    item = str(rng.choice(frame.columns))
    return text, frame.assign(**{item: 3.0 + 10.0 ** -rng.integers(2, 9) * frame[item]}), normal_theory(rng)


def scales(rng: Random) -> Made:
    """Items in units that differ by up to twelve orders, some far from 0."""
    text, frame = plain(rng)
    factors = 10.0 ** rng.integers(-6, 7, frame.shape[1])
    shift = rng.choice([0.0, 0.0, 1e3], frame.shape[1])
    return text, (frame + shift) * factors, normal_theory(rng)


def wrong_sign(rng: Random) -> Made:
    """Reversed items, and a marker item that has nothing to do with its factor."""
    text, frame = plain(rng)
    for item in rng.choice(frame.columns, int(rng.integers(1, 3)), replace=False):
        frame[item] = -frame[item]
    if rng.random() < 0.5:
        frame["f1_1"] = rng.permutation(frame["f1_1"].to_numpy())
    return text, frame, normal_theory(rng)


def lonely_factor(rng: Random) -> Made:
    """A factor of two items uncorrelated with all else: empirically unidentified."""
    text, frame = plain(rng)
    lonely = measured({"g": 2}, rng, n=len(frame))
    return f"{text}\ng =~ g_1 + g_2", pd.concat([frame, lonely], axis=1), normal_theory(rng)


def uncorrelated(rng: Random) -> Made:
    """Items that have nothing in common."""
    return *plain(rng, loading=(0.0, 1e-6)), normal_theory(rng)


def code_left_in(rng: Random) -> Made:
    """A 999 that should have been missing, once or more."""
    text, frame = plain(rng)
    for _ in range(int(rng.integers(1, 6))):
        frame.iloc[int(rng.integers(len(frame))), int(rng.integers(frame.shape[1]))] = 999.0
    return text, frame, normal_theory(rng)


def heavy_tails(rng: Random) -> Made:
    """Cauchy answers: a few cases decide everything."""
    text, frame = plain(rng)
    return text, frame * np.abs(rng.standard_cauchy((len(frame), 1))), normal_theory(rng)


def ties(rng: Random) -> Made:
    """Two answers to choose from, and respondents who give the same to every item."""
    text, frame = ordinal(rng, cuts=(rng.uniform(-1.5, 1.5),))
    straight = rng.random(len(frame)) < rng.uniform(0, 0.95)
    frame.loc[straight] = np.repeat(frame.loc[straight].to_numpy()[:, :1], frame.shape[1], axis=1)
    return text, frame, either(rng)


KINDS: dict[str, Callable[[Random], Made]] = {
    made.__name__: made
    for made in (
        near_collinear,
        study_models,
        identical_factors,
        constant_item,
        empty_category,
        heywood,
        weak_loadings,
        duplicates,
        near_duplicates,
        few_cases,
        tiny_variance,
        scales,
        wrong_sign,
        lonely_factor,
        uncorrelated,
        code_left_in,
        heavy_tails,
        ties,
        *designs.KINDS,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One sample, its model and how it is to be fitted."""

    kind: str
    seed: int
    text: str
    frame: pd.DataFrame
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.seed}"


def nasty_case(kind: str, seed: int) -> Case:
    """Make one sample of a kind of `KINDS`."""
    rng = np.random.default_rng([*kind.encode(), seed])
    text, frame, options = KINDS[kind](rng)
    return Case(kind=kind, seed=seed, text=text, frame=frame, options=options)


def nasty_cases(count: int) -> list[Case]:
    """Make `count` samples, the kinds in turn."""
    kinds = list(KINDS)
    return [nasty_case(kinds[i % len(kinds)], i // len(kinds)) for i in range(count)]
