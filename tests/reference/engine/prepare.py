"""Draw the data of the engine's own cases and write them as CSV; run in this folder before generate.R.

Everything is drawn here: no person answered. One seed per file, so that a file can change alone.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

Generator = np.random.Generator
# cumulative proportions of five skewed answer categories, one row an item type
CUTS = np.cumsum([[0.04, 0.09, 0.17, 0.33], [0.06, 0.12, 0.22, 0.35], [0.10, 0.20, 0.30, 0.26]], axis=1)


def names(**items: int) -> list[str]:
    """``names(w=2)`` is w1, w2."""
    return [f"{letter}{i + 1}" for letter, count in items.items() for i in range(count)]


def correlated(rng: Generator, n: int, *, factors: int, r: float) -> np.ndarray:
    """Factor scores with unit variance, all correlations `r`; shape (n, factors)."""
    return rng.multivariate_normal(
        np.zeros(factors), np.full((factors, factors), r) + (1 - r) * np.eye(factors), n
    )


def items_of(rng: Generator, scores: np.ndarray, *, counts: list[int], low: float = 0.55, high: float = 0.85):
    """Continuous standardised items, loadings from `high` down to `low` within a factor; some misfit."""
    loading = np.concatenate([np.linspace(high, low, count) for count in counts])
    factor = np.repeat(np.arange(len(counts)), counts)
    items = scores[:, factor] * loading + rng.normal(size=(len(scores), len(factor))) * np.sqrt(
        1 - loading**2
    )
    # what no factor explains: the first and last item share a little, the second loads on another factor
    items[:, -1] += 0.15 * items[:, 0]
    items[:, 1] += 0.12 * scores[:, -1]
    return items


def likert(items: np.ndarray, *, levels: int = 5, cuts: np.ndarray = CUTS) -> np.ndarray:
    """Cut each column at skewed quantiles of its own; answers 1 to `levels`."""
    answers = np.empty(items.shape, dtype=int)
    for j in range(items.shape[1]):
        at = np.quantile(items[:, j], cuts[j % len(cuts)][: levels - 1] * (0.9 + 0.02 * (j % 7)))
        answers[:, j] = 1 + np.searchsorted(at, items[:, j])
    return answers


def holes(rng: Generator, frame: pd.DataFrame, *, share: float, columns: list[str]) -> pd.DataFrame:
    """Missing at random: likelier where the first column, always observed, is low."""
    result = frame.astype(dict.fromkeys(columns, float))
    first = frame.iloc[:, 0].rank(pct=True).to_numpy()
    chance = 2 * share * (1 - first)
    for column in columns:
        result.loc[rng.random(len(frame)) < chance, column] = np.nan
    return result


def likert_skew() -> pd.DataFrame:
    rng = np.random.default_rng(101)
    w = rng.normal(size=420)
    v = 0.3 * w + rng.normal(size=420) * 0.954
    s = 0.25 * w + 0.35 * v + rng.normal(size=420) * 0.87
    j = 0.3 * v + 0.4 * s - 0.1 * w + rng.normal(size=420) * 0.78
    items = items_of(rng, np.column_stack([w, v, s, j]), counts=[3, 4, 3, 4])
    return pd.DataFrame(likert(items), columns=names(w=3, v=4, s=3, j=4))


def likert_missing() -> pd.DataFrame:
    rng = np.random.default_rng(102)
    items = items_of(rng, correlated(rng, 320, factors=3, r=0.4), counts=[3, 3, 4])
    columns = names(w=3, s=3, j=4)
    frame = holes(rng, pd.DataFrame(likert(items), columns=columns), share=0.09, columns=columns[1:])
    frame.loc[17] = np.nan  # a person without any answer
    return frame


def three_groups() -> pd.DataFrame:
    """The groups first appear out of alphabetical order: lavaan numbers them as they appear."""
    rng = np.random.default_rng(103)
    frames = []
    for g, (label, n) in enumerate({"south": 190, "north": 150, "west": 230}.items()):
        scores = correlated(rng, n, factors=3, r=0.35 + 0.05 * g) * (1 + 0.1 * g) + 0.2 * g
        items = items_of(rng, scores, counts=[3, 3, 3]) + 0.25 * rng.standard_t(6, size=(n, 9))
        items[:, 4] += 0.3 * (g == 2)  # one intercept differs
        frames.append(pd.DataFrame((3 + items).round(2), columns=names(a=3, b=3, c=3)).assign(site=label))
    return pd.concat(frames, ignore_index=True).sample(frac=1, random_state=7).reset_index(drop=True)


def three_groups_missing() -> pd.DataFrame:
    frame = three_groups()
    return holes(np.random.default_rng(104), frame, share=0.08, columns=list(frame.columns[1:9]))


def clusters() -> pd.DataFrame:
    rng = np.random.default_rng(105)
    size = np.concatenate([rng.integers(3, 25, 34), [1, 2]])  # a team of one is a cluster too
    team = np.repeat(np.arange(len(size)), size)
    n = len(team)
    between = rng.normal(size=(len(size), 2))[team]
    scores = 0.85 * correlated(rng, n, factors=2, r=0.4) + 0.5 * between
    items = items_of(rng, scores, counts=[3, 4]) + 0.3 * rng.normal(size=(len(size), 7))[team]
    frame = pd.DataFrame((4 + items).round(2), columns=names(a=3, b=4))
    return frame.assign(team=100 + 3 * team, shift=np.where(team % 2 == 0, "early", "late"))


def clusters_missing() -> pd.DataFrame:
    frame = clusters()
    return holes(np.random.default_rng(106), frame, share=0.08, columns=list(frame.columns[1:7]))


def weights() -> pd.DataFrame:
    rng = np.random.default_rng(107)
    items = items_of(rng, correlated(rng, 340, factors=2, r=0.5), counts=[3, 4])
    frame = pd.DataFrame(likert(items), columns=names(a=3, b=4))
    weight = np.exp(0.5 * rng.normal(size=340) + 0.3 * items[:, 2]).round(3)  # related to the answers
    return frame.assign(weight=weight, sector=np.where(rng.random(340) < 0.4, "own", "hired"))


def weights_missing() -> pd.DataFrame:
    frame = weights()
    return holes(np.random.default_rng(108), frame, share=0.08, columns=list(frame.columns[1:7]))


def second_order() -> pd.DataFrame:
    rng = np.random.default_rng(109)
    n = 430
    quality = rng.normal(size=n)
    strength = np.linspace(0.8, 0.5, 12)
    dimension = quality[:, None] * strength + rng.normal(size=(n, 12)) * np.sqrt(1 - strength**2)
    satisfied = 0.6 * quality + rng.normal(size=n) * 0.8
    committed = 0.3 * quality + 0.4 * satisfied + rng.normal(size=n) * 0.75
    scores = np.column_stack([dimension, satisfied, committed])
    items = items_of(rng, scores, counts=[3] * 12 + [4, 5])
    columns = [f"d{d}_{i}" for d in range(1, 13) for i in range(1, 4)] + names(sat=4, com=5)
    return pd.DataFrame(likert(items), columns=columns)


def single_fixed() -> pd.DataFrame:
    rng = np.random.default_rng(110)
    scores = correlated(rng, 260, factors=3, r=0.45)
    items = items_of(rng, scores, counts=[4, 1, 1])
    return pd.DataFrame(likert(items), columns=[*names(a=4), "leave", "health"])


def bifactor() -> pd.DataFrame:
    rng = np.random.default_rng(111)
    general, specific = rng.normal(size=(500, 1)), rng.normal(size=(500, 3))
    strong, weak = rng.uniform(0.5, 0.7, 12), rng.uniform(0.35, 0.55, 12)
    noise = rng.normal(size=(500, 12)) * np.sqrt(1 - strong**2 - weak**2)
    items = general * strong + specific[:, np.repeat(range(3), 4)] * weak + noise
    return pd.DataFrame((items * 2 + 5).round(2), columns=names(a=4, b=4, c=4))


def covariates() -> pd.DataFrame:
    rng = np.random.default_rng(112)
    n = 380
    age = rng.normal(size=n)
    tenure = (0.5 * age + rng.gamma(2.0, size=n)).round(1)
    female = (rng.random(n) < 0.6).astype(int)
    a = 0.3 * age - 0.2 * female + rng.normal(size=n)
    b = 0.4 * a + 0.1 * tenure + rng.normal(size=n)
    items = 4 + items_of(rng, np.column_stack([a, b]), counts=[3, 3])
    absent = 2 + 0.5 * b + 0.2 * female + rng.exponential(size=n)
    frame = pd.DataFrame(items.round(2), columns=names(a=3, b=3))
    return frame.assign(
        absent=absent.round(2), age=(40 + 10 * age).round() / 10, tenure=tenure, female=female
    )


def covariates_missing() -> pd.DataFrame:
    """Also six persons whose age is missing: with fixed covariates lavaan leaves them out."""
    frame = covariates()
    result = holes(np.random.default_rng(113), frame, share=0.08, columns=list(frame.columns[1:7]))
    result.loc[[3, 50, 99, 140, 222, 301], "age"] = np.nan
    return result


def mixed_ordinal() -> pd.DataFrame:
    rng = np.random.default_rng(114)
    scores = correlated(rng, 410, factors=2, r=0.45)
    items = items_of(rng, scores, counts=[4, 4])
    frame = pd.DataFrame((items * 1.5 + 3).round(2), columns=names(a=4, b=4))
    frame[["a1", "a2", "a3"]] = likert(items[:, :3], cuts=CUTS)
    frame["a2"] = frame["a2"].clip(lower=3) - 2  # three categories
    frame["b4"] = likert(items[:, 7:], levels=2, cuts=np.array([[0.7]]))
    return frame.astype(dict.fromkeys(("a1", "a2", "a3", "b4"), int))


def ordinal_groups() -> pd.DataFrame:
    rng = np.random.default_rng(115)
    both = []
    for g, (label, n) in enumerate({"voice": 270, "chat": 250}.items()):
        scores = correlated(rng, n, factors=2, r=0.4) * (1 + 0.15 * g) + 0.25 * g
        items = items_of(rng, scores, counts=[4, 4])
        cuts = np.array([-1.3, -0.5, 0.6])
        both.append(
            pd.DataFrame(1 + np.searchsorted(cuts, items), columns=names(a=4, b=4)).assign(channel=label)
        )
    return pd.concat(both, ignore_index=True)


def mean_structure() -> pd.DataFrame:
    rng = np.random.default_rng(116)
    n = 260
    level, slope = rng.multivariate_normal([5.0, 0.4], [[1.0, 0.1], [0.1, 0.2]], n).T
    waves = level[:, None] + slope[:, None] * np.arange(4) + 0.6 * rng.normal(size=(n, 4))
    mood = 2 + 0.3 * level + rng.normal(size=n)
    items = mood[:, None] * [1.0, 0.8, 0.9] + [0.0, 0.5, -0.3] + 0.7 * rng.normal(size=(n, 3))
    return pd.DataFrame(np.hstack([waves, items]).round(2), columns=names(t=4, m=3))


def moments_only() -> pd.DataFrame:
    """Means and covariances (divisor n - 1) of two groups as an article prints them: four decimals."""
    frame = three_groups()
    blocks = []
    for label in ("south", "north"):
        part = frame.loc[frame["site"] == label].drop(columns="site")
        block = part.cov().round(4).rename_axis("variable").reset_index()
        block.insert(0, "mean", part.mean().round(4).to_numpy())
        block.insert(0, "n", len(part))
        block.insert(0, "group", label)
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True)


FILES = {
    "likert_skew/data": likert_skew,
    "likert_missing/data": likert_missing,
    "three_groups/data": three_groups,
    "three_groups/missing": three_groups_missing,
    "clusters/data": clusters,
    "clusters/missing": clusters_missing,
    "weights/data": weights,
    "weights/missing": weights_missing,
    "second_order/data": second_order,
    "single_fixed/data": single_fixed,
    "bifactor/data": bifactor,
    "covariates/data": covariates,
    "covariates/missing": covariates_missing,
    "mixed_ordinal/data": mixed_ordinal,
    "ordinal_groups/data": ordinal_groups,
    "mean_structure/data": mean_structure,
    "moments_only/moments": moments_only,
}

if __name__ == "__main__":
    for file, draw in FILES.items():
        path = Path(f"{file}.csv")
        path.parent.mkdir(exist_ok=True)
        draw().to_csv(path, index=False, float_format="%.10g")
