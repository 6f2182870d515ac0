"""What a reader sees of the claims of the sources: figures, tables and sentences, claim by claim."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from jq_models.disclosure import Release, mask_constructs
from jq_models.evaluate import construct_summary
from jq_models.evaluate.hypotheses import VERDICTS, Gap, Verdicts
from jq_models.evaluate.hypotheses.rules import ALPHA
from jq_models.evaluate.sources.contracts import by_contract
from jq_models.evaluate.sources.flexible import CONTRACT
from jq_models.evaluate.sources.home import group_days, shapes
from jq_models.evaluate.sources.material import Material
from jq_models.evaluate.sources.surface import QUADRANTS, quadrants, response_surface
from jq_models.report.columns import constructs, estimates, measured, words
from jq_models.report.figure import Drawing
from jq_models.report.figures_sources import claims_figure, home_figure, surface_figure
from jq_models.report.names import inline, score_digits
from jq_models.report.names_hypotheses import gap_words
from jq_models.report.table import Table, build
from jq_models.report.tables_hypotheses import evidence_table, found_words
from jq_models.report.tables_invariance import ladder_table
from jq_models.report.wording import Wording
from jq_models.spec import questionnaire_of

View = Table | Drawing | str


def of_claims(found: Verdicts, names: tuple[str, ...]) -> Verdicts:
    """Return some of the claims with their evidence; the adjustment stays that of all.

    Parameters
    ----------
    names : tuple of str
        Such as ``("H1", "H2")``.
    """
    return Verdicts(
        claims=found.claims.loc[list(names)],
        evidence=found.evidence[found.evidence["hypothesis"].isin(names)],
        gaps={name: gap for name, gap in found.gaps.items() if name in names},
        doubts={name: doubt for name, doubt in found.doubts.items() if name in names},
    )


def source_claim_views(given: Material, found: Verdicts, w: Wording, *, name: str) -> list[View]:
    """Return the verdicts on claims as sentences, and the numbers behind them as figures.

    Parameters
    ----------
    found : Verdicts
        As `of_claims` returns it.
    name : str
        Of the figures' files.
    """
    instrument = questionnaire_of(given.opened.spec)
    lines = []
    for verdict in VERDICTS:
        for claim in found.of(verdict):
            shown = found_words(claim, found, w, instrument=instrument)
            lines.append(
                w(
                    "sources.line",
                    name=claim,
                    claim=w(f"hypotheses.claim.{claim}"),
                    verdict=w(f"hypotheses.verdict.{verdict}"),
                    found=shown,
                )
            )
    drawn = [
        claims_figure(
            found, w, name=f"{name}{'_shares' if shares else ''}", instrument=instrument, shares=shares
        )
        for shares in (False, True)
    ]
    views: list[View] = ["\n".join(f"- {line}" for line in lines)]
    views += [one for one in drawn if one is not None]
    if len(found.evidence):
        views.append(
            evidence_table(found, w, instrument=instrument, name=name.replace("claims_", "evidence_"))
        )
    return views


def module_score_views(given: Material, module: str, w: Wording, *, release: Release) -> list[View]:
    """Return the scores of a module's scales, as far as they may be shown.

    Parameters
    ----------
    module : str
        Its name in the instrument file.
    """
    asked = given.opened.modules
    if asked is None or module not in asked.instrument.modules:
        return [w("sources.not_asked", module=w(f"sources.module.{module}"))]
    codes = [c.code for c in asked.instrument.constructs if c.module == module]
    minimum = given.opened.spec.minimum_group
    summary = mask_constructs(construct_summary(asked), minimum=minimum, release=release)
    rows = summary.loc[[code for code in codes if code in summary.index]]
    instrument = asked.instrument
    return [
        build(
            f"scores_{module}",
            title=w("sources.scores.title", module=w.of(instrument.modules[module])),
            note=w("sources.scores.note"),
            columns=[
                constructs(rows.index, heading=w("sources.scores.scale"), instrument=instrument, w=w),
                words(
                    "high",
                    heading=w("sources.scores.high"),
                    shown=[w.of(instrument.construct(str(code)).high) for code in rows.index],
                ),
                *measured(rows, "n sources.scores.n count", w=w),
                estimates(
                    ("mean", "ci_low", "ci_high"),
                    heading=w("sources.scores.mean"),
                    frame=rows.rename(columns={"mean": "estimate"}),
                    w=w,
                    digits=score_digits(instrument),
                ),
            ],
        )
    ]


def steering_views(given: Material, w: Wording) -> list[View]:
    """Return how people are spread over both ways of steering, and satisfaction as a surface over them."""
    instrument = questionnaire_of(given.opened.spec)
    counts = quadrants(given, "OUT", "INP")
    if isinstance(counts, Gap):
        return [w("sources.gap", why=gap_words(counts, w, instrument=instrument))]
    views: list[View] = [_quadrant_sentence(counts, w, minimum=given.opened.spec.minimum_group)]
    surface = response_surface(given, "OUT", "INP", "SAT")
    if isinstance(surface, Gap):
        return [*views, w("sources.gap", why=gap_words(surface, w, instrument=instrument))]
    rows = pd.concat([surface.coefficients, surface.lines])
    table = build(
        "steering_surface",
        title=w("sources.surface.table"),
        note=w("sources.surface.note", n=surface.n),
        columns=[
            words(
                "term",
                heading=w("sources.surface.term"),
                shown=[w(f"sources.surface.{name}") for name in rows.index],
                values=rows.index,
            ),
            estimates(("estimate", "ci_low", "ci_high"), heading=w("col.estimate"), frame=rows, w=w),
            *measured(rows, "pvalue col.p p_value", w=w),
        ],
    )
    return [*views, surface_figure(surface, w, instrument=instrument), table]


def _quadrant_sentence(counts: pd.Series, w: Wording, *, minimum: int) -> str:
    """Say how people are spread, unless one of the four parts is smaller than may be shown."""
    if int(counts.min()) < minimum:
        return w("sources.quadrants.few", minimum=minimum)
    total = int(counts.sum())
    return w("sources.quadrants.found", **{name: w.percent(counts[name] / total) for name in QUADRANTS})


def home_views(given: Material, w: Wording, *, release: Release) -> list[View]:
    """Return attitudes by days at home, and whether they differ at all, along a line, along a curve."""
    instrument = given.opened.instrument
    days, tests = group_days(given), shapes(given)
    if isinstance(days, Gap) or isinstance(tests, Gap):
        gap = days if isinstance(days, Gap) else tests
        assert isinstance(gap, Gap)
        return [w("sources.gap", why=gap_words(gap, w, instrument=questionnaire_of(given.opened.spec)))]
    shown = release.mask(days, group="home_days", at="group", construct="construct")
    drawing = home_figure(shown, w, instrument=instrument)
    views: list[View] = [w("sources.home.few") if drawing is None else drawing]
    if tests.empty:
        return views
    apart = [
        inline(str(c), instrument=instrument, w=w) for c in tests.index[tests["p_any"] < ALPHA / len(tests)]
    ]
    views.insert(0, w("sources.home.differ", names=w.join(apart)) if apart else w("sources.home.alike"))
    table = build(
        "home_days",
        title=w("sources.home.table"),
        note=w("sources.home.note"),
        columns=[
            constructs(tests.index, heading=w("sources.scores.scale"), instrument=instrument, w=w),
            estimates(
                ("per_day", "ci_low", "ci_high"),
                heading=w("sources.home.per_day"),
                frame=tests.rename(columns={"per_day": "estimate"}),
                w=w,
            ),
            *measured(
                tests,
                "p_line sources.home.p_line p_value",
                "p_curve sources.home.p_curve p_value",
                "p_any sources.home.p_any p_value",
                w=w,
            ),
        ],
    )
    return [*views, table]


def contract_views(given: Material, w: Wording, *, release: Release) -> list[View]:
    """Return whether value and appreciation mean the same to both contracts, and the gap in each."""
    found = by_contract(given)
    instrument = questionnaire_of(given.opened.spec)
    if isinstance(found, Gap):
        return [w("sources.gap", why=gap_words(found, w, instrument=instrument))]
    shown = release.mask(found.gaps, group=CONTRACT, at="group", construct=None, of="APR")
    shown = shown[shown["estimate"].notna()]
    views: list[View] = []
    if found.ladder is None:
        views.append(w("sources.contract.few", needs=given.opened.spec.gates.group))
    else:
        views.append(
            w("sources.contract.alike" if found.ladder.compares_means else "sources.contract.differ")
        )
        steps = ladder_table(found.ladder, w, label=w("sources.contract.label"))
        views.append(replace(steps, name="invariance_value"))
    if len(shown) and (found.ladder is None or found.ladder.compares_means):
        table = build(
            "value_gap",
            title=w("sources.contract.title"),
            note=w("sources.contract.note"),
            columns=[
                words(
                    "group", heading=w("sources.contract.label"), shown=shown["group"], values=shown["group"]
                ),
                *measured(shown, "n sources.scores.n count", w=w),
                estimates(
                    ("estimate", "ci_low", "ci_high"), heading=w("sources.contract.gap"), frame=shown, w=w
                ),
            ],
        )
        views.append(table)
    return views


def literature(given: Material, w: Wording) -> str:
    """Return what research says of steering; nothing where the module on it was not asked."""
    asked = given.opened.modules
    if asked is None or "steering" not in asked.instrument.modules:
        return ""
    parts = ("lead", "control", "monitoring", "discretion", "attitudes", "limits")
    return "\n\n".join(w(f"literature.{part}") for part in parts)
