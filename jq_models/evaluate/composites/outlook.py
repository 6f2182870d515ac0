"""The map and the predictions of a study, or nothing where its model does not carry them."""

from __future__ import annotations

from jq_models.data import OpenStudy
from jq_models.data.known import known_truth
from jq_models.evaluate.composites.advice import VIF_LINE
from jq_models.evaluate.composites.ipma import Ipma, ipma, item_scales
from jq_models.evaluate.composites.predict import PlsPrediction, pls_predict
from jq_models.evaluate.composites.quality import pls_item_vif
from jq_models.numeric.moments import Moments
from jq_models.pls import PlsFit, fit_pls

FOLDS = 10
# ours: an interval of one point and more of the outcome per point of a dimension tells nothing
WIDE = 1.0


def study_ipma(
    opened: OpenStudy,
    fit: PlsFit | None,
    *,
    target: str = "SAT",
    draws: int = 1000,
    seed: int,
    workers: int = 1,
) -> Ipma | None:
    """Return the map of a study's outcome; None without a usable fit in which an arrow leads to it.

    Parameters
    ----------
    opened : OpenStudy
    fit : PlsFit or None
        Of one of the study's models.
    target : str
    draws, seed, workers : int
        Of the bias-corrected intervals.
    """
    if fit is None or not fit.usable or target not in _outcomes(fit):
        return None
    scales = item_scales(opened.instrument)
    return ipma(fit, target=target, scales=scales, draws=draws, seed=seed, workers=workers, kind="bc")


def true_ipma(opened: OpenStudy, fit: PlsFit, *, target: str = "SAT") -> Ipma | None:
    """Return the map of the population that simulated answers were drawn from, by the fit's own model.

    Returns
    -------
    Ipma or None
        Without intervals. None for real answers, and where that model has no usable solution.
    """
    known = known_truth(opened)
    if known is None:
        return None
    # the number of cases of a population: none of the estimates depends on it
    moments = Moments(names=known.items, covariance=known.covariance, mean=known.mean, n=1_000_000)
    whole = fit_pls(fit.model, moments, scheme=fit.scheme, consistent=fit.consistent)
    if not whole.usable or target not in _outcomes(whole):
        return None
    return ipma(whole, target=target, scales=item_scales(opened.instrument))


def overlapping_members(fit: PlsFit) -> tuple[str, ...]:
    """Return the members of composites that the others all but determine: their weights tell nothing.

    Variance inflation of `VIF_LINE` or more among members weighed by regression (mode B), or correlations
    that cannot exist together. Weights by correlation are not upset by overlap.
    """
    if fit.design.second is None:
        return ()
    own = [b for b in fit.design.second.blocks if b.mode == "B" and b.indicators != (b.name,)]
    found = pls_item_vif(fit)
    rows = found[found["construct"].isin([b.name for b in own])]
    return tuple(str(code) for code in rows.loc[~(rows["vif"] < VIF_LINE.value), "item"])


def too_wide(found: Ipma) -> tuple[str, ...]:
    """Return the constructs whose importance has an interval of `WIDE` or more."""
    rows = found.at("construct")
    width = rows["importance_high"] - rows["importance_low"]
    return tuple(str(code) for code in rows.loc[width >= WIDE, "construct"])


def study_prediction(
    fit: PlsFit | None, *, repetitions: int = 10, seed: int, workers: int = 1
) -> PlsPrediction | None:
    """Return predictions from where the routes begin; None without a usable fit, arrows or enough cases.

    Parameters
    ----------
    fit : PlsFit or None
        Of one of the study's models.
    repetitions, seed, workers : int
    """
    if fit is None or not fit.usable or not _outcomes(fit) or fit.n < FOLDS:
        return None
    return pls_predict(
        fit, folds=FOLDS, repetitions=repetitions, seed=seed, workers=workers, antecedents="earliest"
    )


def _outcomes(fit: PlsFit) -> list[str]:
    stage = fit.design.last
    return [stage.constructs[i] for i in stage.endogenous]
