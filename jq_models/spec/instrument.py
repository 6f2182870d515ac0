"""A questionnaire: constructs, facets, items and answer scales, in every language of the package."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from jq_models.errors import SpecError, suggest
from jq_models.spec.strict import BASIC, Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An answer scale: consecutive integer codes and their labels.

    ``labels[language][k]`` belongs to ``values[k]``.
    """

    name: str
    values: tuple[int, ...]
    labels: dict[str, tuple[str, ...]]

    @property
    def low(self) -> int:
        """The lowest code."""
        return self.values[0]

    @property
    def high(self) -> int:
        """The highest code."""
        return self.values[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question. `reversed` items are turned round so that high = good."""

    code: str
    construct: str
    facet: str | None
    text: Text
    scale: Scale
    reversed: bool
    sensitive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Construct:
    """A job-quality dimension, an outcome or a scale of a module (role "context") with its items.

    `high` says what a high score means: the names of two dimensions (role ambiguity, role conflict)
    are negative while their scores are not. `module` is empty but for scales of a module. With
    `appraises_one`, a team's score tells of its supervisor. `step` is a first step to consider where the
    dimension turns out a priority.
    """

    code: str
    role: str
    name: Text
    short: Text
    high: Text
    new: bool
    facets: dict[str, Text]
    items: tuple[Item, ...]
    module: str = ""
    appraises_one: bool = False
    step: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A questionnaire without data. `sha256` is the hash of the file it was read from.

    `scales` are all answer scales the file describes; `default_scale` is the one of items that name none.
    `modules` maps the code of a module to its name: scales that may be asked beside a questionnaire, each
    module whole or not at all.
    """

    name: str
    version: str
    title: Text
    source: Text
    constructs: tuple[Construct, ...]
    sha256: str
    scales: tuple[Scale, ...] = ()
    default_scale: str = ""
    modules: dict[str, Text] = field(default_factory=dict)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order of the questionnaire's constructs."""
        return tuple(item for construct in self.constructs for item in construct.items)

    @property
    def dimensions(self) -> tuple[Construct, ...]:
        """The job-quality dimensions, in their fixed order."""
        return tuple(c for c in self.constructs if c.role == "dimension")

    @property
    def outcomes(self) -> tuple[Construct, ...]:
        """The outcomes, in their fixed order."""
        return tuple(c for c in self.constructs if c.role == "outcome")

    @property
    def score_range(self) -> tuple[float, float]:
        """The lowest and highest score: the ends of the items' scale, or 0 to 100 where scales differ."""
        ends = {(float(item.scale.low), float(item.scale.high)) for item in self.items}
        return next(iter(ends)) if len(ends) == 1 else (0.0, 100.0)

    def with_scale(self, name: str) -> Instrument:
        """Return the questionnaire as fielded with another answer scale in place of its default one.

        Raises
        ------
        SpecError
            When the questionnaire's file does not describe that scale.
        """
        by_name = {scale.name: scale for scale in self.scales}
        if name not in by_name:
            raise SpecError(f"{self.name} has no answer scale '{name}'. {suggest(name, by_name)}")
        return replace(
            self,
            default_scale=name,
            constructs=tuple(
                replace(
                    construct,
                    items=tuple(
                        replace(item, scale=by_name[name]) if item.scale.name == self.default_scale else item
                        for item in construct.items
                    ),
                )
                for construct in self.constructs
            ),
        )

    def wording_hash(self, code: str) -> str:
        """Return a hash of all that a construct's score hangs on: its questions, their direction and scale.

        Norms carry it: a mean compares only with a mean of the same questions asked in the same way. A
        translation into a further language makes no other questions of them.
        """
        parts = [
            (
                item.code,
                *sorted(_basic(item.text)),
                item.reversed,
                item.scale.values,
                *sorted(_basic(item.scale.labels)),
            )
            for item in self.construct(code).items
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def construct(self, code: str) -> Construct:
        """Return the construct with this code.

        Raises
        ------
        SpecError
            When the questionnaire has none.
        """
        for construct in self.constructs:
            if construct.code == code:
                return construct
        raise SpecError(
            f"{self.name} has no construct '{code}'. {suggest(code, [c.code for c in self.constructs])}"
        )

    def item(self, code: str) -> Item:
        """Return the item with this code.

        Raises
        ------
        SpecError
            When the questionnaire has none.
        """
        for item in self.items:
            if item.code == code:
                return item
        raise SpecError(f"{self.name} has no item '{code}'. {suggest(code, [i.code for i in self.items])}")


def _basic(texts: Mapping[str, T]) -> Iterator[tuple[str, T]]:
    return ((language, text) for language, text in texts.items() if language in BASIC)
