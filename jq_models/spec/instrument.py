"""A questionnaire: constructs, facets, items and answer scales, in every language of the package."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from jq_models.errors import SpecError, suggest
from jq_models.paths import inside, instruments
from jq_models.spec.strict import LANGUAGES, Table, Text, read_toml

ROLES = ("dimension", "outcome")


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
    """A job-quality dimension or an outcome with its items.

    `high` says what a high score means: the names of two dimensions (role ambiguity, role conflict)
    are negative while their scores are not. With `appraises_one`, a team's score tells of its supervisor.
    """

    code: str
    role: str
    name: Text
    short: Text
    high: Text
    new: bool
    facets: dict[str, Text]
    items: tuple[Item, ...]
    appraises_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A questionnaire without data. `sha256` is the hash of the file it was read from.

    `scales` are all answer scales the file describes; `default_scale` is the one of items that name none.
    """

    name: str
    version: str
    title: Text
    source: Text
    constructs: tuple[Construct, ...]
    sha256: str
    scales: tuple[Scale, ...] = ()
    default_scale: str = ""

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

        Norms carry it: a mean compares only with a mean of the same questions asked in the same way.
        """
        parts = [
            (
                item.code,
                *sorted(item.text.items()),
                item.reversed,
                item.scale.values,
                *sorted(item.scale.labels.items()),
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


def load_instrument(name: str, *, folder: Path | None = None) -> Instrument:
    """Read ``data/instruments/NAME.toml``.

    Parameters
    ----------
    name : str
        The file's name without its ending.
    folder : Path, optional
        Another folder than the project's.

    Raises
    ------
    SpecError
        On an unknown file, key, scale or facet, a missing language, a code used twice.
    RunError
        When the name leads out of the folder.
    """
    path = inside(folder or instruments(), f"{name}.toml")
    table = read_toml(path)
    scales = {entry.name: entry for entry in map(_scale, table.tables("scales"))}
    default = table.take("default_scale", str)
    constructs = tuple(_construct(entry, scales, default) for entry in table.tables("constructs"))
    instrument = Instrument(
        name=table.take("name", str),
        version=table.take("version", str),
        title=table.text("title"),
        source=table.text("source"),
        constructs=constructs,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        scales=tuple(scales.values()),
        default_scale=default,
    )
    table.done()
    _check(instrument, path)
    return instrument


def _scale(table: Table) -> Scale:
    values = table.take("values", list)
    labels = table.table("labels")
    scale = Scale(
        name=table.take("name", str),
        values=tuple(values),
        labels={language: labels.strings(language) for language in LANGUAGES},
    )
    labels.done()
    table.done()
    whole = bool(values) and all(isinstance(v, int) for v in values)
    if not whole or values != list(range(values[0], values[0] + len(values))):
        raise SpecError(f"{table.where}: 'values' must be consecutive whole numbers, lowest first.")
    for language, words in scale.labels.items():
        if len(words) != len(values):
            raise SpecError(f"{table.where}: {len(words)} labels in '{language}' for {len(values)} values.")
    return scale


def _construct(table: Table, scales: dict[str, Scale], default_scale: str) -> Construct:
    code = table.take("code", str)
    facets = dict(map(_facet, table.tables("facets")))
    fallback = table.take("scale", str, default_scale)
    items = tuple(_item(entry, code, scales, fallback, facets) for entry in table.tables("items"))
    name = table.text("name")
    construct = Construct(
        code=code,
        role=table.choice("role", ROLES),
        name=name,
        short=table.text("short", name),
        high=table.text("high"),
        new=table.take("new", bool, False),
        facets=facets,
        items=items,
        appraises_one=table.take("appraises_one", bool, False),
    )
    table.done()
    if not items:
        raise SpecError(f"{table.where}: no items. Add at least one [[constructs.items]].")
    return construct


def _facet(table: Table) -> tuple[str, Text]:
    facet = table.take("code", str), table.text("name")
    table.done()
    return facet


def _item(
    table: Table, construct: str, scales: dict[str, Scale], default_scale: str, facets: dict[str, Text]
) -> Item:
    scale = table.take("scale", str, default_scale)
    if scale not in scales:
        raise SpecError(f"{table.where}: no scale '{scale}'. {suggest(scale, scales)}")
    facet = table.take("facet", str, "")
    if facet and facet not in facets:
        raise SpecError(f"{table.where}: no facet '{facet}' in {construct}. {suggest(facet, facets)}")
    item = Item(
        code=table.take("code", str),
        construct=construct,
        facet=facet or None,
        text=table.text("text"),
        scale=scales[scale],
        reversed=table.take("reversed", bool, False),
        sensitive=table.take("sensitive", bool, False),
    )
    table.done()
    return item


def _check(instrument: Instrument, path: Path) -> None:
    if instrument.name != path.stem:
        raise SpecError(f"{path.name}: 'name' is '{instrument.name}'. It must equal the file's name.")
    codes = [c.code for c in instrument.constructs] + [i.code for i in instrument.items]
    for code in codes:
        if codes.count(code) > 1:
            raise SpecError(f"{path.name}: the code '{code}' is used {codes.count(code)} times.")
        if not code.isidentifier():
            raise SpecError(f"{path.name}: the code '{code}' must be letters, digits and underscores.")
