"""All hypotheses of a study in one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jq_models.data import OpenStudy
from jq_models.evaluate.gates import Analysis, Plan
from jq_models.evaluate.hypotheses.added_value import AddedValue, added_value
from jq_models.evaluate.hypotheses.attention import Everywhere, everywhere
from jq_models.evaluate.hypotheses.blocks import BlockDifference, block_difference
from jq_models.evaluate.hypotheses.dimensionality import JUDGED, Dimensionality, dimensionality
from jq_models.evaluate.hypotheses.facets import Split, split
from jq_models.evaluate.hypotheses.mediation import DRAWS, Mediation, mediation
from jq_models.evaluate.hypotheses.moderation import Moderation, moderation
from jq_models.evaluate.hypotheses.verdicts import Verdicts, verdicts
from jq_models.evaluate.rivals.compare import fit_rivals
from jq_models.sem import FailedFit, SemFit, try_fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Every analysis behind the hypotheses H1 to H8, and the verdicts."""

    dimensionality: Dimensionality = field(repr=False)
    mediation: Mediation = field(repr=False)
    added: AddedValue = field(repr=False)
    everywhere: Everywhere = field(repr=False)
    blocks: BlockDifference = field(repr=False)
    moderation: Moderation = field(repr=False)
    split: Split = field(repr=False)
    verdicts: Verdicts = field(repr=False)


MODELS: tuple[tuple[str, Analysis], ...] = (
    ("correlated", "full"),
    ("second_order", "second_order"),
    ("direct", "full"),
)


def allowed_fits(opened: OpenStudy, plan: Plan) -> dict[str, SemFit | FailedFit]:
    """Fit those of the study's models that the number of complete answers carries, by name.

    Without satisfaction, commitment or any dimension there are no structural models.
    """
    structural = opened.has_paths
    return {
        name: try_fit(opened.model(name), opened.responses)
        for name, gate in MODELS
        if plan.allows(gate) and (structural or name == "correlated")
    }


def judge_hypotheses(
    opened: OpenStudy,
    plan: Plan,
    *,
    seed: int,
    fits: Mapping[str, SemFit | FailedFit],
    draws: int = DRAWS,
    workers: int = 1,
) -> Judged:
    """Run every analysis that the sample carries and give each hypothesis its verdict.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        What the sample carries; an analysis it does not carry leaves a `Gap`.
    seed : int
        Of both bootstraps.
    draws : int
        Samples for the effects of job quality; half as many for those of the single dimensions, whose model
        takes twice the time.
    fits : mapping of str to SemFit or FailedFit
        The study's models "second_order" and "direct", as far as there are (`allowed_fits`).
    workers : int
        Threads of the bootstraps; the numbers do not depend on them.
    """
    rivals = fit_rivals(opened, names=JUDGED) if plan.allows("full") else None
    parts = {
        "dimensionality": dimensionality(opened, plan, rivals=rivals, second_order=fits.get("second_order")),
        "mediation": mediation(opened, plan, seed=seed, draws=draws, workers=workers),
        "added": added_value(
            opened, plan, direct=fits.get("direct"), seed=seed, draws=draws // 2, workers=workers
        ),
        "everywhere": everywhere(opened, plan),
        "blocks": block_difference(opened),
        "moderation": moderation(opened, plan),
        "split": split(opened, plan, rivals=rivals),
    }
    return Judged(**parts, verdicts=verdicts(**parts))  # type: ignore[arg-type]  # one type each, by name
