"""Exercises of chapter 05: groups and invariance."""

from __future__ import annotations

from functools import cache

import pandas as pd

from jq_models.data.population import SCALAR
from jq_models.evaluate import invariance
from jq_models.evaluate.invariance import Invariance
from jq_models.learn.answers import Choice, Names, Number
from jq_models.learn.exercise import Exercise, Trap
from jq_models.learn.worlds_groups import (
    GROUP,
    GROUPS,
    SCALES,
    TRUE_DIFFERENCES,
    contract_world,
    differences,
    forced_differences,
    items_of,
    latent_differences,
    model,
    with_scores,
)


@cache
def _people() -> pd.DataFrame:
    return contract_world(n=1200, seed=8)


@cache
def _ladder() -> Invariance:
    return invariance(model(), _people(), group=GROUP, groups=GROUPS, estimator="ML")


@cache
def _difference(way: str) -> float:
    if way == "scores":
        rows = differences(with_scores(_people()), list(SCALES))
    else:
        rows = latent_differences(_ladder()) if way == "released" else forced_differences(_ladder())
    return float(rows["estimate"].to_dict()["LCU"])


def _real() -> str:
    return next(code for code, difference in TRUE_DIFFERENCES.items() if difference)


EXERCISES = (
    Exercise(
        number="05.1",
        expected=Choice(options=tuple(SCALES), right=_real),
        hints=(
            "If people really differ on a dimension, what should happen to each of its four questions?",
            "Look for four dots on the same side of zero, at about the same distance.",
        ),
        why=(
            "a real difference moves all questions of a dimension; a question that is read differently "
            "moves alone."
        ),
        traps=(
            Trap(
                answer="LCU",
                hint="There a single question does all the work. Do the other three agree with it?",
            ),
            Trap(
                answer="SUP", hint="Three of its questions lie near zero, one far away. Is that a dimension?"
            ),
        ),
    ),
    Exercise(
        number="05.2",
        expected=Choice(options=("means", "relations", "nothing"), right="relations"),
        hints=(
            (
                "Equal slopes: a step on the dimension moves the answers of both groups equally. Equal "
                "heights are not needed for that."
            ),
            "Correlations and paths do not use the height of the lines.",
        ),
        why=(
            "correlations and paths rest on slopes; only a comparison of averages needs equal heights as "
            "well."
        ),
        traps=(
            Trap(
                answer="means",
                hint="With parallel lines at different heights, equal people give different answers.",
            ),
        ),
    ),
    Exercise(
        number="05.3",
        expected=Names(
            options=tuple(item for code in SCALES for item in items_of(code)),
            right=lambda: {item for _, _, item in SCALAR.shifts},
        ),
        hints=(
            "Find the row of the ladder in which something was released.",
            "They are two, of different dimensions, and both are released at the third step.",
        ),
        why="those two were planted, and the ladder found exactly them among twelve.",
        traps=(
            Trap(
                answer=lambda: set(items_of("OPP")),
                hint=(
                    "Those differ because the people differ: the latent mean takes that up, and nothing "
                    "is released."
                ),
            ),
        ),
    ),
    Exercise(
        number="05.4",
        expected=Number(value=lambda: _difference("released"), tolerance=0.006),
        hints=(
            "Take the estimate in which the two items are released: the last panel.",
            "It is the row of LCU in `released`; its interval holds zero.",
        ),
        why=(
            "once the one question is set free, the other three say that both groups learn equally much "
            "from customers."
        ),
        traps=(
            Trap(
                answer=lambda: _difference("scores"),
                hint=(
                    "That is the difference of mean scores, with the question that is read differently in it."
                ),
            ),
            Trap(
                answer=lambda: _difference("forced"),
                hint=(
                    "That is the latent difference with all intercepts held equal, the wrong one among them."
                ),
            ),
        ),
    ),
)
