"""Rival measurement models: fitted to the same answers and compared; `hypotheses` judges by them."""
