"""Importance by other software: LMG by pingouin, Johnson's relative weights by relativeImp.

Run after generate.R, in an environment of its own (pingouin is GPL-3, nothing here imports it):
``pip install pingouin==0.7.0 relativeImp==0.0.2``, then ``python generate.py`` in this folder.
"""

import numpy as np
import pandas as pd
from pingouin import linear_regression
from relativeImp import relativeImp

rng = np.random.default_rng(12)
common = rng.normal(size=(150, 1))
answers = np.clip(np.rint(3 + common + rng.normal(size=(150, 12))), 1, 5)
outcome = np.rint(10 * (answers @ np.linspace(0.05, 0.2, 12) + rng.normal(size=150)))
twelve = pd.DataFrame(answers.astype(int), columns=[f"x{i:02d}" for i in range(1, 13)])
twelve.assign(y=outcome.astype(int)).to_csv("twelve.csv", index=False)

rows = []
for name, target in (("attitude", "rating"), ("swiss", "Fertility"), ("twelve", "y")):
    data = pd.read_csv(f"{name}.csv")
    drivers = [column for column in data if column != target]
    lmg = linear_regression(data[drivers], data[target], relimp=True).set_index("names")["relimp"]
    johnson = relativeImp(data, target, drivers).set_index("driver")["rawRelaImpt"]
    rows += [(name, target, d, repr(float(lmg[d])), repr(float(johnson[d]))) for d in drivers]
columns = ["data", "outcome", "driver", "lmg", "relative"]
pd.DataFrame(rows, columns=columns).to_csv("importance.csv", index=False)
