"""The data-protection page, from the words and settings of `jq-models privacy`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from jq_models.disclosure import DISTRIBUTION, MINIMUM
from jq_models.report import wording
from jq_models.report.privacy import ASKED, IN_SHORT, NEVER, POINTS, STORED
from jq_models.report.wording import Wording
from jq_models.spec.study import FLOOR

DOCS = Path(__file__).parents[1]
NAME = "acme"
WHERE = {
    "export": "data/raw/",
    "issued": f"data/raw/{NAME}.issued.json",
    "before": f"data/raw/{NAME}.*.before.json",
    "study": f"data/studies/{NAME}.toml",
    "report": f"reports/{NAME}/",
    "notebooks": f"reports/{NAME}/notebooks/",
    "manifest": f"reports/{NAME}/run.json",
    "deposit": f"reports/{NAME}.deposit.zip",
    "error": f"reports/{NAME}.error.txt",
}


def privacy_text() -> str:
    """Return the page; the sentences are those a study's own page has, with the usual minimum."""
    w = wording("en")
    facts = {"name": NAME, "minimum": MINIMUM, "floor": FLOOR, "distribution": DISTRIBUTION}
    pairs = [(w(f"privacy.council.{k}_ask", **facts), w(f"privacy.council.{k}_say", **facts)) for k in ASKED]
    parts = [
        (DOCS / "privacy.md").read_text(encoding="utf-8"),
        f"## {w('privacy.short_title')}",
        _list(re.sub(r"</?code>", "`", w(f"privacy.short_{key}", **facts)) for key in IN_SHORT),
        f"## {w('privacy.shown.title')}",
        _list(w(f"privacy.shown.{key}", **facts) for key in NEVER),
        *_stored(w),
        *_law(w),
        f"## {w('privacy.council.title')}",
        w("privacy.council.law"),
        "\n\n".join(f"{question}\n: {answer}" for question, answer in pairs),
    ]
    return "\n\n".join(parts) + "\n"


def _list(texts: Iterable[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def _stored(w: Wording) -> list[str]:
    heads = [w(f"privacy.store.{key}") for key in ("what", "where", "holds", "until")]
    rows = []
    for key in STORED:
        where = f"`{WHERE[key]}`" if key in WHERE else w(f"privacy.store.{key}_where")
        until = f"`jq-models purge {NAME}`" if key == "export" else w(f"privacy.store.{key}_until")
        rows.append([w(f"privacy.store.{key}_what"), where, w(f"privacy.store.{key}_holds"), until])
    return [f"## {w('privacy.store.title')}", _table(heads, rows), w("privacy.store.note")]


def _law(w: Wording) -> list[str]:
    kinds = ("point", "decide", "article")
    rows = [[w(f"privacy.law.{key}_{kind}") for kind in kinds] for key in POINTS]
    heads = [w(f"privacy.law.{kind}") for kind in kinds]
    return [f"## {w('privacy.law.title')}", _table(heads, rows), w("privacy.law.note")]


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
