"""A PLS model changed and fitted to the same answers: a composite for constructs, or an arrow less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from jq_models.errors import SpecError
from jq_models.pls import PlsFit, fit_pls
from jq_models.pls.blocks import Block
from jq_models.pls.quantities import arrows_of
from jq_models.spec.own_model import as_model

# how a composite is weighed: of factors by regression, of factors by correlation, of scores by correlation
FORMS = ("regression", "correlation", "scores")
Arrow = tuple[str, str]
OFFERED = "offered"


def refit(fit: PlsFit, members: tuple[str, ...], *, name: str, form: str) -> PlsFit | None:
    """Fit the model with a composite `name` of `members`: arrows of a member become the composite's.

    Arrows between members, labels and formulas fall away; all else stays as in `fit`.

    Returns
    -------
    PlsFit or None
        None when there is no such model (arrows would run in a circle, say), or it has no usable solution.
    """
    first, higher = _blocks(fit)
    if form == "scores":
        # a composite is not corrected for attenuation
        first = [replace(b, operator="<~") if b.name in members else b for b in first]
    whole = Block(
        name=name,
        operator="<~",
        indicators=members,
        mode="B" if form == "regression" else "A",
        dominant=members[0],
        corrected=False,
    )
    of = {x: name if x in members else x for x in fit.design.last.constructs}
    arrows = [(of[to], of[cause]) for to, cause in named_arrows(fit)]
    left = list(dict.fromkeys(arrow for arrow in arrows if arrow[0] != arrow[1]))
    return _again(fit, [*first, *higher, whole], left)


def without_arrow(fit: PlsFit, arrow: Arrow) -> PlsFit | None:
    """Fit the model without one arrow (to, from), and without constructs then left alone.

    Returns
    -------
    PlsFit or None
        None when no model is left, or it has no usable solution.
    """
    arrows = [other for other in named_arrows(fit) if other != arrow]
    first, higher = _blocks(fit)
    touched = {name for other in arrows for name in other}
    parts = {x for b in higher if b.name in touched for x in b.indicators}
    blocks = [b for b in [*first, *higher] if b.name in touched | parts]
    return _again(fit, blocks, arrows)


def named_arrows(fit: PlsFit) -> list[Arrow]:
    """Return the names (to, from) of every arrow, in the order of ``fit.values("~")``."""
    names = fit.design.last.constructs
    return [(names[i], names[j]) for i, j in arrows_of(fit.design.last)]


def _blocks(fit: PlsFit) -> tuple[list[Block], list[Block]]:
    """Return the constructs measured by items, and those measured by constructs."""
    second = fit.design.second
    first = [b for b in fit.design.first.blocks if b.indicators != (b.name,)]
    return first, [b for b in second.blocks if b.indicators != (b.name,)] if second is not None else []


def _again(fit: PlsFit, blocks: list[Block], arrows: list[Arrow]) -> PlsFit | None:
    data, cluster = _data(fit)
    try:
        found = fit_pls(
            replace(as_model(_text(blocks, arrows)), name=OFFERED),
            data if data is not None else fit.moments,
            scheme=fit.scheme,
            consistent=fit.consistent,
            modes={b.name: b.mode for b in blocks},
            dominant={b.name: b.dominant for b in blocks},
            cluster=cluster,
            tolerance=fit.search.tolerance,
            max_iterations=fit.search.max_iterations,
        )
    except SpecError:
        return None
    # where the cases stand in the table that was given, not in the one made here
    found = replace(found, rows=fit.rows, n_dropped=fit.n_dropped)
    return found if found.usable else None


def _text(blocks: Iterable[Block], arrows: list[Arrow]) -> str:
    lines = [f"{b.name} {b.operator} {' + '.join(b.indicators)}" for b in blocks]
    targets = dict.fromkeys(to for to, _ in arrows)
    lines += [f"{to} ~ {' + '.join(cause for t, cause in arrows if t == to)}" for to in targets]
    return "\n".join(lines) + "\n"


def _data(fit: PlsFit) -> tuple[pd.DataFrame | None, str | None]:
    """Return the answers of a fit as a table, and the name of the column of clusters, if it has them."""
    if fit.cases is None:
        return None, None
    frame = pd.DataFrame(fit.cases, columns=list(fit.moments.names))
    if fit.clusters is None:
        return frame, None
    cluster = "cluster"
    while cluster in frame.columns:
        cluster += "_"
    return frame.assign(**{cluster: fit.clusters}), cluster
