"""Read a questionnaire's file, strictly."""

from __future__ import annotations

import hashlib
from pathlib import Path

from jq_models.errors import SpecError, suggest
from jq_models.paths import inside, instruments
from jq_models.spec.instrument import Construct, Instrument, Item, Scale
from jq_models.spec.strict import LANGUAGES, Table, Text, read_toml

ROLES = ("dimension", "outcome", "context")


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
    written = [_construct(entry, scales, default) for entry in table.tables("constructs")]
    # a dimension may be added at the end of the file: reports show dimensions before outcomes all the same
    constructs = tuple(sorted(written, key=lambda construct: ROLES.index(construct.role)))
    modules = dict(map(_named, table.tables("modules")))
    instrument = Instrument(
        name=table.take("name", str),
        version=table.take("version", str),
        title=table.text("title"),
        source=table.text("source"),
        constructs=constructs,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        scales=tuple(scales.values()),
        default_scale=default,
        modules=modules,
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
        labels=_in_all({language: labels.strings(language) for language in labels.languages()}),
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


def _in_all(labels: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the labels of a scale in every language, in English where they have not been put into it."""
    return {language: labels.get(language, labels["en"]) for language in LANGUAGES}


def _construct(table: Table, scales: dict[str, Scale], default_scale: str) -> Construct:
    code = table.take("code", str)
    facets = dict(map(_named, table.tables("facets")))
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
        module=table.take("module", str, ""),
        appraises_one=table.take("appraises_one", bool, False),
        step=table.text("step", None),
    )
    table.done()
    if not items:
        raise SpecError(f"{table.where}: no items. Add at least one [[constructs.items]].")
    return construct


def _named(table: Table) -> tuple[str, Text]:
    named = table.take("code", str), table.text("name")
    table.done()
    return named


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
    for construct in instrument.constructs:
        module = construct.module
        if module and module not in instrument.modules:
            hint = suggest(module, instrument.modules)
            raise SpecError(f"{path.name}: {construct.code} is of no module '{module}'. {hint}")
        if (construct.role == "context") != bool(module):
            what = "needs both a 'module' and the role \"context\", or neither"
            raise SpecError(f"{path.name}: {construct.code} {what}.")
    codes = [c.code for c in instrument.constructs] + [i.code for i in instrument.items]
    for code in codes:
        if codes.count(code) > 1:
            raise SpecError(f"{path.name}: the code '{code}' is used {codes.count(code)} times.")
        if not code.isidentifier():
            raise SpecError(f"{path.name}: the code '{code}' must be letters, digits and underscores.")
