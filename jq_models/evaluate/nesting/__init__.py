"""People within teams within organisations: how alike they are, and what that does to the errors."""

from jq_models.evaluate.nesting.clusters import (
    CLUSTER_LEVELS,
    cluster_level,
    grouping_pair,
    nested_groupings,
    team_grouping,
)
from jq_models.evaluate.nesting.errors import clustered_data, clustered_paths
from jq_models.evaluate.nesting.icc import icc_table
from jq_models.evaluate.nesting.mixed import MIXED_STATES, mixed_paths, variance_parts
from jq_models.evaluate.nesting.one_way import OneWay, one_way, variance_ratio_interval

__all__ = [
    "CLUSTER_LEVELS",
    "MIXED_STATES",
    "OneWay",
    "cluster_level",
    "clustered_data",
    "clustered_paths",
    "grouping_pair",
    "icc_table",
    "mixed_paths",
    "nested_groupings",
    "one_way",
    "team_grouping",
    "variance_parts",
    "variance_ratio_interval",
]
