"""What is measured and claimed: questionnaire, model and study, frozen and without data."""

from jq_models.spec.client import Client
from jq_models.spec.gates import Gates
from jq_models.spec.instrument import Construct, Instrument, Item, Scale
from jq_models.spec.instrument_file import load_instrument
from jq_models.spec.model import Model, build_model
from jq_models.spec.modules import MODULES, Asked, with_modules, without_modules
from jq_models.spec.norm import Norm, NormValue, answer_scale, load_norm, norm_refusal
from jq_models.spec.questionnaire import questionnaire_of
from jq_models.spec.registration import (
    Deviation,
    Registration,
    deviations,
    fixed,
    load_registration,
    registration_path,
    registration_text,
    status_of,
)
from jq_models.spec.rivals import Facets, build_facets, build_rival, facets_of
from jq_models.spec.strict import LANGUAGES, Text
from jq_models.spec.study import Group, Study, check_columns, check_name, load_study

__all__ = [
    "LANGUAGES",
    "MODULES",
    "Asked",
    "Client",
    "Construct",
    "Deviation",
    "Facets",
    "Gates",
    "Group",
    "Instrument",
    "Item",
    "Model",
    "Norm",
    "NormValue",
    "Registration",
    "Scale",
    "Study",
    "Text",
    "answer_scale",
    "build_facets",
    "build_model",
    "build_rival",
    "check_columns",
    "check_name",
    "deviations",
    "facets_of",
    "fixed",
    "load_instrument",
    "load_norm",
    "load_registration",
    "load_study",
    "norm_refusal",
    "questionnaire_of",
    "registration_path",
    "registration_text",
    "status_of",
    "with_modules",
    "without_modules",
]
