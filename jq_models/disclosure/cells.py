"""The cells a report may show: the whole sample, every group, every crossing of groups."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.data import Responses
from jq_models.disclosure.systems import GONE
from jq_models.errors import DisclosureError, suggest
from jq_models.evaluate import construct_scores, items_by_construct
from jq_models.evaluate.appraisals import appraisals, team_numbers

Mask = NDArray[np.bool_]
Names = tuple[str, ...]

WHOLE: Names = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A group, or the persons that groups of several groupings share; without names the whole sample."""

    names: Names
    labels: tuple[Hashable, ...]


def all_sizes(groups: pd.DataFrame, crossings: Sequence[Names]) -> dict[Names, pd.Series]:
    """Return the persons of every group of every grouping, then of every crossing.

    Parameters
    ----------
    groups : DataFrame of categories, persons x groupings
        Persons without a group are counted nowhere in that grouping.
    crossings : sequence of tuple of str
        Of each the groupings it crosses; only combinations that occur are counted.

    Raises
    ------
    DisclosureError
        When a crossing names an unknown grouping, or fewer than two.
    """
    sizes: dict[Names, pd.Series] = {}
    for name in map(str, groups.columns):
        counted = groups[name].astype("category").value_counts(sort=False)
        sizes[name,] = counted.rename("n").rename_axis(name)
    for crossing in crossings:
        _check(crossing, known=list(map(str, groups.columns)))
        sizes[tuple(crossing)] = groups.groupby(list(crossing), observed=True).size().rename("n")
    return sizes


def cells_in_order(sizes: dict[Names, pd.Series], *, n: int, minimum: int) -> list[Cell]:
    """Return the cells of at least `minimum` persons, the most important first.

    The whole sample, then grouping by grouping its groups, the largest first (of equals the last), so that
    small groups are hidden to protect smaller ones; crossings in the same way after all groupings.
    """
    cells = [Cell(names=WHOLE, labels=())] if n >= minimum else []
    for names, counted in sizes.items():
        large = counted[::-1][lambda n: n >= minimum].sort_values(ascending=False, kind="stable")
        cells += [Cell(names=names, labels=_labels(label)) for label in large.index]
    return cells


def members(groups: pd.DataFrame, cells: Sequence[Cell]) -> Mask:
    """Return who is in which cell, persons x cells."""
    inside = np.ones((len(groups), len(cells)), dtype=bool)
    columns = {str(name): groups[name].to_numpy(dtype=object) for name in groups.columns}
    for k, cell in enumerate(cells):
        for name, label in zip(cell.names, cell.labels, strict=True):
            inside[:, k] &= columns[name] == label
    return inside


def answers(responses: Responses) -> dict[str, pd.DataFrame]:
    """Return what is known of every person, in sets whose cells are shown or hidden together.

    A construct's items are one set: were an item hidden in a group where the construct and its other items
    are shown, it would follow from them.

    Returns
    -------
    dict of str to DataFrame of float
        Code of a construct -> its score; `items_key` of the code -> its items; covariate -> the covariate.
    """
    scores = construct_scores(responses)
    found = {str(code): scores[[code]] for code in scores}
    for code, items in items_by_construct(responses).items():
        found[items_key(code)] = responses.items[items]
    for name in map(str, responses.covariates.columns):
        found[name] = responses.covariates[[name]]
    return found


def answers_on_leaders(responses: Responses, *, gone: int) -> dict[str, list[NDArray[np.int64]]]:
    """Return the sets of answers that tell of the leader of a team, with everybody's team by every grouping.

    Parameters
    ----------
    responses : Responses
    gone : int
        Persons of earlier reports who left the file; they come last.
    """
    teams = [np.append(one.astype(np.int64), np.full(gone, GONE)) for one in team_numbers(responses.groups)]
    return {key: teams for code in appraisals(responses) for key in (code, items_key(code)) if teams}


def items_key(construct: str) -> str:
    """Return the name of the set of a construct's items."""
    return f"{construct}:items"


def value_numbers(frames: Mapping[str, pd.DataFrame]) -> dict[str, NDArray[np.int64]]:
    """Return a number for every different answer, -1 where it is missing."""
    return {
        key: np.stack([pd.factorize(frame[name].round(9))[0] for name in frame.columns], axis=1)
        for key, frame in frames.items()
    }


def sets_of_codes(responses: Responses, frames: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    """Return for every code the sets of answers it rests on; under ``""`` those of a code nobody knows."""
    found = {code: (key,) for key, frame in frames.items() for code in map(str, frame.columns)}
    constructs = tuple(code for code in responses.constructs if code in frames)
    return {**found, **{code: (code,) for code in frames if code in found}, "": constructs}


def cell_of(names: Names, group: Hashable) -> Cell:
    """Return the cell of a group, named by its label or, of a crossing, labels."""
    return Cell(names=names, labels=group if isinstance(group, tuple) else (group,))


def _labels(label: Hashable) -> tuple[Hashable, ...]:
    return label if isinstance(label, tuple) else (label,)


def _check(crossing: Sequence[str], *, known: list[str]) -> None:
    for name in crossing:
        if name not in known:
            raise DisclosureError(f"A crossing names the grouping '{name}'. {suggest(name, known)}")
    if len(set(crossing)) < 2 or len(set(crossing)) < len(crossing):
        raise DisclosureError(
            f"A crossing needs two or more different groupings; found {len(set(crossing))}."
        )
