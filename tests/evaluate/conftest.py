"""Reference data, fits of them, and answers built from them without a file on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from jq_models.data.responses import Responses
from jq_models.sem import SemFit, fit_sem
from jq_models.spec import Construct, Instrument, Item, Scale, Text

REFERENCE = Path(__file__).parents[1] / "reference"


def _text(word: str) -> Text:
    return Text(en=word, nl=word)


@pytest.fixture(scope="session")
def table() -> Callable[..., pd.DataFrame]:
    """Read a table of tests/reference: ``table("effects", "data.csv")``."""

    def read(case: str, name: str, index: bool = True) -> pd.DataFrame:
        path = REFERENCE / case / name
        return pd.read_csv(path, skipinitialspace=True, index_col=0 if index else None)

    return read


@pytest.fixture(scope="session")
def fit_case(table: Callable[..., pd.DataFrame]) -> Callable[..., SemFit]:
    """Fit a model text of tests/reference to the data beside it."""

    def fit(case: str, model: str = "model.txt") -> SemFit:
        return fit_sem((REFERENCE / case / model).read_text(), table(case, "data.csv", index=False))

    return fit


@pytest.fixture(scope="session")
def scales_fit(fit_case: Callable[..., SemFit]) -> SemFit:
    """Three factors of 4, 3 and 3 items, two residuals of one factor covarying."""
    return fit_case("reliability_htmt")


@pytest.fixture(scope="session")
def structure_fit(fit_case: Callable[..., SemFit]) -> SemFit:
    """Second-order JQ with D1..D4, SAT, COM, TIN, no direct path to TIN."""
    return fit_case("effects")


@pytest.fixture(scope="session")
def make_responses() -> Callable[..., Responses]:
    """Answers on a 5-point scale; an item's construct is its code without the last character."""

    def make(items: pd.DataFrame, groups: pd.DataFrame | None = None) -> Responses:
        labels = ("a", "b", "c", "d", "e")
        scale = Scale(name="five", values=(1, 2, 3, 4, 5), labels={"en": labels, "nl": labels})
        codes = list(dict.fromkeys(code[:-1] for code in items.columns))
        constructs = tuple(
            Construct(
                code=code,
                role="dimension",
                name=_text(code),
                short=_text(code),
                high=_text(code),
                new=False,
                facets={},
                items=tuple(
                    Item(
                        code=item,
                        construct=code,
                        facet=None,
                        text=_text(item),
                        scale=scale,
                        reversed=False,
                        sensitive=False,
                    )
                    for item in items.columns
                    if item[:-1] == code
                ),
            )
            for code in codes
        )
        instrument = Instrument(
            name="small",
            version="1",
            title=_text("small"),
            source=_text("own"),
            constructs=constructs,
            sha256="0" * 64,
        )
        return Responses(
            items=items.astype(float),
            groups=pd.DataFrame(index=items.index) if groups is None else groups,
            instrument=instrument,
            log=(),
            n_read=len(items),
        )

    return make
