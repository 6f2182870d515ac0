"""Populations in which the claims on the twelve dimensions (H1 to H8) hold, and in which they are wrong."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from jq_models.data.population import DEMO, Population

M = MappingProxyType
TRIO = ("LCU", "LEM", "INF")


def _population(**values: dict) -> Population:
    """Return the demo's population with some values of its mappings changed."""
    changed = {name: M({**getattr(DEMO, name), **more}) for name, more in values.items()}
    return replace(DEMO, **changed)


HOLDS = _population(
    paths={
        ("SAT", "JQ"): 0.50, ("COM", "JQ"): 0.20, ("COM", "SAT"): 0.30, ("COM", "LEM"): 0.35,
        ("TIN", "SAT"): -0.55, ("TIN", "COM"): -0.40,
    },
    means={"LCU": 2.4, "LEM": 2.4, "INF": 2.4},
    organisation_icc={"LEARN": 0.05, "LCU": 0.06, "LEM": 0.06, "INF": 0.06, "COM": 0.08},
    moderation={("SAT", "LCU"): 0.35},
    facets={"INF": 0.45},
)  # fmt: skip
# what the claims say turned round; H1, H3, H7 and H8 are wrong in populations of their own
WRONG = _population(
    paths={
        ("SAT", "JQ"): -0.60, ("COM", "JQ"): -0.40, ("COM", "SAT"): 0.30,
        ("TIN", "SAT"): -0.45, ("TIN", "COM"): -0.40,
    },
    means={"LCU": 3.9, "LEM": 3.9, "INF": 3.9, "AMB": 3.2, "CON": 3.2, "TOO": 3.2, "SUP": 3.2},
    organisation_icc={"LEARN": 0.05, "LCU": 0.06, "LEM": 0.06, "INF": 0.06, "COM": 0.08},
    moderation={("SAT", "LCU"): -0.35},
)  # fmt: skip
# The other nine say nearly all there is to say of the outcomes: the new three can add nothing. Information
# sharing is one thing. The questions measure well, and organisations do not differ: with eight of those, what
# they share by chance looks like a gain, and with questions as in the demo neither a gain of .02 nor a
# correlation of .85 between facets can be ruled out by 577 people.
NOTHING_ADDED = replace(
    _population(
        second_order=dict.fromkeys(TRIO, 0.40),
        paths={
            ("SAT", "JQ"): 0.0, ("SAT", "ENJ"): 0.60, ("SAT", "INT"): 0.45,
            ("COM", "JQ"): 0.0, ("COM", "SAT"): 0.0, ("COM", "OPP"): 0.50, ("COM", "EMP"): 0.55,
        },
    ),
    loadings=(0.93, 0.95, 0.91, 0.93),
    reversed_loading=0.90,
    organisation_icc=M(dict.fromkeys(DEMO.organisation_icc, 0.0)),
    team_icc=M({}),
)  # fmt: skip
# one factor behind all twelve: what they share is nearly all they are
ONE_FACTOR = replace(
    DEMO,
    second_order=M(dict.fromkeys(DEMO.second_order, 0.99)),
    further=M({}),
    organisation_icc=M(dict.fromkeys(DEMO.organisation_icc, 0.04)),
    team_icc=M({}),
    paths=M({("SAT", "JQ"): 0.5, ("COM", "JQ"): 0.3, ("COM", "SAT"): 0.3, ("TIN", "SAT"): -0.5}),
)
