"""Search everything a run wrote for what must never be in it."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jq_models.disclosure.pdf import UnreadableError
from jq_models.disclosure.rows import signatures_in
from jq_models.disclosure.unpack import texts
from jq_models.errors import DisclosureError, JQError
from jq_models.paths import project_root

FORBIDDEN, POSIX_PATH, WINDOWS_PATH, DATA_ROW = "forbidden_text", "posix_path", "windows_path", "data_row"
UNREADABLE = "unreadable"
RULES = (FORBIDDEN, POSIX_PATH, WINDOWS_PATH, DATA_ROW, UNREADABLE)
PREFIXES = (
    "/home",
    "/Users",
    "/root",
    "/tmp",
    "/private",
    "/mnt",
    "/media",
    "/workspace",
    "/content",
)

# a path starts where no word, dot or slash goes before, or in a file: address
_BEFORE = r"(?:(?<![\w./\\-])|(?<=file://))"
_DRIVE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]:(?:\\{1,2}|/)[\w .()~-]{1,80}(?:\\{1,2}|/|\.\w)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that must not be there. It names file, part and rule, never the text found.

    Attributes
    ----------
    file : str
        Relative to the scanned folder, with ``/``.
    part : str
        The part inside a container (``"xl/worksheets/sheet1.xml"``); ``""`` for the file itself.
    rule : str
        One of `RULES`, or the name of a pattern the caller gave.
    """

    file: str
    part: str
    rule: str


def scan_folder(
    folder: Path,
    *,
    forbidden: Iterable[str] = (),
    patterns: Mapping[str, re.Pattern[str]] | None = None,
    rows: frozenset[str] = frozenset(),
    clean: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """Search every file under a folder, and everything packed in them.

    Opened: zip (so xlsx, docx), gz, bz2, xz and tar, nested; base64 in web pages and notebooks; the
    texts of PNG; PDF streams, metadata and printed text. Escapes of HTML, URL and JSON are undone. Not
    seen: pictures of text, text a PDF draws with a font that has no ToUnicode table, and the spaces between
    words in a PDF's figures, whose web page and SVG file are read with them.

    Parameters
    ----------
    folder : Path
    forbidden : iterable of str
        Texts that must be nowhere, such as planted canaries; as they are, case included.
    patterns : mapping of rule to compiled pattern, optional
        What else must be nowhere. Default: `path_patterns()`.
    rows : frozenset of str
        What `row_signatures` returns for the data.
    clean : mapping of str to str, optional
        Files in which nothing was found before (`fingerprints`): those still the same are not read again.

    Returns
    -------
    tuple of Finding
        Sorted; empty when nothing was found. A part that cannot be opened is a finding too.

    Raises
    ------
    DisclosureError
        When the folder does not exist, or a forbidden text is empty.
    """
    if not folder.is_dir():
        raise DisclosureError(f"There is no folder '{folder.name}' to scan. Run the study first.")
    needles = tuple(forbidden)
    if not all(needle.strip() for needle in needles):
        raise DisclosureError("A forbidden text is empty. Leave it out: every file would hold it.")
    rules = path_patterns() if patterns is None else dict(patterns)
    if needles:
        rules = {FORBIDDEN: re.compile("|".join(map(re.escape, needles))), **rules}
    found: set[tuple[str, str, str]] = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        met = [("(name)", rule) for rule in _rules_met(name, rules, rows)]
        if path.is_file():
            content = path.read_bytes()
            if clean is None or clean.get(name) != _fingerprint(content):
                met += _scan_bytes(content, rules=rules, rows=rows)
        # a name may hold what is searched for: it is not repeated
        found |= {(_masked(name, rules), _masked(part, rules), rule) for part, rule in met}
    return tuple(Finding(file=file, part=part, rule=rule) for file, part, rule in sorted(found))


def fingerprints(folder: Path) -> dict[str, str]:
    """Return a hash of every file under a folder, by its name relative to it.

    Parameters
    ----------
    folder : Path
        Looked through with all below it.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _fingerprint(path.read_bytes()) for path in paths}


def path_patterns(prefixes: Iterable[str] = PREFIXES) -> dict[str, re.Pattern[str]]:
    """Return the patterns of absolute paths.

    Parameters
    ----------
    prefixes : iterable of str
        Roots of POSIX paths, without a closing slash. Added to them: the home folder of the running
        user, the folder for temporary files, the project's folder and what lies beside it.
    """
    own = {str(Path.home()), tempfile.gettempdir(), *_project()} - {"/", "."}
    beside = {Path(path).parent.as_posix() for path in _project()} - {"/", "."}
    inner = "|".join(re.escape(prefix) for prefix in sorted({*prefixes, *beside}, key=len, reverse=True))
    exact = "|".join(re.escape(Path(path).as_posix()) for path in sorted(own, key=len, reverse=True))
    posix = re.compile(rf"{_BEFORE}(?:(?:{inner})/[\w.~-]|(?:{exact})(?![\w-]))")
    return {POSIX_PATH: posix, WINDOWS_PATH: _DRIVE}


def describe(findings: Iterable[Finding]) -> str:
    """Return one line a finding kind: ``"report.html: forbidden_text (2)"``, without any text found."""
    counts = Counter((finding.file, finding.rule) for finding in findings)
    return "\n".join(f"{file}: {rule} ({count})" for (file, rule), count in sorted(counts.items()))


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _project() -> set[str]:
    try:
        return {str(project_root())}
    except JQError:
        return set()


def _scan_bytes(
    data: bytes, *, rules: Mapping[str, re.Pattern[str]], rows: frozenset[str]
) -> list[tuple[str, str]]:
    """Return (part, rule) for all that is met."""
    met: list[tuple[str, str]] = []
    try:
        for part, text in texts(data):
            met += [(part, rule) for rule in _rules_met(text, rules, rows)]
    except UnreadableError as problem:
        met.append((str(problem), UNREADABLE))
    return met


def _masked(name: str, rules: Mapping[str, re.Pattern[str]]) -> str:
    for pattern in rules.values():
        name = pattern.sub("[...]", name)
    return name


def _rules_met(text: str, rules: Mapping[str, re.Pattern[str]], rows: frozenset[str]) -> set[str]:
    met = {rule for rule, pattern in rules.items() if pattern.search(text)}
    if rows and any(run in rows for run in signatures_in(text)):
        met.add(DATA_ROW)
    return met
