"""The only room that rounds, words or draws: tables, figures, sentences and files in two languages."""

from jq_models.report.diagram import path_diagram
from jq_models.report.export import load_sheets, write_workbook
from jq_models.report.figure import Drawing
from jq_models.report.figures_measurement import htmt_figure, loadings_figure
from jq_models.report.figures_sample import (
    construct_means_figure,
    group_sizes_figure,
    item_distribution_figure,
    missing_figure,
)
from jq_models.report.figures_structure import (
    direct_paths_figure,
    effects_figure,
    importance_from_loadings,
    importance_performance_figure,
)
from jq_models.report.overview import (
    agreement_views,
    answer_views,
    group_drawings,
    model_text,
    summary_sentences,
    without_table,
)
from jq_models.report.publish import label_figures, publish_html, publish_pdf
from jq_models.report.sentences import (
    data_label,
    htmt_interval_sentence,
    loading_sentences,
    missing_sentences,
    problem_sentences,
    reliability_sentences,
    sample_sentences,
    score_sentences,
    validity_sentences,
)
from jq_models.report.sentences_gates import gate_sentences
from jq_models.report.sentences_structure import (
    effect_sentences,
    fit_sentences,
    r_squared_sentences,
    status_sentences,
)
from jq_models.report.show import OUT_VARIABLE, SHEETS, show
from jq_models.report.table import Table
from jq_models.report.tables_fit import fit_table
from jq_models.report.tables_measurement import fornell_table, htmt_table, loading_table, reliability_table
from jq_models.report.tables_sample import (
    construct_table,
    group_table,
    item_table,
    missing_table,
    problem_table,
    sample_table,
)
from jq_models.report.tables_structure import (
    effect_table,
    method_table,
    path_table,
    r_squared_table,
    status_table,
)
from jq_models.report.wording import Wording, wording

__all__ = [
    "OUT_VARIABLE",
    "SHEETS",
    "Drawing",
    "Table",
    "Wording",
    "agreement_views",
    "answer_views",
    "construct_means_figure",
    "construct_table",
    "data_label",
    "direct_paths_figure",
    "effect_sentences",
    "effect_table",
    "effects_figure",
    "fit_sentences",
    "fit_table",
    "fornell_table",
    "gate_sentences",
    "group_drawings",
    "group_sizes_figure",
    "group_table",
    "htmt_figure",
    "htmt_interval_sentence",
    "htmt_table",
    "importance_from_loadings",
    "importance_performance_figure",
    "item_distribution_figure",
    "item_table",
    "label_figures",
    "load_sheets",
    "loading_sentences",
    "loading_table",
    "loadings_figure",
    "method_table",
    "missing_figure",
    "missing_sentences",
    "missing_table",
    "model_text",
    "path_diagram",
    "path_table",
    "problem_sentences",
    "problem_table",
    "publish_html",
    "publish_pdf",
    "r_squared_sentences",
    "r_squared_table",
    "reliability_sentences",
    "reliability_table",
    "sample_sentences",
    "sample_table",
    "score_sentences",
    "show",
    "status_sentences",
    "status_table",
    "summary_sentences",
    "validity_sentences",
    "without_table",
    "wording",
    "write_workbook",
]
