"""Nasty samples with groups, clusters, weights and missing answers, and models that ask too much."""

from __future__ import annotations

import numpy as np
import pandas as pd
from nasty_samples import (
    ORDINAL,
    Made,
    Random,
    either,
    factor_text,
    measured,
    normal_theory,
    ordinal,
    plain,
    small_n,
)

EQUAL = (("loadings",), ("loadings", "intercepts"), ("loadings", "intercepts", "residuals"), ())


def missing_at_random(rng: Random) -> Made:
    """Up to 40 % of the answers missing, and of one item nearly all."""
    text, frame = plain(rng)
    frame = frame.mask(rng.random(frame.shape) < rng.uniform(0.02, 0.4))
    if rng.random() < 0.5:
        frame["f1_2"] = frame["f1_2"].where(np.arange(len(frame)) < rng.integers(1, 25))
    return text, frame, _fiml(rng)


def never_together(rng: Random) -> Made:
    """Two items, or two halves of the questionnaire, that nobody or hardly anybody answered both."""
    text, frame = plain(rng)
    half = rng.random(len(frame)) < 0.5
    both = rng.integers(0, 6)
    half[:both] = True
    first, last = frame.columns[0], list(frame.columns[-int(rng.integers(1, 4)) :])
    frame.loc[~half, first] = np.nan
    frame.loc[half & (np.arange(len(frame)) >= both), last] = np.nan
    return text, frame, _fiml(rng)


def missing_with_trouble(rng: Random) -> Made:
    """Missing answers together with a constant or doubled item, collinear dimensions or few cases."""
    which = rng.integers(4)
    text, frame = plain(rng, between=0.97 if which == 2 else 0.5)
    if which == 0:
        frame["f1_1"] = 2.0
    elif which == 1:
        frame["f1_1"] = frame["f1_2"] + 1e-5 * rng.standard_normal(len(frame))
    elif which == 3:
        frame = frame.iloc[: frame.shape[1] + int(rng.integers(0, 6))].reset_index(drop=True)
    return text, frame.mask(rng.random(frame.shape) < 0.15), _fiml(rng)


def _fiml(rng: Random) -> dict[str, object]:
    return {"estimator": str(rng.choice(["ML", "MLR"])), "missing": "fiml"}


