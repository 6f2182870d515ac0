"""Which files a built package carries beside its code: those that MANIFEST.in names in the folders below.

setup.py reads this file by its path, before the package and what it needs are there: standard library only.
"""

from __future__ import annotations

from pathlib import Path

FOLDERS = ("data", "notebooks", "reports")
FILES = ("CITATION.cff",)
MANIFEST = "MANIFEST.in"


def shipped_files(checkout: Path) -> tuple[Path, ...]:
    """Return the files of a checkout that a project needs, relative to it, in order.

    Only what MANIFEST.in names: a client's study file or a draft beside it is never built into a package.

    Raises
    ------
    ValueError
        When MANIFEST.in holds another command than ``include`` and ``recursive-include``.
    """
    found: set[Path] = set()
    for line in (checkout / MANIFEST).read_text(encoding="utf-8").splitlines():
        command, *words = line.partition("#")[0].split() or [""]
        if command == "include":
            found |= {path for word in words for path in checkout.glob(word)}
        elif command == "recursive-include":
            folder, *patterns = words
            found |= {path for pattern in patterns for path in (checkout / folder).rglob(pattern)}
        elif command:
            raise ValueError(f"{MANIFEST} holds '{command}'. Use include and recursive-include only.")
    relative = sorted(path.relative_to(checkout) for path in found if path.is_file())
    seen = [path for path in relative if not any(part.startswith(".") for part in path.parts)]
    return tuple(path for path in seen if path.parts[0] in FOLDERS or path.as_posix() in FILES)
