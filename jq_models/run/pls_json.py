"""A PLS fit as JSON: what ``jq-models pls --json`` writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from jq_models.evaluate.composites.advice import Offer
from jq_models.evaluate.composites.quality import COEFFICIENTS
from jq_models.pls.implied import DISTANCES, MODELS
from jq_models.report.pls_record import Drawn, PlsRecord, unusual_modes
from jq_models.run.plain_files import plain

ESTIMATES = ("lhs", "op", "rhs", "est", "se", "ci_low", "ci_high")
TESTS = ("hi95", "hi99", "pvalue")
HETEROTRAIT = ("htmt", "htmt2")


def pls_document(record: PlsRecord) -> dict[str, Any]:
    """Return a record as JSON takes it: None where a number does not apply or does not exist."""
    table = record.table
    rows = [] if table is None else _records(table[list(ESTIMATES)])
    drawn = record.drawn
    return {
        "converged": table is not None,
        "n": record.n,
        "loadings": [row for row in rows if row["op"] == "=~"],
        "weights": [row for row in rows if row["op"] == "<~"],
        "paths": [row for row in rows if row["op"] == "~"],
        "r2": _by_construct(record.explained, ("r2", "r2_adjusted")),
        "reliability": _by_construct(record.quality, COEFFICIENTS),
        "htmt": _heterotrait(rows),
        "fit": _distances(record),
        "bootstrap": None if drawn is None else {k: plain(getattr(drawn, k)) for k in Drawn.__slots__},
        "admissible": record.admissible,
        "scheme": record.scheme,
        "consistent": record.consistent,
        "modes": dict(record.modes),
        "estimates": rows,
        "offer": _offer(record.offer),
        "warnings": list(record.warnings),
    }


def _offer(offer: Offer | None) -> dict[str, Any] | None:
    """Return the model offered in place of one whose constructs overlap too much."""
    if offer is None or offer.fit is None:
        return None
    return {
        "constructs": list(offer.members),
        "model": offer.fit.model.text,
        "modes": unusual_modes(offer.fit.design),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): plain(v) for k, v in row.items()} for row in table.to_dict("records")]


def _by_construct(table: pd.DataFrame | None, columns: Iterable[str]) -> list[dict[str, Any]]:
    return [] if table is None else _records(table[list(columns)].reset_index(names="construct"))


def _heterotrait(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a record for each pair of constructs, with every kind of the ratio."""
    values = {(row["op"], row["lhs"], row["rhs"]): row["est"] for row in rows if row["op"] in HETEROTRAIT}
    pairs = [(a, b) for op, a, b in values if op == HETEROTRAIT[0]]
    return [{"a": a, "b": b} | {op: values[op, a, b] for op in HETEROTRAIT} for a, b in pairs]


def _distances(record: PlsRecord) -> dict[str, dict[str, Any]]:
    """Return the distances of each model; after a bootstrap with what belongs to their test."""
    tests = TESTS if record.drawn is not None else ()
    if record.distances is None:
        return {m: {x + t: None for x in DISTANCES for t in ("", *(f"_{t}" for t in tests))} for m in MODELS}
    found: dict[str, dict[str, Any]] = {m: {} for m in MODELS}
    for row in record.distances.to_dict("records"):
        index = str(row["index"])
        found[str(row["model"])] |= {index: plain(row["value"])}
        found[str(row["model"])] |= {f"{index}_{test}": plain(row[test]) for test in tests}
    return found
