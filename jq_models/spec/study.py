"""A study file: which data, which questionnaire, which columns, groups, model and options."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from jq_models.errors import SpecError, suggest
from jq_models.paths import studies
from jq_models.spec.client import Client, read_client
from jq_models.spec.gates import Gates, read_gates
from jq_models.spec.instrument import Instrument
from jq_models.spec.model import STRUCTURE
from jq_models.spec.modules import Asked, read_asked
from jq_models.spec.strict import LANGUAGES, Table, Text, read_toml

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
FLOOR = 5
MINIMUM = 10  # persons of a group, where the study file does not say
COVARIATES = ("customer_contact", "recommend")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A grouping variable: its column and what to call it."""

    name: str
    column: str
    label: Text
    labels: dict[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study or client without data.

    `covariates` maps a covariate's name to its column: numbers that are no answers to items, such as the
    share of working time in contact with customers. `scale` names the answer scale the questionnaire was
    fielded with, when it is not the questionnaire's own. `sha256` is the hash of the study file.
    """

    name: str
    title: Text
    instrument: str
    modules: Asked
    simulated: bool
    note: Text | None
    file: str
    sheet: str | None
    scale: str | None
    missing: tuple[int, ...]
    columns: dict[str, str]
    ignore: tuple[str, ...]
    groups: tuple[Group, ...]
    covariates: dict[str, str]
    client: Client
    gates: Gates
    model: str
    turnover: bool
    learning: bool
    minimum_group: int
    language: str
    seed: int
    sha256: str

    def group(self, name: str) -> Group:
        """Return the grouping variable with this name.

        Raises
        ------
        SpecError
            When the study has none.
        """
        for group in self.groups:
            if group.name == name:
                return group
        names = [group.name for group in self.groups]
        raise SpecError(f"Study '{self.name}' has no group '{name}'. {suggest(name, names)}")

    def column_of(self, item: str) -> str:
        """Return the data column that holds an item: its mapping, else its own code."""
        return self.columns.get(item, item)


def check_name(name: str) -> str:
    """Return `name` when it may name a study, a client or a folder.

    Parameters
    ----------
    name : str
        What is to be named so.

    Raises
    ------
    SpecError
        When it does not match ``^[a-z0-9][a-z0-9_-]{0,31}$``.

    Examples
    --------
    >>> check_name("client-2026")
    'client-2026'
    """
    if not NAME.fullmatch(name):
        raise SpecError(
            f"'{name}' cannot name a study. Use 1 to 32 lower-case letters, digits, '-' or '_', "
            "starting with a letter or digit."
        )
    return name


def load_study(name: str, *, folder: Path | None = None) -> Study:
    """Read ``data/studies/NAME.toml``.

    Parameters
    ----------
    name : str
        The file's name without its ending.
    folder : Path, optional
        Where study files are; default: ``data/studies``.

    Raises
    ------
    SpecError
        On an unknown file, key or name, or a wrong type; the text suggests the right one.
    """
    path = (folder or studies()) / f"{check_name(name)}.toml"
    table = read_toml(path)
    data = table.table("data")
    options = table.table("options", optional=True)
    model = table.table("model", optional=True)
    modules = table.table("modules", optional=True)
    groups = tuple(_group(entry) for entry in table.tables("groups"))
    response, compare = table.table("response", optional=True), table.table("compare", optional=True)
    results = table.table("results", optional=True)
    study = Study(
        name=table.take("name", str),
        title=table.text("title"),
        instrument=table.take("instrument", str),
        modules=read_asked(modules),
        simulated=table.take("simulated", bool, False),
        note=table.text("note", None),
        file=data.take("file", str),
        sheet=data.take("sheet", str, None),
        scale=data.take("scale", str, None),
        missing=_missing(data),
        columns=_columns(table.table("columns", optional=True)),
        ignore=data.strings("ignore", []),
        groups=groups,
        covariates=_covariates(table.table("covariates", optional=True)),
        client=read_client(response=response, compare=compare, options=options, results=results),
        gates=read_gates(table.table("gates", optional=True)),
        model=model.choice("main", STRUCTURE, "second_order"),
        turnover=model.take("turnover", bool, True),
        learning=model.take("learning", bool, True),
        minimum_group=_minimum_group(options),
        language=options.choice("language", LANGUAGES, "en"),
        seed=_seed(options),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    for part in (data, options, model, modules, results, response, compare, table):
        part.done()
    _check_named(study)
    names = [group.name for group in groups]
    for group in names:
        if names.count(group) > 1:
            raise SpecError(f"{path.name}: two groups are called '{group}'. Give each its own name.")
    if study.name != name:
        raise SpecError(f"{path.name}: 'name' is '{study.name}'. It must equal the file's name.")
    return study


def check_columns(study: Study, instrument: Instrument) -> None:
    """Hold the study's column mapping against the questionnaire.

    Raises
    ------
    SpecError
        When it maps an item that the questionnaire lacks, or two items to one column.
    """
    codes = [item.code for item in instrument.items]
    for code in study.columns:
        if code not in codes:
            raise SpecError(
                f"{study.name}.toml, [columns]: '{code}' is no item of {instrument.name}. "
                f"{suggest(code, codes)}"
            )
    taken = [study.column_of(code) for code in codes] + [group.column for group in study.groups]
    taken += study.covariates.values()
    for column in taken:
        if taken.count(column) > 1:
            raise SpecError(f"{study.name}.toml: the column '{column}' is used {taken.count(column)} times.")


def _check_named(study: Study) -> None:
    names = [group.name for group in study.groups]
    for part, given in (("response", study.client.invited_by), ("results", study.client.results)):
        for name in given:
            if name not in names:
                raise SpecError(f"{study.name}.toml, [{part}]: no group '{name}'. {suggest(name, names)}")


def _missing(data: Table) -> tuple[int, ...]:
    codes = data.take("missing", list, [])
    if not all(isinstance(code, int) and not isinstance(code, bool) for code in codes):
        raise SpecError(f"{data.where}: every entry of 'missing' must be a whole number, such as [99, -99].")
    return tuple(codes)


def _covariates(table: Table) -> dict[str, str]:
    covariates = {name: table.take(name, str, "") for name in COVARIATES}
    table.done()
    return {name: column for name, column in covariates.items() if column}


def _columns(table: Table) -> dict[str, str]:
    columns = table.rest()
    for code, column in columns.items():
        if not isinstance(column, str):
            raise SpecError(f"{table.where}: the column of '{code}' must be text.")
    return columns


def _group(table: Table) -> Group:
    labels = table.table("labels", optional=True)
    words = labels.rest()
    group = Group(
        name=table.take("name", str),
        column=table.take("column", str),
        label=table.text("label"),
        labels={code: Table(words, labels.where).text(code) for code in words},
    )
    table.done()
    check_name(group.name)
    return group


def _seed(options: Table) -> int:
    seed = options.take("seed", int, 1)
    if seed < 0:
        raise SpecError(f"{options.where}: 'seed' is {seed}; it must be 0 or more.")
    return seed


def _minimum_group(options: Table) -> int:
    minimum = options.take("minimum_group", int, MINIMUM)
    if minimum < FLOOR:
        raise SpecError(f"{options.where}: 'minimum_group' is {minimum}; it cannot be below {FLOOR}.")
    return minimum
