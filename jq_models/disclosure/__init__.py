"""What may be shown: minimum group sizes, complementary suppression, the scan for leaks."""

from jq_models.disclosure.free_text import free_texts, unlike
from jq_models.disclosure.groups import shown_group_sizes
from jq_models.disclosure.masks import mask_constructs, mask_items, mask_missing, mask_shares
from jq_models.disclosure.minimum import (
    DISTRIBUTION,
    MINIMUM,
    hide_small,
    hide_small_table,
    shows_distributions,
)
from jq_models.disclosure.rows import row_signatures
from jq_models.disclosure.scan import RULES, Finding, describe, path_patterns, scan_folder

__all__ = [
    "DISTRIBUTION",
    "MINIMUM",
    "RULES",
    "Finding",
    "describe",
    "free_texts",
    "hide_small",
    "hide_small_table",
    "mask_constructs",
    "mask_items",
    "mask_missing",
    "mask_shares",
    "path_patterns",
    "row_signatures",
    "scan_folder",
    "shown_group_sizes",
    "shows_distributions",
    "unlike",
]
