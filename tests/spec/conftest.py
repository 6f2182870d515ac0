"""A small questionnaire and study, written to disk so that single lines of them can be spoilt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

INSTRUMENT = """
name = "small"
version = "1"
default_scale = "agree"
title = { en = "Small", nl = "Klein" }
source = { en = "Own wording", nl = "Eigen woorden" }

[[scales]]
name = "agree"
values = [1, 2, 3]
labels = { en = ["no", "half", "yes"], nl = ["nee", "half", "ja"] }

[[scales]]
name = "often"
values = [0, 1]
labels = { en = ["never", "often"], nl = ["nooit", "vaak"] }

[[constructs]]
code = "SUP"
role = "dimension"
name = { en = "Support", nl = "Steun" }
high = { en = "supported", nl = "gesteund" }

[[constructs.facets]]
code = "help"
name = { en = "Help", nl = "Hulp" }

[[constructs.items]]
code = "SUP1"
text = { en = "One", nl = "Een" }
facet = "help"

[[constructs.items]]
code = "SUP2"
text = { en = "Two", nl = "Twee" }
scale = "often"
reversed = true
sensitive = true

[[constructs]]
code = "LEM"
role = "dimension"
new = true
name = { en = "Learning", nl = "Leren" }
short = { en = "Learn", nl = "Leer" }
high = { en = "learns", nl = "leert" }
items = [{ code = "LEM1", text = { en = "Three", nl = "Drie" } }]
"""

STUDY = """
name = "acme-2024"
instrument = "small"
title = { en = "Acme", nl = "Acme" }

[data]
file = "data/raw/acme.csv"
missing = [99, -99]
ignore = ["remarks"]

[columns]
SUP1 = "v1"

[[groups]]
name = "team"
column = "unit"
label = { en = "Team", nl = "Ploeg" }
labels = { a = { en = "Alpha", nl = "Alfa" } }

[model]
main = "direct"

[options]
minimum_group = 12
language = "nl"
seed = 7
"""

Write = Callable[..., Path]


@pytest.fixture
def write_instrument(tmp_path: Path) -> Write:
    """Write small.toml with each `old` text replaced by its `new`; the folder comes back."""
    return _writer(tmp_path, "small.toml", INSTRUMENT)


@pytest.fixture
def write_study(tmp_path: Path) -> Write:
    """Write acme-2024.toml with each `old` text replaced by its `new`; the folder comes back."""
    return _writer(tmp_path, "acme-2024.toml", STUDY)


def _writer(folder: Path, name: str, text: str) -> Write:
    def write(*changes: tuple[str, str]) -> Path:
        spoilt = text
        for old, new in changes:
            assert old in spoilt, f"the fixture has no {old!r} to replace"
            spoilt = spoilt.replace(old, new, 1)
        (folder / name).write_text(spoilt, encoding="utf-8")
        return folder

    return write
