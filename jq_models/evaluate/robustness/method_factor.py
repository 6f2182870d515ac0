"""An unmeasured method factor: what all answers of a person share because of how that person answers."""

from __future__ import annotations

from dataclasses import replace

from jq_models.data.responses import Responses
from jq_models.spec import Item, Model

METHOD = "METHOD"


def with_method_factor(model: Model, responses: Responses) -> Model:
    """Return the model with one more factor behind all items, unrelated to every other factor.

    Its loadings are equal on the answers as they were given, in shares of the answer scale: a reversed
    item, turned on reading, loads with the opposite sign (Billiet & McClendon 2000; Maydeu-Olivares & Coffman
    2006, the random intercept). One parameter is added, the factor's variance: how much people differ in
    their leaning to one end of the scale. Other method factors are possible; with free loadings, one on all
    items is hardly told from job quality itself.

    Parameters
    ----------
    model : Model
        With one latent variable that no arrow points at, or more.
    responses : Responses
        Whose questionnaire says which items are reversed.
    """
    used = _measured_items(model, responses)
    widest = max(item.scale.high - item.scale.low for item in used)
    terms = []
    for item in used:
        loading = (item.scale.high - item.scale.low) / widest
        terms.append(f"{'-' if item.reversed else ''}{loading:.10g}*{item.code}")
    apart = " + ".join(f"0*{name}" for name in _exogenous(model))
    lines = [f"{METHOD} =~ {' + '.join(terms)}", f"{METHOD} ~~ {METHOD}"]
    lines += [f"{METHOD} ~~ {apart}"] if apart else []
    # an item that measures alone has no error of its own, also when the method factor points at it
    lines += [f"{i.code} ~~ 0*{i.code}" for i in used if i.construct in model.single_items]
    return replace(model, name="method_factor", text=model.text + "\n".join(lines) + "\n")


def _measured_items(model: Model, responses: Responses) -> list[Item]:
    codes = set(model.factors)
    return [i for i in responses.instrument.items if i.construct in codes and i.code in responses.items]


def _exogenous(model: Model) -> tuple[str, ...]:
    """Return the latent variables that no arrow points at: the higher ones, else all."""
    return model.higher or model.factors
