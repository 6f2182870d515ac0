"""From a file to `Responses`: read, validate, prepare; the codebook; simulated data."""

from jq_models.data.codebook import codebook, codebook_frame
from jq_models.data.open import DATA_VARIABLE, OpenStudy, check_study, open_study
from jq_models.data.prepare import prepare
from jq_models.data.read import read_table
from jq_models.data.responses import LOG_RULES, LogEntry, Responses
from jq_models.data.table import RawTable
from jq_models.data.validate import RULES, Problem, check_table

__all__ = [
    "DATA_VARIABLE",
    "LOG_RULES",
    "RULES",
    "LogEntry",
    "OpenStudy",
    "Problem",
    "RawTable",
    "Responses",
    "check_study",
    "check_table",
    "codebook",
    "codebook_frame",
    "open_study",
    "prepare",
    "read_table",
]
