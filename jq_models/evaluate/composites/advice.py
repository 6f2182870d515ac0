"""When constructs overlap so much that their paths cannot be told apart: one composite in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jq_models.errors import SpecError, suggest
from jq_models.evaluate.composites.offered import FORMS, refit
from jq_models.evaluate.composites.quality import variance_inflation
from jq_models.evaluate.judge import Line
from jq_models.numeric.moments import Array
from jq_models.numeric.reason import Reason
from jq_models.pls import PlsBootstrap, PlsFit
from jq_models.pls.design import Stage

VIF_LINE = Line(value=5.0, source="hair_risher_2019")
VIF_WATCH = Line(value=3.0, source="hair_risher_2019")
# ours: a path that passes 1 in more of the resamples than this is no estimate to rely on
OFTEN = 0.05
# ours: below it a score holds more error than truth, and the correction raises correlations by over 40 %
UNRELIABLE = 0.5
STRUCTURAL = (
    "path_above_one",
    "explained_above_one",
    "correlation_above_one",
    "constructs_not_positive_definite",
    "collinear_constructs",
)
OFFER_REASONS = (*STRUCTURAL, "inflated", "often_above_one")
COMPOSITE = "COMPOSITE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A second-order composite in the place of constructs that overlap too much.

    Attributes
    ----------
    reasons : tuple of Reason
        What is wrong with the separate paths: codes of `OFFER_REASONS`, and where.
    collinear : tuple of str
        The constructs that overlap too much; fewer than two when overlap is not what is wrong, or no
        composite can be made of them.
    unreliable : tuple of str
        Constructs at the places named in `reasons` that are corrected for a rho_A below .50: then values
        above 1 come of the correction.
    members : tuple of str
        Those the composite is made of; empty when none solves it.
    name : str
        Of the composite.
    form : str
        Of `FORMS`, how the composite is weighed; empty when none solves it.
    fit : PlsFit or None
        The model with the composite, free of every reason in `OFFER_REASONS`. Other reasons, such as a
        loading above 1, may be left: see its status.
    """

    reasons: tuple[Reason, ...]
    collinear: tuple[str, ...]
    unreliable: tuple[str, ...]
    members: tuple[str, ...]
    name: str
    form: str
    fit: PlsFit | None


def second_order_offer(
    fit: PlsFit,
    boot: PlsBootstrap | None = None,
    *,
    among: Sequence[str] | None = None,
    name: str = COMPOSITE,
) -> Offer | None:
    """Look for constructs that overlap too much, and fit a model with one composite in their place.

    Parameters
    ----------
    fit : PlsFit
        Need not be admissible, nor usable.
    boot : PlsBootstrap, optional
        Of that fit: paths that pass 1 in more than 5 % of the resamples count, too.
    among : sequence of str, optional
        Constructs that theory holds together, such as the dimensions of job quality: the composite is made
        of all of them as soon as two of them overlap too much. Default: as few as solve it, the two most
        alike first; when all that overlap are not enough, also those with the same causes and targets.
    name : str
        What to call the composite.

    Returns
    -------
    Offer or None
        None when nothing is wrong. An offer without a fit when something is, and no composite solves it.

    Raises
    ------
    SpecError
        On a name in `among` that the model lacks, or a name for the composite that it has.

    Notes
    -----
    Wrong is: a path, R2 or correlation of constructs above 1, their matrix not positive definite, no path
    to be found at all; a cause whose variance inflation by the others is 5 or more (Hair, Risher, Sarstedt &
    Ringle 2019); with `boot` a path that often passes 1. Three forms are tried in this order: the composite
    of factors (van Riel, Henseler, Kemény & Sasovova 2017) weighed by regression; the same weighed by
    correlation, which collinear members do not upset; a composite of scores that are not corrected for
    attenuation, whose correlations can always exist. A form is taken when nothing of the above is left and
    no weight passes 1 or runs against its loading: else the overlap has only moved from the paths into the
    weights.

    A path above 1 is no sign of causes that overlap where the correlation of its ends is above 1, too, nor
    where a construct of its equation is corrected for a rho_A below .50 and its inflation is below 3.
    """
    _check(fit, among=among, name=name)
    reasons = why_collinear(fit, boot)
    if not reasons:
        return None
    allowed = _allowed(fit, among)
    collinear = _collinear(fit, reasons, allowed=allowed, boot=boot)
    nothing = Offer(
        reasons=reasons,
        collinear=collinear,
        unreliable=_unreliable(fit, reasons),
        members=(),
        name=name,
        form="",
        fit=None,
    )
    sets = _grown(fit, collinear) if among is None else [allowed] if len(collinear) > 1 else []
    tried = [(members, form) for members in sets for form in FORMS]
    # the uncorrected form comes last: it settles for less than another membership may
    for members, form in sorted(tried, key=lambda pair: pair[1] == FORMS[-1]):
        found = refit(fit, members, name=name, form=form)
        if found is not None and not why_collinear(found) and _weights_clean(found, name):
            return replace(nothing, members=members, form=form, fit=found)
    return nothing


