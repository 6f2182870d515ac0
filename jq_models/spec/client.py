"""What a client's study may say beside its questions: who was invited, what to compare with, house style."""

from __future__ import annotations

from dataclasses import dataclass, field

from jq_models.errors import SpecError
from jq_models.spec.strict import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Optional parts of a study file; every part absent is what most studies have.

    Attributes
    ----------
    invited : int or None
        People the questionnaire was sent to.
    invited_by : mapping of str to mapping of str to int
        Name of a grouping -> group (as in the data, before labels) -> people invited.
    norm : str or None
        Name of a file in ``data/norms``.
    target : float or None
        Score the client wants every dimension to reach, on the questionnaire's score range.
    theme : str or None
        Name of a file in ``data/themes``.
    previous : str or None
        Name of the study of the wave before.
    crisis : str or None
        Name of the wave that fell in a crisis: this study or the one before.
    results : mapping of str to mapping of str to float
        Name of a grouping -> group (as in the data) -> its results before this wave, such as targets met.
    """

    invited: int | None = None
    invited_by: dict[str, dict[str, int]] = field(default_factory=dict)
    norm: str | None = None
    target: float | None = None
    theme: str | None = None
    previous: str | None = None
    crisis: str | None = None
    results: dict[str, dict[str, float]] = field(default_factory=dict)


def read_client(*, response: Table, compare: Table, options: Table, results: Table) -> Client:
    """Read ``[response]``, ``[compare]``, ``[results]`` and the theme.

    Raises
    ------
    SpecError
        On a number of people below 1, or groups that add up to more people than were invited in all.
    """
    invited = response.take("invited", int, 0) or None
    by_group = {name: _invited(name, groups, response) for name, groups in response.rest().items()}
    for name, groups in by_group.items():
        if invited is not None and sum(groups.values()) > invited:
            raise SpecError(
                f"{response.where}: {sum(groups.values())} people invited by '{name}', {invited} in all. "
                "Mend either."
            )
    if invited is not None and invited < 1:
        raise SpecError(f"{response.where}: 'invited' is {invited}; it must be 1 or more.")
    target = compare.take("target", float, float("nan"))
    return Client(
        invited=invited,
        invited_by=by_group,
        norm=compare.take("norm", str, "") or None,
        target=None if target != target else float(target),
        theme=options.take("theme", str, "") or None,
        previous=compare.take("previous", str, "") or None,
        crisis=compare.take("crisis", str, "") or None,
        results={name: _results(name, groups, results) for name, groups in results.rest().items()},
    )


def _results(name: str, groups: object, table: Table) -> dict[str, float]:
    if not isinstance(groups, dict) or not groups:
        raise SpecError(f"{table.where}: '{name}' must be a table of groups with their results.")
    for group, value in groups.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SpecError(f"{table.where}, [{name}]: the result of '{group}' must be a number.")
    return {group: float(value) for group, value in groups.items()}


def _invited(name: str, groups: object, table: Table) -> dict[str, int]:
    if not isinstance(groups, dict):
        raise SpecError(
            f"{table.where}: '{name}' must be a table of groups with the people invited, as in "
            f"[response.{name}]."
        )
    for group, people in groups.items():
        if isinstance(people, bool) or not isinstance(people, int) or people < 1:
            raise SpecError(
                f"{table.where}, [{name}]: the people invited in '{group}' must be a whole number from 1 on."
            )
    return dict(groups)
