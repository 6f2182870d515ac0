"""Chapter 01: from item to scale."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jq_models.learn.answers import Choice, Function, Names, Number
from jq_models.learn.exercise import Exercise, Trap
from jq_models.learn.worlds_items import CLARITY, NOT_ANSWERED, clarity_lesson, clarity_scores, turned
from jq_models.report import wording

TEAM = 8
ITEMS = tuple(f"{CLARITY}{k}" for k in range(1, 5))


def _clean() -> pd.DataFrame:
    stored = clarity_lesson().answers
    return stored.mask(stored == NOT_ANSWERED)


def _mean() -> float:
    return float(clarity_scores(turned(clarity_lesson().answers)).mean())


def _sd() -> float:
    return float(clarity_scores(turned(clarity_lesson().answers)).std())


def _half_width() -> float:
    return float(1.96 * _sd() / np.sqrt(TEAM))


def _cases() -> list[tuple[pd.DataFrame]]:
    """Small frames with every number of gaps; a function that forgets the rule gives another result."""
    gap = np.nan
    return [
        (pd.DataFrame([[4, 4, 2, 5], [4, gap, 2, 5], [gap, gap, 3, 4]], columns=ITEMS, dtype=float),),
        (pd.DataFrame([[gap, gap, gap, 5], [gap] * 4, [1, 2, 3, 4]], columns=ITEMS, dtype=float),),
    ]


def _why_mean() -> str:
    w = wording("en")
    return (
        f"the population's mean is {w.number(clarity_lesson().truth)}, and your {w.number(_mean())} "
        "finds it again."
    )


def _why_half() -> str:
    w = wording("en")
    return (
        f"a team of {TEAM} lies up to {w.number(_half_width())} above or below the truth by "
        "chance alone, on a scale "
        "that is only four points long."
    )


EXERCISES = (
    Exercise(
        number="01.1",
        expected=Names(options=ITEMS, right=lambda: clarity_lesson().reversed_items),
        hints=(
            (
                "Look at the signs in the table: a question that points the other way goes down "
                "where the rest go up."
            ),
            (
                "One row of the table has only negative correlations with the other questions. Then "
                "read that question."
            ),
        ),
        why="it goes down where the others go up: who agrees with it says that the role is unclear.",
        traps=(
            Trap(
                answer=lambda: [item for item in ITEMS if item not in clarity_lesson().reversed_items],
                hint="These go together, and agreeing with them means clarity. Which one is left over?",
            ),
        ),
    ),
    Exercise(
        number="01.2",
        expected=Number(value=_mean, tolerance=0.005),
        hints=(
            "First a score for each person, the mean of that person's answers; then the mean of all scores.",
            "`ready.mean(axis=1)` gives one score a person; take the mean of those.",
        ),
        why=_why_mean,
        traps=(
            Trap(
                answer=lambda: _clean().mean(axis=1).mean(),
                hint="This is the mean before turning. Take `ready`, not `clean`.",
            ),
            Trap(
                answer=lambda: clarity_lesson().answers.mean(axis=1).mean(),
                hint="Here the code 99 still counts as an answer, and nothing is turned. Take `ready`.",
            ),
        ),
    ),
    Exercise(
        number="01.3",
        expected=Function(reference=clarity_scores, cases=_cases, of="a frame of answers"),
        hints=(
            "Two parts: a mean over each person's answers, and a rule for whom it is kept.",
            (
                "`answers.notna().sum(axis=1)` counts what a person answered; `.where(condition)` "
                "keeps or empties a score."
            ),
        ),
        why=(
            "two answers of four still tell something about a person, one is too little; the rule "
            "was set beforehand."
        ),
        traps=(
            Trap(
                answer=lambda answers: answers.mean(axis=1),
                hint="Good, but someone who answered a single question gets a score as well. Add the rule.",
            ),
            Trap(
                answer=lambda answers: answers.mean(axis=1).where(answers.notna().all(axis=1)),
                hint="This drops everyone with a gap. The rule asks for half of the answers, not for all.",
            ),
            Trap(
                answer=lambda answers: answers.fillna(0).mean(axis=1),
                hint="A gap is not a zero: zero is not even on the scale.",
            ),
        ),
    ),
    Exercise(
        number="01.4",
        expected=Choice(options=("team A", "team B", "cannot be told"), right="team A"),
        hints=(
            "The score was computed after turning. What does a person with the highest possible score think?",
            "Agreeing that one knows one's tasks raises the score. In which team do more people agree?",
        ),
        why="the dimension is named after its problem, but scored the other way round: high means clear.",
        traps=(
            Trap(
                answer="team B",
                hint=(
                    "That reads the name, not the score: the name says ambiguity. What does a high "
                    "score stand for?"
                ),
            ),
        ),
    ),
    Exercise(
        number="01.5",
        expected=Number(value=_half_width, tolerance=0.02),
        hints=(
            "The mean of n people varies less than one person does, by the square root of n.",
            (
                "Standard error = standard deviation / square root of n; 95 % of means lie within "
                "1.96 standard errors."
            ),
        ),
        why=_why_half,
        traps=(
            Trap(
                answer=lambda: _sd() / np.sqrt(TEAM),
                hint=(
                    "This is the standard error: two thirds of the means lie within it. How many of "
                    "them for 95 %?"
                ),
            ),
            Trap(
                answer=lambda: 1.96 * _sd(),
                hint=(
                    "So far do single persons lie from the mean. The mean of a team varies less: "
                    "divide by ... of n."
                ),
            ),
            Trap(
                answer=lambda: 1.96 * _sd() / TEAM,
                hint="Divided by n. It is the square root of n that counts.",
            ),
        ),
    ),
)
