"""A thirteenth dimension in the questionnaire's file: order, model, population, first step, form, figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from thirteenth import CODE, LABELS, LOADING, MEAN, NAME, STEP, planted, thirteen_dimensions

from jq_models.data.population import DEMO
from jq_models.data.simulate import simulate
from jq_models.evaluate.attention import Attention
from jq_models.evaluate.power import instrument_population
from jq_models.report.answers import construct_order
from jq_models.report.sentences_board import priority_list
from jq_models.report.wording import wording
from jq_models.spec import Instrument, build_model, load_instrument
from jq_models.spec.rivals import build_rival


@pytest.fixture(scope="module")
def thirteen(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Instrument:
    return thirteen_dimensions(checkout, tmp_path_factory.mktemp("instrument"))
