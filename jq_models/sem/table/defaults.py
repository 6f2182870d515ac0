"""The rows of a model in one group: those written, then those the defaults of cfa() and sem() add.

Followed is lavaan 0.6-14. A row carries its value by default in the first group and in the others: NaN
where the parameter is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from jq_models.errors import SpecError, suggest
from jq_models.sem.table.roles import Roles
from jq_models.spec.syntax import Statement, Term

FREE = float("nan")
ORDER = ("=~", "~", "~~", "|", "~*~", "~1")
NO_TERM = Term(variable="")
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What the defaults depend on beside the text.

    Attributes
    ----------
    ordered : dict
        Number of categories of each ordered item.
    means : bool
        Whether intercepts and means are modelled.
    equal : frozenset of str
        What is equal over the groups.
    std_lv : bool
        Latent variances 1 instead of first loadings 1.
    theta : bool
        Theta parameterisation of ordered items: residual variances 1, else scale factors 1 (delta).
    orthogonal : bool
        Latent covariances 0 where they would be free.
    """

    ordered: dict[str, int]
    means: bool
    equal: frozenset[str]
    std_lv: bool
    theta: bool
    orthogonal: bool

    @property
    def anchored(self) -> bool:
        """Equal intercepts or thresholds: latent means of the later groups are free."""
        return bool(self.equal & {"intercepts", "thresholds"}) and "means" not in self.equal

    @property
    def later_variance(self) -> float:
        """Latent variance of the later groups when the first group's is 1 by default."""
        freed = "loadings" in self.equal and "lv.variances" not in self.equal
        return FREE if freed else 1.0


@dataclass(slots=True, kw_only=True)
class Draft:
    """A row before its groups: `value` by default in the first group, `later` in the others."""

    lhs: str
    op: str
    rhs: str
    term: Term = NO_TERM
    value: float = FREE
    later: float = FREE
    sample: bool = False
    user: bool = False


def key_of(lhs: str, op: str, rhs: str) -> Key:
    """Return what identifies a parameter: a covariance in either order of its variables."""
    return (rhs, op, lhs) if op == "~~" and rhs < lhs else (lhs, op, rhs)


def drafts_of(statements: tuple[Statement, ...], roles: Roles, defaults: Defaults) -> list[Draft]:
    """Return the rows of one group in lavaan's order, written ones first, by operator.

    Raises
    ------
    SpecError
        When a parameter stands twice, a variable explains itself, a covariate's moments are modelled, or
        thresholds and scale factors do not belong to an ordered item.
    """
    check_ordered(roles, defaults)
    rows = _written(statements, roles, defaults)
    have = {key_of(r.lhs, r.op, r.rhs) for r in rows}
    added = [
        *_thresholds(roles, defaults),
        *_variances(rows, roles, defaults),
        *_covariances(roles, defaults),
        *_scales(roles, defaults),
        *_means(roles, defaults),
    ]
    return rows + [r for r in added if key_of(r.lhs, r.op, r.rhs) not in have]


def check_ordered(roles: Roles, defaults: Defaults) -> None:
    """Refuse ordered names that are no dependent observed variable, and items of one category."""
    dependent = roles.observed[: len(roles.observed) - len(roles.covariates)]
    for name, categories in defaults.ordered.items():
        if name not in dependent:
            raise SpecError(
                f"The ordered item '{name}' is no dependent variable of the model. {suggest(name, dependent)}"
            )
        if categories < 2:
            raise SpecError(
                f"The ordered item '{name}' has {categories} category: at least 2 are needed. "
                "Take the item out of the model."
            )


def _written(statements: tuple[Statement, ...], roles: Roles, defaults: Defaults) -> list[Draft]:
    rows: list[Draft] = []
    seen: set[Key] = set()
    marked: set[str] = set()
    latent = frozenset(roles.latent)
    rank = {name: i for i, name in enumerate((*roles.latent, *roles.listed))}
    for s in sorted(statements, key=lambda statement: ORDER.index(statement.operator)):
        for term in s.terms:
            row = Draft(lhs=s.lhs, op=s.operator, rhs=term.variable, term=term, user=True)
            # as lavaan: a covariance has the variable first that comes first, latent before observed
            if s.operator == "~~" and rank[row.rhs] < rank[row.lhs]:
                row.lhs, row.rhs = row.rhs, row.lhs
            key = key_of(row.lhs, row.op, row.rhs)
            if key in seen:
                _refuse(row, f"'{' '.join(key).strip()}' stands twice. Write it once.")
            seen.add(key)
            _check(row, roles, defaults)
            if s.operator == "=~" and s.lhs not in marked:
                marked.add(s.lhs)
                row.value = row.later = FREE if defaults.std_lv else 1.0
            elif defaults.std_lv and s.operator == "~~" and s.lhs == term.variable and s.lhs in latent:
                row.value = row.later = 1.0
            rows.append(row)
    return rows


def _refuse(row: Draft, what: str) -> None:
    raise SpecError(f"Model text, line {row.term.line}, column {row.term.column}: {what}")


