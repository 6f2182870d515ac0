"""Simulated free text, with canaries in it: texts that must never leave their column."""

from __future__ import annotations

import numpy as np
import pandas as pd

CANARIES, REMARKED = 5, 0.12
REMARKS = {
    "nl": (
        "Mijn headset kraakt al weken.",
        "Fijn team, maar het rooster komt te laat.",
        'De knop "afronden" doet het niet altijd.',
        "Te warm op de derde verdieping, vooral 's middags.",
    ),
    "en": (
        "My headset has been crackling for weeks.",
        "Nice team, but the schedule comes too late.",
        'The button "finish" fails at times.',
        "Too warm on the third floor, above all in the afternoon.",
    ),
}
PLANTED = {"nl": "Mijn leidinggevende {} luistert goed.", "en": "My supervisor {} is a good listener."}


def remarks(rng: np.random.Generator, language: pd.Series[str]) -> tuple[list[str | None], list[str]]:
    """Write some remarks; five hold a canary: a text that must never leave this column."""
    wanted = rng.random(len(language)) < REMARKED
    texts: list[str | None] = [
        str(rng.choice(REMARKS[code])) if some else None for code, some in zip(language, wanted, strict=True)
    ]
    canaries = [f"CANARY-7f3a-{rng.integers(16**8):08x}" for _ in range(CANARIES)]
    for canary, row in zip(canaries, rng.choice(len(language), size=CANARIES, replace=False), strict=True):
        texts[int(row)] = PLANTED[language.iloc[int(row)]].format(canary)
    return texts, canaries
