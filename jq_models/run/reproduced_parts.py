"""What is not as a report's ``run.json`` says: data, questionnaire, study file, code, packages, machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jq_models.report.reproduce_record import Departure

SHORT = 12  # characters of a hash that are told
_KEPT_BY_HASH = ("columns", "ignore", "labels", "invited_by", "results")
_BESIDE = {
    "norm": "norm",
    "theme": "house style",
    "logo": "logo",
    "previous": "data of the wave before",
    "previous_study": "study file of the wave before",
    "registration": "registered plan",
}
_PARTS = {
    "text_en": "wording in English",
    "text_nl": "wording in Dutch",
    "labels_en": "answer labels in English",
    "labels_nl": "answer labels in Dutch",
    "answers": "codes of the answer scale",
    "direction": "direction of the scale",
    "place": "its construct, facet or sensitivity",
    "name_en": "name or meaning in English",
    "name_nl": "name or meaning in Dutch",
    "role": "its part in the model",
    "title_en": "title or source in English",
    "title_nl": "title or source in Dutch",
    "version": "version",
    "step_en": "first step in English",
    "step_nl": "first step in Dutch",
    "order": "order of the questions",
}
_MACHINE = ("python", "platform")
Manifest = Mapping[str, Any]


def departures(stored: Manifest, found: Manifest) -> tuple[Departure, ...]:
    """Return what differs between two manifests: what the study is made from, then what it was made with.

    Parameters
    ----------
    stored, found : mapping
        Two ``run.json``. Of format 1 only whole files are known.
    """
    given = (
        *_data(stored, found),
        *_questions(stored, found),
        *_options(stored, found),
        *_beside(stored, found),
    )
    return (*given, *_parameters(stored, found), *_code(stored, found), *_machine(stored, found))


def versions_between(stored: Manifest, found: Manifest) -> tuple[tuple[str, str], ...]:
    """Return what a line of versions says in each, of everything whose version differs."""
    packages = [_of(side, "packages") for side in (stored, found)]
    pairs = [(name, packages[0][name], packages[1].get(name)) for name in packages[0]]
    pairs += [("Python", stored.get("python"), found.get("python"))]
    pairs += [("jq_models", stored.get("jq_models"), found.get("jq_models"))]
    return tuple((f"{name} {before}", f"{name} {now}") for name, before, now in pairs if before != now)


def _data(stored: Manifest, found: Manifest) -> Iterator[Departure]:
    before, now = _of(stored, "data"), _of(found, "data")
    if before.get("sha256") == now.get("sha256"):
        return
    yield Departure(part="data", what="another file", stored=_file(before), found=_file(now), given=True)
    shapes = [_of(side, "shape") for side in (stored, found)]
    for what in ("rows", "columns"):
        a, b = (shape.get(what) for shape in shapes)
        if a != b and a is not None and b is not None:
            yield Departure(part="data", what=what, stored=str(a), found=str(b), given=True)
    a, b = stored.get("respondents"), found.get("respondents")
    if a != b:
        yield Departure(part="data", what="respondents", stored=str(a), found=str(b), given=True)


def _questions(stored: Manifest, found: Manifest) -> Iterator[Departure]:
    before, now = (_of(_of(side, "parts"), "questions") for side in (stored, found))
    told, same_codes = False, before.keys() == now.keys()
    for code in _keys(before, now) if before else ():
        for part, words in _PARTS.items():
            a, b = (_of(side, code).get(part) for side in (before, now))
            if a != b and (same_codes or part != "order"):  # what came or went is told by itself
                told = True
                what = f"{code}: {words}" if code else words
                there = {"stored": "not there"} if a is None else {"found": "not there"} if b is None else {}
                yield Departure(part="questionnaire", what=what, given=True, **there)
                if there:
                    break
    if not told:
        yield from _whole_files(stored, found, known=bool(before))


def _whole_files(stored: Manifest, found: Manifest, *, known: bool) -> Iterator[Departure]:
    """Yield the questionnaire's files when they differ in nothing that is known of one by one."""
    what = "comments or layout of the file" if known else "the file"
    for part, sides in (
        ("questionnaire", [_of(side, "instrument").get("sha256") for side in (stored, found)]),
        ("modules", [_of(side, "beside").get("modules") for side in (stored, found)]),
    ):
        if sides[0] != sides[1]:
            yield Departure(
                part=part, what=what, stored=_hash(sides[0]), found=_hash(sides[1]), given=not known
            )


