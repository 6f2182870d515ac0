"""Options that several commands share: one name, one meaning, one place among the panels of ``--help``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from jq_models.errors import SpecError
from jq_models.spec import LANGUAGES

METHOD, GROUPS, DRAWN, OUTPUT, SIMULATION = "Estimation", "Groups", "Sample", "Output", "Simulation"

StudyName = Annotated[str, typer.Argument(help="Name of a file in data/studies, without .toml.")]
StudyData = Annotated[Path | None, typer.Option(help="A data file in place of the study file's.")]
Language = Annotated[str | None, typer.Option(help=f"Language: {' or '.join(LANGUAGES)}.")]

ModelFile = Annotated[Path, typer.Argument(metavar="MODEL.txt", help="The model in lavaan's language.")]
DataFile = Annotated[
    Path, typer.Argument(metavar="DATA.csv", help="The answers; column names in row 1. Also .xlsx, .sav.")
]
NoAnswer = Annotated[
    str | None,
    typer.Option(
        metavar="99,-9",
        help="Cells that mean 'no answer', besides empty ones and NA.",
        rich_help_panel=METHOD,
    ),
]
Bootstrap = Annotated[
    int | None,
    typer.Option(
        min=2,
        metavar="N",
        help="Standard errors and intervals from N draws, by default percentile intervals.",
        rich_help_panel=DRAWN,
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Of the bootstrap.", rich_help_panel=DRAWN)]
Level = Annotated[float, typer.Option(min=0.01, max=0.999, help="Of the intervals.", rich_help_panel=OUTPUT)]
Json = Annotated[
    Path | None,
    typer.Option(metavar="OUT.json", help="Also write all numbers unrounded.", rich_help_panel=OUTPUT),
]


def listed(text: str | None) -> tuple[str, ...]:
    """Split at commas."""
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def paired(words: Iterable[str], *, option: str, example: str) -> dict[str, str]:
    """Read ``NAME=VALUE``, several of them between commas or as an option that is repeated.

    Raises
    ------
    SpecError
        When one has no name or no value, or a name has two.
    """
    found: dict[str, str] = {}
    for pair in listed(",".join(words)):
        name, sign, value = (part.strip() for part in pair.partition("="))
        if not (name and sign and value):
            raise SpecError(f"{option} {pair}: give a name, '=' and a value, as in {option} {example}.")
        if found.setdefault(name, value) != value:
            raise SpecError(f"{option} gives '{name}' both '{found[name]}' and '{value}'. Keep one.")
    return found
