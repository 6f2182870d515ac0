"""Gates: how many complete answers an analysis needs before it is run at all.

The defaults are this project's choice. They rest on 40 runs a sample size of the 54-item second-order model:
the plain chi-square test rejects the true model in all samples at n = 100 to 150 and in 88 % at
n = 200, and the mean CFI of the true model is .84 at n = 100, .96 at n = 200.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from jq_models.errors import SpecError
from jq_models.spec.strict import Table

FEWEST = 30  # no gate can be lower: below it nothing is estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """Complete answers an analysis needs.

    Attributes
    ----------
    score_path : int
        In all, for a path model on scale scores; below it: descriptives and reliabilities.
    second_order : int
        In all, for the second-order model, its fit judged by small-sample corrected tests.
    full : int
        In all, for every model: correlated dimensions, rivals, direct paths, simulated cut-offs.
    group : int
        In each group, for a model of several groups (measurement invariance).
    alignment : int
        In each group, for the alignment of one scale over many groups.
    """

    score_path: int = 100
    second_order: int = 200
    full: int = 300
    group: int = 150
    alignment: int = 30


def read_gates(table: Table) -> Gates:
    """Read the study file's ``[gates]``.

    Raises
    ------
    SpecError
        When a gate is below 30, or the gates of the whole sample do not rise.
    """
    names = [field.name for field in fields(Gates)]
    gates = Gates(**{name: table.take(name, int, getattr(Gates(), name)) for name in names})
    for name in names:
        if getattr(gates, name) < FEWEST:
            raise SpecError(
                f"{table.where}: '{name}' is {getattr(gates, name)}; it cannot be below {FEWEST}."
            )
    if not gates.score_path <= gates.second_order <= gates.full:
        raise SpecError(
            f"{table.where}: the gates must rise: score_path ({gates.score_path}) <= second_order "
            f"({gates.second_order}) <= full ({gates.full})."
        )
    table.done()
    return gates
