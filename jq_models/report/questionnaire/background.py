"""The questions behind a study's groups and covariates: without them a report has nothing to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jq_models.data.background import RANGE
from jq_models.data.field_codes import answer_codes, question_codes
from jq_models.report.wording import Wording
from jq_models.spec import Group, Instrument, Study

Kind = Literal["choice", "text", "number", "rating"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to choose: its code in the study file, in LimeSurvey, and its words."""

    code: str
    answer: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """A question that is no item.

    Attributes
    ----------
    code, column : str
        What a survey tool calls it, and the study's column.
    text : str
    kind : {"choice", "text", "number", "rating"}
        One of `choices`; some words; a number from `low` to `high`; a whole number on a line of them.
    choices : tuple of Choice
    low, high : int
        Of a number or a rating.
    ends : tuple of str
        What the ends of a rating mean; for a number, its unit.
    """

    code: str
    column: str
    text: str
    kind: Kind
    choices: tuple[Choice, ...] = ()
    low: int = 0
    high: int = 0
    ends: tuple[str, ...] = ()


def background_of(study: Study, *, instrument: Instrument, w: Wording) -> tuple[Background, ...]:
    """Return the study's questions about background: covariates first, then its groups."""
    codes = question_codes(study, instrument=instrument)
    asked = [_covariate(name, column, codes[column], w) for name, column in study.covariates.items()]
    asked += [_group(group, codes[group.column], w) for group in study.groups]
    return tuple(asked)


def _covariate(name: str, column: str, code: str, w: Wording) -> Background:
    low, high = map(int, RANGE[name])
    rating = name == "recommend"
    ends = ("recommend_low", "recommend_high") if rating else ("per_cent",)
    return Background(
        code=code,
        column=column,
        text=w(f"questionnaire.{name}"),
        kind="rating" if rating else "number",
        low=low,
        high=high,
        ends=tuple(w(f"questionnaire.{end}") for end in ends),
    )


def _group(group: Group, code: str, w: Wording) -> Background:
    answers = answer_codes(tuple(group.labels))
    choices = tuple(
        Choice(code=own, answer=answer, label=w.of(label))
        for (own, label), answer in zip(group.labels.items(), answers, strict=True)
    )
    kind: Kind = "choice" if choices else "text"
    return Background(code=code, column=group.column, text=w.of(group.label), kind=kind, choices=choices)