def _check(row: Draft, roles: Roles, defaults: Defaults) -> None:
    """Refuse a row that contradicts its variables' roles."""
    if row.op in ("=~", "~") and row.lhs == row.rhs:
        _refuse(row, f"'{row.rhs}' cannot explain itself. Remove it.")
    if row.op in ("~~", "~1") and (row.lhs in roles.covariates or row.rhs in roles.covariates):
        _refuse(
            row,
            f"'{f'{row.lhs} {row.op} {row.rhs}'.rstrip()}': the variances and covariances of an observed "
            "covariate, and its mean, are kept at their sample values. Remove this statement, or measure the "
            "covariate by a factor of its own.",
        )
    if row.op in ("|", "~*~"):
        _check_ordered_row(row, defaults)
    determined = row.op == "~~" and row.lhs == row.rhs and row.lhs in defaults.ordered and not defaults.theta
    if determined and row.term.values != (1.0,):
        _refuse(
            row,
            f"the residual variance of the ordered item '{row.lhs}' follows from its other parameters. "
            'Remove this statement, or use parameterization="theta".',
        )


def _check_ordered_row(row: Draft, defaults: Defaults) -> None:
    what = "thresholds" if row.op == "|" else "scale factors"
    if row.lhs not in defaults.ordered:
        _refuse(row, f"{what} of '{row.lhs}', which is not ordered. Name it in ordered=.")
    if row.op == "~*~" and row.lhs != row.rhs:
        _refuse(row, f"a scale factor has one variable: write '{row.lhs} ~*~ {row.lhs}'.")
    allowed = [f"t{i}" for i in range(1, defaults.ordered[row.lhs])]
    if row.op == "|" and row.rhs not in allowed:
        _refuse(row, f"'{row.lhs}' has no threshold '{row.rhs}'. Its thresholds: {', '.join(allowed)}.")
    if row.op == "~*~" and defaults.theta and row.term.values != (1.0,):
        _refuse(row, 'scale factors are free in parameterization="delta" only. Remove this statement.')


def _thresholds(roles: Roles, defaults: Defaults) -> list[Draft]:
    return [
        Draft(lhs=name, op="|", rhs=f"t{i}")
        for name in roles.observed
        if name in defaults.ordered
        for i in range(1, defaults.ordered[name])
    ]


def _variances(rows: list[Draft], roles: Roles, defaults: Defaults) -> list[Draft]:
    """Return all variances but those of covariates.

    The only indicator of a factor has no residual variance.
    """
    loadings = [(r.lhs, r.rhs) for r in rows if r.op == "=~"]
    factors, items = [a for a, _ in loadings], [b for _, b in loadings]
    single = {b for a, b in loadings if factors.count(a) == 1 and items.count(b) == 1}
    covariates = frozenset(roles.covariates)
    freed = defaults.theta and "thresholds" in defaults.equal and "residuals" not in defaults.equal
    found = []
    for name in (*roles.observed, *roles.latent):
        row = Draft(lhs=name, op="~~", rhs=name)
        if name in defaults.ordered:
            row.value, row.later = 1.0, FREE if freed else 1.0
        elif defaults.std_lv and name in roles.latent:
            row.value, row.later = 1.0, defaults.later_variance
        elif name in single:
            row.value = row.later = 0.0
        if name not in covariates:
            found.append(row)
    return found


def _covariances(roles: Roles, defaults: Defaults) -> list[Draft]:
    explained = roles.indicators | roles.outcomes
    busy = roles.indicators | roles.predictors
    latent = frozenset(roles.latent)
    exogenous = [n for n in roles.latent if n not in explained]
    final = [n for n in (*roles.latent, *roles.observed) if n in roles.outcomes and n not in busy]
    found = []
    for a, b in (*combinations(exogenous, 2), *combinations(final, 2)):
        value = 0.0 if defaults.orthogonal and a in latent and b in latent else FREE
        found.append(Draft(lhs=a, op="~~", rhs=b, value=value, later=value))
    fixed = [(a, b) for i, a in enumerate(roles.covariates) for b in roles.covariates[i:]]
    return found + [Draft(lhs=a, op="~~", rhs=b, sample=True) for a, b in fixed]


def _scales(roles: Roles, defaults: Defaults) -> list[Draft]:
    later = FREE if "thresholds" in defaults.equal and not defaults.theta else 1.0
    names = [name for name in roles.observed if name in defaults.ordered]
    return [Draft(lhs=name, op="~*~", rhs=name, value=1.0, later=later) for name in names]


def _means(roles: Roles, defaults: Defaults) -> list[Draft]:
    if not defaults.means:
        return []
    covariates = frozenset(roles.covariates)
    found = []
    for name in roles.listed:
        value = 0.0 if name in defaults.ordered else FREE
        found.append(Draft(lhs=name, op="~1", rhs="", value=value, later=value, sample=name in covariates))
    later = FREE if defaults.anchored else 0.0
    return found + [Draft(lhs=name, op="~1", rhs="", value=0.0, later=later) for name in roles.latent]
