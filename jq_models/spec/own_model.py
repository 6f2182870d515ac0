"""A model text of the user's own as a `Model`."""

from __future__ import annotations

from functools import lru_cache

from jq_models.spec.model import Model
from jq_models.spec.syntax import Statement, parse


def as_model(model: Model | str) -> Model:
    """Return a model of the package as it is, a text as the user's own model."""
    return model if isinstance(model, Model) else _own_model(model)


@lru_cache(maxsize=64)
def _own_model(text: str) -> Model:
    statements = [s for s in parse(text) if isinstance(s, Statement)]
    measures = ("=~", "<~")
    loadings = [(s.lhs, t.variable) for s in statements if s.operator in measures for t in s.terms]
    latent = tuple(dict.fromkeys(factor for factor, _ in loadings))
    higher = tuple(f for f in latent if any(a == f and b in latent for a, b in loadings))
    factors = tuple(f for f in latent if f not in higher)
    single = tuple(f for f in factors if sum(a == f for a, _ in loadings) == 1)
    return Model(name="own", text=text, factors=factors, higher=higher, single_items=single)
