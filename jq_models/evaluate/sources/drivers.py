"""What goes with recommending the work: slopes, and each scale's share in what is explained."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jq_models.evaluate.attention.formulas import shapley_shares
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.sources.material import Material
from jq_models.evaluate.sources.relations import standardised_line
from jq_models.evaluate.survey.enps import QUESTION, Enps, study_enps

MODULE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """The net promoter score and the scales that go with the answer from 0 to 10.

    Attributes
    ----------
    enps : Enps
    slopes : DataFrame
        Index scale, the largest share first; estimate, ci_low, ci_high, pvalue (standardised slopes of the
        answer on all scales together, errors robust to clusters), share (LMG: of the explained variance).
    r_squared : float
    n : int
    """

    enps: Enps
    slopes: pd.DataFrame = field(repr=False)
    r_squared: float
    n: int


def drivers(given: Material) -> Drivers | Gap:
    """Return what goes with recommending the work, among the scales of the module on value.

    Notes
    -----
    The answer is taken as it is, from 0 to 10; cutting it into promoters and others would throw most of it
    away. Shares are Lindeman, Merenda and Gold's (1980) over all orders of the scales.
    """
    answers, modules = given.opened.responses.covariates, given.opened.modules
    found = study_enps(given.opened.responses)
    if found is None:
        return Gap(code="not_asked", where=(QUESTION,))
    asked = modules.instrument.constructs if modules is not None else ()
    codes = [c.code for c in asked if c.module == MODULE and c.code in given.scores]
    if len(codes) < 2:
        return Gap(code="not_asked", where=("HLP", "APR"))
    line = standardised_line(given, answers[QUESTION], given.scores[codes])
    if isinstance(line, Gap):
        return line
    together = pd.concat([given.scores[codes], answers[QUESTION]], axis=1).dropna()
    R = np.corrcoef(together.to_numpy(dtype=float), rowvar=False)
    shares = shapley_shares(R[None, :-1, :-1], R[None, :-1, -1:])[0, :, 0]
    rows = pd.DataFrame([line.found({code: 1.0})._asdict() for code in codes], index=codes)
    rows["share"] = shares / shares.sum()
    return Drivers(
        enps=found,
        slopes=rows.sort_values("share", ascending=False, kind="stable").rename_axis("construct"),
        r_squared=float(line.fit.rsquared),
        n=line.n,
    )
