"""Chains of paths between scales, and products of scales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import NDArray

from jq_models.evaluate.effects import effects
from jq_models.evaluate.hypotheses.blocks import FEWEST_CLUSTERS
from jq_models.evaluate.hypotheses.gap import Gap, failed, inadmissible
from jq_models.evaluate.sources.averages import Found
from jq_models.evaluate.sources.material import Material
from jq_models.numeric.moments import Array
from jq_models.sem import SemFit, try_fit
from jq_models.spec.model import Model


def chain(given: Material, source: str, via: Sequence[str], target: str) -> Found | Gap:
    """Return the standardised indirect effect of a scale on another by way of a third.

    Latent variables, the direct path free, robust errors (MLR) with complete answers; several in `via` stand
    side by side, their residuals free to covary, and only the paths through the first count as the claim's.

    Parameters
    ----------
    source, target : str
        Codes of scales.
    via : sequence of str
        The mediator, then others that are held constant.
    """
    codes = [source, *via, target]
    if (gap := given.absent(codes)) is not None:
        return gap
    names = given.item_names(codes)
    used = [item for items in names.values() for item in items]
    who = given.items[used].notna().all(axis=1)
    if (gap := given.few(who)) is not None:
        return gap
    lines = [f"{code} =~ {' + '.join(items)}" for code, items in names.items()]
    lines += [f"{code} ~ {source}" for code in via]
    lines += [f"{a} ~~ {b}" for k, a in enumerate(via) for b in via[k + 1 :]]
    lines.append(f"{target} ~ {' + '.join([*via, source])}")
    single = tuple(code for code, items in names.items() if len(items) == 1)
    model = Model(
        name=f"{source}_{via[0]}_{target}",
        text="\n".join(lines) + "\n",
        factors=tuple(codes),
        single_items=single,
    )
    fit = try_fit(model, given.items[who].reset_index(drop=True), estimator="MLR")
    gap = failed(fit) or inadmissible(fit)
    if gap is not None or not isinstance(fit, SemFit):
        return gap or Gap(code="failed")
    rows = effects(fit, [source], [target])
    row = rows[rows["kind"] == "indirect"].iloc[0]
    estimate, low, high, p = (float(row[key]) for key in ("estimate", "ci_low", "ci_high", "pvalue"))
    return Found(estimate, low, high, p, int(who.sum()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Least squares on standardised variables, errors robust to clusters.

    Attributes
    ----------
    names : tuple of str
        The terms, products as ``"a x b"``.
    fit : statsmodels results
        Constant first, then the terms.
    n : int
    """

    names: tuple[str, ...]
    fit: Any = field(repr=False)
    n: int

    def found(self, weights: Mapping[str, float]) -> Found:
        """Return a sum of coefficients with its interval: ``{"a": 1}`` is the slope of a."""
        at = np.array([0.0, *(weights.get(name, 0.0) for name in self.names)])
        test = self.fit.t_test(at)
        low, high = test.conf_int()[0]
        return Found(
            float(np.squeeze(test.effect)), float(low), float(high), float(np.squeeze(test.pvalue)), self.n
        )


def regression(
    given: Material,
    outcome: pd.Series,
    terms: pd.DataFrame,
    *,
    products: Sequence[tuple[str, str]] = (),
    groups: pd.DataFrame | None = None,
) -> dict[str, Found] | Gap:
    """Return standardised coefficients of least squares, see `standardised_line`.

    Returns
    -------
    dict of str to Found, or Gap
        A coefficient a term; products are called ``"a x b"``.
    """
    line = standardised_line(given, outcome, terms, products=products, groups=groups)
    return line if isinstance(line, Gap) else {name: line.found({name: 1.0}) for name in line.names}


def standardised_line(
    given: Material,
    outcome: pd.Series,
    terms: pd.DataFrame,
    *,
    products: Sequence[tuple[str, str]] = (),
    groups: pd.DataFrame | None = None,
) -> Line | Gap:
    """Fit least squares on standardised variables, errors robust to clusters.

    Everything is standardised over the persons used; products are those of standardised terms. Errors are
    robust to teams, else to organisations, with t(clusters - 1); without either they are robust to unequal
    variances (HC3).

    Parameters
    ----------
    outcome : Series
    terms : DataFrame
        Aligned with `outcome`.
    groups : DataFrame, optional
        Aligned with `outcome`; default: the study's.
    """
    frame = pd.concat([outcome.rename("outcome"), terms], axis=1)
    who = frame.notna().all(axis=1)
    if (gap := given.few(who)) is not None:
        return gap
    used = frame[who]
    spread = used.std(ddof=1)
    if not (spread > 0.0).all():
        return Gap(code="constant", where=tuple(map(str, spread.index[~(spread > 0.0)])))
    z = (used - used.mean()) / spread
    X = z[list(terms.columns)].copy()
    for a, b in products:
        X[f"{a} x {b}"] = z[a] * z[b]
    design = sm.add_constant(X.to_numpy(dtype=float))
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return Gap(code="collinear", where=tuple(map(str, X.columns)))
    known = (given.groups if groups is None else groups)[who.to_numpy()]
    fit = robust_fit(z["outcome"].to_numpy(dtype=float), design, known)
    return Line(names=tuple(map(str, X.columns)), fit=fit, n=int(who.sum()))


def simple_slopes(given: Material, source: str, target: str, moderators: Sequence[str]) -> pd.DataFrame | Gap:
    """Return the slope of an outcome on a scale where a moderator is low, average and high.

    One model with all products; the other moderators stand at their mean (Aiken & West 1991, chapter 2).

    Parameters
    ----------
    source : str
        Code of the scale whose slope it is.
    target : str
        Code of the outcome.
    moderators : sequence of str
        Codes of what the slope may depend on.

    Returns
    -------
    DataFrame
        moderator, level (-1, 0, 1: standard deviations from its mean), estimate, ci_low, ci_high, pvalue, n;
        standardised.
    """
    codes = [source, *moderators]
    if (gap := given.absent((*codes, target))) is not None:
        return gap
    line = standardised_line(
        given, given.scores[target], given.scores[codes], products=[(source, m) for m in moderators]
    )
    if isinstance(line, Gap):
        return line
    rows = [
        {"moderator": moderator, "level": level}
        | line.found({source: 1.0, f"{source} x {moderator}": float(level)})._asdict()
        for moderator in moderators
        for level in (-1, 0, 1)
    ]
    return pd.DataFrame(rows)


def cluster_codes_of(groups: pd.DataFrame) -> NDArray[np.intp] | None:
    """Return everybody's cluster: teams, else organisations; None where there are too few of either."""
    for name in ("team", "organisation"):
        if name in groups and groups[name].notna().all() and groups[name].nunique() >= FEWEST_CLUSTERS:
            return pd.factorize(groups[name])[0]
    return None


def robust_fit(y: Array, design: Array, groups: pd.DataFrame) -> Any:
    """Fit least squares with errors robust to clusters, t(clusters - 1); without clusters HC3."""
    clusters, model = cluster_codes_of(groups), sm.OLS(y, design)
    if clusters is None:
        return model.fit(cov_type="HC3", use_t=True)
    return model.fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
