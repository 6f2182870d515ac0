"""The parameter table: every parameter of a model, free or fixed, by the defaults of cfa() and sem().

Followed is lavaan 0.6-14: the first loading of a factor is 1; every variable has a (residual) variance;
exogenous latent variables covary, and so do dependent variables that predict nothing and measure
nothing; the only indicator of a factor has no residual variance; observed covariates keep their sample
moments (fixed.x); latent means are 0, intercepts free. Equal labels, equality over groups and linear
``==`` are folded into `design` and `constant`: rows = design @ theta + constant.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from jq_models.errors import SpecError, suggest
from jq_models.sem.table.constraints import Defined, Folded, defined_of, folded
from jq_models.sem.table.defaults import Defaults, Draft, drafts_of
from jq_models.sem.table.numbering import Numbering
from jq_models.sem.table.parameters import Parameter, Parameters
from jq_models.sem.table.roles import Roles, roles_of
from jq_models.spec.syntax import Constraint, Definition, Statement, parse

__all__ = ["EQUAL", "PARAMETERIZATIONS", "Defined", "Parameter", "Parameters", "parameter_table"]

EQUAL = (
    "loadings",
    "intercepts",
    "means",
    "residuals",
    "residual.covariances",
    "lv.variances",
    "lv.covariances",
    "regressions",
    "thresholds",
)
PARAMETERIZATIONS = ("delta", "theta")


def parameter_table(
    text: str,
    *,
    groups: Iterable[str] = (),
    ordered: Iterable[tuple[str, int]] = (),
    meanstructure: bool | None = None,
    equal: Iterable[str] = (),
    free: Iterable[str] = (),
    std_lv: bool = False,
    parameterization: str = "delta",
    orthogonal: bool = False,
) -> Parameters:
    """Write the parameter table of a model.

    Parameters
    ----------
    text : str
        The model in lavaan's language.
    groups : iterable of str
        Labels of the groups; none for one group.
    ordered : iterable of (str, int)
        Ordered items and their numbers of categories.
    meanstructure : bool, optional
        Model intercepts and means; by default with several groups. Ordered items and a written intercept
        ask for them anyway.
    equal : iterable of str
        What is equal over the groups, of `EQUAL`. With ordered items, equal thresholds and equal
        intercepts mean each other.
    free : iterable of str
        Parameters left out of `equal`: ``("f =~ x3", "x3 ~1")``.
    std_lv : bool
        Latent variances are 1 instead of first loadings.
    parameterization : {"delta", "theta"}
        Of ordered items.
    orthogonal : bool
        Covariances added among latent variables are 0.

    Returns
    -------
    Parameters
        Rows in lavaan's order, but written ones by operator: loadings, paths, covariances, thresholds,
        scale factors, intercepts; then the added thresholds, variances, covariances, scale factors,
        intercepts and means. Kept in a cache: the same arguments give the same object.

    Raises
    ------
    SyntaxProblem
        When the text does not parse.
    SpecError
        When statements contradict each other, their variables' roles, the groups or the options.

    Examples
    --------
    >>> table = parameter_table("F =~ x1 + x2 + x3")
    >>> [f"{p.lhs} {p.op} {p.rhs}" for p in table.rows if p.free]
    ['F =~ x2', 'F =~ x3', 'x1 ~~ x1', 'x2 ~~ x2', 'x3 ~~ x3', 'F ~~ F']
    """
    return _table(
        text,
        tuple(groups),
        tuple((name, int(categories)) for name, categories in ordered),
        meanstructure,
        tuple(equal),
        tuple(free),
        std_lv,
        parameterization,
        orthogonal,
    )


@lru_cache(maxsize=128)
def _table(
    text: str,
    groups: tuple[str, ...],
    ordered: tuple[tuple[str, int], ...],
    meanstructure: bool | None,
    equal: tuple[str, ...],
    free: tuple[str, ...],
    std_lv: bool,
    parameterization: str,
    orthogonal: bool,
) -> Parameters:
    _known("parameterization", (parameterization,), PARAMETERIZATIONS)
    groups = groups or ("",)
    parts = parse(text)
    statements = tuple(p for p in parts if isinstance(p, Statement))
    if not statements:
        raise SpecError(
            "The model has no variables. Write at least one statement, such as 'f =~ x1 + x2 + x3'."
        )
    asked = _equal(equal, free, ordered=bool(ordered), groups=len(groups))
    means = len(groups) > 1 if meanstructure is None else meanstructure
    means = means or bool(ordered) or any(s.operator == "~1" for s in statements)
    roles = roles_of(statements)
    defaults = Defaults(
        ordered=dict(ordered),
        means=means,
        equal=asked,
        std_lv=std_lv,
        theta=parameterization == "theta",
        orthogonal=orthogonal,
    )
    drafts = drafts_of(statements, roles, defaults)
    shared = _shared(drafts, roles, equal=asked, free=free)
    numbering = Numbering(drafts, shared=shared, n_groups=len(groups))
    defined = defined_of([p for p in parts if isinstance(p, Definition)], numbering.columns)
    fold = _fold([p for p in parts if isinstance(p, Constraint)], numbering, defined)
    rows, design, constant, single = numbering.rows(fold)
    return Parameters(
        rows=rows,
        observed=roles.observed,
        latent=roles.latent,
        covariates=roles.covariates,
        groups=groups,
        ordered=ordered,
        free_names=numbering.names(fold),
        design=design,
        constant=constant,
        single=single,
        defined=defined,
        meanstructure=means,
        parameterization=parameterization,
    )


def _known(what: str, found: Iterable[str], allowed: tuple[str, ...]) -> None:
    for name in found:
        if name not in allowed:
            raise SpecError(f"No {what} '{name}'. {suggest(name, allowed)}")


def _equal(equal: tuple[str, ...], free: tuple[str, ...], *, ordered: bool, groups: int) -> frozenset[str]:
    """Return what is equal over the groups, checked."""
    _known("equality over groups", equal, EQUAL)
    if equal and groups < 2:
        raise SpecError(f"equal={equal!r} needs at least two groups. Name the column of the groups.")
    if free and not equal:
        raise SpecError(f"free={free!r} releases parameters from equal=, which is empty. Say what is equal.")
    if "thresholds" in equal and not ordered:
        raise SpecError("Equal thresholds need ordered items. Name them in ordered=, or take 'intercepts'.")
    both = {"intercepts", "thresholds"}
    return frozenset(equal) | both if ordered and both & set(equal) else frozenset(equal)


def _shared(drafts: list[Draft], roles: Roles, *, equal: frozenset[str], free: tuple[str, ...]) -> list[bool]:
    """Say of each row whether it is equal over the groups."""
    if not equal:
        return [False] * len(drafts)
    latent = frozenset(roles.latent)
    names = {f"{d.lhs}{d.op}{d.rhs}": i for i, d in enumerate(drafts)}
    names |= {f"{d.rhs}{d.op}{d.lhs}": i for i, d in enumerate(drafts) if d.op == "~~"}
    released = set()
    for written in free:
        name = "".join(written.split())
        if name not in names:
            raise SpecError(f"free=: the model has no parameter '{written}'. {suggest(name, names)}")
        released.add(names[name])
    return [_kind(d, latent) in equal and i not in released for i, d in enumerate(drafts)]


def _kind(draft: Draft, latent: frozenset[str]) -> str:
    """Return which of `EQUAL` a row belongs to, else ""."""
    if draft.sample:
        return ""
    if draft.op == "~~":
        if draft.lhs == draft.rhs:
            return "lv.variances" if draft.lhs in latent else "residuals"
        # as lavaan counts them: one latent variable is enough
        return "lv.covariances" if latent & {draft.lhs, draft.rhs} else "residual.covariances"
    if draft.op == "~1":
        return "means" if draft.lhs in latent else "intercepts"
    return {"=~": "loadings", "~": "regressions", "|": "thresholds"}.get(draft.op, "")


def _fold(constraints: list[Constraint], numbering: Numbering, defined: tuple[Defined, ...]) -> Folded | None:
    if not constraints:
        return None
    return folded(constraints, columns=numbering.columns, n=numbering.n, defined=defined)
