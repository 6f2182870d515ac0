"""Reading a model text for PLS: who is measured by whom, and which arrows lead where."""

from __future__ import annotations

from collections.abc import Mapping

from jq_models.errors import SpecError
from jq_models.pls.blocks import COMPOSITE, FACTOR, USUAL_MODE, Block, Notes, Reading
from jq_models.pls.checks import check_formulas, check_names, check_structure, refuse
from jq_models.spec.model import Model
from jq_models.spec.syntax import Definition, Statement, Term, parse


def read_blocks(
    model: Model, *, consistent: bool, modes: Mapping[str, str], dominant: Mapping[str, str]
) -> Reading:
    """Read a model text; arguments as for `design.design_of`.

    Raises
    ------
    SyntaxProblem, SpecError
    """
    notes = Notes()
    for part in parse(model.text):
        if isinstance(part, Definition):
            notes.definitions.append(part)
        elif isinstance(part, Statement):
            _note(part, notes)
        else:
            refuse(part.line, "'==' constrains parameters, which PLS cannot do. Take the line out.")
    _add_observed(notes)
    check_names(notes, modes=modes, dominant=dominant)
    check_formulas(notes)
    blocks = [
        _block(n, notes, consistent=consistent, modes=modes, dominant=dominant) for n in notes.operators
    ]
    higher = tuple(b for b in blocks if any(x in notes.operators and x != b.name for x in b.indicators))
    first = tuple(b for b in blocks if b not in higher)
    check_structure(first, higher, notes)
    return Reading(
        first=first,
        higher=higher,
        order=tuple(notes.operators),
        paths=tuple(notes.paths),
        labels=notes.labels,
        defined={d.name: d.expression for d in notes.definitions},
        ignored=tuple(notes.ignored),
    )


def _note(s: Statement, notes: Notes) -> None:
    if s.operator in (FACTOR, COMPOSITE):
        if notes.operators.setdefault(s.lhs, s.operator) != s.operator:
            refuse(s.line, f"'{s.lhs}' is both a factor (=~) and a composite (<~). Keep one.")
        for term in s.terms:
            # 1*x sets a factor's unit in other engines; here every construct has variance 1
            _plain(s, term, allowed=(1.0, None))
            _note_equal(s, term, notes)
            notes.indicators.setdefault(s.lhs, []).append(term.variable)
    elif s.operator == "~":
        for term in s.terms:
            _plain(s, term, allowed=(None,))
            if (s.lhs, term.variable) in notes.paths:
                refuse(s.line, f"'{s.lhs} ~ {term.variable}' stands twice. Write it once.")
            notes.paths.append((s.lhs, term.variable))
            for label in term.labels:
                if label in notes.labels:
                    refuse(s.line, f"The label '{label}' stands twice: PLS cannot hold two paths equal.")
                notes.labels[label] = (s.lhs, term.variable)
    elif s.operator in ("~~", "~1"):
        notes.ignored += [f"{s.lhs} {s.operator} {t.variable}".rstrip() for t in s.terms]
    else:
        refuse(s.line, f"'{s.operator}' belongs to ordered items, which PLS takes as numbers. Take it out.")


def _note_equal(s: Statement, term: Term, notes: Notes) -> None:
    """Note loadings that the text holds equal: by a label that stands again, or at 1 beside the first."""
    again = [label for label in term.labels if label in notes.loading_labels]
    if 1.0 in term.values and notes.indicators.get(s.lhs):
        again.append("1")
    notes.loading_labels.update(term.labels)
    notes.ignored += [f"{s.lhs} {s.operator} {what}*{term.variable}" for what in again]


def _add_observed(notes: Notes) -> None:
    """Make a variable in an arrow that no construct measures a construct of itself."""
    measured = {x: name for name, indicators in notes.indicators.items() for x in indicators}
    for to, cause in notes.paths:
        for name in (to, cause):
            if name in notes.operators:
                continue
            if name in measured:
                raise SpecError(
                    f"The arrow '{to} ~ {cause}' touches '{name}', an indicator of '{measured[name]}'. "
                    f"In PLS arrows connect constructs. Write '{measured[name]}', or take '{name}' out of "
                    "its block."
                )
            notes.operators[name], notes.indicators[name] = COMPOSITE, [name]


def _plain(s: Statement, term: Term, *, allowed: tuple[float | None, ...]) -> None:
    if any(value not in allowed for value in term.values):
        refuse(
            s.line,
            f"'{s.lhs} {s.operator} {term.variable}' is fixed at a value, which PLS cannot do. Free it.",
        )
    if len(term.labels) > 1 or len(term.values) > 1:
        refuse(s.line, "c() is for groups. Fit each group on its own, or use pls_groups.")


def _block(
    name: str,
    notes: Notes,
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
