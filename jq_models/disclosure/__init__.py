"""What may be shown: the release of groups, reports already issued, bands, the scan for leaks.

Thirty people in three teams; nothing is shown of fewer than ten. Team C is too small, and team A is hidden
with it: else C would follow by subtraction.

>>> import pandas as pd
>>> from jq_models.data import Responses
>>> from jq_models.spec import load_instrument
>>> team = pd.DataFrame({"team": pd.Categorical(["A"] * 12 + ["B"] * 14 + ["C"] * 4)})
>>> people = Responses(
...     items=pd.DataFrame(index=team.index),
...     groups=team,
...     instrument=load_instrument("ccc_job_quality"),
...     log=(),
...     n_read=30,
... )
>>> release(people).sizes("team").to_dict()
{'A': nan, 'B': 14.0, 'C': nan}
"""

from jq_models.disclosure.as_issued import (
    as_issued,
    before_path,
    forget_issued,
    keep_before,
    require_own_record,
)
from jq_models.disclosure.bands import bands
from jq_models.disclosure.free_text import free_texts, unlike
from jq_models.disclosure.ledger import Ledger, ledger_text, read_ledger, record, write_ledger
from jq_models.disclosure.masks import mask_constructs, mask_items, mask_missing, mask_shares, mask_whole
from jq_models.disclosure.minimum import DISTRIBUTION, MINIMUM, shows_distributions
from jq_models.disclosure.opened import (
    ISSUED_VARIABLE,
    beside_wave,
    issued_before,
    issued_with,
    issuing,
    ledger_path,
    open_release,
    shown_group_sizes,
    shown_sizes,
    standing,
)
from jq_models.disclosure.release import Release, release
from jq_models.disclosure.rows import row_signatures
from jq_models.disclosure.scan import RULES, Finding, describe, fingerprints, path_patterns, scan_folder
from jq_models.disclosure.stand_in import StandIn, distances, stand_in

__all__ = [
    "DISTRIBUTION",
    "ISSUED_VARIABLE",
    "MINIMUM",
    "RULES",
    "Finding",
    "Ledger",
    "Release",
    "StandIn",
    "as_issued",
    "bands",
    "before_path",
    "beside_wave",
    "describe",
    "distances",
    "fingerprints",
    "forget_issued",
    "free_texts",
    "issued_before",
    "issued_with",
    "issuing",
    "keep_before",
    "ledger_path",
    "ledger_text",
    "mask_constructs",
    "mask_items",
    "mask_missing",
    "mask_shares",
    "mask_whole",
    "open_release",
    "path_patterns",
    "read_ledger",
    "record",
    "release",
    "require_own_record",
    "row_signatures",
    "scan_folder",
    "shown_group_sizes",
    "shown_sizes",
    "shows_distributions",
    "stand_in",
    "standing",
    "unlike",
    "write_ledger",
]
