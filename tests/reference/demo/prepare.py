"""Write data.csv (the demo study's answers, reversed items turned) and the texts of its three models.

Run inside this folder before generate.R: python prepare.py
"""

from __future__ import annotations

from pathlib import Path

from jq_models.data.open import open_study
from jq_models.spec.model import STRUCTURE

if __name__ == "__main__":
    study = open_study("demo")
    study.responses.items.to_csv("data.csv", index=False, float_format="%g")
    for name in STRUCTURE:
        Path(name).mkdir(exist_ok=True)
        (Path(name) / "model.txt").write_text(study.model(name).text, encoding="utf-8")
