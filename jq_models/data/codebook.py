"""The data dictionary of a questionnaire: what each column means, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from jq_models.data.background import RANGE
from jq_models.spec import LANGUAGES, Instrument, Item, Study


def codebook(
    instrument: Instrument,
    *,
    study: Study | None = None,
    asked: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    """Return the data dictionary as nested dicts and lists that JSON can hold.

    Parameters
    ----------
    instrument : Instrument
    study : Study, optional
        Adds the columns of its file, its missing codes, covariates and groups; without it an item's column
        is its code.
    asked : mapping of str to mapping of str to str, optional
        Column of a covariate -> its question by language.

    Returns
    -------
    dict
        ``instrument``, ``constructs``, ``scales``, ``items`` and, with a study, ``study``.
    """
    scales = {item.scale.name: item.scale for item in instrument.items}
    book: dict[str, Any] = {
        "instrument": {
            "name": instrument.name,
            "version": instrument.version,
            "title": dict(instrument.title),
            "source": dict(instrument.source),
            "sha256": instrument.sha256,
        },
        "constructs": [
            {
                "code": c.code,
                "role": c.role,
                "new": c.new,
                "name": dict(c.name),
                "high": dict(c.high),
                "facets": {code: dict(name) for code, name in c.facets.items()},
            }
            for c in instrument.constructs
        ],
        "scales": {
            name: [
                {"value": value, **{lang: scale.labels[lang][k] for lang in LANGUAGES}}
                for k, value in enumerate(scale.values)
            ]
            for name, scale in scales.items()
        },
        "items": [_item(item, study) for item in instrument.items],
    }
    if study is not None:
        book["study"] = _study(study, asked or {})
    return book


def codebook_frame(instrument: Instrument, *, study: Study | None = None) -> pd.DataFrame:
    """Return the data dictionary as one row an item.

    Returns
    -------
    DataFrame
        Index ``item``; columns construct, facet, text_en, text_nl, scale, values_en, values_nl, reversed,
        sensitive, column, missing, source_en, source_nl; all text but the two flags.
    """
    rows = []
    for item in instrument.items:
        entry = _item(item, study)
        rows.append(
            {
                "item": item.code,
                "construct": item.construct,
                "facet": item.facet or "",
                **{f"text_{language}": item.text[language] for language in LANGUAGES},
                "scale": item.scale.name,
                **{f"values_{language}": _values(item, language) for language in LANGUAGES},
                "reversed": item.reversed,
                "sensitive": item.sensitive,
                "column": entry["column"],
                "missing": ", ".join(map(str, entry["missing"])),
                **{f"source_{language}": instrument.source[language] for language in LANGUAGES},
            }
        )
    return pd.DataFrame(rows).set_index("item")


def _item(item: Item, study: Study | None) -> dict[str, Any]:
    missing = study.missing if study else ()
    return {
        "code": item.code,
        "construct": item.construct,
        "facet": item.facet,
        "text": dict(item.text),
        "scale": item.scale.name,
        "reversed": item.reversed,
        "sensitive": item.sensitive,
        "column": study.column_of(item.code) if study else item.code,
        # a declared code that is a value of the scale stays an answer
        "missing": [code for code in missing if code not in item.scale.values],
    }


def _study(study: Study, asked: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {
        "name": study.name,
        "title": dict(study.title),
        "simulated": study.simulated,
        "missing": list(study.missing),
        "ignore": list(study.ignore),
        "covariates": [
            {
                "name": name,
                "column": column,
                "text": dict(asked.get(column, {})),
                "low": RANGE[name][0],
                "high": RANGE[name][1],
            }
            for name, column in study.covariates.items()
        ],
        "groups": [
            {
                "name": group.name,
                "column": group.column,
                "label": dict(group.label),
                "labels": {code: dict(text) for code, text in group.labels.items()},
            }
            for group in study.groups
        ],
    }


def _values(item: Item, language: str) -> str:
    words = item.scale.labels[language]
    return "; ".join(f"{value} = {word}" for value, word in zip(item.scale.values, words, strict=True))
