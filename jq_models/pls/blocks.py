"""Reading a model text for PLS: who is measured by whom, and which arrows lead where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

from jq_models.errors import SpecError, suggest
from jq_models.spec.expression import Expression
from jq_models.spec.model import Model
from jq_models.spec.syntax import Definition, Statement, Term, parse

MODES = ("A", "B")
FACTOR, COMPOSITE = "=~", "<~"
USUAL_MODE = {FACTOR: "A", COMPOSITE: "B"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A construct and its indicators.

    Attributes
    ----------
    name : str
    operator : {"=~", "<~"}
        A common factor, or a composite.
    indicators : tuple of str
        Items; in a second stage constructs of the first.
    mode : {"A", "B"}
        Outer weights by correlation or by regression.
    dominant : str
        The indicator that correlates positively with the construct.
    corrected : bool
        Whether attenuation is corrected for (consistent PLS): factors of several indicators, mode A.
    """

    name: str
    operator: str
    indicators: tuple[str, ...]
    mode: str
    dominant: str
    corrected: bool

    def as_single(self) -> Block:
        """Return the construct measured by itself: by what an earlier stage found of it."""
        return replace(self, indicators=(self.name,), mode="A", dominant=self.name, corrected=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text says: names, not positions; attributes as in `design.Design`."""

    first: tuple[Block, ...]
    higher: tuple[Block, ...]
    order: tuple[str, ...]
    paths: tuple[tuple[str, str], ...]
    labels: Mapping[str, tuple[str, str]]
    defined: Mapping[str, Expression]
    ignored: tuple[str, ...]


@dataclass(slots=True)
class _Notes:
    """What has been read so far."""

    operators: dict[str, str] = field(default_factory=dict)
    indicators: dict[str, list[str]] = field(default_factory=dict)
    paths: list[tuple[str, str]] = field(default_factory=list)
    labels: dict[str, tuple[str, str]] = field(default_factory=dict)
    defined: dict[str, Expression] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


def read_blocks(
    model: Model, *, consistent: bool, modes: Mapping[str, str], dominant: Mapping[str, str]
) -> Reading:
    """Read a model text; arguments as for `design.design_of`.

    Raises
    ------
    SyntaxProblem, SpecError
    """
    notes = _Notes()
    for part in parse(model.text):
        if isinstance(part, Definition):
            notes.defined[part.name] = part.expression
        elif isinstance(part, Statement):
            _note(part, notes)
        else:
            _refuse(part.line, "'==' constrains parameters, which PLS cannot do. Take the line out.")
    _check_names(notes, modes=modes, dominant=dominant)
    # a variable in an arrow that no construct measures is a construct of itself
    for name in dict.fromkeys(name for arrow in notes.paths for name in arrow):
        if name not in notes.operators:
            notes.operators[name], notes.indicators[name] = COMPOSITE, [name]
    blocks = [
        _block(n, notes, consistent=consistent, modes=modes, dominant=dominant) for n in notes.operators
    ]
    higher = tuple(b for b in blocks if any(x in notes.operators and x != b.name for x in b.indicators))
    first = tuple(b for b in blocks if b not in higher)
    _check_structure(first, higher, notes)
    return Reading(
        first=first,
        higher=higher,
        order=tuple(notes.operators),
        paths=tuple(notes.paths),
        labels=notes.labels,
        defined=notes.defined,
        ignored=tuple(notes.ignored),
    )


def _note(s: Statement, notes: _Notes) -> None:
    if s.operator in (FACTOR, COMPOSITE):
        if notes.operators.setdefault(s.lhs, s.operator) != s.operator:
            _refuse(s.line, f"'{s.lhs}' is both a factor (=~) and a composite (<~). Keep one.")
        for term in s.terms:
            # 1*x sets a factor's unit in other engines; here every construct has variance 1
            _plain(s, term, allowed=(1.0, None))
            notes.indicators.setdefault(s.lhs, []).append(term.variable)
    elif s.operator == "~":
        for term in s.terms:
            _plain(s, term, allowed=(None,))
            if (s.lhs, term.variable) in notes.paths:
                _refuse(s.line, f"'{s.lhs} ~ {term.variable}' stands twice. Write it once.")
            notes.paths.append((s.lhs, term.variable))
            for label in term.labels:
                if label in notes.labels:
                    _refuse(s.line, f"The label '{label}' stands twice: PLS cannot hold two paths equal.")
                notes.labels[label] = (s.lhs, term.variable)
    elif s.operator in ("~~", "~1"):
        notes.ignored += [f"{s.lhs} {s.operator} {t.variable}".rstrip() for t in s.terms]
    else:
        _refuse(s.line, f"'{s.operator}' belongs to ordered items, which PLS takes as numbers. Take it out.")


def _plain(s: Statement, term: Term, *, allowed: tuple[float | None, ...]) -> None:
    if any(value not in allowed for value in term.values):
        _refuse(
            s.line,
            f"'{s.lhs} {s.operator} {term.variable}' is fixed at a value, which PLS cannot do. Free it.",
        )
    if len(term.labels) > 1 or len(term.values) > 1:
        _refuse(s.line, "c() is for groups. Fit each group on its own, or use pls_groups.")


def _refuse(line: int, remedy: str) -> NoReturn:
    raise SpecError(f"Model text, line {line}: {remedy}")


def _block(
    name: str,
    notes: _Notes,
    *,
    consistent: bool,
    modes: Mapping[str, str],
    dominant: Mapping[str, str],
) -> Block:
    indicators, operator = tuple(notes.indicators[name]), notes.operators[name]
    mode = modes.get(name, USUAL_MODE[operator])
    return Block(
        name=name,
        operator=operator,
        indicators=indicators,
        mode=mode,
        dominant=dominant.get(name, indicators[0]),
        corrected=consistent and operator == FACTOR and mode == "A" and len(indicators) > 1,
    )


def _check_names(notes: _Notes, *, modes: Mapping[str, str], dominant: Mapping[str, str]) -> None:
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
    unknown = [n for e in notes.defined.values() for n in e.names if n not in (*notes.labels, *notes.defined)]
    if unknown:
        raise SpecError(
            f"A formula (:=) uses '{unknown[0]}', which is no label of a path. "
            f"{suggest(unknown[0], notes.labels)}"
        )


def _check_structure(first: tuple[Block, ...], higher: tuple[Block, ...], notes: _Notes) -> None:
    """Refuse what the algorithm has no meaning for."""
    if not first or len(first) + len(higher) < 2:
        raise SpecError(
            "PLS needs at least two constructs, each with its indicators, such as 'f =~ x1 + x2', and arrows "
            "between them, such as 'g ~ f'."
        )
    _check_measures(first, higher)
    inside = {x for b in higher for x in b.indicators}
    arrows = set(notes.paths)
    for to, cause in arrows:
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
