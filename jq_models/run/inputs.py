"""What a report is made from, piece by piece, so that a later run can name the piece that changed.

Questions, words and options are public or stand in the report, so each has its own hash or value. Answers
have none but that of the whole file: a hash of one column of few people could be found again by trying.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jq_models import paths
from jq_models.report.wording import FOLDER as WORDS
from jq_models.run.manifest import file_hash
from jq_models.spec import LANGUAGES, Instrument, Item, Study

# Names of groups and columns of a client's file: told to differ, never told.
_HASHED = ("columns", "ignore", "labels", "invited_by", "results")
_APART = ("sha256",)
SHORT = 16


def digest(value: object) -> str:
    """Return a short hash of anything JSON can hold."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT]


def options_of(study: Study) -> dict[str, str]:
    """Return every option of a study file as text, defaults filled in.

    Returns
    -------
    dict of str to str
        ``"gates.full" -> "300"``. Names of groups and of columns that are not groupings appear as a hash.
    """
    return dict(sorted(_flat("", {k: v for k, v in _plain(study).items() if k not in _APART})))


def questions_of(instrument: Instrument) -> dict[str, dict[str, str]]:
    """Return a hash of every part of every question and construct of a questionnaire, its modules included.

    Returns
    -------
    dict of str to dict of str to str
        Code of an item -> part -> hash. The parts are ``text_en``, ``text_nl``, ``answers`` (codes of the
        scale), ``labels_en``, ``labels_nl``, ``direction`` and ``place``; of a construct, ``name_en``,
        ``name_nl``, ``step_en``, ``step_nl`` and ``role``; under ``""`` the title and source of the
        questionnaire, its version and the order of all these.
    """
    found = {item.code: _item(item) for item in instrument.items}
    for one in instrument.constructs:
        names = {
            f"name_{lang}": digest(
                [one.name[lang], one.short[lang], one.high[lang], _facets(one.facets, lang)]
            )
            for lang in LANGUAGES
        }
        steps = {f"step_{lang}": digest(one.step[lang]) for lang in LANGUAGES} if one.step else {}
        found[one.code] = {
            **names,
            **steps,
            "role": digest([one.role, one.new, one.module, one.appraises_one]),
        }
    titles = {
        f"title_{lang}": digest([instrument.title[lang], instrument.source[lang]]) for lang in LANGUAGES
    }
    order = digest(list(found))  # the first item of a construct gives its factor the scale
    return {"": {**titles, "version": digest(instrument.version), "order": order}, **found}


def words_of(language: str) -> dict[str, str]:
    """Return the hashes of the words of reports and of the notebooks' narration in a language."""
    folders = {"report": WORDS / language}
    if language != "en":  # English narration stands in the notebooks themselves
        folders["narration"] = paths.notebooks() / language
    return {name: folder_hash(folder) for name, folder in folders.items()}


@cache  # as the code's own hash: what counts is what was loaded
def rooms_of(package: Path) -> dict[str, str]:
    """Return a hash of every room of the package's code; ``""`` for the files that stand in none."""
    rooms = {folder.name: folder_hash(folder) for folder in sorted(package.iterdir()) if _is_room(folder)}
    alone = [path for path in sorted(package.iterdir()) if path.is_file() and path.suffix != ".pyc"]
    return {"": _hash_of(alone, package), **rooms}


def folder_hash(folder: Path) -> str:
    """Return a hash of a folder's files and their names; of an absent folder, that of an empty one."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc"]
    return _hash_of(files, folder)


def _hash_of(files: Iterable[Path], folder: Path) -> str:
    return digest([[path.relative_to(folder).as_posix(), file_hash(path)] for path in files])


def _is_room(folder: Path) -> bool:
    return folder.is_dir() and not folder.name.startswith(("__", "."))


def _item(item: Item) -> dict[str, str]:
    scale = item.scale
    return {
        **{f"text_{lang}": digest(item.text[lang]) for lang in LANGUAGES},
        **{f"labels_{lang}": digest(scale.labels[lang]) for lang in LANGUAGES},
        "answers": digest(scale.values),
        "direction": digest(item.reversed),
        "place": digest([item.construct, item.facet, item.sensitive]),
    }


def _facets(facets: Mapping[str, Mapping[str, str]], language: str) -> list[list[str]]:
    return [[code, name[language]] for code, name in facets.items()]


def _plain(study: Study) -> dict[str, Any]:
    return {**_fields(study), "groups": {group.name: group for group in study.groups}}


def _bare(value: object) -> object:
    """Return dicts and lists in place of what only behaves like them, so that JSON tells their content."""
    if isinstance(value, Mapping):
        return {str(key): _bare(one) for key, one in value.items()}
    return [_bare(one) for one in value] if isinstance(value, (list, tuple)) else value


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _flat(prefix: str, value: object) -> Iterable[tuple[str, str]]:
    name = prefix.rpartition(".")[2]
    if is_dataclass(value) and not isinstance(value, type):
        value = _fields(value)
    if name in _HASHED:
        yield prefix, digest(_bare(value)) if value else "none"
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _flat(f"{prefix}.{key}" if prefix else str(key), one)
    elif isinstance(value, (list, tuple)):
        yield prefix, ", ".join(map(str, value)) or "none"
    else:
        yield prefix, "none" if value is None else str(value)
