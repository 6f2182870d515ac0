"""Exercises of chapter 06: from model to priorities."""

from __future__ import annotations

from functools import cache

import pandas as pd

from jq_models.learn.answers import Choice, Names, Number
from jq_models.learn.exercise import Exercise, Trap
from jq_models.learn.worlds_priorities import (
    CODES,
    TRUTH,
    first_places,
    gain,
    priority_world,
    ranks,
)


def _best() -> str:
    return max(CODES, key=gain)


def _lowest() -> str:
    return min(CODES, key=lambda code: TRUTH[code].mean)


def _idle() -> str:
    return min(CODES, key=lambda code: TRUTH[code].weight)


@cache
def _ranks() -> pd.DataFrame:
    return ranks(priority_world(n=600, seed=13))


def _supported() -> list[str]:
    rows = _ranks()
    return [str(code) for code in rows.index[rows["rank_high"] <= 2]]


def _found_first_two() -> list[str]:
    rows = _ranks()
    return [str(code) for code in rows.index[rows["rank"] <= 2]]


EXERCISES = (
    Exercise(
        number="06.1",
        expected=Choice(options=CODES, right=_best),
        hints=(
            "Half a point more is half a point more wherever it is won: what differs is what it moves.",
            "The gain is weight times step. Which weight is the largest?",
        ),
        why=(
            "the same half point moves satisfaction most where the weight is largest, wherever the score "
            "stands."
        ),
        traps=(
            Trap(
                answer=_lowest,
                hint=(
                    "That is the lowest score. How much does satisfaction move when it rises? Look at "
                    "its weight."
                ),
            ),
        ),
    ),
    Exercise(
        number="06.2",
        expected=Choice(options=CODES, right=_idle),
        hints=(
            (
                "Compare the columns row by row: where does a high correlation stand beside a weight of "
                "about zero?"
            ),
            "It resembles another dimension very much, and that one does the work.",
        ),
        why="it goes with satisfaction only because it goes with the superior, who does the work.",
        traps=(
            Trap(answer=_lowest, hint="Its weight is about zero, but its correlation is the lowest of all."),
            Trap(
                answer=_best,
                hint="Its correlation is the highest, and its weight as well: that one is no illusion.",
            ),
        ),
    ),
    Exercise(
        number="06.3",
        expected=Names(options=CODES, right=_supported),
        hints=(
            "A whole interval of ranks must lie within the first two, not only the dot.",
            "Look in the table for rows with `rank_high` of two or less.",
        ),
        why="only where all possible ranks lie in the first third do the data carry the word priority.",
        traps=(
            Trap(
                answer=_found_first_two,
                hint=(
                    "Those are the first two ranks found. One of them might as well be a later one: see "
                    "its interval."
                ),
            ),
        ),
    ),
    Exercise(
        number="06.4",
        expected=Number(value=lambda: first_places(60)["SUP"], tolerance=0.006),
        hints=(
            "Count the studies of sixty people in which the superior comes out first.",
            "It is the accent bar of the first panel, as a share between 0 and 1.",
        ),
        why="with sixty people it is nearly a toss-up whether the right dimension tops the list.",
        traps=(
            Trap(
                answer=lambda: first_places(600)["SUP"],
                hint="That is the share with six hundred people. A department has sixty.",
            ),
            Trap(
                answer=lambda: 100 * first_places(60)["SUP"],
                hint="The right bar; give a share between 0 and 1 rather than a percentage.",
            ),
        ),
    ),
    Exercise(
        number="06.5",
        expected=Choice(options=("the first", "the first three", "none"), right="none"),
        hints=(
            "How were these people made? Is there a dimension that truly comes before another?",
            "Read the intervals: which rank is any dimension sure to have?",
        ),
        why=(
            "something always comes first, even where all are equal; the intervals of the ranks say so, "
            "a list does not."
        ),
        traps=(
            Trap(answer="the first", hint="Draw another seed: does the same one come first again?"),
            Trap(
                answer="the first three",
                hint="Three of six equal ones always stand in the upper half. By what right?",
            ),
        ),
    ),
)
