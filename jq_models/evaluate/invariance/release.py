"""Partial invariance: the equality that fits worst is given up, one after the other.

Byrne, Shavelson and Muthen (1989, Psychological Bulletin 105, 456-466). The candidate is the equality with
the largest score test; it is released when the test is significant after Bonferroni's correction for all
equalities of the step and, where the fit indices hardly change, when the item deviates by an amount that
matters. In all groups at once, as lavaan's group.partial does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from jq_models.evaluate.fit_indices import fit_indices
from jq_models.evaluate.invariance.ladder import Release, Step, changes_of, judged, tested
from jq_models.evaluate.invariance.lines import ALPHA, LOADING, RELEASED, SHIFT
from jq_models.sem import FailedFit, SemFit, equality_tests

OPERATOR = {"metric": "=~", "scalar": "~1", "strict": "~~"}
KIND = {"=~": "loading", "~1": "intercept", "~~": "residual"}
Refit = Callable[[tuple[str, ...]], SemFit | FailedFit]


class Candidate(NamedTuple):
    """An equality with its score test; `name` is what `fit_sem` takes in ``free=``."""

    name: str
    item: str
    factor: str
    group: int
    chi_square: float
    p_value: float
    epc: float
    size: float


def factor_of(fit: SemFit) -> dict[str, str]:
    """Return the first factor that measures each item."""
    rows = fit.table[(fit.table["op"] == "=~") & (fit.table["group"] == 1)]
    found: dict[str, str] = {}
    for factor, item in zip(rows["lhs"], rows["rhs"], strict=True):
        found.setdefault(str(item), str(factor))
    return found


def candidates(fit: SemFit, *, operator: str) -> list[Candidate]:
    """List the equalities over groups of one kind by their score test, the largest first."""
    factors = factor_of(fit)
    tests = equality_tests(fit)
    found = []
    for lhs, rhs, chi_square, p_value, epc in zip(
        tests["lhs"], tests["rhs"], tests["chi_square"], tests["p_value"], tests["epc"], strict=True
    ):
        item = _item(str(lhs), operator)
        if item not in factors or np.isnan(chi_square):
            continue
        group = int(str(rhs).rsplit(".g", maxsplit=1)[1])
        scale = item_deviation(fit, item)
        size = -epc * (latent_deviation(fit, factors[item]) if operator == "=~" else 1.0)
        found.append(
            Candidate(
                name=str(lhs),
                item=item,
                factor=factors[item],
                group=group,
                chi_square=float(chi_square),
                p_value=float(p_value),
                epc=float(-epc),
                size=float(size / (scale**2 if operator == "~~" else scale)),
            )
        )
    return sorted(found, key=lambda c: (-c.chi_square, c.name, c.group))


def _item(lhs: str, operator: str) -> str:
    parts = lhs.split()
    if operator == "~1":
        return parts[0] if len(parts) == 2 and parts[1] == "~1" else ""
    if len(parts) != 3 or parts[1] != operator:
        return ""
    return parts[2] if operator == "=~" or parts[0] == parts[2] else ""


def item_deviation(fit: SemFit, item: str) -> float:
    """Return the implied standard deviation of an item in the first group."""
    place = fit.sample.groups[0].moments.names.index(item)
    return float(np.sqrt(fit.states[0].implied[place, place]))


def latent_deviation(fit: SemFit, factor: str) -> float:
    """Return the standard deviation of a factor in the first group."""
    place = fit.groups[0].latent.index(factor)
    return float(np.sqrt(fit.states[0].latent_covariance[place, place]))


def allowed_releases(constraints: int) -> int:
    """Return how many equalities of a step may be given up: 20 %, at least one."""
    return max(1, int(RELEASED.value * constraints))


def worth_releasing(best: Candidate, *, tests: int, small: bool, operator: str) -> bool:
    """Say whether an equality is significant among all tested and, with a small misfit, large as well."""
    if best.p_value * tests >= ALPHA:
        return False
    line = LOADING if operator == "=~" else SHIFT
    return not small or abs(best.size) >= line.value


def with_releases(step: Step, refit: Refit, *, before: Step, labels: tuple[str, ...]) -> Step:
    """Release equalities of a rejected step until it is accepted, or nothing more may be released.

    Parameters
    ----------
    step : Step
        As ``next_step`` judges it.
    refit : callable
        Fits the step with more parameters free: names as `fit_sem` takes them in ``free=``.
    before : Step
        The last accepted one.
    labels : tuple of str
        Of the groups.
    """
    if step.verdict not in ("small", "fails"):
        return step
    operator, large = OPERATOR[step.name], before.final
    # an accepted step has numbers
    assert isinstance(large, SemFit)
    assert before.final_indices is not None
    limit = None
    while step.verdict in ("small", "fails"):
        assert isinstance(step.final, SemFit)
        found = candidates(step.final, operator=operator)
        limit = allowed_releases(len({c.name for c in found})) if limit is None else limit
        small = step.verdict == "small"
        if not found or len(step.releases) >= limit:
            break
        if not worth_releasing(found[0], tests=len(found), small=small, operator=operator):
            break
        fit = refit((*(_name(r) for r in step.releases), found[0].name))
        if not (isinstance(fit, SemFit) and fit.usable):
            break
        indices = fit_indices(fit)
        changes, test = changes_of(indices, before.final_indices), tested(fit, large)
        release = _release(found[0], step=step.name, operator=operator, labels=labels)
        step = replace(
            step,
            final=fit,
            final_indices=indices,
            final_test=test,
            final_changes=changes,
            releases=(*step.releases, release),
            verdict=judged(test, changes, step.lines),
        )
    if step.releases and step.verdict in ("holds", "small"):
        step = replace(step, verdict="partial")
    return replace(step, releases=tuple(_estimated(r, step.final, labels=labels) for r in step.releases))


def _release(c: Candidate, *, step: str, operator: str, labels: tuple[str, ...]) -> Release:
    return Release(
        step=step,
        item=c.item,
        factor=c.factor,
        kind=KIND[operator],
        group=labels[c.group - 1],
        chi_square=c.chi_square,
        p_value=c.p_value,
        epc=c.epc,
        size=c.size,
    )


def _name(release: Release) -> str:
    """Return the parameter as ``free=`` takes it."""
    return {
        "loading": f"{release.factor} =~ {release.item}",
        "intercept": f"{release.item} ~1",
        "residual": f"{release.item} ~~ {release.item}",
    }[release.kind]


def _estimated(release: Release, fit: SemFit | FailedFit, *, labels: tuple[str, ...]) -> Release:
    """Return the release with the difference that the final model estimates."""
    assert isinstance(fit, SemFit)
    lhs, op, rhs = {
        "loading": (release.factor, "=~", release.item),
        "intercept": (release.item, "~1", ""),
        "residual": (release.item, "~~", release.item),
    }[release.kind]
    rows = fit.table[(fit.table["lhs"] == lhs) & (fit.table["op"] == op) & (fit.table["rhs"] == rhs)]
    by_group = rows.set_index("group")["est"]
    change = float(by_group[labels.index(release.group) + 1] - by_group[1])
    scale = item_deviation(fit, release.item)
    if release.kind == "loading":
        change *= latent_deviation(fit, release.factor)
    return replace(release, difference=change / (scale**2 if release.kind == "residual" else scale))
