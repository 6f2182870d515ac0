"""The page for privacy officers and works councils: what is stored, what is never shown, what to decide."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import PurePosixPath

from jq_models.disclosure.minimum import DISTRIBUTION
from jq_models.report.plain_page import heading, plain_page, points_table
from jq_models.report.wording import Wording
from jq_models.spec import Instrument, Study
from jq_models.spec.study import FLOOR

STORED = (
    "export",
    "issued",
    "before",
    "study",
    "report",
    "notebooks",
    "manifest",
    "deposit",
    "error",
    "memory",
    "outside",
)
NEVER = ("small", "complement", "bands", "alike", "leader", "text", "scan", "limit")
POINTS = ("roles", "purpose", "basis", "least", "special", "inform", "impact", "keep", "secure", "transfer",
          "rights", "record")  # fmt: skip
ASKED = ("manager", "small", "remarks", "compare", "people", "kept")
AGREED = ("export_until", "responsible", "officer", "council")
IN_SHORT = ("never", "local", "delete", "personal")


def privacy_page(study: Study, *, instrument: Instrument, w: Wording) -> str:
    """Return the page as one self-contained HTML text.

    Parameters
    ----------
    study : Study
        Its settings fill the page; no answers are read, so that it can be made before a survey starts.
    instrument : Instrument
    w : Wording
    """
    facts: dict[str, str | int] = {
        "name": study.name,
        "minimum": study.minimum_group,
        "floor": FLOOR,
        "distribution": DISTRIBUTION,
    }
    title = w("privacy.title")
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="subtitle">{escape(w("privacy.subtitle", study=w.of(study.title)))}</p>',
        f'<p class="made">{escape(w("privacy.about"))}</p>',
        f'<p class="notice">{escape(w("privacy.no_advice"))}</p>',
        heading(w("privacy.short_title")),
        _bullets((w(f"privacy.short_{key}", **facts) for key in IN_SHORT), tagged=True),
        heading(w("privacy.facts.title")),
        points_table(_facts(study, instrument, w), heads=(), kind="facts-table"),
        *_stored(study, w),
        heading(w("privacy.shown.title")),
        _bullets(w(f"privacy.shown.{key}", **facts) for key in NEVER),
        *_law(w),
        *_council(w, facts),
        heading(w("privacy.agreed.title")),
        points_table([(w(f"privacy.agreed.{key}"), "") for key in AGREED], heads=(), kind="agreed"),
    ]
    return plain_page("\n".join(parts), w, title=f"{title}: {w.of(study.title)}", style="privacy")


def _facts(study: Study, instrument: Instrument, w: Wording) -> list[tuple[str, str]]:
    groups = [w.of(group.label) for group in study.groups]
    numbers = w.join(w(f"privacy.facts.covariate_{name}") for name in study.covariates)
    questionnaire = w(
        "privacy.facts.questionnaire_value",
        title=w.of(instrument.title),
        version=instrument.version,
        items=len(instrument.items),
    )
    ignored = len(study.ignore)
    rows = [
        ("study", f"{w.of(study.title)} ({study.name})"),
        ("questionnaire", questionnaire),
        ("minimum", w("privacy.facts.minimum_value", minimum=study.minimum_group)),
        ("groups", w.join(groups) if groups else w("privacy.facts.groups_none")),
        ("numbers", numbers[:1].upper() + numbers[1:] or w("privacy.facts.numbers_none")),
        (
            "ignored",
            w("privacy.facts.ignored_value", count=ignored) if ignored else w("privacy.facts.ignored_none"),
        ),
    ]
    if study.client.invited is not None:
        rows.append(("invited", w.count(study.client.invited)))
    if study.simulated:
        rows.append(("simulated", w("privacy.facts.simulated_value")))
    return [(w(f"privacy.facts.{key}"), escape(value)) for key, value in rows]


def _stored(study: Study, w: Wording) -> list[str]:
    name = study.name
    where = {
        "export": study.file,
        "issued": f"data/raw/{name}.issued.json",
        "before": f"data/raw/{name}.*.before.json",
        "study": f"data/studies/{name}.toml",
        "report": f"reports/{name}/",
        "notebooks": f"reports/{name}/notebooks/",
        "manifest": f"reports/{name}/run.json",
        "deposit": f"reports/{name}.deposit.zip",
        "error": f"reports/{name}.error.txt",
    }
    inside = PurePosixPath(study.file).is_relative_to("data/raw")
    rows = []
    for key in STORED:
        path = (
            f"<code>{escape(where[key])}</code>" if key in where else escape(w(f"privacy.store.{key}_where"))
        )
        until = escape(
            w("privacy.store.export_until_outside" if key == "export" else f"privacy.store.{key}_until")
        )
        if key == "export" and inside:
            until = f"<code>jq-models purge {escape(name)}</code>"
        rows.append((w(f"privacy.store.{key}_what"), path, escape(w(f"privacy.store.{key}_holds")), until))
    heads = tuple(w(f"privacy.store.{key}") for key in ("what", "where", "holds", "until"))
    return [
        heading(w("privacy.store.title")),
        points_table(rows, heads=heads, kind="stored", narrow=(1, 3)),
        f'<p class="small">{escape(w("privacy.store.note"))}</p>',
    ]


def _law(w: Wording) -> list[str]:
    rows = [
        (
            w(f"privacy.law.{key}_point"),
            escape(w(f"privacy.law.{key}_decide")),
            escape(w(f"privacy.law.{key}_article")),
        )
        for key in POINTS
    ]
    heads = tuple(w(f"privacy.law.{key}") for key in ("point", "decide", "article"))
    return [
        heading(w("privacy.law.title")),
        points_table(rows, heads=heads, kind="law", narrow=(2,), tick=True),
        f'<p class="small">{escape(w("privacy.law.note"))}</p>',
    ]


def _council(w: Wording, facts: dict[str, str | int]) -> list[str]:
    asked = "".join(
        f"<dt>{escape(w(f'privacy.council.{key}_ask', **facts))}</dt>"
        f"<dd>{escape(w(f'privacy.council.{key}_say', **facts))}</dd>"
        for key in ASKED
    )
    return [
        heading(w("privacy.council.title")),
        f"<p>{escape(w('privacy.council.law'))}</p>",
        f"<h3>{escape(w('privacy.council.questions'))}</h3>",
        f'<dl class="asked">{asked}</dl>',
    ]


def _bullets(texts: Iterable[str], *, tagged: bool = False) -> str:
    """Return a list; `tagged` texts are the catalogue's own and may hold a command marked as code."""
    items = "".join(f"<li>{text if tagged else escape(text)}</li>" for text in texts)
    return f'<ul class="plain">{items}</ul>'
