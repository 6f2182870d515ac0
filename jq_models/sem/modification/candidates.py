"""What a model could free: its fixed parameters, and those between its variables that it leaves out.

The list is lavaan 0.6-14's of ``modindices()``: every latent variable on every observed one that is in no
regression; every pair of indicators, of latent variables; every regression among the variables of the model's
regressions, but for indicators on latent variables; means where they are modelled. What concerns the
distribution of observed covariates is left out: the model takes them as given, and lavaan's index of
``x ~ y`` with a fixed x, from an information matrix without the covariates' part, tests nothing. So are scale
factors of ordered items in the theta parameterisation, which lavaan lists though they follow from the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.sem.derivatives import Places
from jq_models.sem.matrices import ModelMatrices
from jq_models.sem.table import Parameters

OPERATORS = ("=~", "~~", "~", "~1")


class Candidate(NamedTuple):
    """A parameter that could be free; as in `Parameter`, without a group."""

    lhs: str
    op: str
    rhs: str


def candidates(parameters: Parameters) -> list[Candidate]:
    """List what one group's model could free: its own fixed rows first.

    Parameters
    ----------
    parameters : Parameters
        Of one group.
    """
    moving = np.any(parameters.design, axis=1)
    # residual variances of ordered items follow from the rest in the delta parameterisation
    delta = parameters.parameterization == "delta"
    follow = {(name, "~~", name) for name, _ in parameters.ordered if delta}
    fixed = [
        Candidate(r.lhs, r.op, r.rhs)
        for r, moves in zip(parameters.rows, moving.tolist(), strict=True)
        if not moves and not r.sample and r.op in OPERATORS and (r.lhs, r.op, r.rhs) not in follow
    ]
    known = {(r.lhs, r.op, r.rhs) for r in parameters.rows}
    known |= {(r.rhs, r.op, r.lhs) for r in parameters.rows if r.op == "~~"}
    return fixed + [Candidate(*new) for new in _possible(parameters) if new not in known]


def _possible(parameters: Parameters) -> Iterator[tuple[str, str, str]]:
    rows, latent = parameters.rows, parameters.latent
    measured = {r.rhs for r in rows if r.op == "=~"}
    equations = list(dict.fromkeys(n for r in rows if r.op == "~" for n in (r.lhs, r.rhs)))
    in_equation, factors = set(equations), set(latent)
    given = set(parameters.covariates)
    outcomes = [n for n in parameters.observed if n not in given]
    indicators = [n for n in outcomes if n in measured]
    yield from ((f, "=~", x) for f in latent for x in outcomes if x not in in_equation)
    for names in (indicators, latent):
        yield from ((a, "~~", b) for a, b in combinations_with_replacement(names, 2))
    for y in (name for name in equations if name not in given):
        free = equations if y in factors or y not in measured else [x for x in equations if x not in factors]
        yield from ((y, "~", x) for x in free if x != y)
    if parameters.meanstructure:
        yield from ((name, "~1", "") for name in (*outcomes, *latent))


def places_of_candidates(matrices: ModelMatrices, rows: list[Candidate]) -> Places:
    """Find where the derivatives of any parameters stand, in the model or not.

    The residual of a variable is a column of L A where the variable has a latent one of its own, else a
    column of I, which is the same without effects on others; so a covariance of both kinds has a place too.
    """
    p, m = matrices.base.shape
    inner = {name: i for i, name in enumerate(matrices.latent)}
    column = {name: i for i, name in enumerate(matrices.observed)}
    column |= {name: p + i for name, i in inner.items()}
    found = []
    for row in rows:
        lhs, op, rhs = row.lhs, row.op, row.rhs
        if op == "~1":
            found.append((column[lhs], 0, 0.0, m, 1.0))
        elif op == "~~":
            found.append((column[lhs], column[rhs], 0.5 if lhs == rhs else 1.0, m, 0.0))
        else:
            cause, effect = (lhs, rhs) if op == "=~" else (rhs, lhs)
            found.append((column[effect], p + m + inner[cause], 1.0, inner[cause], 0.0))
    return _places(np.array(found, dtype=float).reshape(len(found), 5).T, outside=len(matrices.where))


def _places(columns: Array, *, outside: int) -> Places:
    # second derivatives are never asked for here: their fields say "none"
    u, v, c, source, level = columns
    whole, nothing = np.zeros(len(u), dtype=np.intp), np.zeros(len(u))
    return Places(
        # no row of the table, of its thresholds and scale factors least of all
        rows=np.full(len(u), outside),
        u=u.astype(np.intp),
        v=v.astype(np.intp),
        c=c,
        source=source.astype(np.intp),
        effect=whole,
        other=whole,
        slope=nothing,
        path=nothing,
        psi=nothing,
        level=level,
    )
