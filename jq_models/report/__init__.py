"""The only room that rounds, words or draws: tables, figures, sentences and files in two languages."""

from jq_models.report.attention_views import (
    attention_group_views,
    attention_team_views,
    attention_views,
    importance_views,
    priority_map,
)
from jq_models.report.chart import Chart, Series
from jq_models.report.checklist import closed_gates
from jq_models.report.composite_group_views import composite_group_views
from jq_models.report.composite_views import (
    direct_views,
    first_scores,
    pls_effect_views,
    pls_quality_views,
    pls_weight_views,
)
from jq_models.report.cutoff_views import judged_views
from jq_models.report.diagram import path_diagram
from jq_models.report.figure import Drawing
from jq_models.report.figures_cutoffs import cutoffs_figure
from jq_models.report.figures_hypotheses import mediation_figure, slopes_figure
from jq_models.report.figures_measurement import htmt_figure, loadings_figure
from jq_models.report.figures_planning import planning_power_figure, planning_precision_figure
from jq_models.report.figures_rivals import rivals_figure
from jq_models.report.figures_sample import (
    construct_means_figure,
    group_sizes_figure,
    item_distribution_figure,
    missing_figure,
)
from jq_models.report.figures_structure import (
    direct_paths_figure,
    effects_figure,
    importance_performance_figure,
)
from jq_models.report.groups_compared import (
    alignment_views,
    comparison_sentences,
    ladder_views,
    latent_mean_views,
)
from jq_models.report.measurement_views import loading_views
from jq_models.report.office import clear_working, publish_office
from jq_models.report.outlook_views import prediction_views, priority_views
from jq_models.report.overview import (
    agreement_views,
    answer_views,
    group_views,
    model_text,
    without_table,
)
from jq_models.report.publish import label_figures, publish_html, publish_pdf
from jq_models.report.registered import claim_status, registration_sentences
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
from jq_models.report.sentences_board import board_sentences, priority_list
from jq_models.report.sentences_care import alignment_care, ladder_care, no_cutoff_sentences
from jq_models.report.sentences_claims import claim_sentences
from jq_models.report.sentences_composite_fit import composite_fit_sentences, composite_fit_views
from jq_models.report.sentences_composite_groups import composite_group_sentences
from jq_models.report.sentences_cutoffs import corrected_sentences, cutoff_sentences
from jq_models.report.sentences_gates import gate_sentences
from jq_models.report.sentences_hypotheses import (
    added_sentences,
    block_sentences,
    mediation_sentences,
    moderation_sentences,
    verdict_sentences,
)
from jq_models.report.sentences_method import identification_sentence
from jq_models.report.sentences_nesting import clustered_views, nesting_views
from jq_models.report.sentences_planning import (
    fit_test_sentence,
    loading_quality_sentence,
    organisation_sentences,
    population_sentences,
    power_sentences,
    precision_sentences,
    takeaway_sentence,
    top_sentence,
)
from jq_models.report.sentences_rivals import composite_sentences, facet_sentences, rivals_sentences
from jq_models.report.sentences_robustness import careless_views, robustness_views
from jq_models.report.sentences_routes import route_gate, route_views
from jq_models.report.sentences_structure import (
    effect_sentences,
    fit_sentences,
    r_squared_sentences,
    status_sentences,
)
from jq_models.report.sentences_validity import (
    alpha_sentences,
    cross_sentences,
    omega_sentences,
    overlap_gate,
    overlap_sentences,
)
from jq_models.report.show import OUT_VARIABLE, SHEETS, show
from jq_models.report.source_numbers import driver_views, organisation_gap_views, slope_views
from jq_models.report.source_views import (
    contract_views,
    home_views,
    literature,
    module_score_views,
    of_claims,
    source_claim_views,
    steering_views,
)
from jq_models.report.story import Cover
from jq_models.report.style import THEME_VARIABLE, themed
from jq_models.report.survey_views import (
    enps_views,
    favourable_item_tables,
    favourable_item_views,
    favourable_views,
    norm_views,
    response_views,
    segment_tables,
    segment_views,
    trend_views,
    wave_views,
)
from jq_models.report.table import Table
from jq_models.report.tables_composite_fit import composite_fit_table
from jq_models.report.tables_composite_items import item_weight_table
from jq_models.report.tables_cutoffs import corrected_table, cutoff_table
from jq_models.report.tables_fit import fit_table
from jq_models.report.tables_gates import gate_table
from jq_models.report.tables_hypotheses import (
    block_table,
    evidence_table,
    gain_table,
    mediation_table,
    slope_table,
    verdict_table,
)
from jq_models.report.tables_measurement import fornell_table, htmt_table, loading_table, reliability_table
from jq_models.report.tables_planning import (
    planning_fit_table,
    planning_loadings_table,
    planning_organisations_table,
    planning_power_table,
    planning_precision_table,
    planning_quality_table,
)
from jq_models.report.tables_replication import replication_table
from jq_models.report.tables_rivals import (
    composite_table,
    composite_tables,
    facet_table,
    nested_table,
    rivals_table,
    two_forms_table,
)
from jq_models.report.tables_sample import (
    construct_table,
    group_table,
    item_table,
    missing_table,
    problem_table,
    sample_table,
)
from jq_models.report.tables_sources import hypotheses_table
from jq_models.report.tables_structure import (
    effect_table,
    method_table,
    path_table,
    r_squared_table,
    status_table,
)
from jq_models.report.tables_validity import alpha_table, cross_loading_table, omega_table, overlap_table
from jq_models.report.wording import Wording, wording
from jq_models.report.workbook import load_sheets, write_workbook

