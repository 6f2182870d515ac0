"""Fit a model text to a data file by PLS, without a study: what ``jq-models pls`` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from jq_models.data.plain import likely_codes, read_plain
from jq_models.errors import FitError
from jq_models.evaluate.composites.advice import COMPOSITE, second_order_offer
from jq_models.evaluate.composites.effects import pls_r_squared
from jq_models.evaluate.composites.fit import composite_fit
from jq_models.evaluate.composites.quality import pls_quality
from jq_models.numeric.moments import UnfitError
from jq_models.pls import PlsBootstrap, PlsFit, bootstrap_pls, fit_pls, pls_estimates
from jq_models.pls.design import Design, design_of
from jq_models.pls.dominance import weak_dominants
from jq_models.pls.estimates import left_out_lost
from jq_models.pls.status import FATAL
from jq_models.report.fit_record import code_sentences, dropped_sentences, reason_sentence
from jq_models.report.pls_care import few_for_items_sentences, lost_bca_sentences, weak_dominant_sentences
from jq_models.report.pls_record import (
    Drawn,
    PlsRecord,
    drawn_sentences,
    left_out_sentences,
    offer_sentences,
    reversed_sentences,
    untested_fit_sentences,
)
from jq_models.run.plain_files import Draws, Progress, read_model

SUMS = ("alpha", "rho_c")


def pls_file(
    model: Path,
    data: Path,
    *,
    na: Iterable[str] = (),
    scheme: str = "path",
    consistent: bool = False,
    modes: Mapping[str, str] | None = None,
    dominant: Mapping[str, str] | None = None,
    cluster: str | None = None,
    draws: Draws | None = None,
    interval: str = "percentile",
    level: float = 0.95,
    on_progress: Progress | None = None,
    on_test: Progress | None = None,
    **search: Any,
) -> PlsRecord:
    """Fit a model text to a data file by PLS.

    Parameters
    ----------
    model, data : Path
    na : iterable of str
        Cells that mean a missing answer, besides empty ones and NA.
    scheme, consistent, modes, dominant, cluster
        As in `fit_pls`, but plain PLS unless `consistent`.
    draws : Draws, optional
        Standard errors and intervals from a bootstrap, and the test of fit from as many samples.
    interval, level
        As in `pls_estimates`.
    on_progress, on_test : callable, optional
        Called with the draws done and asked for, of the bootstrap and of the test of fit.
    **search
        tolerance and max_iterations, as in `fit_pls`.

    Returns
    -------
    PlsRecord
        Also when the answers cannot carry the model or it has no solution: its `failure` says so.

    Raises
    ------
    SyntaxProblem, SpecError, DataError
        What a user can mend: a text that does not parse, an unknown construct, an absent column.
    """
    spec = read_model(model)
    design = design_of(spec, scheme=scheme, consistent=consistent, modes=modes, dominant=dominant)
    items, labels = design.first.indicators, [cluster] if cluster else []
    frame = read_plain(data, numeric=items, text=labels, missing=na)
    hints = code_sentences(likely_codes(frame[list(items)]))
    left_out = left_out_sentences(design.ignored)
    blank = PlsRecord(
        model=model.name,
        data=data.name,
        scheme=scheme,
        consistent=consistent,
        modes=_modes(design),
        n=0,
        n_dropped=0,
        n_items=len(items),
    )
    try:
        fit = fit_pls(
            spec,
            frame,
            scheme=scheme,
            consistent=consistent,
            modes=modes,
            dominant=dominant,
            cluster=cluster,
            **search,
        )
    except UnfitError as problem:
        said = str(problem)
        dropped = len(frame) - problem.n
        return replace(
            blank, n=problem.n, n_dropped=dropped, failure=said, warnings=(said, *hints, *left_out)
        )
    boot = None
    if draws is not None and fit.usable:
        boot = bootstrap_pls(
            fit, draws=draws.draws, seed=draws.seed, workers=draws.workers, on_progress=on_progress
        )
    more = (*hints, *left_out, *dropped_sentences(fit.n_dropped, n=fit.n, missing="listwise", columns=labels))
    record = _recorded(fit, blank, boot=boot, interval=interval, level=level, more=more)
    if record.table is None:
        return record
    return _tested(fit, record, draws=None if record.failure else draws, on_progress=on_test)


def _modes(design: Design) -> dict[str, str]:
    """Return the mode of every construct; a second stage's other constructs are known from the first."""
    found = {block.name: block.mode for block in design.first.blocks}
    if design.second is not None:
        found |= {block.name: block.mode for block in design.second.blocks if block.name not in found}
    return found


