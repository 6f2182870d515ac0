"""The parameter table: every parameter of a model, free or fixed, by lavaan's defaults."""

from jq_models.sem.table.build import EQUAL, parameter_table
from jq_models.sem.table.constraints import Defined
from jq_models.sem.table.parameters import Parameter, Parameters

__all__ = ["EQUAL", "Defined", "Parameter", "Parameters", "parameter_table"]
