"""A study's scores held against a norm: the difference with an interval that counts the norm's own spread."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate.invariance.latent_means import holm
from jq_models.evaluate.scores import construct_scores
from jq_models.evaluate.survey.differences import WELCH, Moments, moments_of, welch
from jq_models.evaluate.survey.teams import team_spread, widened
from jq_models.spec import Norm, load_norm, norm_refusal
from jq_models.spec.norm import REFUSALS

NORM_STATES = ("compared", *REFUSALS, "too_few")
COLUMNS = ("n", "mean", "sd", "norm_n", "norm_mean", "norm_sd", *WELCH, "p_holm", "clusters", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class NormComparison:
    """A study beside a norm.

    Attributes
    ----------
    norm : Norm
    table : DataFrame
        Index ``construct`` in the questionnaire's order; columns n, mean, sd (the study's scores), norm_n,
        norm_mean, norm_sd, difference (study - norm), se, df, ci_low, ci_high (95 %), p_value, p_holm
        (Holm's correction for all constructs), effect (Hedges' g), clusters (teams whose likeness counts in
        the error, see `teams.widened`; NaN: Welch's, people taken as independent), state: "compared";
        "absent", "scale",
        "wording": refused, see `norm_refusal`; "too_few": no spread here. NaN unless compared.
    """

    norm: Norm
    table: pd.DataFrame = field(repr=False)

    @property
    def compared(self) -> pd.DataFrame:
        """The rows that could be compared."""
        return self.table[self.table["state"] == "compared"]


def against_norm(opened: OpenStudy, norm: Norm | None = None) -> NormComparison | None:
    """Hold every construct of a study against a norm; None when the study names none.

    Parameters
    ----------
    norm : Norm, optional
        Default: the one the study file names.

    Raises
    ------
    SpecError
        When the study names a norm that is not there or cannot be read.
    """
    if norm is None:
        if opened.spec.client.norm is None:
            return None
        norm = load_norm(opened.spec.client.norm)
    scores = construct_scores(opened.responses)
    rows = {str(code): _row(scores[code], norm, opened=opened, code=str(code)) for code in scores}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("construct")
    table = table.reindex(columns=[name for name in COLUMNS if name != "p_holm"])
    return NormComparison(norm=norm, table=table.assign(p_holm=holm(table["p_value"]))[list(COLUMNS)])


def _row(scores: pd.Series, norm: Norm, *, opened: OpenStudy, code: str) -> dict[str, object]:
    why = norm_refusal(norm, opened.instrument, code)
    value = norm.of(code)
    own = moments_of(scores.dropna().to_numpy(dtype=float))
    if why or value is None:
        return {"n": own.n, "mean": own.mean, "sd": own.sd, "state": why}
    theirs = Moments(n=value.n, mean=value.mean, sd=value.sd)
    values = scores.to_numpy(dtype=float)
    spread = team_spread(values, opened.responses)
    found = widened(welch(own, theirs), spread, weights=np.isfinite(values) / max(own.n, 1))
    state = "too_few" if np.isnan(found["se"]) else "compared"
    return {
        "n": own.n,
        "mean": own.mean,
        "sd": own.sd,
        "norm_n": theirs.n,
        "norm_mean": theirs.mean,
        "norm_sd": theirs.sd,
        **found,
        "clusters": np.nan if spread is None else spread.clusters,
        "state": state,
    }
