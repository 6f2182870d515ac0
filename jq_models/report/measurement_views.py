"""The loadings of a measurement model in words, as a drawing and as a table."""

from __future__ import annotations

from jq_models.report.figure import Drawing
from jq_models.report.figures_measurement import loadings_figure
from jq_models.report.sentences import loading_sentences
from jq_models.report.table import Table
from jq_models.report.tables_measurement import loading_table
from jq_models.report.wording import Wording
from jq_models.sem import SemFit, parameter_estimates, standardized
from jq_models.spec import Instrument


def loading_views(fit: SemFit, w: Wording, *, instrument: Instrument) -> list[str | Drawing | Table]:
    """Return the loadings of every item: what stands out, the drawing, the table."""
    loadings = standardized(fit)
    return [
        loading_sentences(loadings, w, instrument=instrument),
        loadings_figure(loadings, w, instrument=instrument),
        loading_table(parameter_estimates(fit), w, standardized=loadings, instrument=instrument),
    ]
