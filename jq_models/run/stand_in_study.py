"""The study file of a deposit whose answers are synthetic: without what would tell of hidden groups."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from jq_models import paths
from jq_models.disclosure import StandIn
from jq_models.report import wording
from jq_models.run.toml_text import toml_text
from jq_models.spec import LANGUAGES

Absent = tuple[str, str]
"""A part that is left out, as `deposit_page.ABSENT` names it, and of which grouping or key."""


def stand_in_study(name: str, drawn: StandIn, *, file: str) -> tuple[str, tuple[Absent, ...]]:
    """Return a study file for synthetic answers, and what of the study's own it goes without.

    Parameters
    ----------
    name : str
        The study.
    drawn : StandIn
        The answers; their columns are called after items, covariates and groupings.
    file : str
        Where they stand in the deposit.
    """
    content = tomllib.loads((paths.studies() / f"{name}.toml").read_text(encoding="utf-8"))
    absent: list[Absent] = []
    content["simulated"] = True
    words = {lang: wording(lang) for lang in LANGUAGES}
    content["title"] = {lang: w("stand_in.title", title=content["title"][lang]) for lang, w in words.items()}
    content["note"] = {lang: w("stand_in.note") for lang, w in words.items()}
    scale = content["data"].get("scale")
    content["data"] = {"file": file, **({"scale": scale} if scale else {})}
    content.pop("columns", None)
    content["groups"] = _groups(content.get("groups", []), drawn, absent)
    content["covariates"] = {key: key for key in content.get("covariates", {}) if key in drawn.moments.index}
    for part in ("response", "results"):
        if part in content:
            content[part] = _by_group(content[part], drawn, part=part, absent=absent)
    if (compare := content.get("compare")) is not None:
        for key in ("previous", "crisis"):
            if key in compare:
                del compare[key]
                absent.append(("compare", key))
    empty = [key for key, value in content.items() if value in ({}, [])]
    return toml_text({key: value for key, value in content.items() if key not in empty}), tuple(absent)


def _groups(groups: list[dict[str, Any]], drawn: StandIn, absent: list[Absent]) -> list[dict[str, Any]]:
    kept = []
    for group in groups:
        codes = drawn.groups.get(group["name"], ())
        if not codes:
            absent.append(("grouping", group["name"]))
            continue
        labels = group.get("labels", {})
        shown = {code: label for code, label in labels.items() if code in codes}
        if len(shown) < len(labels):
            absent.append(("labels", group["name"]))
        rest = {key: value for key, value in group.items() if key != "labels"}
        kept.append({**rest, "column": group["name"], **({"labels": shown} if shown else {})})
    return kept


def _by_group(
    content: Mapping[str, Any], drawn: StandIn, *, part: str, absent: list[Absent]
) -> dict[str, Any]:
    """Return a part of the study file with the groups that may be shown."""
    kept: dict[str, Any] = {}
    for key, value in content.items():
        if not isinstance(value, Mapping):
            kept[key] = value
            continue
        shown = {code: one for code, one in value.items() if code in drawn.groups.get(key, ())}
        if len(shown) < len(value):
            absent.append((part, key))
        if shown:
            kept[key] = shown
    return kept
