"""The map and the predictions of a study, or nothing where its model does not carry them."""

from __future__ import annotations

from jq_models.data import OpenStudy
from jq_models.evaluate.composites.ipma import Ipma, ipma, item_scales
from jq_models.evaluate.composites.predict import PlsPrediction, pls_predict
from jq_models.pls.result import PlsFit

FOLDS = 10


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
