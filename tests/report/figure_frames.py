"""Made-up frames of the shape `sem` and `evaluate` return, for the tests of the figures."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text

from jq_models.report.wording import Wording
from jq_models.spec import Instrument

JQ_LOADINGS = dict(
    zip(
        ["OPP", "AMB", "CON", "SUP", "ATM", "EMP", "ENJ", "TOO", "INT", "LCU", "LEM", "INF"],
        (0.75, 0.60, 0.65, 0.75, 0.65, 0.75, 0.80, 0.60, 0.80, 0.65, 0.70, 0.70),
        strict=True,
    )
)
PATHS = {
    ("SAT", "JQ"): 0.72,
    ("COM", "SAT"): 0.36,
    ("COM", "JQ"): 0.40,
    ("TIN", "SAT"): -0.38,
    ("TIN", "COM"): -0.05,
}


def codes(instrument: Instrument) -> list[str]:
    return [construct.code for construct in instrument.constructs]


def answer_shares(instrument: Instrument) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    values = sorted({value for item in instrument.items for value in item.scale.values})
    rows = {
        item.code: dict(
            zip(item.scale.values, rng.dirichlet(np.full(len(item.scale.values), 4.0)), strict=True)
        )
        for item in instrument.items
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=values).rename_axis("item")


def item_statistics(instrument: Instrument) -> pd.DataFrame:
    share = {item.code: 0.01 + 0.0002 * place for place, item in enumerate(instrument.items)}
    share["SUP2"] = 0.08
    frame = pd.DataFrame({"construct": {item.code: item.construct for item in instrument.items}})
    return frame.assign(missing_share=pd.Series(share)).rename_axis("item")


def summary(instrument: Instrument) -> pd.DataFrame:
    rows = {}
    for place, construct in enumerate(instrument.constructs):
        low, high = instrument.score_range
        share = (0.45 if construct.new else 0.6) + 0.004 * place
        mean = low + share * (high - low)
        rows[construct.code] = {
            "n": 577,
            "mean": mean,
            "sd": 0.8,
            "ci_low": mean - 0.06,
            "ci_high": mean + 0.06,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("construct")


def standardized(instrument: Instrument) -> pd.DataFrame:
    known = set(codes(instrument))
    rows = []
    for construct in instrument.constructs:
        single = len(construct.items) == 1
        for place, item in enumerate(construct.items):
            rows.append(
                (
                    construct.code,
                    "=~",
                    item.code,
                    1.0 if single else 0.85 - 0.1 * place,
                    np.nan if single else 0.03,
                )
            )
    rows += [("JQ", "=~", code, value, 0.03) for code, value in JQ_LOADINGS.items() if code in known]
    new = [construct.code for construct in instrument.constructs if construct.new]
    rows += [(a, "~~", b, 0.3, 0.04) for a, b in combinations(new, 2)]
    rows += [(lhs, "~", rhs, value, 0.04) for (lhs, rhs), value in PATHS.items() if lhs in known]
    frame = pd.DataFrame(rows, columns=["lhs", "op", "rhs", "est_std", "se"])
    return frame.assign(
        ci_low=frame["est_std"] - 1.96 * frame["se"], ci_high=frame["est_std"] + 1.96 * frame["se"]
    )


def htmt(instrument: Instrument) -> pd.DataFrame:
    names = codes(instrument)
    square = pd.DataFrame(0.5, index=names, columns=names)
    for a, b, value in (("SAT", "ENJ", 0.93), ("AMB", "OPP", 0.87)):
        if a in names and b in names:
            square.loc[a, b] = square.loc[b, a] = value
    for construct in instrument.constructs:
        if len(construct.items) == 1:
            square.loc[construct.code, :] = np.nan
            square.loc[:, construct.code] = np.nan
    values = square.to_numpy(copy=True)
    np.fill_diagonal(values, np.nan)
    return pd.DataFrame(values, index=names, columns=names)


def effects_of_jq() -> pd.DataFrame:
    fixed = np.nan
    rows = [
        ("SAT", "direct", 0.72, 0.06),
        ("SAT", "indirect", 0.0, fixed),
        ("SAT", "total", 0.72, 0.06),
        ("COM", "direct", 0.40, 0.08),
        ("COM", "indirect", 0.26, 0.05),
        ("COM", "total", 0.66, 0.06),
        ("TIN", "direct", 0.0, 0.0),
        ("TIN", "indirect", -0.48, 0.05),
        ("TIN", "total", -0.48, 0.05),
    ]
    frame = pd.DataFrame(rows, columns=["target", "kind", "estimate", "half"]).assign(source="JQ")
    return frame.assign(ci_low=frame["estimate"] - frame["half"], ci_high=frame["estimate"] + frame["half"])


def effects_of_dimensions(instrument: Instrument) -> pd.DataFrame:
    rows = [
        (construct.code, target, kind, value, value - 0.09, value + 0.09)
        for target, shift in (("SAT", 0.0), ("COM", 0.05))
        for place, construct in enumerate(instrument.dimensions)
        for kind, value in (("direct", 0.02 * place + shift), ("total", 0.02 * place + 2 * shift))
    ]
    return pd.DataFrame(rows, columns=["source", "target", "kind", "estimate", "ci_low", "ci_high"])


def texts(figure: Figure) -> list[str]:
    """Return every text a reader sees in a figure."""
    found = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
    return [text for text in found if text.strip()]


def tick_names(figure: Figure, axes: int = 0) -> list[str]:
    return [label.get_text() for label in figure.axes[axes].get_yticklabels()]


def assert_no_english(shown: list[str], *, en: Wording, nl: Wording, instrument: Instrument) -> None:
    """Hold Dutch texts against every English text of the catalogue and the questionnaire."""
    pairs = [(en.texts[key], nl.texts[key]) for key in en.texts if key.startswith("figure.")]
    pairs += [(text["en"], text["nl"]) for c in instrument.constructs for text in (c.name, c.short)]
    scales = {item.scale.name: item.scale for item in instrument.items}.values()
    pairs += [(" ".join(scale.labels["en"]), " ".join(scale.labels["nl"])) for scale in scales]
    dutch = {word for _, text in pairs for word in _words(text)}
    english = {word for text, _ in pairs for word in _words(text)} - dutch
    left = {word for text in shown for word in _words(text)} & english
    assert not left, f"English words in a Dutch figure: {sorted(left)}"


def _words(text: str) -> set[str]:
    """Return the words of three letters or more, without placeholders and codes such as TOO."""
    words = re.findall(r"[^\W\d_]{3,}", re.sub(r"\{[^}]*\}", " ", text))
    return {word.lower() for word in words if not re.fullmatch("[A-Z]{3}", word)}
