"""What job quality goes with when one dimension is left out."""

from __future__ import annotations

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate.effects import effects_of
from jq_models.sem import try_fit
from jq_models.spec.model import JOB_QUALITY


def effects_without(opened: OpenStudy, code: str) -> dict[str, pd.DataFrame]:
    """Return the effects of second-order job quality on the outcomes, with and without one dimension.

    Parameters
    ----------
    code : str
        The dimension left out.

    Returns
    -------
    dict
        ``"all"`` and ``"without"``, as ``effects`` returns them; a model that gave no usable fit is absent.
    """
    if not opened.has_paths:
        return {}
    models = {"all": opened.model("second_order")}
    if set(opened.dimensions) - {code}:
        models["without"] = opened.model("second_order", without=(code,))
    fits = {name: try_fit(model, opened.responses) for name, model in models.items()}
    return effects_of(fits, sources=[JOB_QUALITY], targets=opened.outcomes)
