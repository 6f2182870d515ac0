"""The release of a study: beside all that was issued for this client before."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from jq_models import paths
from jq_models.data import OpenStudy
from jq_models.disclosure.ledger import Ledger, read_ledger, record
from jq_models.disclosure.release import Release, release


def ledger_path(name: str) -> Path:
    """Return where a client's issued reports are kept: with the raw data, and purged with them."""
    return paths.raw() / f"{name}.issued.json"


def issued_before(opened: OpenStudy) -> Ledger | None:
    """Return what was shown of this client before; None for simulated answers, which need no protection."""
    return None if opened.spec.simulated else read_ledger(ledger_path(opened.spec.name))


def open_release(opened: OpenStudy, *, minimum: int | None = None) -> Release:
    """Decide what a study's report may show of its groups, beside the reports issued before.

    The first line of every notebook that shows anything by group.

    Parameters
    ----------
    opened : OpenStudy
    minimum : int, optional
        A larger minimum than the study's, for numbers that tell how answers are spread.
    """
    fewest = max(opened.spec.minimum_group, minimum or 0)
    return release(opened.responses, minimum=fewest, issued=issued_before(opened))


def issued_with(opened: OpenStudy) -> Ledger | None:
    """Return the record of issued reports with this study's report in it; None for simulated answers."""
    before = issued_before(opened)
    if before is None:
        return None
    # not `open_release`: a ledger that has no file yet gets another key every time it is read
    shown = release(opened.responses, minimum=opened.spec.minimum_group, issued=before)
    return record(before, opened.responses, shown)


def shown_sizes(opened: OpenStudy) -> dict[str, pd.Series]:
    """Return the sizes of every grouping's groups, NaN where a group may not be shown (`open_release`)."""
    shown = open_release(opened)
    return {str(name): shown.sizes(str(name)) for name in opened.responses.groups.columns}
