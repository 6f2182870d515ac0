"""Refusing what PLS has no meaning for, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NoReturn

from jq_models.errors import SpecError, suggest
from jq_models.pls.blocks import MODES, Block, Notes


def refuse(line: int, remedy: str) -> NoReturn:
    """Raise with the line of the text."""
    raise SpecError(f"Model text, line {line}: {remedy}")


def check_names(notes: Notes, *, modes: Mapping[str, str], dominant: Mapping[str, str]) -> None:
    """Refuse modes and dominant indicators of what the text does not have.

    Raises
    ------
    SpecError
    """
    for what, given in (("mode", modes), ("dominant indicator", dominant)):
        for name in given:
            if name not in notes.operators:
                raise SpecError(
                    f"A {what} for '{name}', which is no construct. {suggest(name, notes.operators)}"
                )
    for name, mode in modes.items():
        if mode not in MODES:
            raise SpecError(f"The mode of '{name}' is '{mode}'. {suggest(mode, MODES)}")
    for name, indicator in dominant.items():
        if indicator not in notes.indicators[name]:
            raise SpecError(
                f"'{indicator}' is no indicator of '{name}'. {suggest(indicator, notes.indicators[name])}"
            )


def check_formulas(notes: Notes) -> None:
    """Refuse formulas (``:=``) of what is no label, and names that stand for something already.

    Raises
    ------
    SpecError
    """
    known = set(notes.labels)
    for d in notes.definitions:
        if d.name in known:
            what = "is a label already" if d.name in notes.labels else "is defined twice"
            refuse(d.line, f"'{d.name}' {what}. Choose another name.")
        unknown = [name for name in d.expression.names if name not in known]
        if unknown:
            refuse(
                d.line,
                f"no path has the label '{unknown[0]}'. Write '{unknown[0]}*' before its variable; a formula "
                f"of formulas comes after them. {suggest(unknown[0], known)}",
            )
        known.add(d.name)


def check_structure(first: tuple[Block, ...], higher: tuple[Block, ...], notes: Notes) -> None:
    """Refuse too few constructs, arrows without a meaning for PLS, constructs without neighbours.

    Raises
    ------
    SpecError
    """
    inside = {x for b in higher for x in b.indicators}
    # what second-order constructs are made of stands for them, not beside them
    if len(higher) + sum(b.name not in inside for b in first) < 2:
        raise SpecError(
            "PLS needs at least two constructs, each with its indicators, such as 'f =~ x1 + x2', and arrows "
            "between them, such as 'g ~ f'."
        )
    _check_measures(first, higher)
    arrows = set(notes.paths)
    for to, cause in notes.paths:
        part = next((name for name in (to, cause) if name in inside), "")
        if part:
            raise SpecError(
                f"The arrow '{to} ~ {cause}' touches '{part}', a part of a second-order construct, whose "
                "arrows stand for all its parts. Take it out."
            )
    touched = {name for arrow in arrows for name in arrow}
    alone = [b.name for b in (*first, *higher) if b.name not in touched | inside]
    if arrows and alone:
        raise SpecError(
            f"No arrow leads to or from {', '.join(alone)}: PLS weighs indicators by the construct's "
            "neighbours. Add an arrow, or leave the construct out."
        )
    _check_order(arrows)


def _check_measures(first: tuple[Block, ...], higher: tuple[Block, ...]) -> None:
    """Refuse indicators of two constructs, and second-order constructs of constructs and items."""
    known = {b.name for b in first}
    for block in higher:
        tall = [x for x in block.indicators if x in {b.name for b in higher}]
        if tall:
            raise SpecError(
                f"'{block.name}' is made of {', '.join(tall)}, which are second-order themselves. PLS goes "
                "up to the second order: let their parts measure it."
            )
        loose = [x for x in block.indicators if x not in known]
        if loose:
            raise SpecError(
                f"'{block.name}' is measured by constructs and by {', '.join(loose)}. A second-order "
                "construct is measured by constructs that items measure, and by nothing else."
            )
    seen: dict[str, str] = {}
    for block in (*first, *higher):
        for x in block.indicators:
            if x in seen:
                raise SpecError(
                    f"'{x}' measures '{seen[x]}' and '{block.name}'. In PLS an indicator belongs to one "
                    "construct."
                )
            seen[x] = block.name


def _check_order(arrows: Iterable[tuple[str, str]]) -> None:
    left = set(arrows)
    while left:
        caused = {to for to, _ in left}
        ready = {(to, cause) for to, cause in left if cause not in caused}
        if not ready:
            raise SpecError(
                f"The arrows run in a circle through {', '.join(sorted(caused))}: the regressions of PLS are "
                "biased there. Take one arrow out, or use a structural equation model."
            )
        left -= ready
