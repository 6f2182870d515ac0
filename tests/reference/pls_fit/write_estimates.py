"""Write estimates.csv: the consistent PLS estimates that generate.R puts into lavaan as fixed values."""

from pathlib import Path

import pandas as pd

from jq_models.pls import fit_pls

HERE = Path(__file__).parent
fit = fit_pls(
    (HERE / "model.txt").read_text(encoding="utf-8"), pd.read_csv(HERE.parent / "holzinger" / "data.csv")
)
keep = fit.table["op"].isin(["=~", "~", "~~", "r2"])
fit.table[keep].to_csv(HERE / "estimates.csv", index=False, float_format="%.17g")
