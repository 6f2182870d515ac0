"""The parameter table: every parameter of a model, free or fixed, by the defaults of cfa() and sem().

Followed is lavaan 0.6-14: the first loading of a factor is 1; every variable has a (residual) variance;
exogenous latent variables covary, and so do dependent variables that predict nothing and measure
nothing; the only indicator of a factor has no residual variance; observed covariates keep their sample
moments (fixed.x). Equal labels make one parameter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from jq_models.errors import SpecError
from jq_models.spec.syntax import Statement, Term, parse

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One row of the table.

    Attributes
    ----------
    lhs, op, rhs : str
        As in the model language.
    free : int
        Number of the free parameter, from 1; 0 when fixed. Rows with one label share the number.
    value : float
        The value of a fixed parameter; NaN when free, or when fixed at a sample moment.
    label : str
        Else "".
    sample : bool
        Fixed at the sample moment: variances and covariances of observed covariates.
    user : bool
        Written in the model text, not added by default.
    """

    lhs: str
    op: str
    rhs: str
    free: int = 0
    value: float = np.nan
    label: str = ""
    sample: bool = False
    user: bool = False

    @property
    def name(self) -> str:
        """The parameter as written: ``"f =~ x1"``."""
        return f"{self.lhs} {self.op} {self.rhs}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The parameter table with the roles of its variables."""

    rows: tuple[Parameter, ...]
    observed: tuple[str, ...]
    latent: tuple[str, ...]
    covariates: tuple[str, ...]

    @property
    def n_free(self) -> int:
        """Number of free parameters, equal ones counted once."""
        return max((row.free for row in self.rows), default=0)

    @property
    def free_names(self) -> tuple[str, ...]:
        """A name for each free parameter: its label, else its first row."""
        names: dict[int, str] = {}
        for row in self.rows:
            if row.free:
                names.setdefault(row.free, row.label or row.name)
        return tuple(names[i] for i in sorted(names))

    @property
    def endogenous(self) -> tuple[str, ...]:
        """Variables explained by others, observed first."""
        explained = {row.rhs for row in self.rows if row.op == "=~"}
        explained |= {row.lhs for row in self.rows if row.op == "~"}
        return tuple(v for v in (*self.observed, *self.latent) if v in explained)

    @property
    def design(self) -> NDArray[np.float64]:
        """Shape (rows, n_free): 1 where a row is that free parameter; rows = design @ theta."""
        matrix = np.zeros((len(self.rows), self.n_free))
        for i, row in enumerate(self.rows):
            if row.free:
                matrix[i, row.free - 1] = 1.0
        return matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class _Roles:
    observed: list[str]
    latent: list[str]
    indicators: list[str]
    outcomes: list[str]
    predictors: list[str]
    covariates: list[str]


def parameter_table(text: str) -> Parameters:
    """Write the parameter table of a model.

    Parameters
    ----------
    text : str
        The model in lavaan's language.

    Returns
    -------
    Parameters
        Rows in lavaan's order: loadings, paths, covariances as written, then the added variances of
        observed and latent variables, then the added covariances.

    Raises
    ------
    SyntaxProblem
        When the text does not parse.
    SpecError
        When a parameter stands twice, a variable explains itself, or a covariate's covariance is written.
    """
    statements = parse(text)
    roles = _roles(statements)
    rows = _written(statements)
    _check_covariates(rows, roles)
    rows += _added(rows, roles)
    rows = _single_indicators(rows)
    return Parameters(
        rows=tuple(_numbered(rows)),
        observed=tuple(roles.observed),
        latent=tuple(roles.latent),
        covariates=tuple(roles.covariates),
    )