def why_collinear(fit: PlsFit, boot: PlsBootstrap | None = None) -> tuple[Reason, ...]:
    """Return what points to constructs that overlap too much, in the order of `OFFER_REASONS`."""
    if not np.isfinite(fit.solution.last.correlation[0]).all():
        return ()  # something else is wrong: the constructs have no correlations
    found = {reason.code: reason.where for reason in fit.status.reasons if reason.code in STRUCTURAL}
    stage = fit.design.last
    inflated = [stage.constructs[j] for i, causes, vif in _inflations(fit) for j in causes[_high(vif)]]
    if inflated:
        found["inflated"] = tuple(dict.fromkeys(inflated))
    if boot is not None:
        often = _often(fit, boot)
        if often:
            found["often_above_one"] = often
    return tuple(Reason(code=code, where=found[code]) for code in OFFER_REASONS if code in found)


def _check(fit: PlsFit, *, among: Sequence[str] | None, name: str) -> None:
    known = fit.design.last.constructs
    for construct in among or ():
        if construct not in known:
            raise SpecError(f"'{construct}' is no construct that arrows connect. {suggest(construct, known)}")
    if name in (*known, *fit.design.first.constructs, *fit.moments.names):
        raise SpecError(f"The model has a '{name}' already. Give the composite another name.")


def _inflations(fit: PlsFit) -> Iterator[tuple[int, NDArray[np.intp], Array]]:
    """Yield every target of several causes, its causes, and their variance inflation by each other."""
    stage, Q = fit.design.last, fit.solution.last.correlation[0]
    for i in stage.endogenous:
        causes = stage.causes(i)
        if len(causes) > 1:
            yield i, causes, variance_inflation(Q[np.ix_(causes, causes)])


def _high(inflation: Array) -> NDArray[np.bool_]:
    """Say which causes the others all but determine; NaN: by correlations that cannot exist together."""
    return ~(inflation < VIF_LINE.value)


def _often(fit: PlsFit, boot: PlsBootstrap) -> tuple[str, ...]:
    """Return the arrows whose path passes 1 in many of the replicates that have it."""
    boot.require_of(fit)
    at = np.flatnonzero(fit.table["op"] == "~")
    values = boot.values[:, at]
    known = np.isfinite(values).sum(axis=0)
    share = (np.abs(values) > 1.0).sum(axis=0) / np.maximum(known, 1)
    rows = fit.table.iloc[at[share > OFTEN]]
    return tuple(f"{to} ~ {cause}" for to, cause in zip(rows["lhs"], rows["rhs"], strict=True))


def _with_its_correlation(fit: PlsFit, boot: PlsBootstrap | None) -> set[str]:
    """Return the arrows whose path passes 1 mostly where the correlation of its ends does, too."""
    if boot is None:
        return set()
    table = fit.table.reset_index(drop=True)
    pairs = table[table["op"] == "~~"]
    place = {frozenset(ends): k for k, *ends in pairs[["lhs", "rhs"]].itertuples()}
    found = set()
    for k, to, cause in table.loc[table["op"] == "~", ["lhs", "rhs"]].itertuples():
        beyond = np.abs(boot.values[:, k]) > 1.0
        together = np.abs(boot.values[beyond, place[frozenset((to, cause))]]) > 1.0
        if beyond.any() and together.mean() > 0.5:
            found.add(f"{to} ~ {cause}")
    return found


