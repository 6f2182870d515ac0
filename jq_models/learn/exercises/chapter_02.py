"""Chapter 02: factor analysis and what fit means."""

from __future__ import annotations

from jq_models.learn.answers import Choice, Names, Number
from jq_models.learn.exercise import Exercise, Trap
from jq_models.learn.worlds import implied, model_text
from jq_models.learn.worlds_fit import ARROWS, PEOPLE, STRAYED, TRUTH, close_worlds
from jq_models.report import wording
from jq_models.sem import fit_sem

ITEMS = tuple(item for items in TRUTH.values() for item in items)
NONE = "none of them"
THREE = {name: {f"{name}{k}": 0.7 for k in range(1, 5)} for name in ("A", "B", "C")}


def _df() -> float:
    """Degrees of freedom of three factors with four questions each, counted by the engine."""
    return float(fit_sem(model_text(THREE), implied(THREE, n=PEOPLE)).test.df)


def _numbers_in_data() -> int:
    questions = sum(map(len, THREE.values()))
    return questions * (questions + 1) // 2


def _rejected() -> float:
    rates = close_worlds()
    smallest = rates["People"] == rates["People"].min()
    return float(rates.loc[smallest & rates["Model"].str.contains("wrong"), "Rejected"].iloc[0])


def _why_df() -> str:
    free = _numbers_in_data() - int(_df())
    return (
        f"{_numbers_in_data()} numbers are explained by {free} parameters; what is left over is what can "
        "contradict the model."
    )


def _why_passed() -> str:
    share = wording("en").percent(1.0 - _rejected())
    return (
        f"in {share} of such small studies nobody would have noticed: a test not failed is no proof, "
        "it may be no test."
    )


EXERCISES = (
    Exercise(
        number="02.1",
        expected=Number(value=_df, tolerance=0.1),
        hints=(
            "Degrees of freedom = different numbers in the data minus numbers that the model estimates.",
            "Twelve questions have 12 x 13 / 2 variances and covariances. Count the model's own: "
            "loadings, error variances, and how the factors go together (their variances are fixed when all "
            "loadings are free).",
        ),
        why=_why_df,
        traps=(
            Trap(
                answer=lambda: _df() + 3,
                hint="Nearly: the factors may also go together, each pair of them. That takes parameters.",
            ),
            Trap(
                answer=_numbers_in_data,
                hint="So many numbers are in the data. Take off what the model estimates.",
            ),
            Trap(
                answer=lambda: _numbers_in_data() - _df(),
                hint="So many numbers does the model estimate. How many of those in the data are left over?",
            ),
            Trap(
                answer=lambda: _df() - 3,
                hint=(
                    "Each factor needs a unit: one of its loadings, or its variance, is fixed and "
                    "not counted."
                ),
            ),
        ),
    ),
    Exercise(
        number="02.2",
        expected=Names(options=ITEMS, right=(STRAYED,)),
        hints=(
            "Read the table from the top: how does the largest number compare with the next one?",
            "Only one row is large. The rest follows from it: they try to make up for the same mistake. "
            "Which question stands in that row?",
        ),
        why="in this world the question measures feedback; one path freed explains nearly all of the misfit.",
        traps=(
            Trap(
                answer=tuple(item for item in TRUTH["CLARITY"]),
                hint=(
                    "All four appear because one of them pulls the scale astray. Free the largest, "
                    "and the rest calm down."
                ),
            ),
        ),
    ),
    Exercise(
        number="02.3",
        expected=Choice(options=(*ARROWS, NONE), right=NONE),
        hints=(
            "Compare the three rows: in which number do they differ?",
            (
                "A model can be excluded when it fits worse than another. How much worse does the "
                "worst of the three fit?"
            ),
        ),
        why=(
            "the three say the same about every covariance. What tells them apart is time, design or "
            "theory, never fit."
        ),
        traps=(
            Trap(
                answer="feedback makes roles clear",
                hint="You know how this world was made, but the data do not. Look at the chi-squares again.",
            ),
            Trap(
                answer="clear roles bring feedback",
                hint="It may sound less likely. But does its row in the table differ from the others?",
            ),
        ),
    ),
    Exercise(
        number="02.4",
        expected=Number(value=lambda: 1.0 - _rejected(), tolerance=0.01),
        hints=(
            "Take the row of the wrong model with the fewest people. The test rejects some of these studies.",
            "Believed is whoever is not rejected: the rest up to 1. Give a share between 0 and 1.",
        ),
        why=_why_passed,
        traps=(
            Trap(
                answer=_rejected,
                hint="In so many studies the test notices. The question asks for the others.",
            ),
            Trap(
                answer=lambda: 100 * (1.0 - _rejected()), hint="Right in per cent; give it as a share of 1."
            ),
        ),
    ),
)
