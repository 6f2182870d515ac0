"""Exercises of chapter 07: design your own study."""

from __future__ import annotations

from jq_models.evaluate.power import n_for_precision
from jq_models.learn.answers import Names, Number
from jq_models.learn.exercise import Exercise, Trap
from jq_models.learn.worlds_design import (
    EFFECT,
    design_effect,
    effective_n,
    fished,
    power_of,
    published_mean,
    studies,
)


def _people(half_width: float) -> float:
    """Return the n for a half width: the standard error of a correlation is (1 - r2) / sqrt(n)."""
    return float(n_for_precision(1.0 - EFFECT**2, half_width=half_width))


def _mean(n: int) -> float:
    return float(studies(n)["estimate"].mean())


EXERCISES = (
    Exercise(
        number="07.1",
        expected=Number(value=lambda: 1.0 - power_of(150), tolerance=0.006),
        hints=(
            "The figure says in how many studies the effect was found. The question asks for the others.",
            "Take the share found with 150 people away from 1.",
        ),
        why=(
            "those studies looked for something that is there and came home without it; planning keeps "
            "that share small."
        ),
        traps=(
            Trap(
                answer=lambda: power_of(150),
                hint="That is the share that finds it, the power. What about the rest?",
            ),
        ),
    ),
    Exercise(
        number="07.2",
        expected=Number(value=lambda: published_mean(50), tolerance=0.006),
        hints=(
            "Only the studies in the accent colour get published: keep the rows in which `found` is true.",
            "`done[done['found']]` keeps them; take the mean of their estimates.",
        ),
        why=(
            "with few people only an exaggerated estimate gets past the line, so what is published is "
            "too large."
        ),
        traps=(
            Trap(
                answer=lambda: _mean(50),
                hint="That is the mean of all studies, near the truth. Only lucky ones get past the line.",
            ),
        ),
    ),
    Exercise(
        number="07.3",
        expected=Number(value=lambda: _people(0.05), tolerance=8.0),
        hints=(
            "The half width falls with the root of n: to halve it takes more than twice the people.",
            "Half the width, four times the people: multiply the number for a half width of .10.",
        ),
        why="precision costs the square: half the width, four times the people.",
        traps=(
            Trap(
                answer=lambda: _people(0.10),
                hint="That many give .10 to either side. The question asks for half of it.",
            ),
            Trap(
                answer=lambda: 2.0 * _people(0.10),
                hint="Twice the people narrow the interval by the root of two only.",
            ),
        ),
    ),
    Exercise(
        number="07.4",
        expected=Number(value=lambda: effective_n(600, organisations=8, icc=0.10), tolerance=1.0),
        hints=(
            "First how many people each organisation has; then the design effect 1 + (m - 1) ICC.",
            "Divide the number of people by the design effect.",
        ),
        why=(
            "the seventy-fifth colleague of an organisation tells little that the others did not: ask "
            "more organisations."
        ),
        traps=(
            Trap(
                answer=lambda: design_effect(600, organisations=8, icc=0.10),
                hint="That is the design effect: by it the people have to be divided.",
            ),
            Trap(answer=600, hint="So many were asked. Colleagues resemble each other: what are they worth?"),
        ),
    ),
    Exercise(
        number="07.5",
        expected=Names(
            options=("claims", "model", "exclusions", "sample size", "p values", "conclusion"),
            right=("claims", "model", "exclusions", "sample size"),
        ),
        hints=(
            "Which of these could somebody choose so that something comes out, once the answers are known?",
            "Two of the six only exist after the analysis. The rest can be fixed before.",
        ),
        why=lambda: (
            "whatever can be chosen after looking is fixed before; trying five outcomes finds something in "
            f"{100 * fished(5):.0f}% of studies of nothing."
        ),
        traps=(
            Trap(
                answer=("claims",),
                hint=(
                    "Fixing what is claimed leaves many ways to get there: who is counted, how it is "
                    "analysed, when to stop."
                ),
            ),
        ),
    ),
)
