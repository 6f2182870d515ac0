"""The paths that the study's claims rest on, standardised, from any fit of the second-order model."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from jq_models.evaluate.effects import effects
from jq_models.sem import SemFit
from jq_models.spec.model import JOB_QUALITY

KEYS = ["source", "target", "kind"]
KEY_PATHS = (
    (JOB_QUALITY, "SAT", "direct"),
    (JOB_QUALITY, "COM", "direct"),
    ("SAT", "COM", "direct"),
    ("SAT", "TIN", "direct"),
    ("COM", "TIN", "direct"),
    (JOB_QUALITY, "TIN", "indirect"),
)
DIRECT = (JOB_QUALITY, "TIN", "direct")  # a path that the main model does not have


def key_paths(outcomes: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    """Return the key paths (source, target, kind) among these outcomes, in their fixed order."""
    known = {JOB_QUALITY, *outcomes}
    return tuple(path for path in KEY_PATHS if {path[0], path[1]} <= known)


def key_effects(
    fit: SemFit, outcomes: Sequence[str], *, paths: Sequence[tuple[str, str, str]] | None = None
) -> pd.DataFrame:
    """Return the standardised key paths of a fit with delta-method errors and 95 % intervals.

    Parameters
    ----------
    fit : SemFit
        A usable fit of a model with job quality and these outcomes.
    outcomes : sequence of str
    paths : sequence of (source, target, kind), optional
        Others than `key_paths`.

    Returns
    -------
    DataFrame
        Columns source, target, kind, estimate, se, z, pvalue, ci_low, ci_high; one row a path, in order.
    """
    wanted = pd.DataFrame(list(key_paths(outcomes) if paths is None else paths), columns=KEYS)
    sources = list(dict.fromkeys(wanted["source"]))
    found = effects(fit, sources, list(dict.fromkeys(wanted["target"])))
    return wanted.merge(found, on=KEYS, how="left", validate="1:1")
