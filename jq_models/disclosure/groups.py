"""Group sizes as they may be shown."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.data import Responses
from jq_models.disclosure.minimum import MINIMUM, hide_complement, hide_small
from jq_models.evaluate import group_sizes

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]


def shown_group_sizes(responses: Responses, *, minimum: int = MINIMUM) -> dict[str, pd.Series]:
    """Return the sizes of every grouping's groups, those that may not be shown as NaN.

    Where groups lie within those of another grouping (teams in organisations), no hidden size follows from
    the larger group minus its shown parts either: further groups are hidden until the hidden parts of every
    shown group, and of all hidden groups together, are nobody or at least `minimum` persons.

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
    sizes = {str(name): group_sizes(responses, str(name)) for name in responses.groups.columns}
    hidden = {name: hide_small(n, minimum=minimum).isna().to_numpy(copy=True) for name, n in sizes.items()}
    persons = {name: n.to_numpy(dtype=float) for name, n in sizes.items()}
    crossed = {(a, b): _crossed(responses, a, b) for a, b in permutations(sizes, 2)}
    before = -1
    while before != (before := sum(int(mask.sum()) for mask in hidden.values())):
        for (a, b), both in crossed.items():
            _hide_parts(both, persons[b], within=hidden[a], hidden=hidden[b], minimum=minimum)
        for name, mask in hidden.items():
            hide_complement(persons[name], mask, minimum=minimum)
    return {name: n.where(~hidden[name]).astype(float) for name, n in sizes.items()}


def _crossed(responses: Responses, a: str, b: str) -> Vector:
    """Return the persons in every pair of groups: one row a group of `a`, one column a group of `b`."""
    first, second = (responses.groups[name].astype("category").cat for name in (a, b))
    known = (first.codes.to_numpy() >= 0) & (second.codes.to_numpy() >= 0)
    both = np.zeros((len(first.categories), len(second.categories)))
    np.add.at(both, (first.codes.to_numpy()[known], second.codes.to_numpy()[known]), 1)
    return both


def _hide_parts(both: Vector, sizes: Vector, *, within: Mask, hidden: Mask, minimum: int) -> None:
    """Extend `hidden` (the parts), and `within` where no part is left to hide; both changed in place.

    What is known of the larger groups: the size of each shown one, and of all hidden ones together.
    """
    for whole in (*np.flatnonzero(~within)[:, None], np.flatnonzero(within)):
        persons = both[whole].sum(axis=0)
        parts = persons > 0
        if np.any(persons[parts] != both[:, parts].sum(axis=0)):
            continue  # a part reaches into another group: nothing follows by subtraction
        order = [int(k) for k in np.argsort(sizes, kind="stable") if parts[k] and not hidden[k]]
        while 0 < persons[hidden].sum() < minimum:
            if not order:
                within[whole] = True
                break
            hidden[order.pop(0)] = True