def _options(stored: Manifest, found: Manifest) -> Iterator[Departure]:
    before, now = (_of(_of(side, "parts"), "options") for side in (stored, found))
    told = False
    for key in _keys(before, now) if before else ():
        a, b = before.get(key, "not there"), now.get(key, "not there")
        if a != b:
            told = True
            hashed = key.rpartition(".")[2] in _KEPT_BY_HASH
            values = {} if hashed else {"stored": str(a), "found": str(b)}
            yield Departure(part="study file", what=key, given=True, **values)
    a, b = (_of(side, "study").get("sha256") for side in (stored, found))
    if not told and a != b:
        what = "comments or layout of the file" if before else "the file"
        yield Departure(part="study file", what=what, stored=_hash(a), found=_hash(b), given=not before)


def _beside(stored: Manifest, found: Manifest) -> Iterator[Departure]:
    before, now = _of(stored, "beside"), _of(found, "beside")
    for key, words in _BESIDE.items():
        a, b = before.get(key), now.get(key)
        if a != b:
            yield Departure(part=words, what="the file", stored=_hash(a), found=_hash(b), given=True)


def _parameters(stored: Manifest, found: Manifest) -> Iterator[Departure]:
    before, now = _of(stored, "parameters"), _of(found, "parameters")
    for key in _keys(before, now):
        if before.get(key) != now.get(key):
            a, b = (str(side.get(key, "not there")) for side in (before, now))
            yield Departure(part="parameters", what=key, stored=a, found=b, given=True)


def _code(stored: Manifest, found: Manifest) -> Iterator[Departure]:
    yield from _each("notebooks", _of(stored, "notebooks"), _of(found, "notebooks"), hashed=True)
    if _of(stored, "words"):
        yield from _each("words", _of(stored, "words"), _of(found, "words"), hashed=True)
    if stored.get("code") != found.get("code"):
        rooms = list(_each("code", _of(stored, "rooms"), _of(found, "rooms"), hashed=True))
        known = rooms if _of(stored, "rooms") else []
        a, b = (_hash(side.get("code")) for side in (stored, found))
        yield from known or [Departure(part="code", what="jq_models", stored=a, found=b)]
    a, b = (str(side.get("jq_models")) for side in (stored, found))
    if a != b:
        yield Departure(part="code", what="version of jq_models", stored=a, found=b)
    before, now = _of(stored, "git"), _of(found, "git")
    if before != now:
        yield Departure(part="git", what="commit", stored=_commit(before), found=_commit(now))


def _machine(stored: Manifest, found: Manifest) -> Iterator[Departure]:
    a, b = (stored.get("requirements_lock"), found.get("requirements_lock"))
    if a != b:
        yield Departure(part="lock", what="requirements.lock", stored=_hash(a), found=_hash(b))
    yield from _each("packages", _of(stored, "packages"), _of(found, "packages"))
    for key in _MACHINE:
        if stored.get(key) != found.get(key):
            yield Departure(part="machine", what=key, stored=str(stored.get(key)), found=str(found.get(key)))
    blas = [_libraries(side) for side in (stored, found)]
    if blas[0] != blas[1]:
        yield Departure(part="machine", what="linear algebra", stored=blas[0], found=blas[1])
    threads = [side.get("threads", 1) for side in (stored, found)]
    if threads[0] != threads[1]:
        yield Departure(part="machine", what="threads", stored=str(threads[0]), found=str(threads[1]))


def _each(part: str, before: Manifest, now: Manifest, *, hashed: bool = False) -> Iterator[Departure]:
    for key in _keys(before, now):
        a, b = before.get(key), now.get(key)
        if a != b:
            sides = (_hash(a), _hash(b)) if hashed else (str(a or "not there"), str(b or "not there"))
            what = key or "files beside the rooms"
            yield Departure(part=part, what=what, stored=sides[0], found=sides[1])


def _keys(before: Manifest, now: Manifest) -> list[str]:
    return [*before, *(key for key in now if key not in before)]


def _of(manifest: Manifest, key: str) -> dict[str, Any]:
    found = manifest.get(key)
    return found if isinstance(found, dict) else {}


def _file(entry: Manifest) -> str:
    return f"{entry.get('name')} ({_hash(entry.get('sha256'))})"


def _hash(value: object) -> str:
    return str(value)[:SHORT] if value else "not there"


def _commit(state: Manifest) -> str:
    if not state:
        return "not there"
    return f"{str(state.get('commit'))[:SHORT]}{', with changes' if state.get('dirty') else ''}"


def _libraries(manifest: Manifest) -> str:
    entries = manifest.get("blas") or []
    facts = [
        " ".join(str(one[key]) for key in ("internal_api", "version", "architecture") if one.get(key))
        for one in entries
    ]
    return ", ".join(facts) or "not known"
