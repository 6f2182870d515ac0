"""The questionnaire as a study fielded it: its file, its answer scale, its modules."""

from __future__ import annotations

from jq_models.spec.instrument import Instrument
from jq_models.spec.instrument_file import load_instrument
from jq_models.spec.modules import with_modules
from jq_models.spec.study import Study


def questionnaire_of(study: Study) -> Instrument:
    """Return a study's questionnaire with the answer scale it was fielded with, its modules behind it.

    Raises
    ------
    SpecError
        When a file, scale or module is not known, or modules and questionnaire do not go together.
    """
    instrument = load_instrument(study.instrument)
    if study.scale is not None:
        instrument = instrument.with_scale(study.scale)
    if study.modules.names:
        modules = load_instrument(study.modules.instrument)
        instrument = with_modules(instrument, modules, study.modules.names)
    return instrument
