"""The release of a study: beside all that was issued for this client before."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pandas as pd

from jq_models import paths
from jq_models.data import OpenStudy, Responses, open_study
from jq_models.disclosure.cells import Cell
from jq_models.disclosure.earlier import kin
from jq_models.disclosure.ledger import Ledger, read_ledger, record
from jq_models.disclosure.minimum import DISTRIBUTION, MINIMUM
from jq_models.disclosure.release import Release, release
from jq_models.errors import DisclosureError
from jq_models.spec import load_study

SUFFIX = ".issued.json"
ISSUED_VARIABLE = "JQ_MODELS_ISSUED"  # a folder of ledgers in place of data/raw: `as_issued` alone sets it
Standing = tuple[dict[Cell, frozenset[str]], ...]
"""Of every minimum in use, the cells that may be shown, each with the sets of answers it may not be for."""


def ledger_path(name: str) -> Path:
    """Return where a client's issued reports are kept: with the raw data, and purged with them.

    Parameters
    ----------
    name : str
        The study's.
    """
    return _folder() / f"{name}{SUFFIX}"


def _folder() -> Path:
    named = os.environ.get(ISSUED_VARIABLE)
    return Path(named) if named else paths.raw()


def issued_before(opened: OpenStudy) -> Ledger | None:
    """Return what was shown of this study before; None for simulated answers, which need no protection.

    The first ledger of a study takes the key of those that lie beside it: persons who are in two studies, and
    no longer in the file of a third, would otherwise count as four.
    """
    if opened.spec.simulated:
        return None
    path = ledger_path(opened.spec.name)
    if path.exists():
        return read_ledger(path)
    return read_ledger(path, key=next((ledger.key for _, ledger in _readable()), None))


def open_release(opened: OpenStudy, *, minimum: int | None = None) -> Release:
    """Decide what a study's report may show of its groups, beside the reports issued before.

    The first line of every notebook that shows anything by group.

    Parameters
    ----------
    opened : OpenStudy
    minimum : int, optional
        A larger minimum than the study's, for numbers that tell how answers are spread.
    """
    issued, least = issued_before(opened), opened.spec.minimum_group
    others = issued_of_others(opened, issued)
    shown = release(opened.everything, minimum=least, issued=issued, others=others)
    if minimum is None or minimum <= least:
        return shown
    return release(opened.everything, minimum=minimum, issued=issued, others=others, within=shown)


def standing(opened: OpenStudy) -> Standing:
    """Return what a report may show beside everything issued up to now, for `issued_with` to hold it to."""
    if opened.spec.simulated:
        return ()
    return tuple(open_release(opened, minimum=least).shown() for least in (None, DISTRIBUTION))


def issued_with(opened: OpenStudy, *, begun: Standing | None = None) -> Ledger | None:
    """Return the record of issued reports with this study's report in it; None for simulated answers.

    Parameters
    ----------
    opened : OpenStudy
    begun : Standing, optional
        What the report shows: what it might when it was begun.

    Raises
    ------
    DisclosureError
        When less may be shown by now, for another report was issued meanwhile.
    """
    before = issued_before(opened)
    if before is None:
        return None
    if begun is not None and not _covers(standing(opened), begun):
        raise DisclosureError(
            "Another report on the same people was issued while this one was made, and beside it less may "
            "be shown. Nothing was published; run this one again."
        )
    written, wave = _with_own(opened, before), _wave_before(opened)
    if wave is None:
        return written
    return record(written, _whole(wave), _of_wave(wave, opened, ledger=written))


def _with_own(opened: OpenStudy, before: Ledger) -> Ledger:
    # not `open_release`: a ledger that has no file yet may get another key every time it is read
    minimum, others = opened.spec.minimum_group, issued_of_others(opened, before)
    shown = release(opened.everything, minimum=minimum, issued=before, others=others)
    return record(before, opened.everything, shown)


def _covers(now: Standing, begun: Standing) -> bool:
    """Say whether everything that might be shown may be shown still."""
    return all(
        cell in shows and shows[cell] <= hidden
        for shows, showed in zip(now, begun, strict=True)
        for cell, hidden in showed.items()
    )


def issued_of_others(
    opened: OpenStudy, own: Ledger | None, *, responses: Responses | None = None
) -> list[Ledger]:
    """Return what other studies showed of the same persons, and of persons these showed.

    Parameters
    ----------
    opened : OpenStudy
    own : Ledger or None
        Of the study; None for simulated answers.
    responses : Responses, optional
        The persons; default: the study's.
    """
    if own is None:
        return []
    apart = ledger_path(opened.spec.name)
    others = [ledger for path, ledger in _readable() if path != apart]
    persons = opened.everything if responses is None else responses
    return kin(own, others, persons, minimum=opened.spec.minimum_group)


def _readable() -> Iterator[tuple[Path, Ledger]]:
    for path in sorted(_folder().glob(f"*{SUFFIX}")):
        with suppress(DisclosureError):  # one that cannot be read stops its own study
            yield path, read_ledger(path)


def beside_wave(before: OpenStudy, opened: OpenStudy) -> Release | None:
    """Return what a report may show of the whole of a wave before; None for simulated answers.

    The same persons but a few would be given away by the difference of the two: the wave is held against all
    that this report shows of everybody and of groups, and all that was issued before.
    """
    ledger = issued_before(opened)
    return None if ledger is None else _of_wave(before.everything, opened, ledger=_with_own(opened, ledger))


def _of_wave(wave: Responses, opened: OpenStudy, *, ledger: Ledger) -> Release:
    first = _whole(wave)
    others = issued_of_others(opened, ledger, responses=first)
    return release(first, minimum=opened.spec.minimum_group, issued=ledger, others=others)


def _whole(responses: Responses) -> Responses:
    return replace(responses, groups=responses.groups[[]])


def _wave_before(opened: OpenStudy) -> Responses | None:
    """Return the answers of the wave that a report is compared with, None where there are none."""
    name = opened.spec.client.previous
    if name is None:
        return None
    file = paths.inside(paths.project_root(), load_study(name).file)
    if not file.is_file():
        return None
    before = open_study(name, language=opened.language, data=file)
    return None if before.spec.simulated else before.everything


@contextmanager
def issuing(opened: OpenStudy) -> Iterator[None]:
    """Let no other run read or write what was issued meanwhile; simulated answers have no such record."""
    if opened.spec.simulated or sys.platform == "win32":
        yield
        return
    import fcntl

    paths.raw().mkdir(parents=True, exist_ok=True)
    handle = os.open(paths.raw(), os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def shown_sizes(opened: OpenStudy) -> dict[str, pd.Series]:
    """Return the sizes of every grouping's groups, NaN where a group may not be shown (`open_release`)."""
    shown = open_release(opened)
    return {str(name): shown.sizes(str(name)) for name in opened.responses.groups.columns}


def shown_group_sizes(responses: Responses, *, minimum: int = MINIMUM) -> dict[str, pd.Series]:
    """Return the sizes of every grouping's groups, NaN where a group may not be shown.

    Returns
    -------
    dict of str to Series
        Name of the grouping -> as `Release.sizes`, of a release without crossings and earlier reports.
    """
    shown = release(responses, minimum=minimum)
    return {str(name): shown.sizes(str(name)) for name in responses.groups.columns}
