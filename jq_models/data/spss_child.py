"""Read an SPSS file given on standard input and write it as JSON: run as a program of its own by `spss`.

The library that reads the format is written in C and can be brought to crash by a damaged file (2 of 24,000
did); here that ends this process and not the study.
"""

import io
import json
import sys
from typing import Any

MEMORY = 4 << 30  # bytes


def limit_memory() -> None:
    """Let this process have no more than `MEMORY`, where the system can see to that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def read(data: bytes, *, cells: int) -> dict[str, object]:
    """Return columns and what the file says of them; ``{"error": why}`` when that is not possible.

    The file's declared encoding is tried first, then Windows-1252: old files often declare a wrong one.
    """
    import pyreadstat

    failures = (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeError)
    for encoding in (None, "WINDOWS-1252"):
        try:
            _, head = pyreadstat.read_sav(io.BytesIO(data), metadataonly=True, encoding=encoding)
            limit = cells // max(len(head.column_names), 1) + 1
            columns, meta = pyreadstat.read_sav(
                io.BytesIO(data), row_limit=limit, encoding=encoding, user_missing=True, output_format="dict"
            )
        except failures:
            continue
        names = [str(name) for name in columns]
        ranges: Any = meta.missing_ranges
        if names and len(columns[names[0]]) >= limit:
            return {"error": "large"}
        return {
            "names": names,
            "columns": [[plain(cell) for cell in columns[name]] for name in names],
            "questions": {k: v for k, v in (meta.column_names_to_labels or {}).items() if v},
            "labels": {
                k: [[plain(c), w] for c, w in v.items()] for k, v in meta.variable_value_labels.items()
            },
            "missing": {k: [[plain(r["lo"]), plain(r["hi"])] for r in v] for k, v in ranges.items()},
            "encoding": encoding or str(meta.file_encoding),
        }
    return {"error": "damaged"}


def plain(cell: object) -> "str | float | None":
    """Return a number or text as it is, a date as text, nothing as None."""
    if cell is None or cell != cell:
        return None
    return float(cell) if isinstance(cell, int | float) else str(cell)


if __name__ == "__main__":
    limit_memory()
    try:
        found = read(sys.stdin.buffer.read(), cells=int(sys.argv[1]))
    except MemoryError:
        found = {"error": "large"}
    except Exception:  # noqa: BLE001 - anything else a damaged file can bring about; nothing of it may be shown
        found = {"error": "damaged"}
    # ASCII: what a pipe's encoding is on this machine does not matter then; lone surrogates pass, too
    sys.stdout.write(json.dumps(found))
