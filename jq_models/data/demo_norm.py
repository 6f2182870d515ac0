"""Writes the demo's norm, which nobody answered: means of the simulated population, moved a little.

``python -m jq_models.data.demo_norm`` writes ``data/norms/demo_norm.toml``; the same questionnaire gives the
same bytes.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from jq_models import paths
from jq_models.data.population import DEMO, decompose
from jq_models.data.truth import describe, item_values
from jq_models.spec import Instrument, answer_scale, load_instrument

NAME, INSTRUMENT, PEOPLE = "demo_norm", "ccc_job_quality", 4200
# what the norm's people score higher than the demo's population; a construct not named scores the same
HIGHER = MappingProxyType(
    {
        "LCU": 0.25,
        "LEM": 0.30,
        "INF": 0.20,
        "CON": 0.15,
        "OPP": -0.10,
        "ATM": -0.15,
        "SAT": 0.05,
        "TIN": -0.10,
    }
)
_HEAD = """\
# A made-up norm for the demo study: nobody gave these answers. `python -m jq_models.data.demo_norm` wrote it:
# means of the population that the demo was drawn from, moved a little, and its spread.
# What each key means is explained in README.md.

name = "{name}"
date = 2024-06-30
simulated = true

[title]
en = "Simulated norm"
nl = "Gesimuleerde norm"

[source]
en = "Simulated: the population of the demo data with shifted means. No published norm."
nl = "Gesimuleerd: de populatie van de voorbeeldgegevens met verschoven gemiddelden. Geen gepubliceerde norm."
"""
_VALUE = """
[[constructs]]
code = "{code}"
mean = {mean:.2f}
sd = {sd:.2f}
n = {n}
scale = "{scale}"
wording = "{wording}"
"""


def demo_norm(instrument: Instrument) -> str:
    """Return the text of the norm file.

    Parameters
    ----------
    instrument : Instrument
        With the constructs of the demo's population.
    """
    population = DEMO.with_dimensions(c.code for c in instrument.dimensions)
    values = item_values(instrument, population)
    scores = describe(instrument, population, exogenous=decompose(population), values=values)["scores"]
    blocks = [
        _VALUE.format(
            code=construct.code,
            mean=scores["mean"][construct.code] + HIGHER.get(construct.code, 0.0),
            sd=scores["sd"][construct.code],
            n=PEOPLE,
            scale=answer_scale(instrument, construct.code),
            wording=instrument.wording_hash(construct.code),
        )
        for construct in instrument.constructs
    ]
    return _HEAD.format(name=NAME) + "".join(blocks)


def write_demo_norm(folder: Path) -> Path:
    """Write the norm file into `folder`."""
    path = folder / f"{NAME}.toml"
    path.write_bytes(demo_norm(load_instrument(INSTRUMENT)).encode())
    return path


if __name__ == "__main__":
    print(write_demo_norm(paths.norms()).name)
