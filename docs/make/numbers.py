"""The pages of measured numbers: validation, speed, verdicts."""

from __future__ import annotations

import re
from pathlib import Path

from docs.make.places import ROOT

DOCS = Path(__file__).parents[1]
VERSION = re.compile(r"[A-Za-z]+ \d+\.\d[\d.-]*")
DEVIATIONS = ROOT / "tests" / "reference" / "DEVIATIONS.md"


def number_pages() -> dict[str, str]:
    """Return the validation table as a page: the text of docs/validation.md above the measured table."""
    head = (DOCS / "validation.md").read_text(encoding="utf-8")
    lines = [line for line in DEVIATIONS.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    table = "\n".join(lines).replace("AGREEMENT.md", "[agreement](agreement.md)")
    # a version stays on one line
    return {"numbers/validation.md": f"{head}\n{VERSION.sub(_unbroken, table)}\n"}


def _unbroken(version: re.Match[str]) -> str:
    return version[0].replace(" ", "\N{NO-BREAK SPACE}").replace("-", "\N{NON-BREAKING HYPHEN}")
