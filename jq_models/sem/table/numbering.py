"""Which rows of the table are one parameter: labels and equality over groups; their numbers and names."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from jq_models.errors import SpecError
from jq_models.sem.table.constraints import Folded
from jq_models.sem.table.defaults import NO_TERM, Draft
from jq_models.sem.table.parameters import Parameter, parameter_name

Array = NDArray[np.float64]
# of rows with one key there is one parameter: their label, or a number
Key = str | int
Value = TypeVar("Value")


class _Entry(NamedTuple):
    draft: Draft
    group: int
    label: str
    value: float
    start: float
    key: Key


class Numbering:
    """The rows of all groups with the parameter each stands for.

    Parameters
    ----------
    drafts : list of Draft
        The rows of one group.
    shared : list of bool
        Whether each is equal over the groups.
    n_groups : int

    Raises
    ------
    SpecError
        When a modifier has a wrong number of groups, or equal parameters are fixed at two values.
    """

    def __init__(self, drafts: list[Draft], *, shared: list[bool], n_groups: int) -> None:
        _check_groups(drafts, n_groups=n_groups)
        self._entries = [
            _entry(draft, group, key=i if shared[i] else i + group * len(drafts))
            for group in range(n_groups)
            for i, draft in enumerate(drafts)
        ]
        self._fixed = _fixed_values(self._entries)
        self._numbers: dict[Key, int] = {}
        for entry in self._entries:
            if entry.key not in self._fixed and not entry.draft.sample:
                self._numbers.setdefault(entry.key, len(self._numbers))

    @property
    def n(self) -> int:
        """Number of free parameters before constraints."""
        return len(self._numbers)

    @property
    def columns(self) -> dict[str, int | float]:
        """Number from 0 of the parameter of each label, or the value (float) it is fixed at."""
        labels = dict.fromkeys(entry.label for entry in self._entries if entry.label)
        return {
            label: self._numbers[label] if label in self._numbers else self._fixed[label] for label in labels
        }

    def names(self, fold: Folded | None) -> tuple[str, ...]:
        """Return a name of each remaining free parameter."""
        names: dict[int, str] = {}
        for e in self._entries:
            number = self._numbers.get(e.key)
            if number is not None and number not in names:
                d = e.draft
                names[number] = e.label or parameter_name(d.lhs, d.op, d.rhs, group=e.group + 1)
        kept = range(self.n) if fold is None else fold.kept
        return tuple(names[i] for i in kept)

    def rows(
        self, fold: Folded | None
    ) -> tuple[tuple[Parameter, ...], Array, Array, NDArray[np.intp] | None]:
        """Return the rows, the design (rows, k), the constant (rows,) and the design in short (rows,)."""
        places = np.array([self._numbers.get(e.key, -1) for e in self._entries], dtype=np.intp)
        constant = np.array([self._fixed.get(e.key, 0.0) for e in self._entries])
        design = np.zeros((len(places), self.n))
        free = np.flatnonzero(places >= 0)
        design[free, places[free]] = 1.0
        if fold is not None:
            constant = constant + design @ fold.constant
            design = design @ fold.basis
            places = _first_columns(design)
        design.setflags(write=False)
        constant.setflags(write=False)
        rows = tuple(
            _parameter(e, place=place, value=value)
            for e, place, value in zip(self._entries, places.tolist(), constant.tolist(), strict=True)
        )
        if fold is not None:
            return rows, design, constant, None
        places.setflags(write=False)
        return rows, design, constant, places


def _first_columns(design: Array) -> NDArray[np.intp]:
    """Return the first parameter that each row depends on, -1 for none."""
    if not design.size:
        return np.full(len(design), -1, dtype=np.intp)
    return np.where(design.any(axis=1), np.argmax(design != 0.0, axis=1), -1)


def _parameter(entry: _Entry, *, place: int, value: float) -> Parameter:
    draft = entry.draft
    return Parameter(
        lhs=draft.lhs,
        op=draft.op,
        rhs=draft.rhs,
        group=entry.group + 1,
        free=place + 1,
        value=np.nan if place >= 0 or draft.sample else value,
        start=entry.start,
        label=entry.label,
        sample=draft.sample,
        user=draft.user,
    )


def _check_groups(drafts: list[Draft], *, n_groups: int) -> None:
    for d in drafts:
        if d.term is NO_TERM:
            continue
        for entries in (d.term.values, d.term.labels, d.term.starts):
            if len(entries) > 1 and len(entries) != n_groups:
                raise SpecError(
                    f"Model text, line {d.term.line}, column {d.term.column}: {len(entries)} modifiers of "
                    f"'{parameter_name(d.lhs, d.op, d.rhs)}', but {n_groups} group(s). Give one for each "
                    "group, or one for all."
                )


def _of_group(entries: tuple[Value, ...], group: int, default: Value) -> Value:
    if not entries:
        return default
    return entries[0] if len(entries) == 1 else entries[group]


def _entry(draft: Draft, group: int, *, key: int) -> _Entry:
    term = draft.term
    if not (term.starts or term.values or term.labels):
        # as most rows are
        value = draft.later if group else draft.value
        return _Entry(draft, group, "", value, np.nan, key)
    start = _of_group(term.starts, group, np.nan)
    default = draft.later if group else draft.value
    # as lavaan: a first loading with start() is fixed there instead of at 1
    if default == default and start == start:
        default = start
    given: float | None = _of_group(term.values, group, default)
    label = _of_group(term.labels, group, "")
    return _Entry(
        draft=draft,
        group=group,
        label=label,
        value=np.nan if given is None else given,
        start=start,
        key=label or key,
    )


def _fixed_values(entries: list[_Entry]) -> dict[Key, float]:
    """Return the value of each parameter that one of its rows fixes."""
    fixed: dict[Key, float] = {}
    for e in entries:
        # NaN, a free row, equals nothing
        if e.value == e.value and not e.draft.sample and fixed.setdefault(e.key, e.value) != e.value:
            d = e.draft
            what = (
                f"the label '{e.label}' fixes"
                if e.label
                else f"'{parameter_name(d.lhs, d.op, d.rhs)}', equal over groups, has"
            )
            raise SpecError(
                f"Model text, line {d.term.line}, column {d.term.column}: {what} "
                f"two values, {fixed[e.key]:g} and {e.value:g}. Keep one."
            )
    return fixed
