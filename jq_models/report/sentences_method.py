"""What a reader needs to know of how the models were estimated, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from jq_models.report.names import model_name
from jq_models.report.tables_structure import ended
from jq_models.report.wording import Wording

if TYPE_CHECKING:
    from jq_models.sem import FitStatus


def identification_sentence(status: Mapping[str, FitStatus], w: Wording) -> str:
    """Say whether each model is identified, by the rank of its information matrix.

    Parameters
    ----------
    status : mapping of str to FitStatus
        How each model ended, by model name. Of a model that could not be fitted nothing is said, nor of one
        whose search did not end: its estimates are not where identification would be judged.
    w : Wording
    """
    judged = {name: ended(one) for name, one in status.items()}
    lacking = [model_name(name, w) for name, end in judged.items() if end == "not_identified"]
    sound = [name for name, end in judged.items() if end in ("admissible", "inadmissible")]
    if not lacking:
        if len(sound) < len(judged) or not sound:
            return ""
        return w("identification.one" if len(sound) == 1 else "identification.all")
    key = "identification.lacking" if len(lacking) == 1 else "identification.lacking_several"
    said = [w(key, models=w.join(lacking))]
    if sound and len(sound) + len(lacking) == len(judged):
        said.append(w("identification.rest"))
    return " ".join(said)
