"""The bootstrap: estimates from samples drawn with replacement (Efron & Tibshirani 1993).

Every replicate has a random stream of its own, so that neither the number of workers nor who is first
changes a bit of them.
"""

from __future__ import annotations

from jq_models.errors import SpecError, suggest
from jq_models.numeric.blocks import Progress, check_draws, run_blocks
from jq_models.numeric.threads import one_thread
from jq_models.sem.normal import NormalTheory
from jq_models.sem.resampling.bollen_stine import transformed_cases
from jq_models.sem.resampling.cases import CaseReplicator
from jq_models.sem.resampling.draws import Bootstrap, joined
from jq_models.sem.resampling.normal import NormalReplicator
from jq_models.sem.resampling.resample import resampling_of
from jq_models.sem.result import SemFit

KINDS = ("ordinary", "bollen_stine")


def bootstrap(
    fit: SemFit,
    *,
    draws: int = 1000,
    seed: int,
    workers: int = 1,
    kind: str = "ordinary",
    on_progress: Progress | None = None,
) -> Bootstrap:
    """Fit a model to samples drawn with replacement.

    Groups keep their sizes; where the fit has clusters, whole clusters are drawn. Sampling weights stay
    with their cases. Observed covariates are fixed at the moments of each sample.

    Parameters
    ----------
    fit : SemFit
    draws : int
        Replicates.
    seed : int
        From 0. Replicate i of a seed is the same sample whatever `draws` and `workers`.
    workers : int
        Threads; the result is the same to the last bit.
    kind : {"ordinary", "bollen_stine"}
        Draw from the answers, or from answers transformed so that the model holds (`transformed_cases`).
    on_progress : callable, optional
        Called with the replicates done and `draws` after every block.

    Returns
    -------
    Bootstrap
        Replicates that cannot be fitted are counted by reason in ``failed``.

    Raises
    ------
    FitError
        When the fit is not usable.
    DataError
        When the fit has moments only.
    SpecError
        On an unknown kind, or a number below its least.
    """
    fit.require()
    if kind not in KINDS:
        raise SpecError(f"No kind of bootstrap '{kind}'. {suggest(kind, KINDS)}")
    check_draws(draws=draws, workers=workers, seed=seed)
    cases = transformed_cases(fit) if kind == "bollen_stine" else fit.sample.require_cases("The bootstrap")
    method = NormalReplicator if isinstance(fit.discrepancy, NormalTheory) else CaseReplicator
    with one_thread():
        replicator = method(fit, cases, resampling=resampling_of(fit.sample), seed=seed)
        parts = run_blocks(replicator, draws=draws, workers=workers, on_progress=on_progress)
    return joined(parts, seed=seed, kind=kind, estimate=fit.theta)