def small_group(rng: Random) -> Made:
    """Two groups or three, one of them with hardly any case."""
    text, frame = plain(rng)
    p, n = frame.shape[1], len(frame)
    few = int(rng.choice([1, p - 1, p, p + 1, p + 2, p + 8]))
    group = np.where(np.arange(n) < few, "few", np.where(np.arange(n) < (n + few) // 2, "some", "more"))
    if rng.random() < 0.5:
        group[group == "some"] = "more"
    options = {**normal_theory(rng), "group": "group", "equal": EQUAL[rng.integers(4)]}
    return text, frame.assign(group=group), options


def groups_apart(rng: Random) -> Made:
    """Groups with nothing in common in which everything is to be equal."""
    sizes = {"f1": 3, "f2": 3}
    parts = [
        measured(sizes, rng, n=small_n(rng) // 2, between=between) * scale + shift
        for between, scale, shift in ((0.9, 1.0, 0.0), (0.0, rng.uniform(0.1, 5.0), rng.uniform(0, 50)))
    ]
    parts[1]["f1_2"] *= -1
    frame = pd.concat(parts, ignore_index=True).assign(group=np.repeat(["a", "b"], [len(x) for x in parts]))
    return (
        factor_text(sizes),
        frame,
        {**normal_theory(rng), "group": "group", "equal": EQUAL[rng.integers(4)]},
    )


def empty_in_a_group(rng: Random) -> Made:
    """Ordered items with a category that one group did not use, or hardly."""
    text, frame = ordinal(rng)
    first = rng.random(len(frame)) < 0.5
    item = str(rng.choice(frame.columns))
    spared = frame.index[first & (frame[item] == 5)][: int(rng.integers(0, 3))]
    change = first & (frame[item] == 5) & ~frame.index.isin(spared)
    frame.loc[change, item] = 4.0
    options = {"estimator": str(rng.choice(ORDINAL)), "ordered": "all", "group": "group"}
    equal = ("loadings", "thresholds")[: int(rng.integers(0, 3))]
    return text, frame.assign(group=np.where(first, "a", "b")), {**options, "equal": equal}


def clusters(rng: Random) -> Made:
    """One cluster, two, one for each case, or a few with strong dependence."""
    text, frame = plain(rng)
    n = len(frame)
    count = int(rng.choice([1, 2, 3, 8, n]))
    cluster = np.arange(n) % count
    level = 2.0 * rng.standard_normal(count)[cluster]
    return text, frame.add(level, axis=0).assign(team=cluster), {"cluster": "team"}


def weights(rng: Random) -> Made:
    """Sampling weights near zero, very unequal, or all on a few cases."""
    text, frame = plain(rng)
    n = len(frame)
    which = rng.integers(4)
    w = np.ones(n)
    if which == 0:
        w = 10.0 ** rng.uniform(-8, 0, n)
    elif which == 1:
        w[frame.shape[1] + int(rng.integers(-3, 4)) :] = 1e-9
    elif which == 2:
        w[: int(rng.integers(1, 5))] = 1e6
    else:
        w[0] = 0.0
    return text, frame.assign(w=w), {"weights": "w"}


def bifactor(rng: Random) -> Made:
    """A general factor and group factors where there is only one."""
    sizes = {"f1": 3, "f2": 3, "f3": int(rng.integers(3, 5))}
    frame = measured(sizes, rng, n=small_n(rng), between=1.0)
    text = factor_text(sizes) + "\ng =~ " + " + ".join(frame.columns)
    apart = ("g", "f1", "f2", "f3")
    text += "".join(f"\n{a} ~~ 0*{b}" for i, a in enumerate(apart) for b in apart[i + 1 :])
    return text, frame, normal_theory(rng)


def nonrecursive(rng: Random) -> Made:
    """Paths in both directions, with instruments that are weak or none."""
    n, strength = small_n(rng), float(rng.choice([0.0, 0.05, 0.3]))
    x, z, e, u = rng.standard_normal((4, n))
    frame = pd.DataFrame({"x": x, "z": z, "a": strength * x + e, "b": strength * z + 0.5 * e + u})
    text = "a ~ b + x\nb ~ a + z" + ("\na ~~ b" if rng.random() < 0.5 else "")
    return text, frame, normal_theory(rng)


def paths(rng: Random) -> Made:
    """Regressions of observed variables, with predictors that all but determine one another."""
    n = small_n(rng)
    x = rng.standard_normal((n, 3))
    x[:, 2] = x[:, 0] + 10.0 ** -rng.integers(0, 7) * x[:, 2]
    m = x @ [0.4, 0.3, 0.1] + rng.standard_normal(n)
    y = 0.5 * m + 0.2 * x[:, 1] + 10.0 ** -rng.integers(0, 5) * rng.standard_normal(n)
    frame = pd.DataFrame({"x1": x[:, 0], "x2": x[:, 1], "x3": x[:, 2], "m": m, "y": y})
    return "m ~ a*x1 + x2 + x3\ny ~ b*m + x2 + x3\nab := a*b", frame, normal_theory(rng)


def too_much(rng: Random) -> Made:
    """Models with more parameters than the moments can tell apart."""
    frame = measured({"f1": 3, "f2": 3}, rng, n=small_n(rng))
    text = (
        "f =~ f1_1 + f1_2",
        "f =~ NA*f1_1 + f1_2 + f1_3",
        "f =~ f1_1 + f1_2 + f1_3\nf1_1 ~~ f1_2 + f1_3\nf1_2 ~~ f1_3",
        "f =~ f1_1 + f1_2 + f1_3\ng =~ f1_1 + f1_2 + f1_3",
        "f1 =~ f1_1 + f1_2 + f1_3\nf2 =~ f2_1 + f2_2 + f2_3\nh =~ f1 + f2",
    )[rng.integers(5)]
    return text, frame, normal_theory(rng)


def constraints(rng: Random) -> Made:
    """Equalities that the answers contradict, and fixed values far off."""
    frame = measured({"f1": 3, "f2": 3}, rng, n=small_n(rng))
    both = "f1 =~ f1_1 + a*f1_2 + b*f1_3\nf2 =~ f2_1 + c*f2_2 + d*f2_3\n"
    text = (
        both
        + (
            "a == b\nc == -1*a",
            "a == 2*b + 3",
            "f1_1 ~~ v*f1_1\nf1_2 ~~ v*f1_2\nf2_1 ~~ v*f2_1",
            "f1 ~~ 5*f1",
            "f1_1 ~~ 0*f1_1\nf1 ~~ 0*f2",
            "f1_1 ~~ -1*f1_1",
            "ratio := a/(b - b)\nroot := sqrt(a - 10)",
        )[rng.integers(7)]
    )
    return text, frame, normal_theory(rng)


def mixed(rng: Random) -> Made:
    """Two troubles at once: a scale gone wrong, outliers, and hardly more cases than items."""
    text, frame = plain(rng, n=60, between=0.95)
    frame = frame.iloc[: frame.shape[1] + int(rng.integers(1, 20))].copy()
    frame["f1_1"] *= 10.0 ** rng.integers(-4, 5)
    frame.iloc[0] *= 5.0
    return text, frame, either(rng) if (frame == frame.round()).all(axis=None) else normal_theory(rng)


KINDS = (
    missing_at_random,
    never_together,
    missing_with_trouble,
    small_group,
    groups_apart,
    empty_in_a_group,
    clusters,
    weights,
    bifactor,
    nonrecursive,
    paths,
    too_much,
    constraints,
    mixed,
)
