"""How well a PLS model predicts the answers of people it was not estimated from (PLSpredict)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jq_models.errors import SpecError, suggest
from jq_models.evaluate.composites.folds import WAYS, FoldReplicator
from jq_models.numeric.blocks import run_blocks
from jq_models.numeric.moments import Array, Whole, read_only
from jq_models.numeric.threads import one_thread
from jq_models.pls.bootstrap import resampling_of
from jq_models.pls.result import PlsFit

ANTECEDENTS = ("direct", "earliest")
POWERS = ("high", "medium", "low", "none", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PlsPrediction:
    """Errors of predictions for cases held out.

    Attributes
    ----------
    table : DataFrame
        A row an item of an endogenous construct: construct, item, rmse, mae, q2_predict, rmse_lm, mae_lm,
        in the units of the answers; NaN where no prediction exists.
    squared : ndarray, shape (3, n, k)
        Squared errors of each case, averaged over repetitions, by way (`WAYS`: PLS, regression on items,
        averages) and item, as in `table`.
    cluster : ndarray of int, shape (n,)
        The unit that was held out as a whole: a case, or its cluster.
    folds, repetitions, seed : int
    antecedents : {"direct", "earliest"}
    corrected : bool
    failed : int
        Of the ``folds * repetitions`` models, those without a solution: their cases count in no column.
    """

    table: pd.DataFrame
    squared: Array = field(repr=False)
    cluster: Whole = field(repr=False)
    folds: int
    repetitions: int
    seed: int
    antecedents: str
    corrected: bool
    failed: int

    def __repr__(self) -> str:
        """Count; answers are never printed."""
        return (
            f"PlsPrediction({len(self.table)} items, n = {self.n}, {self.folds} folds, "
            f"{self.repetitions} repetitions, {self.failed} failed, seed {self.seed})"
        )

    @property
    def n(self) -> int:
        """Cases, each held out once a repetition."""
        return int(self.squared.shape[1])

    def power(self, construct: str | None = None) -> str:
        """Return how the model compares with the regression on items, by RMSE: one of `POWERS`.

        Shmueli et al. (2019, European Journal of Marketing 53, 2322-2347): the model's errors are smaller
        for all items (high), for most or half of them (medium), for fewer (low), or for none.
        """
        rows = self.table if construct is None else self.table[self.table["construct"] == construct]
        known = rows[["rmse", "rmse_lm"]].dropna()
        if known.empty or len(known) < len(rows):
            return "unknown"
        share = float(np.mean(known["rmse"] < known["rmse_lm"]))
        return "high" if share == 1.0 else "medium" if share >= 0.5 else "low" if share > 0.0 else "none"


def pls_predict(
    fit: PlsFit,
    *,
    folds: int = 10,
    repetitions: int = 10,
    seed: int,
    workers: int = 1,
    antecedents: str = "direct",
    corrected: bool = False,
) -> PlsPrediction:
    """Predict the items of every endogenous construct for cases that the model has not seen.

    Shmueli, Ray, Velasquez Estrada & Chatla (2016, Journal of Business Research 69, 4552-4564); Shmueli et
    al. (2019). The cases are parted into folds; the model, estimated without a fold, predicts it: items
    held out are standardised by mean and standard deviation of the others, weighted into scores, led along
    the paths and back to items by the loadings.

    Parameters
    ----------
    fit : PlsFit
        With clusters, whole clusters are held out.
    folds, repetitions : int
        Parts, and how often the cases are parted anew. Errors are averaged over repetitions, not the
        predictions: each is that of one model.
    seed : int
    workers : int
        Threads; the result is the same to the last bit.
    antecedents : {"direct", "earliest"}
        Predict a construct from the scores of the constructs with an arrow to it, or only from those at the
        beginning of the routes that lead to it. The regression gets the items of the same constructs.
    corrected : bool
        Use a consistent fit's corrected paths and loadings, as seminr and cSEM do. They are what holds
        between constructs; from scores, which hold error, the uncorrected ones predict better, and are used
        by default. Weights are the same.

    Returns
    -------
    PlsPrediction

    Raises
    ------
    FitError
        When the fit is not usable.
    DataError
        When the fit has moments only.
    SpecError
        On a number out of range, or a model in which no arrow leads anywhere.

    Notes
    -----
    Q2_predict = 1 - sum of squared errors / that of predicting the average of the others. With
    second-order constructs, scores of members are weighted into scores of theirs; there is no published
    rule for them, and seminr refuses such models.
    """
    fit.require()
    if antecedents not in ANTECEDENTS:
        raise SpecError(f"No antecedents '{antecedents}'. {suggest(antecedents, ANTECEDENTS)}")
    for name, value, least in (("repetitions", repetitions, 1), ("workers", workers, 1), ("seed", seed, 0)):
        if value < least:
            raise SpecError(f"The prediction got {name} = {value}. Give a whole number from {least} on.")
    if not fit.design.last.endogenous:
        raise SpecError(f"No arrow leads to a construct in '{fit.model.name}'. Prediction needs 'y ~ x'.")
    cases = fit.require_cases("Prediction")
    unit = resampling_of(fit).unit
    fold = fold_of(unit, folds=folds, repetitions=repetitions, seed=seed)
    found = held_out(fit, cases, fold=fold, antecedents=antecedents, corrected=corrected, workers=workers)
    squared, absolute, failed, columns = found
    return PlsPrediction(
        table=_table(columns, squared=squared, absolute=absolute),
        squared=read_only(squared),
        cluster=unit,
        folds=folds,
        repetitions=repetitions,
        seed=seed,
        antecedents=antecedents,
        corrected=corrected,
        failed=failed,
    )


def fold_of(unit: Whole, *, folds: int, repetitions: int, seed: int) -> Whole:
    """Part the units into folds of nearly equal size, anew in each repetition, (repetitions, n).

    Raises
    ------
    SpecError
        When there are fewer than 2 folds, or more than units.
    """
    units = int(unit.max()) + 1
    if not 2 <= folds <= units:
        raise SpecError(f"folds = {folds} for {units} cases or clusters. Give a number from 2 to {units}.")
    found = np.empty((repetitions, len(unit)), dtype=np.intp)
    for r in range(repetitions):
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(r,)))
        place = np.empty(units, dtype=np.intp)
        place[rng.permutation(units)] = np.arange(units) % folds
        found[r] = place[unit]
    return found


def held_out(
    fit: PlsFit, cases: Array, *, fold: Whole, antecedents: str, corrected: bool, workers: int = 1
) -> tuple[Array, Array, int, list[tuple[str, str]]]:
    """Return squared and absolute errors (3, n, k) over repetitions, models that failed, and the items."""
    with one_thread():
        replicator = FoldReplicator(fit, cases, fold=fold, antecedents=antecedents, corrected=corrected)
        parts = run_blocks(replicator, draws=len(fold) * replicator.folds, workers=workers)
    names, items = fit.design.last.constructs, fit.design.first.indicators
    columns = [(names[t.construct], items[i]) for t in replicator.targets for i in t.items]
    squared, absolute = np.zeros((2, len(WAYS), len(cases), len(columns)))
    times, failed = np.zeros((len(cases), len(columns))), 0
    for part in (one for block in parts for one in block):
        known = np.isfinite(part.errors[0])
        failed += int(not known.any())
        times[part.cases] += known
        errors = np.where(known, part.errors, 0.0)
        squared[:, part.cases] += errors**2
        absolute[:, part.cases] += np.abs(errors)
    with np.errstate(invalid="ignore"):
        return squared / times, absolute / times, failed, columns


def _table(columns: list[tuple[str, str]], *, squared: Array, absolute: Array) -> pd.DataFrame:
    known = np.isfinite(squared[0])
    rows = []
    for k, (construct, item) in enumerate(columns):
        own = known[:, k]
        if not own.any():
            rows.append((construct, item, *[np.nan] * 5))
            continue
        mse, mae = squared[:, own, k].mean(axis=1), absolute[:, own, k].mean(axis=1)
        rmse = np.sqrt(mse)
        rows.append((construct, item, rmse[0], mae[0], 1.0 - mse[0] / mse[2], rmse[1], mae[1]))
    names = ["construct", "item", "rmse", "mae", "q2_predict", "rmse_lm", "mae_lm"]
    return pd.DataFrame(rows, columns=names)
