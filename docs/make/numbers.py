"""The pages of measured numbers: validation, speed, verdicts."""

from __future__ import annotations

from pathlib import Path

from docs.make.places import ROOT

DOCS = Path(__file__).parents[1]
DEVIATIONS = ROOT / "tests" / "reference" / "DEVIATIONS.md"


def number_pages() -> dict[str, str]:
    """Return the validation table as a page: the text of docs/validation.md above the measured table."""
    head = (DOCS / "validation.md").read_text(encoding="utf-8")
    table = DEVIATIONS.read_text(encoding="utf-8").partition("\n\n")[2]
    return {"numbers/validation.md": f"{head}\n{table}"}
