"""Chapter 01's data: what employees ticked on role clarity, as a survey tool stores it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from jq_models.data.simulate import simulate
from jq_models.numeric.moments import Array
from jq_models.spec import load_instrument

QUESTIONNAIRE, CLARITY = "ccc_job_quality", "AMB"
NOT_ANSWERED = 99  # the survey tool's code for "no answer"
TURN = 6  # 1 becomes 5, 5 becomes 1
PEOPLE, SEED = 577, 11
TEAM_DRAWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarityLesson:
    """Stored answers to the four questions, and what the simulation knows.

    Attributes
    ----------
    answers : DataFrame
        As stored: the negative question not turned, gaps empty or 99.
    questions : DataFrame
        Columns Item and Question.
    truth : float
        The mean of the scale in the population, 1 to 5, high = clear.
    reversed_items : tuple of str
        The questions that must be turned.
    """

    answers: pd.DataFrame = field(repr=False)
    questions: pd.DataFrame = field(repr=False)
    truth: float
    reversed_items: tuple[str, ...]


@cache
def clarity_lesson() -> ClarityLesson:
    """Return the lesson's data: the same people every time."""
    instrument = load_instrument(QUESTIONNAIRE)
    construct = instrument.construct(CLARITY)
    drawn = simulate(instrument, seed=SEED, n=PEOPLE)
    items = [item.code for item in construct.items]
    return ClarityLesson(
        answers=_as_some_tools_store(drawn.frame[items].astype("Float64").astype(float)),
        questions=pd.DataFrame({"Item": items, "Question": [item.text["en"] for item in construct.items]}),
        truth=float(drawn.truth["scores"]["mean"][CLARITY]),
        reversed_items=tuple(item.code for item in construct.items if item.reversed),
    )


def _as_some_tools_store(answers: pd.DataFrame) -> pd.DataFrame:
    """Write 99 for every third gap: some people click "no answer", others leave the question empty."""
    third = answers.isna().to_numpy().cumsum().reshape(answers.shape) % 3 == 0
    return answers.mask(answers.isna() & third, NOT_ANSWERED)


def turned(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the lesson's answers with 99 as a gap and the negative question turned."""
    clean = answers.mask(answers == NOT_ANSWERED)
    names = list(clarity_lesson().reversed_items)
    return clean.assign(**{name: TURN - clean[name] for name in names})


def clarity_scores(answers: pd.DataFrame) -> pd.Series:
    """Return mean scores of those who answered at least half of the questions, NaN for the others."""
    enough = answers.notna().sum(axis=1) >= answers.shape[1] / 2
    return answers.mean(axis=1).where(enough)


def ways() -> pd.DataFrame:
    """Return the scale's mean computed in four ways, with 95 % intervals.

    Columns Way, Mean, low, high: three common errors and, last, the right one.
    """
    stored = clarity_lesson().answers
    clean = stored.mask(stored == NOT_ANSWERED)
    scores = {
        "99 taken as an answer": stored.assign(**_turned_as_is(stored)).mean(axis=1),
        "negative question not turned": clean.mean(axis=1),
        "turned as 5 minus the answer": turned(stored).sub(_too_low()).mean(axis=1),
        "turned, gaps left out": clarity_scores(turned(stored)),
    }
    rows = [
        (name, score.mean(), 1.96 * score.std() / np.sqrt(score.count())) for name, score in scores.items()
    ]
    frame = pd.DataFrame(rows, columns=["Way", "Mean", "half"])
    return frame.assign(low=frame["Mean"] - frame["half"], high=frame["Mean"] + frame["half"]).drop(
        columns="half"
    )


def _too_low() -> pd.Series:
    """Return what 5 - x, which runs from 0 to 4, falls short of 6 - x, by question."""
    lesson = clarity_lesson()
    return pd.Series({item: float(item in lesson.reversed_items) for item in lesson.answers})


def _turned_as_is(stored: pd.DataFrame) -> dict[str, pd.Series]:
    """Turn what lies on the scale and leave 99 as it is: what happens when codes are overlooked."""
    names = clarity_lesson().reversed_items
    return {name: (TURN - stored[name]).where(stored[name] != NOT_ANSWERED, stored[name]) for name in names}


def two_teams() -> pd.DataFrame:
    """Return the scores of two teams of twelve: the same mean, two situations."""
    agreed = [2.75, 2.75, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.25, 3.25]
    divided = [1.25, 1.25, 1.5, 1.5, 1.75, 1.75, 4.25, 4.25, 4.5, 4.5, 4.75, 4.75]
    return pd.DataFrame({"Team North": agreed, "Team South": divided})


def team_means(size: int, *, seed: int = SEED) -> Array:
    """Return the means of 2,000 teams of this size, drawn from the same people: no team is any better."""
    scores = clarity_scores(turned(clarity_lesson().answers)).dropna().to_numpy()
    picked = np.random.default_rng(seed).integers(len(scores), size=(TEAM_DRAWS, size))
    means: Array = scores[picked].mean(axis=1)
    return means
