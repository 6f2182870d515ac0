"""A deposit on the screen: what was written, and what came of running it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group
from rich.text import Text

from jq_models.report.deposit_page import DISTANCES
from jq_models.report.wording import wording


def deposit_lines(*, place: str, files: int, stand_in: bool, found: Mapping[str, float]) -> Group:
    """Return what was written.

    Parameters
    ----------
    place : str
        The zip file, inside the project.
    files : int
    stand_in : bool
    found : mapping of str to float
        Of a stand-in (`disclosure.distances`).
    """
    lines = [Text(f"{place}  ({wording('en').count(files)} files)")]
    if stand_in:
        lines += [
            Text(
                "The answers are not in it: a synthetic stand-in is, drawn from rounded moments and labelled "
                "so."
            ),
            *_far(found),
        ]
    return Group(*lines)


def checked_lines(
    result: Mapping[str, Any], *, stand_in: bool, fresh: bool, passed: bool, found: Mapping[str, float]
) -> Group:
    """Return what came of the check.

    Parameters
    ----------
    result : mapping
        What ``reproduce --json`` wrote in the deposit.
    stand_in, fresh, passed : bool
    found : mapping of str to float
        Distances of a stand-in.
    """
    where = "in an environment made from its lock" if fresh else "by its own code with the packages here"
    tables, cells = (result["counts"]["table"][key] for key in ("files", "cells"))
    count = wording("en").count
    words = ("identical", "within", "changed")
    told = "; ".join(f"{word} {count(tables[word])} ({count(cells[word])} cells)" for word in words)
    style = "green" if passed else "bold red"
    if stand_in:
        said = "The deposit runs whole" if passed else "The deposit runs, but its stand-in is too far off"
        lines = [
            Text(f"{said}, {where}.", style=style),
            Text(
                "Its numbers are those of the stand-in, not the study's, and so they differ. Tables: " + told
            ),
            *_far(found),
        ]
    else:
        lines = [Text(f"Reproduced {where}: {result['verdict']}. Tables: {told}", style=style)]
    return Group(*lines)


def _far(found: Mapping[str, float]) -> list[Text]:
    w = wording("en")
    told = ", ".join(
        f"{w(f'stand_in.distance_{key}')} {w.number(found[key], 3)}" for key in DISTANCES if key in found
    )
    return [Text(f"Largest distance from what it was drawn from: {told}.")] if told else []
