"""Group sizes as they may be shown."""

from __future__ import annotations

import pandas as pd

from jq_models.data import Responses
from jq_models.disclosure.minimum import MINIMUM, hide_small
from jq_models.evaluate import group_sizes


def shown_group_sizes(responses: Responses, *, minimum: int = MINIMUM) -> dict[str, pd.Series]:
    """Return the sizes of every grouping's groups, those that may not be shown as NaN.

    Parameters
    ----------
    responses : Responses
    minimum : int
        Smallest group whose size is shown.

    Returns
    -------
    dict of str to Series
        Name of the grouping -> sizes, as `hide_small` returns them.
    """
    return {
        str(name): hide_small(group_sizes(responses, str(name)), minimum=minimum)
        for name in responses.groups.columns
    }
