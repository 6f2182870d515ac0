"""Partial least squares path modelling: model and data in, a frozen fit out."""

from jq_models.pls.bootstrap import PlsBootstrap, bootstrap_pls
from jq_models.pls.estimates import pls_estimates
from jq_models.pls.fit import fit_pls
from jq_models.pls.result import PlsFit
from jq_models.pls.status import REASONS, PlsStatus

__all__ = [
    "REASONS",
    "PlsBootstrap",
    "PlsFit",
    "PlsStatus",
    "bootstrap_pls",
    "fit_pls",
    "pls_estimates",
]
