"""What simulated answers were drawn from, read back from the file beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from jq_models import paths
from jq_models.data.likert import answer_covariance
from jq_models.data.open import OpenStudy
from jq_models.data.population import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTruth:
    """The population behind simulated answers.

    Attributes
    ----------
    paths : mapping of (effect, cause) to float
        Standardised paths between job quality and the outcomes.
    items : tuple of str
        The p items.
    mean : ndarray, shape (p,)
        Of the answers, reversed items turned.
    covariance : ndarray, shape (p, p)
        Of the same answers: cutting responses into five moves correlations a little.
    """

    paths: Mapping[tuple[str, str], float]
    items: tuple[str, ...]
    mean: Floats = field(repr=False)
    covariance: Floats = field(repr=False)


def known_truth(opened: OpenStudy) -> KnownTruth | None:
    """Return what a study's answers were drawn from; None for real answers and for files of other data.

    The truth file is found by the hash of the data it belongs to, so that a changed file has no truth.
    """
    if not opened.spec.simulated:
        return None
    for path in sorted(paths.simulated().glob("*_truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if truth.get("data_sha256") == opened.data_sha256:
            return truth_from(truth)
    return None


def truth_from(truth: Mapping[str, Any]) -> KnownTruth:
    """Return the paths and moments that a truth file implies."""
    items = truth["items"]
    loading = np.array([item["loading"] for item in items])
    owner = [item["construct"] for item in items]
    latent = pd.DataFrame(truth["latent_correlation"]).loc[owner, owner].to_numpy(dtype=float)
    cuts = np.array([item["thresholds"] for item in items])
    covariance = answer_covariance(np.outer(loading, loading) * latent, cuts)
    np.fill_diagonal(covariance, [item["sd"] ** 2 for item in items])
    mean = np.array([item["mean"] for item in items], dtype=float)
    for values in (mean, covariance):
        values.setflags(write=False)
    arrows = {tuple(name.split(" ~ ")): float(value) for name, value in truth["paths"].items()}
    return KnownTruth(
        paths={(effect, cause): value for (effect, cause), value in arrows.items()},
        items=tuple(item["code"] for item in items),
        mean=mean,
        covariance=covariance,
    )
