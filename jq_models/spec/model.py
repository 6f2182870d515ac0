"""A structural equation model without data: who measures whom, who leads to whom.

The builders write the study's models from a questionnaire; ``Model.text`` is lavaan's language, so the
same text can be pasted into R.
"""

from __future__ import annotations

from dataclasses import dataclass

from jq_models.errors import SpecError, suggest
from jq_models.spec.instrument import Instrument

JOB_QUALITY = "JQ"
STRUCTURE = ("correlated", "second_order", "direct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A named model.

    Attributes
    ----------
    name : str
        ``"correlated"``, ``"second_order"``, ``"direct"`` or a user's own.
    text : str
        The model in lavaan's language.
    factors : tuple of str
        Latent variables measured by items, in display order.
    higher : tuple of str
        Latent variables measured by other latent variables.
    single_items : tuple of str
        Factors with one item: the loading is 1 and the residual variance 0, as in lavaan.
    """

    name: str
    text: str
    factors: tuple[str, ...]
    higher: tuple[str, ...] = ()
    single_items: tuple[str, ...] = ()


def build_model(
    name: str,
    *,
    instrument: Instrument,
    turnover: bool = True,
    learning: bool = True,
    without: tuple[str, ...] = (),
) -> Model:
    """Write one of the study's models for a questionnaire.

    Parameters
    ----------
    name : {"correlated", "second_order", "direct"}
        Correlated dimensions and outcomes (confirmatory factor analysis); second-order job quality
        leading to the outcomes; every dimension leading to the outcomes directly.
    instrument : Instrument
        The questionnaire; dimensions it lacks are absent from the model.
    turnover : bool
        Whether turnover intention (TIN) takes part.
    learning : bool
        Whether the three new dimensions may share more than job quality explains: in the second-order
        model their residuals then covary (the same as one further factor behind the three).
    without : tuple of str
        Constructs to leave out, such as ``("ENJ",)``.

    Raises
    ------
    SpecError
        On an unknown model or construct, or when an outcome the model needs is missing.
    """
    if name not in STRUCTURE:
        raise SpecError(f"No model '{name}'. {suggest(name, STRUCTURE)}")
    for code in without:
        instrument.construct(code)
    kept = [c for c in instrument.constructs if c.code not in without and (turnover or c.code != "TIN")]
    dimensions = [c.code for c in kept if c.role == "dimension"]
    outcomes = [c.code for c in kept if c.role == "outcome"]
    lines = [f"{c.code} =~ {' + '.join(i.code for i in c.items)}" for c in kept]
    if name == "second_order":
        lines.append(f"{JOB_QUALITY} =~ {' + '.join(dimensions)}")
        lines += _residual_covariances([c.code for c in kept if c.new]) if learning else []
        lines += _structure([JOB_QUALITY], outcomes)
    elif name == "direct":
        lines += _structure(dimensions, outcomes)
    return Model(
        name=name,
        text="\n".join(lines) + "\n",
        factors=tuple(c.code for c in kept),
        higher=(JOB_QUALITY,) if name == "second_order" else (),
        single_items=tuple(c.code for c in kept if len(c.items) == 1),
    )


def _residual_covariances(codes: list[str]) -> list[str]:
    return [f"{a} ~~ {' + '.join(codes[i + 1 :])}" for i, a in enumerate(codes[:-1])]


def _structure(causes: list[str], outcomes: list[str]) -> list[str]:
    """Return the paths: causes -> SAT, COM; SAT -> COM; SAT, COM -> TIN, without a direct path to TIN.

    So van der Aa, Bloemer & Henseler (2012): full mediation of job quality's effect on turnover intention.
    """
    missing = [code for code in ("SAT", "COM") if code not in outcomes]
    if missing:
        raise SpecError(f"A structural model needs the outcomes SAT and COM; missing: {', '.join(missing)}.")
    lines = [f"SAT ~ {' + '.join(causes)}", f"COM ~ SAT + {' + '.join(causes)}"]
    if "TIN" in outcomes:
        lines.append("TIN ~ SAT + COM")
    return lines