def _recorded(
    fit: PlsFit,
    blank: PlsRecord,
    *,
    boot: PlsBootstrap | None,
    interval: str,
    level: float,
    more: tuple[str, ...],
) -> PlsRecord:
    """Put down what was found; a bootstrap that gave nothing is a failure, and the estimates stay."""
    record = replace(
        blank,
        n=fit.n,
        n_dropped=fit.n_dropped,
        iterations=fit.status.iterations,
        drawn=_drawn(boot, interval=interval, level=level),
    )
    reasons = [reason_sentence(reason) for reason in fit.status.reasons]
    failure = [reason_sentence(reason) for reason in fit.status.reasons if reason.code in FATAL]
    if fit.usable:
        try:
            table = pls_estimates(fit, boot, kind=interval, level=level)
        except FitError as problem:
            failure, boot = [str(problem)], None
            reasons = [*failure, *reasons]
            table = pls_estimates(fit)
        record = replace(
            record,
            admissible=fit.status.admissible,
            table=table,
            quality=pls_quality(fit),
            explained=pls_r_squared(fit),
        )
        record = _without_sums(record, fit)
    offer = second_order_offer(fit, boot, name=_unused(fit.design))
    few = few_for_items_sentences(fit.n, len(fit.design.first.indicators)) if fit.usable else []
    said = (*few, *offer_sentences(offer), *more, *reversed_sentences(_reversed(fit)), *_unsure(fit, boot))
    drawn = drawn_sentences(record.drawn, clusters=_clusters(fit))
    if interval == "bca" and boot is not None:
        drawn = [*drawn, *lost_bca_sentences(*left_out_lost(fit), clusters=fit.clusters is not None)]
    return replace(record, offer=offer, failure=" ".join(failure), warnings=(*reasons, *said, *drawn))


def _drawn(boot: PlsBootstrap | None, *, interval: str, level: float) -> Drawn | None:
    if boot is None:
        return None
    return Drawn(
        draws=boot.draws,
        seed=boot.seed,
        failed=boot.failed,
        fewest=boot.fewest,
        inadmissible_share=boot.inadmissible_share,
        interval=interval,
        level=level,
    )


def _unused(design: Design) -> str:
    """Return a name for an offered composite that the model has no use for."""
    taken = {*design.first.indicators, *design.first.constructs, *design.last.constructs}
    return next(name for k in count(1) if (name := f"{COMPOSITE}{k if k > 1 else ''}") not in taken)


def _unsure(fit: PlsFit, boot: PlsBootstrap | None) -> list[str]:
    """Say which constructs chance turns round in the draws."""
    return [] if boot is None else weak_dominant_sentences(weak_dominants(fit, boot))


def _clusters(fit: PlsFit) -> int | None:
    return None if fit.clusters is None else int(fit.clusters.max()) + 1


def _reversed(fit: PlsFit) -> list[str]:
    """Return the items that run against the rest of their construct, where items are to agree."""
    if not fit.usable:
        return []
    stage, loadings = fit.design.first, fit.solution.first.loadings[0]
    return [
        x
        for x, k, loading in zip(stage.indicators, stage.owner, loadings, strict=True)
        if loading < 0.0 and stage.blocks[k].mode == "A"
    ]


def _without_sums(record: PlsRecord, fit: PlsFit) -> PlsRecord:
    """Blank alpha and rho_C where items run both ways: they are of answers added up as they stand."""
    turned = set(_reversed(fit))
    mixed = [block.name for block in fit.design.first.blocks if turned & set(block.indicators)]
    if record.table is None or record.quality is None or not mixed:
        return record
    table, quality = record.table.copy(), record.quality.copy()
    blank = table["op"].isin(SUMS) & table["lhs"].isin(mixed)
    table.loc[blank, ["est", "se", "ci_low", "ci_high"]] = float("nan")
    quality.loc[mixed, [c for c in quality if str(c).startswith(SUMS)]] = float("nan")
    return replace(record, table=table, quality=quality)


def _tested(
    fit: PlsFit, record: PlsRecord, *, draws: Draws | None, on_progress: Progress | None
) -> PlsRecord:
    """Add the distances of the model from the data, with their test where draws are given."""
    distances = composite_fit(
        fit,
        draws=draws.draws if draws else 0,
        seed=draws.seed if draws else 0,
        workers=draws.workers if draws else 1,
        on_progress=on_progress,
    )
    said = untested_fit_sentences(distances)
    return replace(record, distances=distances, warnings=(*record.warnings, *said))