def _unreliable(fit: PlsFit, reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    """Return the constructs named in reasons, or leading to one, that are corrected for a low rho_A."""
    last, first = fit.design.last, fit.design.first
    named = {x for r in reasons for where in r.where for x in re.split(" ~~? ", where)}
    named |= {last.constructs[j] for x in named for j in last.causes(last.constructs.index(x))}
    low = first.corrected & (fit.solution.first.rho_a[0] < UNRELIABLE)
    return tuple(x for x, is_low in zip(first.constructs, low, strict=True) if is_low and x in named)


def _allowed(fit: PlsFit, among: Sequence[str] | None) -> tuple[str, ...]:
    """Return the constructs that may become members: measured by indicators, with arrows of their own."""
    direct = {b.name for b in fit.design.first.blocks}
    names = [name for name in fit.design.last.constructs if name in direct]
    return tuple(name for name in names if among is None or name in among)


def _collinear(
    fit: PlsFit, reasons: tuple[Reason, ...], *, allowed: tuple[str, ...], boot: PlsBootstrap | None
) -> tuple[str, ...]:
    """Return the causes at fault, without those that others of them lead to where two are left without."""
    stage, Q = fit.design.last, fit.solution.last.correlation[0]
    names = stage.constructs
    arrows = {where for r in reasons if r.code == "often_above_one" for where in r.where}
    arrows -= _with_its_correlation(fit, boot)
    arrows |= {where for r in reasons if r.code == "path_above_one" for where in r.where}
    weak = set(_unreliable(fit, reasons))
    pairs = [p.split(" ~~ ") for r in reasons if r.code == "correlation_above_one" for p in r.where]
    found = {x for r in reasons if r.code == "collinear_constructs" for x in r.where}
    for i, causes, vif in _inflations(fit):
        together = {names[j] for j in causes}
        # corrected for a low reliability, paths pass 1 whatever the other causes are
        near = ~(vif < VIF_WATCH.value) | (not weak & {names[i], *together})
        # a cause that correlates above 1 with its target overlaps that, not the other causes
        own = [j for j in causes[near] if f"{names[i]} ~ {names[j]}" in arrows and abs(Q[i, j]) <= 1.0]
        mine = {int(j) for j in (*own, *causes[_high(vif)])}
        found |= {names[j] for j in mine}
        for j in mine:
            # a path passes 1 at the expense of another: the cause most like it
            others = [int(k) for k in causes if k != j and names[k] in allowed]
            if others and names[j] in allowed:
                found.add(names[max(others, key=lambda k: abs(Q[j, k]))])
        found |= {x for pair in pairs if set(pair) <= together for x in pair}
    kept = [name for name in names if name in found and name in allowed]
    first = [x for x in kept if not any(stage.paths[names.index(x), names.index(y)] for y in kept)]
    return tuple(first if len(first) > 1 else kept)


def _grown(fit: PlsFit, collinear: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the members to try: the two most alike, one more at a time, all that stand in their place."""
    if len(collinear) < 2:
        return
    stage = fit.design.last
    names = stage.constructs
    Q = np.abs(fit.solution.last.correlation[0])
    left = [names.index(x) for x in collinear]
    pairs = [(i, j) for i in left for j in left if i < j]
    chosen = list(max(pairs, key=lambda pair: Q[pair]))
    while True:
        yield tuple(names[k] for k in sorted(chosen))
        left = [k for k in left if k not in chosen]
        if not left:
            break
        chosen.append(max(left, key=lambda k: Q[k, chosen].mean()))
    places = {_place(stage, k) for k in chosen}
    allowed = _allowed(fit, None)
    wider = [k for k, x in enumerate(names) if x in allowed and (k in chosen or _place(stage, k) in places)]
    if len(wider) > len(chosen):
        yield tuple(names[k] for k in wider)


def _place(stage: Stage, construct: int) -> tuple[bytes, bytes]:
    """Return what leads to a construct and where it leads, to compare."""
    return stage.paths[construct].tobytes(), stage.paths[:, construct].tobytes()


def _weights_clean(fit: PlsFit, name: str) -> bool:
    rows = fit.table[fit.table["lhs"] == name]
    weights = rows.loc[rows["op"] == "<~", "est"].to_numpy(dtype=float)
    loadings = rows.loc[rows["op"] == "=~", "est"].to_numpy(dtype=float)
    return bool((np.abs(weights) <= 1.0).all() and (weights * loadings >= 0.0).all())
