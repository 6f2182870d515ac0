"""A questionnaire with a thirteenth dimension, made the way a client would: one table more in its file."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from jq_models.data.population import DEMO, Population
from jq_models.data.simulate import write_simulated
from jq_models.spec import Instrument, load_instrument, load_study

NAME, CODE = "ccc_job_quality", "BAL"
LABELS = {"en": "Work and private life", "nl": "Werk en privéleven"}
SHORT = {"en": "Private life", "nl": "Privéleven"}
STEP = {
    "en": "let teams draw up their own roster for a trial month.",
    "nl": "laat teams een proefmaand lang hun eigen rooster maken.",
}
# at the end of the file, behind the outcomes, where a newcomer would put it
DIMENSION = f"""
[[constructs]]
code = "{CODE}"
role = "dimension"
name = {{ en = "{LABELS["en"]}", nl = "{LABELS["nl"]}" }}
short = {{ en = "{SHORT["en"]}", nl = "{SHORT["nl"]}" }}
high = {{ en = "hours that leave room for a life outside", nl = "werktijden met ruimte voor jezelf" }}
step = {{ en = "{STEP["en"]}", nl = "{STEP["nl"]}" }}

[[constructs.items]]
code = "BAL1"
text.en = "My roster leaves room for my life outside work."
text.nl = "Mijn rooster laat ruimte voor mijn leven buiten het werk."

[[constructs.items]]
code = "BAL2"
text.en = "I can swap a shift when something comes up at home."
text.nl = "Ik kan een dienst ruilen als er thuis iets tussenkomt."

[[constructs.items]]
code = "BAL3"
reversed = true
text.en = "After a shift I have no energy left for anything else."
text.nl = "Na een dienst heb ik nergens anders energie meer voor."

[[constructs.items]]
code = "BAL4"
text.en = "I know my working hours long enough beforehand."
text.nl = "Ik weet lang genoeg van tevoren wanneer ik werk."
"""
# low and of consequence, so that a report must name it
LOADING, MEAN = 0.80, 2.6


def add_dimension(folder: Path) -> Instrument:
    """Add the dimension to the questionnaire in `folder`, and read it back."""
    with (folder / f"{NAME}.toml").open("a", encoding="utf-8") as file:
        file.write(DIMENSION)
    return load_instrument(NAME, folder=folder)


def thirteen_dimensions(checkout: Path, folder: Path) -> Instrument:
    """Return the questionnaire with thirteen dimensions, from a copy of its file in `folder`."""
    shutil.copy(checkout / "data" / "instruments" / f"{NAME}.toml", folder)
    return add_dimension(folder)


def planted(instrument: Instrument, population: Population = DEMO) -> Population:
    """Return the demo's population with the dimension's own standing in it."""
    known = population.with_dimensions(c.code for c in instrument.dimensions)
    return replace(
        known,
        second_order={**known.second_order, CODE: LOADING},
        means={**known.means, CODE: MEAN},
    )


def draw_answers(project: Path, instrument: Instrument) -> None:
    """Draw the demo's answers anew, the thirteenth dimension among them; the wave before never asked it."""
    study = load_study("demo", folder=project / "data" / "studies")
    write_simulated(
        instrument,
        folder=project / "data" / "simulated",
        seed=study.seed,
        population=planted(instrument),
        modules=load_instrument("ccc_modules", folder=project / "data" / "instruments"),
    )
