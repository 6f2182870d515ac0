"""Populations in which every claim of the sources holds, each is wrong, there is nothing of it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from jq_models.data.population import DEMO, Population
from jq_models.data.population_modules import DEMO_MODULES, ModulePopulation

M = MappingProxyType
MIDDLE = dict.fromkeys(DEMO_MODULES.means, 3.0)


def _modules(means, weights, *, shifts, products, results, role) -> ModulePopulation:
    return ModulePopulation(
        means=M(MIDDLE | means),
        weights=M(weights),
        shifts=M(shifts),
        products=M(products),
        results=results,
        role=M(role),
    )


HOLDS = (
    DEMO,
    _modules(
        {
            "OUT": 3.6, "INP": 3.0, "COF": 3.4, "CUF": 2.9, "SYS": 3.4, "DIA": 2.9, "ADU": 2.5,
            "VAL": 3.7, "APR": 2.9, "VAR": 3.5, "HRS": 2.5, "HAP": 3.5, "GRO": 3.5, "INS": 3.5, "PRI": 2.6,
            "HLP": 3.7,
        },
        {
            ("OUT", "CON"): -0.50, ("INP", "EMP"): 0.55,
            ("HLP", "SAT"): 0.50, ("APR", "SAT"): 0.50, ("PRS", "SAT"): -0.50,
            ("LRN", "OPP"): 0.50, ("CAR", "COM"): 0.50, ("CTL", "EMP"): -0.50,
        },
        shifts={("VAL", "period", "crisis"): 0.60},
        products={("SAT", "HLP", "PRS"): -0.35, ("SAT", "HLP", "APR"): 0.35},
        results=-0.50,
        role={"OPP": 0.35, "COM": 0.35},
    ),
)  # fmt: skip
# what a claim says turned round: clear of every effect it could mean
WRONG = (
    replace(
        DEMO,
        second_order=M({**DEMO.second_order, "ENJ": 0.60}),
        paths=M({**DEMO.paths, ("SAT", "ENJ"): -0.45}),
        home_days=M({0: 0.75, 1: 0.10, 2: 0.10, 3: 0.05}),
    ),
    _modules(
        {
            "OUT": 3.0, "INP": 3.5, "COF": 2.9, "CUF": 3.4, "SYS": 2.9, "DIA": 3.4, "ADU": 3.5,
            "VAL": 2.5, "APR": 3.3, "VAR": 2.6, "HRS": 3.4, "HAP": 2.6, "GRO": 2.6, "INS": 2.6, "PRI": 3.6,
        },
        {
            ("OUT", "CON"): 0.40, ("INP", "EMP"): -0.40,
            ("HLP", "SAT"): -0.35, ("APR", "SAT"): -0.35, ("PRS", "SAT"): 0.35,
            ("LRN", "OPP"): -0.35, ("CAR", "COM"): -0.35, ("CTL", "EMP"): 0.40,
        },
        shifts={("VAL", "period", "crisis"): -0.40},
        products={("SAT", "HLP", "PRS"): 0.35, ("SAT", "HLP", "APR"): -0.35},
        results=0.45,
        role={"OPP": -0.35, "COM": -0.35},
    ),
)  # fmt: skip
# nothing of what a claim says, nor its opposite
NOTHING = (
    replace(DEMO, second_order=M({**DEMO.second_order, "ENJ": 0.0}), home_days=M({0: 0.40, 1: 0.6})),
    # half of the people score pride, and value, above the middle at these means
    _modules({"PRI": 3.232, "VAL": 3.154}, {}, shifts={}, products={}, results=0.0, role={}),
)
POPULATIONS: dict[str, tuple[Population, ModulePopulation]] = {
    "holds": HOLDS,
    "wrong": WRONG,
    "nothing": NOTHING,
}
