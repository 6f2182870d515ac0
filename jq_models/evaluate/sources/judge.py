"""Every claim of the sources with its verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate.hypotheses.claims import Stated
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.hypotheses.verdicts import Verdicts, stated_verdicts
from jq_models.evaluate.sources import flexible, steering, today
from jq_models.evaluate.sources.material import Material, material
from jq_models.evaluate.survey.trend import wave_before

Claim = Callable[[Material], Stated | Gap]
SOURCE_CLAIMS: Mapping[str, Claim] = MappingProxyType(
    {
        f"H{number}": getattr(module, f"h{number}")
        for module, numbers in ((steering, range(9, 16)), (flexible, range(16, 22)), (today, range(22, 31)))
        for number in numbers
    }
)


def judge_sources(given: Material) -> dict[str, Stated | Gap]:
    """Return every claim H9 to H30 before the probabilities are adjusted, or why it cannot be tested here."""
    return {name: claim(given) for name, claim in SOURCE_CLAIMS.items()}


def verdicts_of_sources(found: Mapping[str, Stated | Gap]) -> Verdicts:
    """Give each claim its verdict.

    The probabilities of the claims that can be tested are adjusted together (Holm 1979), apart from those of
    H1 to H8: what a study finds of the published model must not depend on what else it asked.
    """
    return stated_verdicts(found, doubts={}, poor=())


def judged_sources(
    opened: OpenStudy, *, shown: Mapping[str, pd.Series] | None = None
) -> tuple[Material, Verdicts]:
    """Return what the claims of a study are judged from, with its wave before, and their verdicts.

    Parameters
    ----------
    opened : OpenStudy
    shown : mapping of str to Series, optional
        As `Material.shown`: claims on a group that may not be shown are not judged.
    """
    given = material(opened, before=wave_before(opened), shown=shown)
    return given, verdicts_of_sources(judge_sources(given))