def _unique(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _side(statements: tuple[Statement, ...], operator: str, *, left: bool) -> list[str]:
    chosen = [s for s in statements if s.operator == operator]
    return _unique([s.lhs for s in chosen] if left else [t.variable for s in chosen for t in s.terms])


def _roles(statements: tuple[Statement, ...]) -> _Roles:
    latent = _side(statements, "=~", left=True)
    indicators = _side(statements, "=~", left=False)
    outcomes, predictors = _side(statements, "~", left=True), _side(statements, "~", left=False)
    joined = [
        name for s in statements if s.operator == "~~" for name in (s.lhs, *(t.variable for t in s.terms))
    ]
    everyone = _unique([*indicators, *outcomes, *predictors, *joined])
    observed = [name for name in everyone if name not in latent]
    covariates = [n for n in observed if n in predictors and n not in indicators and n not in outcomes]
    return _Roles(
        observed=[n for n in observed if n not in covariates] + covariates,
        latent=latent,
        indicators=indicators,
        outcomes=outcomes,
        predictors=predictors,
        covariates=covariates,
    )


def _written(statements: tuple[Statement, ...]) -> list[Parameter]:
    rows: list[Parameter] = []
    seen: set[Key] = set()
    marked: set[str] = set()
    for operator in ("=~", "~", "~~"):
        for statement in (s for s in statements if s.operator == operator):
            for term in statement.terms:
                key = _key(statement.lhs, operator, term.variable)
                where = f"line {term.line}, column {term.column}"
                if key in seen:
                    raise SpecError(f"Model text, {where}: '{' '.join(key)}' stands twice. Write it once.")
                if operator != "~~" and statement.lhs == term.variable:
                    raise SpecError(
                        f"Model text, {where}: '{term.variable}' cannot explain itself. Remove it."
                    )
                seen.add(key)
                marker = operator == "=~" and statement.lhs not in marked
                if marker:
                    marked.add(statement.lhs)
                rows.append(_row(statement, term, marker=marker))
    return rows


def _key(lhs: str, op: str, rhs: str) -> Key:
    return (min(lhs, rhs), op, max(lhs, rhs)) if op == "~~" else (lhs, op, rhs)


def _row(statement: Statement, term: Term, *, marker: bool) -> Parameter:
    fixed = term.fixed if term.fixed is not None else 1.0 if marker and not term.free else None
    return Parameter(
        lhs=statement.lhs,
        op=statement.operator,
        rhs=term.variable,
        free=0 if fixed is not None else 1,
        value=np.nan if fixed is None else fixed,
        label=term.label,
        user=True,
    )


def _check_covariates(rows: list[Parameter], roles: _Roles) -> None:
    for row in rows:
        if row.op == "~~" and (row.lhs in roles.covariates or row.rhs in roles.covariates):
            raise SpecError(
                f"'{row.name}': the variances and covariances of an observed covariate are kept at their "
                "sample values. Remove this statement, or measure the covariate by a factor of its own."
            )


def _added(rows: list[Parameter], roles: _Roles) -> list[Parameter]:
    have = {_key(r.lhs, r.op, r.rhs) for r in rows}
    explained = {*roles.indicators, *roles.outcomes}
    busy = {*roles.indicators, *roles.predictors}
    exogenous = [n for n in roles.latent if n not in explained]
    final = [n for n in (*roles.latent, *roles.observed) if n in roles.outcomes and n not in busy]
    pairs = [(n, n) for n in (*roles.observed, *roles.latent) if n not in roles.covariates]
    pairs += [*combinations(exogenous, 2), *combinations(final, 2)]
    added = [Parameter(lhs=a, op="~~", rhs=b, free=1) for a, b in pairs if _key(a, "~~", b) not in have]
    fixed = [(a, b) for i, a in enumerate(roles.covariates) for b in roles.covariates[i:]]
    return added + [Parameter(lhs=a, op="~~", rhs=b, sample=True) for a, b in fixed]


def _single_indicators(rows: list[Parameter]) -> list[Parameter]:
    """Fix the added residual variance of a factor's only indicator at zero."""
    loadings = [(r.lhs, r.rhs) for r in rows if r.op == "=~"]
    factors, items = [a for a, _ in loadings], [b for _, b in loadings]
    alone = {b for a, b in loadings if factors.count(a) == 1 and items.count(b) == 1}
    return [
        replace(r, free=0, value=0.0) if r.lhs == r.rhs and r.lhs in alone and not r.user else r for r in rows
    ]


def _numbered(rows: list[Parameter]) -> list[Parameter]:
    """Number the free parameters; equal labels share a number, or the value of a fixed one among them."""
    values = {row.label: row.value for row in rows if row.label and not row.free}
    numbers: dict[str, int] = {}
    numbered: list[Parameter] = []
    for row in rows:
        if row.label in values:
            numbered.append(replace(row, free=0, value=values[row.label]))
        elif row.free:
            key = row.label or row.name
            numbered.append(replace(row, free=numbers.setdefault(key, len(numbers) + 1)))
        else:
            numbered.append(row)
    return numbered
