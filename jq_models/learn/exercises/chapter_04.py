"""Exercises of chapter 04: structure and mediation."""

from __future__ import annotations

from functools import cache

from scipy.optimize import brentq

from jq_models.evaluate import effects
from jq_models.learn.answers import Choice, Names, Number
from jq_models.learn.exercise import Exercise, Trap
from jq_models.learn.worlds_structure import (
    MEDIATION,
    RIVALS,
    apparent_path,
    mediation_world,
    path_of,
    rival_table,
    two_intervals,
)
from jq_models.sem import SemFit, bootstrap, fit_sem


@cache
def _large() -> SemFit:
    return fit_sem(MEDIATION, mediation_world(n=600, seed=8).answers)


def _effect(kind: str) -> float:
    rows = effects(_large(), ["JQ"], ["COM"])
    return float(rows.loc[rows["kind"] == kind, "estimate"].iloc[0])


def _sum_of_paths() -> float:
    return path_of(_large(), "SAT", "JQ") + path_of(_large(), "COM", "SAT")


@cache
def _upper(column: str) -> float:
    fit = fit_sem(MEDIATION, mediation_world(n=100, seed=69, a=0.35, b=0.35).answers)
    rows = two_intervals(fit, bootstrap(fit, draws=500, seed=1)).to_dict("index")
    return float(rows["indirect"][column])


@cache
def _same_fit() -> tuple[str, ...]:
    table = rival_table(mediation_world(n=600, seed=8).answers)
    first = table["Chi-square"].iloc[0]
    return tuple(table.loc[(table["Chi-square"] - first).abs() < 0.01, "Model"])


@cache
def _strength() -> float:
    return float(brentq(lambda strength: apparent_path(strength) - 0.40, 0.1, 0.7, xtol=1e-4))


EXERCISES = (
    Exercise(
        number="04.1",
        expected=Number(value=lambda: _effect("indirect"), tolerance=0.006),
        hints=(
            "Follow the route over satisfaction: which two paths lie on it?",
            "Along a route, paths are multiplied; routes are added.",
        ),
        why=(
            "along a route paths multiply: one step more of job quality moves satisfaction, and that "
            "moves commitment."
        ),
        traps=(
            Trap(
                answer=lambda: _effect("total"),
                hint="That is the total effect: the direct path is in it. Take that out.",
            ),
            Trap(
                answer=lambda: _effect("direct"),
                hint="That is the direct path, the one route that leaves satisfaction out.",
            ),
            Trap(
                answer=_sum_of_paths,
                hint="You added the two paths of the route. Half of a half is not one.",
            ),
        ),
    ),
    Exercise(
        number="04.2",
        expected=Number(value=lambda: _upper("Bootstrap high"), tolerance=0.006),
        hints=(
            "Look in the table of the resampled intervals, at the row of the indirect effect.",
            "It is the column of the upper end: 2.5% of the resamples lie above it.",
        ),
        why=(
            "the product of two uncertain paths leans to the right, so the interval reaches farther up "
            "than down."
        ),
        traps=(
            Trap(
                answer=lambda: _upper("Curve high"),
                hint=(
                    "That is the end of the interval by the normal curve, which stands evenly around the "
                    "estimate."
                ),
            ),
        ),
    ),
    Exercise(
        number="04.3",
        expected=Choice(options=("absent", "not known", "proven"), right="not known"),
        hints=(
            "Read the interval, not the stars: which values does it hold?",
            "It holds zero, and it holds values that would matter. What follows about which of them is true?",
        ),
        why=(
            "the interval holds zero and strong paths alike: one hundred people cannot tell 'full "
            "mediation' from 'partial'."
        ),
        traps=(
            Trap(
                answer="absent",
                hint=(
                    "Not significant is not the same as zero. You know how these people were made: is "
                    "the path zero there?"
                ),
            ),
            Trap(answer="proven", hint="Its interval holds zero, so these data alone do not prove it."),
        ),
    ),
    Exercise(
        number="04.4",
        expected=Names(options=tuple(RIVALS), right=_same_fit),
        hints=(
            (
                "Compare chi-square and degrees of freedom row by row; the forward model belongs to the "
                "set itself."
            ),
            (
                "Four of the five draw something between each two of the three ovals. The fifth leaves a "
                "pair out."
            ),
        ),
        why=(
            "what joins every pair reproduces the same correlations, whichever way its arrows point: fit "
            "cannot choose among them."
        ),
        traps=(
            Trap(
                answer=("forward",),
                hint=(
                    "You know that this one is true, as you made the people. Could you tell from the "
                    "table of fit?"
                ),
            ),
        ),
    ),
    Exercise(
        number="04.5",
        expected=Number(value=_strength, tolerance=0.02),
        hints=(
            (
                "Call apparent_path(...) with a few strengths, or read the figure from the left: look "
                "for a height of .40."
            ),
            "At .40 the path found is too low, at .60 it is too high.",
        ),
        why=(
            "a hidden cause of that middling strength imitates a true path exactly, with a perfect fit "
            "and any number of people."
        ),
        traps=(
            Trap(
                answer=0.40,
                hint=(
                    "The strength of the hidden cause is not the path it makes: put .40 into "
                    "apparent_path and look."
                ),
            ),
        ),
    ),
)
