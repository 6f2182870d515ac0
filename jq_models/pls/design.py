"""From a model text to what PLS needs of it: blocks of indicators, arrows between constructs, stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jq_models.numeric.moments import Whole
from jq_models.pls.blocks import Block, Reading
from jq_models.pls.reading import read_blocks
from jq_models.spec.expression import Expression
from jq_models.spec.model import Model

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One run of the algorithm: indicators, constructs and arrows, by position.

    Attributes
    ----------
    blocks : tuple of Block
        The m constructs, in the order of the model text.
    indicators : tuple of str
        The p indicators, block after block.
    paths : ndarray of bool, shape (m, m)
        ``paths[i, j]``: an arrow leads from construct j to construct i.
    links : ndarray of bool, shape (m, m)
        Whose scores an inner proxy is made of: the neighbours by arrows; all others, in a model without
        arrows.
    """

    blocks: tuple[Block, ...]
    indicators: tuple[str, ...]
    paths: Flags
    links: Flags

    @property
    def constructs(self) -> tuple[str, ...]:
        """Names of the constructs."""
        return tuple(b.name for b in self.blocks)

    @property
    def owner(self) -> Whole:
        """The construct of each indicator, (p,)."""
        return np.repeat(np.arange(len(self.blocks)), [len(b.indicators) for b in self.blocks])

    @property
    def starts(self) -> Whole:
        """Where each block begins among the indicators, (m,)."""
        return np.cumsum([0, *(len(b.indicators) for b in self.blocks[:-1])])

    @property
    def dominant(self) -> Whole:
        """Position of each block's dominant indicator, (m,)."""
        places = [b.indicators.index(b.dominant) for b in self.blocks]
        return self.starts + np.array(places, dtype=np.intp)

    @property
    def corrected(self) -> Flags:
        """Which constructs are corrected for attenuation, bool (m,)."""
        return np.array([b.corrected for b in self.blocks], dtype=bool)

    @property
    def endogenous(self) -> tuple[int, ...]:
        """The constructs an arrow leads to, in the order of the text."""
        return tuple(int(i) for i in np.flatnonzero(self.paths.any(axis=1)))

    def causes(self, construct: int) -> Whole:
        """Positions of the constructs whose arrows lead to one."""
        return np.flatnonzero(self.paths[construct])


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A model as PLS estimates it.

    Attributes
    ----------
    first : Stage
        Constructs measured by items. Where the model has second-order constructs, their members stand in
        their place.
    second : Stage or None
        With second-order constructs: they, measured by their members, and all other constructs, each
        measured by what the first stage found of it.
    labels : dict
        Label of a path -> (to, from), positions in the last stage.
    defined : dict
        Name -> formula of labels (``:=``).
    ignored : tuple of str
        Statements without a counterpart in PLS, such as residual covariances, that were left out.
    scheme : str
        Of the inner weights.
    """

    first: Stage
    second: Stage | None
    labels: Mapping[str, tuple[int, int]]
    defined: Mapping[str, Expression]
    ignored: tuple[str, ...]
    scheme: str

    @property
    def last(self) -> Stage:
        """The stage whose arrows the model's arrows are."""
        return self.second or self.first


def design_of(
    model: Model,
    *,
    scheme: str,
    consistent: bool,
    modes: Mapping[str, str] | None = None,
    dominant: Mapping[str, str] | None = None,
) -> Design:
    """Lay a model out for PLS.

    Parameters
    ----------
    model : Model
    scheme : {"path", "factorial", "centroid"}
    consistent : bool
        Whether factors (``=~``) are corrected for attenuation.
    modes : mapping, optional
        Construct -> "A" or "B"; default: "A" for factors, "B" for composites (``<~``).
    dominant : mapping, optional
        Construct -> the indicator whose loading is positive; default: the first.

    Raises
    ------
    SyntaxProblem, SpecError
        When the text does not parse, or says what PLS cannot estimate.
    """
    read = read_blocks(model, consistent=consistent, modes=modes or {}, dominant=dominant or {})
    first = _first_stage(read)
    second = _second_stage(read) if read.higher else None
    names = (second or first).constructs
    labels = {label: (names.index(i), names.index(j)) for label, (i, j) in read.labels.items()}
    return Design(
        first=first, second=second, labels=labels, defined=read.defined, ignored=read.ignored, scheme=scheme
    )


def _first_stage(read: Reading) -> Stage:
    """Let the members of second-order constructs stand in their place."""
    members = {h.name: h.indicators for h in read.higher}
    arrows = {
        (i, j)
        for to, cause in read.paths
        for i in members.get(to, (to,))
        for j in members.get(cause, (cause,))
    }
    # a second-order construct without arrows would leave its members without neighbours
    pairs = {(a, b) for h in read.higher for a in h.indicators for b in h.indicators if a != b}
    touched = {name for arrow in arrows for name in arrow}
    loose = {(a, b) for a, b in pairs if a not in touched} if arrows else set()
    return _stage(read.first, arrows=arrows, also=loose)


def _second_stage(read: Reading) -> Stage:
    """Second-order constructs, and single "items" for the others, in the order of the text."""
    inside = {name for h in read.higher for name in h.indicators}
    others = [b.as_single() for b in read.first if b.name not in inside]
    blocks = sorted((*read.higher, *others), key=lambda b: read.order.index(b.name))
    return _stage(tuple(blocks), arrows=set(read.paths), also=set())


def _stage(blocks: tuple[Block, ...], *, arrows: set[tuple[str, str]], also: set[tuple[str, str]]) -> Stage:
    names = [b.name for b in blocks]
    paths, links = np.zeros((2, len(names), len(names)), dtype=bool)
    for i, j in arrows:
        paths[names.index(i), names.index(j)] = True
    for i, j in also:
        links[names.index(i), names.index(j)] = True
    links |= paths | paths.T
    if not links.any():
        links = ~np.eye(len(names), dtype=bool)
    for matrix in (paths, links):
        matrix.flags.writeable = False
    return Stage(
        blocks=blocks,
        indicators=tuple(x for b in blocks for x in b.indicators),
        paths=paths,
        links=links,
    )
