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
BUILT = (*STRUCTURE, "composite", "composite_pls")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A named model.

    Attributes
    ----------
    name : str
        ``"correlated"``, ``"second_order"``, ``"direct"``, ``"composite"``, ``"composite_pls"``, a rival's or
        a user's own.
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
    name : {"correlated", "second_order", "direct", "composite", "composite_pls"}
        Correlated dimensions and outcomes (confirmatory factor analysis); second-order job quality
        leading to the outcomes; every dimension leading to the outcomes directly; job quality as a
        composite of the dimensions, see `_composite`; the same written out with ``<~``, which `fit_pls`
        estimates and `fit_sem` refuses.
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
    if name not in BUILT:
        raise SpecError(f"No model '{name}'. {suggest(name, BUILT)}")
    for code in without:
        instrument.construct(code)
    kept = [c for c in instrument.constructs if c.code not in without and (turnover or c.code != "TIN")]
    dimensions = [c.code for c in kept if c.role == "dimension"]
    outcomes = [c.code for c in kept if c.role == "outcome"]
    if name != "correlated" and not dimensions:
        raise SpecError(
            f"The model '{name}' needs at least one dimension of job quality, and none is left"
            + (f" without {', '.join(without)}" if without else "")
            + ". Ask about more dimensions, or leave fewer out."
        )
    lines = [f"{c.code} =~ {' + '.join(i.code for i in c.items)}" for c in kept]
    if name == "second_order":
        lines.append(f"{JOB_QUALITY} =~ {' + '.join(dimensions)}")
        lines += residual_covariances([c.code for c in kept if c.new]) if learning else []
        lines += _structure([JOB_QUALITY], outcomes)
    elif name == "direct":
        lines += _structure(dimensions, outcomes)
    elif name == "composite_pls":
        lines.append(f"{JOB_QUALITY} <~ {' + '.join(dimensions)}")
        lines += _structure([JOB_QUALITY], outcomes)
    elif name == "composite":
        lines += _composite(dimensions, outcomes)
    return Model(
        name=name,
        text="\n".join(lines) + "\n",
        factors=tuple(c.code for c in kept),
        higher=(JOB_QUALITY,) if name in ("second_order", "composite_pls") else (),
        single_items=tuple(c.code for c in kept if len(c.items) == 1),
    )


def residual_covariances(codes: list[str]) -> list[str]:
    """Return the lines that let every pair of these constructs covary beyond what the model explains."""
    return [f"{a} ~~ {' + '.join(codes[i + 1 :])}" for i, a in enumerate(codes[:-1])]


def _structure(causes: list[str], outcomes: list[str]) -> list[str]:
    """Return the paths: causes -> SAT, COM; SAT -> COM; SAT, COM -> TIN, without a direct path to TIN.

    So van der Aa, Bloemer & Henseler (2012): full mediation of job quality's effect on turnover intention.
    """
    missing = [code for code in ("SAT", "COM") if code not in outcomes]
    if missing:
        raise SpecError(f"A structural model needs the outcomes SAT and COM; missing: {', '.join(missing)}.")
    lines = [f"SAT ~ {' + '.join(causes)}"] if causes else []
    lines.append(f"COM ~ {' + '.join(['SAT', *causes])}")
    if "TIN" in outcomes:
        lines.append("TIN ~ SAT + COM")
    return lines


def _composite(dimensions: list[str], outcomes: list[str]) -> list[str]:
    """Return the paths of job quality as a weighted sum of its dimensions, without a remainder of its own.

    A second-order composite of common factors (van Riel, Henseler, Kemény & Sasovova 2017, Industrial
    Management & Data Systems 117, 459-477): the dimensions make up job quality and need not resemble each
    other. Written out, it is ``JQ ~ OPP + ...``, ``JQ ~~ 0*JQ``, ``SAT ~ 1*JQ``, ``COM ~ SAT + JQ``; the
    weights are identified by the outcomes, SAT gives the scale. JQ then has no variance of its own, and
    the constructs' covariance matrix is singular by construction, which a fit cannot tell from an
    impossible one. So JQ is substituted away, which changes nothing else: JQ = SAT - d, d being what is
    left of SAT; hence SAT ~ OPP + ... carries the weights, COM ~ SAT the sum of two paths, and the
    residuals of SAT and COM covary by -b var(d), b the path from JQ to COM. `composite_effects` finds
    these again. Second-order job quality is nested in this model, and this one in the direct paths.
    """
    lines = _structure([], outcomes)
    return [f"SAT ~ {' + '.join(dimensions)}", *lines, "SAT ~~ COM"]
