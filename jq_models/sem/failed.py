"""Answers that no model can be fitted to: said as a status, so that a report goes on without numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from jq_models.errors import FitError
from jq_models.numeric.moments import Moments, UnfitError
from jq_models.numeric.reason import Reason
from jq_models.sem.estimators import usual_estimator
from jq_models.sem.fit import fit_sem
from jq_models.sem.result import SemFit
from jq_models.sem.sample import Data
from jq_models.sem.status import FitStatus
from jq_models.spec.model import Model
from jq_models.spec.own_model import as_model


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedFit:
    """A model that the answers cannot carry: reasons and no numbers.

    Attributes
    ----------
    model : Model
    status : FitStatus
        Neither converged, identified nor admissible; one of `NOT_FITTED` as its reason, numbers NaN.
    n, n_dropped : int
        Complete cases, and cases with a missing answer.
    estimator, engine : str
        Those asked for.
    """

    model: Model
    status: FitStatus
    n: int
    n_dropped: int
    estimator: str
    engine: str

    @property
    def usable(self) -> bool:
        """Never."""
        return False

    def require(self) -> NoReturn:
        """Refuse, as `SemFit.require` does.

        Raises
        ------
        FitError
            With the reasons.
        """
        reasons = "; ".join(str(r) for r in self.status.reasons)
        raise FitError(
            f"The model '{self.model.name}' could not be estimated: {reasons}. "
            "Collect more answers, or leave out the items named here."
        )


def try_fit(
    model: Model | str,
    data: Data,
    *,
    estimator: str | None = None,
    engine: str = "jq",
    **options: Any,
) -> SemFit | FailedFit:
    """Fit a model, or say why these answers cannot carry it.

    Parameters
    ----------
    model, data, estimator, engine, **options
        As in `fit_sem`.

    Returns
    -------
    SemFit or FailedFit
        The latter on too few complete cases, and on items that are constant or determine one another
        among them.

    Raises
    ------
    SyntaxProblem, SpecError
        When the model cannot be read.
    DataError
        When a variable is absent or not numeric.
    """
    try:
        return fit_sem(model, data, estimator=estimator, engine=engine, **options)
    except UnfitError as problem:
        return FailedFit(
            model=as_model(model),
            status=FitStatus(
                converged=False,
                identified=False,
                admissible=False,
                reasons=(Reason(code=problem.code, where=problem.where),),
                gradient_norm=np.nan,
                condition=np.nan,
                iterations=0,
            ),
            n=problem.n,
            n_dropped=_cases(data) - problem.n,
            estimator=estimator
            or usual_estimator(
                ordered=bool(options.get("ordered")),
                clustered=any(options.get(key) for key in ("cluster", "weights")),
            ),
            engine=engine,
        )


def _cases(data: Data) -> int:
    if isinstance(data, Moments):
        return data.n
    if isinstance(data, Mapping):
        return sum(moments.n for moments in data.values())
    return len(data if isinstance(data, pd.DataFrame) else data.items)
