"""What a model text says to PLS: blocks of indicators, arrows between constructs; names, not positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from jq_models.spec.expression import Expression
from jq_models.spec.syntax import Definition

MODES = ("A", "B")
FACTOR, COMPOSITE = "=~", "<~"
USUAL_MODE = {FACTOR: "A", COMPOSITE: "B"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A construct and its indicators.

    Attributes
    ----------
    name : str
    operator : {"=~", "<~"}
        A common factor, or a composite.
    indicators : tuple of str
        Items; in a second stage constructs of the first.
    mode : {"A", "B"}
        Outer weights by correlation or by regression.
    dominant : str
        The indicator that correlates positively with the construct.
    corrected : bool
        Whether attenuation is corrected for (consistent PLS): factors of several indicators, mode A.
    """

    name: str
    operator: str
    indicators: tuple[str, ...]
    mode: str
    dominant: str
    corrected: bool

    def as_single(self) -> Block:
        """Return the construct measured by itself: by what an earlier stage found of it."""
        return replace(self, indicators=(self.name,), mode="A", dominant=self.name, corrected=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text says: names, not positions; attributes as in `design.Design`."""

    first: tuple[Block, ...]
    higher: tuple[Block, ...]
    order: tuple[str, ...]
    paths: tuple[tuple[str, str], ...]
    labels: Mapping[str, tuple[str, str]]
    defined: Mapping[str, Expression]
    ignored: tuple[str, ...]


@dataclass(slots=True)
class Notes:
    """What has been read of a text so far; attributes as in `Reading` and `Block`, constructs by name."""

    operators: dict[str, str] = field(default_factory=dict)
    indicators: dict[str, list[str]] = field(default_factory=dict)
    paths: list[tuple[str, str]] = field(default_factory=list)
    labels: dict[str, tuple[str, str]] = field(default_factory=dict)
    loading_labels: set[str] = field(default_factory=set)
    definitions: list[Definition] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
