"""Who is who in a model: latent variables, indicators, outcomes, predictors, covariates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jq_models.errors import SpecError
from jq_models.spec.syntax import Statement

COMPOSITE = "<~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Who is who: `observed` ends with the covariates, `listed` has the same variables in lavaan's order."""

    observed: tuple[str, ...]
    listed: tuple[str, ...]
    latent: tuple[str, ...]
    indicators: frozenset[str]
    outcomes: frozenset[str]
    predictors: frozenset[str]
    covariates: tuple[str, ...]


def roles_of(statements: Iterable[Statement]) -> Roles:
    """Tell latent variables, indicators, outcomes, predictors and covariates apart.

    Raises
    ------
    SpecError
        On a composite, which has no place in a covariance structure of its own.
    """
    sides: dict[tuple[str, str], dict[str, None]] = {}
    for s in statements:
        if s.operator == COMPOSITE:
            raise SpecError(
                f"Line {s.line} of the model text: '{s.lhs} {COMPOSITE}' declares a composite, which "
                "structural equation models do not have here. Estimate the model by PLS (fit_pls, or "
                "'jq-models pls'), or measure it with '=~'."
            )
        sides.setdefault((s.operator, "l"), {})[s.lhs] = None
        right = sides.setdefault((s.operator, "r"), {})
        for t in s.terms:
            right[t.variable] = None
            if s.operator == "~~":
                sides.setdefault(("joined", ""), {}).update({s.lhs: None, t.variable: None})

    def side(*key: str) -> dict[str, None]:
        return sides.get((key[0], key[1]), {})

    latent, indicators = side("=~", "l"), side("=~", "r")
    outcomes, predictors = side("~", "l"), side("~", "r")
    others = side("joined", "") | side("~1", "l") | side("|", "l") | side("~*~", "l")
    everyone = indicators | outcomes | predictors | others
    observed = [name for name in everyone if name not in latent]
    covariates = [n for n in observed if n in predictors and n not in indicators and n not in outcomes]
    exogenous = frozenset(covariates)
    return Roles(
        observed=(*(n for n in observed if n not in exogenous), *covariates),
        listed=tuple(observed),
        latent=tuple(latent),
        indicators=frozenset(indicators),
        outcomes=frozenset(outcomes),
        predictors=frozenset(predictors),
        covariates=tuple(covariates),
    )
