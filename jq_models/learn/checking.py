"""``check("02.3", answer)``: right and why, or a hint; never the answer."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from jq_models.learn.answers import Kind, Number
from jq_models.learn.exercise import Exercise
from jq_models.learn.exercises import chapters, exercises_of
from jq_models.report import style

PER_CENT = "A hundred times too large: is it in per cent? Give 0.40 rather than 40."

# wrong tries so far, by exercise: of this kernel, so that a second try gets the next hint
_TRIES: dict[str, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Verdict:
    """What is said of an answer; a notebook shows it as a coloured line, a terminal as text.

    Attributes
    ----------
    outcome : {"right", "not yet", "no answer"}
    text : str
    """

    outcome: str
    text: str

    @property
    def right(self) -> bool:
        """Whether the answer was right."""
        return self.outcome == "right"

    def __repr__(self) -> str:
        """Return the text."""
        return self.text

    def _repr_html_(self) -> str:
        colour = {"right": style.HIGH, "not yet": style.ACCENT}.get(self.outcome, style.FAINT)
        first, _, rest = self.text.partition(":")
        return (
            f'<p style="border-left:4px solid {colour};padding:.2em .8em;margin:.5em 0">'
            f"<strong>{html.escape(first)}:</strong>{html.escape(rest)}</p>"
        )


def check(number: str, answer: Any = ...) -> Verdict:
    """Check the answer to an exercise.

    Parameters
    ----------
    number : str
        Chapter and exercise, such as "02.3".
    answer
        What the exercise asks for. A blank (``...``) is met with what to give.

    Returns
    -------
    Verdict
        Right with the reason why; not yet with a hint, the next one at each further wrong try; or no answer,
        with what is expected. It never raises and never tells the answer.
    """
    exercise = exercises_of(str(number)[:2]).get(str(number))
    if exercise is None:
        return Verdict(outcome="no answer", text=f"No such exercise: {_numbers(str(number))}")
    kind = exercise.expected
    if answer is ... or answer is None or (isinstance(answer, str) and not answer.strip()):
        return Verdict(
            outcome="no answer",
            text=f"No answer yet: replace the three dots of exercise {exercise.number} by {kind.expects()}.",
        )
    problem = kind.problem(answer)
    if problem:
        return Verdict(
            outcome="no answer",
            text=f"Cannot be read: {problem} Exercise {exercise.number} asks for {kind.expects()}.",
        )
    if kind.equal(answer, kind.truth()):
        _TRIES.pop(exercise.number, None)
        return Verdict(outcome="right", text=f"Right: {exercise.reason()}")
    return Verdict(outcome="not yet", text=f"Not yet: {_hint(exercise, answer)}")


def start_over() -> None:
    """Forget all wrong tries, so that the first hints come again."""
    _TRIES.clear()


def _hint(exercise: Exercise, answer: Any) -> str:
    """Return the trap's hint, the one for per cents, or the next one; the last stays."""
    trap = exercise.trap(answer)
    if trap is not None:
        return trap.hint
    if _in_per_cent(exercise.expected, answer):
        return PER_CENT
    tries = _TRIES.get(exercise.number, 0)
    _TRIES[exercise.number] = tries + 1
    return exercise.hints[min(tries, len(exercise.hints) - 1)]


def _in_per_cent(kind: Kind, answer: Any) -> bool:
    """Say whether a number below 1 was given as per cent."""
    return isinstance(kind, Number) and abs(kind.truth()) < 1 and kind.equal(answer / 100, kind.truth())


def _numbers(found: str) -> str:
    of_chapter = sorted(exercises_of(found[:2]))
    if of_chapter:
        return f"chapter {found[:2]} has {', '.join(of_chapter)}. Write the number as text, in quotes."
    return f'there are chapters {", ".join(chapters())}. Write the number as text, in quotes, such as "01.1".'
