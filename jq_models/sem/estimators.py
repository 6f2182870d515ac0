"""What an estimator's name stands for: discrepancy, standard errors and test, as in lavaan 0.6-14."""

from __future__ import annotations

from dataclasses import dataclass

from jq_models.errors import SpecError, suggest


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimator:
    """A discrepancy function with its standard errors and its test.

    Attributes
    ----------
    name : str
    discrepancy : str
        "ML", "ULS", "GLS", "WLS" or "DWLS".
    se : str
        "standard", "first.order", "robust.huber.white" or "robust.sem".
    test : str
        "standard", "satorra.bentler", "scaled.shifted" or "yuan.bentler.mplus".
    information : str
        "expected" or "observed", of the standard errors on complete data.
    """

    name: str
    discrepancy: str = "ML"
    se: str = "standard"
    test: str = "standard"
    information: str = "expected"


ESTIMATORS = {
    e.name: e
    for e in (
        Estimator(name="ML"),
        Estimator(name="MLF", se="first.order"),
        Estimator(name="MLM", se="robust.sem", test="satorra.bentler"),
        Estimator(name="MLMV", se="robust.sem", test="scaled.shifted"),
        Estimator(name="MLR", se="robust.huber.white", test="yuan.bentler.mplus", information="observed"),
        Estimator(name="ULS", discrepancy="ULS"),
        Estimator(name="GLS", discrepancy="GLS"),
        Estimator(name="WLS", discrepancy="WLS"),
        Estimator(name="DWLS", discrepancy="DWLS"),
        Estimator(name="WLSMV", discrepancy="DWLS", se="robust.sem", test="scaled.shifted"),
        Estimator(name="ULSMV", discrepancy="ULS", se="robust.sem", test="scaled.shifted"),
    )
}


def usual_estimator(*, ordered: bool, clustered: bool) -> str:
    """Return the name of the estimator that is taken when none is asked for."""
    return "WLSMV" if ordered else "MLR" if clustered else "ML"


def find_estimator(name: str) -> Estimator:
    """Return an estimator by its name.

    Raises
    ------
    SpecError
        On an unknown name.
    """
    if name not in ESTIMATORS:
        raise SpecError(f"No estimator '{name}'. {suggest(name, ESTIMATORS)}")
    return ESTIMATORS[name]