__all__ = [
    "OUT_VARIABLE",
    "SHEETS",
    "THEME_VARIABLE",
    "Chart",
    "Cover",
    "Drawing",
    "Series",
    "Table",
    "Wording",
    "added_sentences",
    "agreement_views",
    "alignment_care",
    "alignment_views",
    "alpha_sentences",
    "alpha_table",
    "answer_views",
    "attention_group_views",
    "attention_team_views",
    "attention_views",
    "block_sentences",
    "block_table",
    "board_sentences",
    "careless_views",
    "claim_sentences",
    "claim_status",
    "clear_working",
    "closed_gates",
    "clustered_views",
    "comparison_sentences",
    "composite_fit_sentences",
    "composite_fit_table",
    "composite_fit_views",
    "composite_group_sentences",
    "composite_group_views",
    "composite_sentences",
    "composite_table",
    "composite_tables",
    "construct_means_figure",
    "construct_table",
    "contract_views",
    "corrected_sentences",
    "corrected_table",
    "cross_loading_table",
    "cross_sentences",
    "cutoff_sentences",
    "cutoff_table",
    "cutoffs_figure",
    "data_label",
    "direct_paths_figure",
    "direct_views",
    "driver_views",
    "effect_sentences",
    "effect_table",
    "effects_figure",
    "enps_views",
    "evidence_table",
    "facet_sentences",
    "facet_table",
    "favourable_item_tables",
    "favourable_item_views",
    "favourable_views",
    "first_scores",
    "fit_sentences",
    "fit_table",
    "fit_test_sentence",
    "fornell_table",
    "gain_table",
    "gate_sentences",
    "gate_table",
    "group_sizes_figure",
    "group_table",
    "group_views",
    "home_views",
    "htmt_figure",
    "htmt_interval_sentence",
    "htmt_table",
    "hypotheses_table",
    "identification_sentence",
    "importance_performance_figure",
    "importance_views",
    "item_distribution_figure",
    "item_table",
    "item_weight_table",
    "judged_views",
    "label_figures",
    "ladder_care",
    "ladder_views",
    "latent_mean_views",
    "literature",
    "load_sheets",
    "loading_quality_sentence",
    "loading_sentences",
    "loading_table",
    "loading_views",
    "loadings_figure",
    "mediation_figure",
    "mediation_sentences",
    "mediation_table",
    "method_table",
    "missing_figure",
    "missing_sentences",
    "missing_table",
    "model_text",
    "moderation_sentences",
    "module_score_views",
    "nested_table",
    "nesting_views",
    "no_cutoff_sentences",
    "norm_views",
    "of_claims",
    "omega_sentences",
    "omega_table",
    "organisation_gap_views",
    "organisation_sentences",
    "overlap_gate",
    "overlap_sentences",
    "overlap_table",
    "path_diagram",
    "path_table",
    "planning_fit_table",
    "planning_loadings_table",
    "planning_organisations_table",
    "planning_power_figure",
    "planning_power_table",
    "planning_precision_figure",
    "planning_precision_table",
    "planning_quality_table",
    "pls_effect_views",
    "pls_quality_views",
    "pls_weight_views",
    "population_sentences",
    "power_sentences",
    "precision_sentences",
    "prediction_views",
    "priority_list",
    "priority_map",
    "priority_views",
    "problem_sentences",
    "problem_table",
    "publish_html",
    "publish_office",
    "publish_pdf",
    "r_squared_sentences",
    "r_squared_table",
    "registration_sentences",
    "reliability_sentences",
    "reliability_table",
    "replication_table",
    "response_views",
    "rivals_figure",
    "rivals_sentences",
    "rivals_table",
    "robustness_views",
    "route_gate",
    "route_views",
    "sample_sentences",
    "sample_table",
    "score_sentences",
    "segment_tables",
    "segment_views",
    "show",
    "slope_table",
    "slope_views",
    "slopes_figure",
    "source_claim_views",
    "status_sentences",
    "status_table",
    "steering_views",
    "takeaway_sentence",
    "themed",
    "top_sentence",
    "trend_views",
    "two_forms_table",
    "validity_sentences",
    "verdict_sentences",
    "verdict_table",
    "wave_views",
    "without_table",
    "wording",
    "write_workbook",
]
