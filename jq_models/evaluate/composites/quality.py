"""How well the constructs of a PLS fit are measured: reliability, loadings, weights, what items share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jq_models.numeric.moments import Array, above
from jq_models.pls import PlsBootstrap, PlsFit, pls_estimates
from jq_models.pls.design import Stage
from jq_models.pls.quantities import members_correlation

COEFFICIENTS = ("alpha", "rho_a", "rho_c", "ave")
KINDS = ("factor", "composite")
# what is left of a variable's variance beside others, below which they determine it
DETERMINED = 1e-10
_BOUNDS = ("ci_low", "ci_high")


def pls_quality(
    fit: PlsFit, boot: PlsBootstrap | None = None, *, kind: str = "percentile", level: float = 0.95
) -> pd.DataFrame:
    """Return reliability and average variance extracted of every construct, second-order ones last.

    Parameters
    ----------
    fit : PlsFit
        A usable fit.
    boot : PlsBootstrap, optional
        Of that fit; without it the bounds are NaN.
    kind, level
        Of the intervals, as for `pls_estimates`.

    Returns
    -------
    DataFrame
        Index construct; stage (1, or 2 for second-order constructs), n_items (constructs, of a second-order
        one), kind ("factor" or "composite"), mode ("A" or "B"), corrected (for attenuation), then alpha,
        rho_a, rho_c, ave, each with ``_low`` and ``_high``.

    Raises
    ------
    FitError, SpecError

    Notes
    -----
    alpha is the standardised one. rho_a (Dijkstra & Henseler 2015, eq. 3) is the reliability of the weighted
    score and what PLSc corrects with; rho_c (Jöreskog 1971) that of the plain sum, ave the mean squared
    loading (Fornell & Larcker 1981). Both rest on the loadings of the fit: without the correction they are
    those of composites and too high. NaN for a single indicator, and for mode B, where high correlations of
    the indicators are not asked for. For a composite in mode A they are computed, but mean something only as
    far as a common factor stands behind its indicators.
    """
    estimates = pls_estimates(fit, boot, kind=kind, level=level)
    rows = []
    for number, stage in enumerate(_stages(fit), start=1):
        for block in stage.blocks:
            if number == 2 and block.indicators == (block.name,):
                continue  # a construct of the first stage, standing for itself
            rows.append(
                {
                    "construct": block.name,
                    "stage": number,
                    "n_items": len(block.indicators),
                    "kind": KINDS[block.operator == "<~"],
                    "mode": block.mode,
                    "corrected": block.corrected,
                }
            )
    table = pd.DataFrame(rows).set_index("construct")
    for name in COEFFICIENTS:
        found = estimates[estimates["op"] == name].set_index("lhs")
        table[name] = found["est"].reindex(table.index)
        for bound in _BOUNDS:
            table[f"{name}_{bound[3:]}"] = found[bound].reindex(table.index)
    return table


def pls_loadings(
    fit: PlsFit, boot: PlsBootstrap | None = None, *, kind: str = "percentile", level: float = 0.95
) -> pd.DataFrame:
    """Return loading and weight of every indicator.

    Parameters
    ----------
    fit, boot, kind, level
        As for `pls_quality`.

    Returns
    -------
    DataFrame
        construct, item, mode, loading, loading_low, loading_high, weight, weight_low, weight_high; rows in
        the order of the model, the members of second-order constructs last. Loadings of corrected factors
        are the consistent ones, else correlations with the score. Weights give scores a variance of 1.

    Raises
    ------
    FitError, SpecError
    """
    estimates = pls_estimates(fit, boot, kind=kind, level=level)
    modes = {b.name: b.mode for stage in _stages(fit) for b in stage.blocks if b.indicators != (b.name,)}
    keys = ["construct", "item"]
    parts = []
    for name, op in (("loading", "=~"), ("weight", "<~")):
        found = estimates[estimates["op"] == op].rename(columns={"lhs": "construct", "rhs": "item"})
        columns = {"est": name, "ci_low": f"{name}_low", "ci_high": f"{name}_high"}
        parts.append(found.rename(columns=columns)[[*keys, *columns.values()]])
    table = parts[0].merge(parts[1], on=keys, how="left", validate="one_to_one")
    # a construct named as its only item stands in no block of several
    table.insert(2, "mode", table["construct"].map(modes).fillna("A"))
    return table


def pls_item_vif(fit: PlsFit) -> pd.DataFrame:
    """Return how far each indicator is determined by the others of its construct.

    Returns
    -------
    DataFrame
        construct, item, vif: 1 / (1 - R2) of the regression on the other indicators of the block (1 for a
        single indicator, infinite where they determine it), rows as in `pls_loadings`. Members of
        second-order constructs are regressed by the correlations their weights rest on: of corrected factors
        the disattenuated ones; NaN where these cannot exist.

    Raises
    ------
    FitError
    """
    fit.require()
    rows = []
    for number, stage in enumerate(_stages(fit), start=1):
        R = fit.correlation
        if number == 2:
            # what the weights of a second stage rest on
            R = members_correlation(fit.solution.first, fit.design.first, second=stage)[0]
        for first, block in zip(stage.starts, stage.blocks, strict=True):
            if number == 2 and block.indicators == (block.name,):
                continue
            span = slice(first, first + len(block.indicators))
            inflation = variance_inflation(R[span, span])
            rows += [(block.name, x, v) for x, v in zip(block.indicators, inflation, strict=True)]
    return pd.DataFrame(rows, columns=["construct", "item", "vif"])


def pls_fornell_larcker(fit: PlsFit) -> pd.DataFrame:
    """Return AVE on the diagonal, squared correlations of the constructs below (Fornell & Larcker 1981).

    Constructs of the last stage. As ADANCO prints it; `evaluate.fornell_larcker` shows the roots of both,
    which compare alike.

    Returns
    -------
    DataFrame
        Square; NaN above the diagonal, and on it where AVE does not apply (single indicators, mode B).

    Raises
    ------
    FitError
    """
    fit.require()
    names = fit.design.last.constructs
    table = np.tril(fit.solution.last.correlation[0] ** 2, -1)
    table[np.triu_indices(len(names))] = np.nan
    extracted = fit.table[fit.table["op"] == "ave"].set_index("lhs")["est"]
    np.fill_diagonal(table, extracted.reindex(names).to_numpy(dtype=float))
    return pd.DataFrame(table, index=names, columns=names)


def pls_cross_loadings(fit: PlsFit) -> pd.DataFrame:
    """Return the correlation of every item with every construct it could measure, of the first stage.

    Returns
    -------
    DataFrame
        Index item, one column a construct.

    Raises
    ------
    FitError

    Notes
    -----
    Correlations of item and score; where the construct is corrected for attenuation, divided by the root of
    its rho_A, so that they estimate correlations with the factor, and at an item's own construct the
    consistent loading. ADANCO 2.2.1 prints exactly these (checked to 1e-6). Plain PLS, and SmartPLS 2, print
    those with the scores.
    """
    fit.require()
    stage, measured = fit.design.first, fit.solution.first
    length = np.sqrt(np.where(stage.corrected, measured.rho_a[0], 1.0))
    found = measured.outer.cross[0] / length
    found[np.arange(len(stage.owner)), stage.owner] = measured.loadings[0]
    return pd.DataFrame(found, index=pd.Index(stage.indicators, name="item"), columns=stage.constructs)


def variance_inflation(R: Array) -> Array:
    """Return 1 / (1 - R2) of every variable regressed on the others, from their correlations, (k,).

    Infinite where the others determine the variable; NaN where the correlations cannot exist together
    (a negative eigenvalue), as disattenuated ones may.
    """
    k = len(R)
    if not np.isfinite(R).all():
        return np.full(k, np.nan)
    if above(R, DETERMINED):
        return np.diag(np.linalg.inv(R)).copy()
    if np.linalg.eigvalsh(R)[0] < -DETERMINED:
        return np.full(k, np.nan)
    left = np.empty(k)
    for i in range(k):
        others = np.arange(k) != i
        left[i] = 1.0 - R[i, others] @ np.linalg.pinv(R[np.ix_(others, others)]) @ R[others, i]
    return np.where(left > DETERMINED, 1.0 / np.maximum(left, DETERMINED), np.inf)


def _stages(fit: PlsFit) -> list[Stage]:
    return [stage for stage in (fit.design.first, fit.design.second) if stage is not None]
