"""``jq-models new-client`` and ``jq-models purge``: where a client's study begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table as Grid

from jq_models import paths
from jq_models.cli.options import Language
from jq_models.cli.problem_screen import refuse
from jq_models.cli.screen import complaints, mendable, screen
from jq_models.data import check_study
from jq_models.errors import DataError
from jq_models.run.client import DEFAULT_INSTRUMENT, NewClient, new_client
from jq_models.run.client_draft import KINDS
from jq_models.run.purge import Purged, purge

_MOST = 8  # names in one cell of the table


def start(
    name: Annotated[str, typer.Argument(help="Of the study: lower-case letters, digits, - and _.")],
    data: Annotated[Path, typer.Option(metavar="FILE", help="The export: .csv, .xlsx or .sav.")],
    instrument: Annotated[
        str, typer.Option(help="A questionnaire in data/instruments.")
    ] = DEFAULT_INSTRUMENT,
    language: Language = None,
    sheet: Annotated[str | None, typer.Option(help="Of a workbook with several sheets.")] = None,
    title: Annotated[str | None, typer.Option(help="On top of the report.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Replace an earlier proposal that nobody changed.")
    ] = False,
) -> None:
    """Start a client's study: copy the export, propose how to read it, check it."""
    with mendable():
        client = new_client(
            name,
            data=data,
            instrument=instrument,
            language=language,
            sheet=sheet,
            title=title,
            again=again,
        )
        screen.print(_guessed(client))
        study = client.study.relative_to(paths.project_root()).as_posix()
        copy = client.data.relative_to(paths.project_root()).as_posix()
        screen.print(f"Written: {study}, {copy}", markup=False, soft_wrap=True)
        try:
            refuse(check_study(name, data=client.data), client.language, always=True, condensed=True)
        except DataError as error:
            complaints.print(str(error), markup=False, soft_wrap=True)
            raise DataError(f"Mend {study} or the export, then: jq-models check --study {name}") from None
        screen.print(f"Next: jq-models study {name}", markup=False, soft_wrap=True)


def end(
    name: Annotated[str, typer.Argument(help="Of the study.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a client's raw data for good; the report and the study file stay."""
    with mendable():
        planned = purge(name, dry=True)
        screen.print("\n".join(_plan(planned)), markup=False, soft_wrap=True)
        if not yes and not typer.confirm("Delete for good?"):
            screen.print("Nothing was deleted.")
            raise typer.Exit(1)
        purge(name)
        screen.print("Deleted.")


def _guessed(client: NewClient) -> Grid:
    grid = Grid(title=f"Guessed from {client.rows} rows", title_justify="left")
    for heading in ("What", "How many", "Which"):
        grid.add_column(heading, overflow="fold", justify="right" if heading == "How many" else "left")
    for what, count, which in _lines(client):
        grid.add_row(what, count, escape(which))
    return grid


def _lines(client: NewClient) -> Iterator[tuple[str, str, str]]:
    guess = client.proposal
    yield "survey tool", "", client.tool or "not recognised"
    if client.other_sheets:
        yield "sheet", "", client.sheet or ""
        yield "sheets not read", str(len(client.other_sheets)), _some(client.other_sheets)
    if client.set_aside:
        kinds = [f"{count} {rule.replace('_', ' ')}" for rule, count in client.set_aside.items()]
        yield "rows left out, marked by the tool", str(sum(client.set_aside.values())), ", ".join(kinds)
    ways = {
        "code": "by their codes",
        "text": "by their questions",
        "similar text": "by similar questions: check",
    }
    for how, way in ways.items():
        found = [match.item for match in guess.matches if match.how == how]
        if found:
            yield f"items found {way}", str(len(found)), _some(found)
    if guess.doubtful:
        doubts = [f"{item} ({' or '.join(columns)})" for item, columns in guess.doubtful.items()]
        yield "items in doubt: choose", str(len(doubts)), _some(doubts)
    if guess.not_found:
        yield "items not found", str(len(guess.not_found)), _some(guess.not_found)
    yield "answer scale", "", guess.scale or "the questionnaire's own"
    if client.reading:
        yield "direction of the codes: check", "", client.reading
    codes = [f"{code} ({cells} cells)" for code, cells in guess.missing.items()]
    yield "codes for no answer", str(len(codes)), ", ".join(codes)
    groups = [f"{group.name}: {group.values} values ({group.column})" for group in guess.groups]
    yield "groups", str(len(groups)), ", ".join(groups)
    covariates = [f"{name} ({column})" for name, column in guess.covariates.items()]
    yield "other numbers", str(len(covariates)), ", ".join(covariates)
    for kind, columns in guess.ignored.items():
        yield f"ignored: {KINDS[kind]}", str(len(columns)), _some(columns)
    if guess.unspoken:
        yield "ignored: not named here, for the name may be an answer", str(guess.unspoken), ""


def _some(names: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _plan(planned: Purged) -> Iterator[str]:
    yield f"To be deleted: {', '.join(f'data/raw/{name}' for name in planned.deleted)}"
    yield f"Stays: {', '.join(planned.stays) or 'nothing else of this study'}"
    yield "Reports and the notebooks in them hold no rows. Backups and the survey tool are yours to clear."
    if any(path.endswith(paths.DEPOSIT) for path in planned.stays):
        yield "A deposit made with --with-data holds the answers: delete it and its copies by hand."
    if planned.compared_by:
        yield f"Can no longer be compared with it: {', '.join(planned.compared_by)}"
