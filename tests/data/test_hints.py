"""A misspelt column gets the name it was probably meant to be."""

from __future__ import annotations

import pytest

from jq_models.data import check_study, open_study
from jq_models.data.hints import likely_column
from jq_models.errors import DataError
from jq_models.report import problem_table, wording


@pytest.mark.parametrize(
    ("wanted", "unused", "found"),
    [
        ("OPPP1", ["OPP1", "remarks"], "OPP1"),
        ("taem", ["Team", "OPP1"], "Team"),
        ("OPP1", ["remarks", "date"], ""),
        ("OPP1", [], ""),
    ],
)
def test_the_most_similar_unused_column_is_offered(wanted: str, unused: list[str], found: str) -> None:
    assert likely_column(wanted, unused, shown=set(unused)) == found


@pytest.fixture
def misspelt(checkout, tmp_path, monkeypatch):
    """The demo study with two misspelt columns, in a project of its own."""
    for name in ("instruments", "studies", "simulated"):
        (tmp_path / "data" / name).mkdir(parents=True)
    data = checkout / "data"
    for instrument in ("ccc_job_quality.toml", "ccc_modules.toml"):
        content = (data / "instruments" / instrument).read_bytes()
        (tmp_path / "data" / "instruments" / instrument).write_bytes(content)
    (tmp_path / "data" / "simulated" / "demo.csv").write_bytes((data / "simulated" / "demo.csv").read_bytes())
    text = (data / "studies" / "demo.toml").read_text(encoding="utf-8")
    assert 'column = "team"' in text
    text = text.replace('column = "team"', 'column = "taem"')
    (tmp_path / "data" / "studies" / "demo.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(tmp_path))


@pytest.mark.usefixtures("misspelt")
def test_the_check_says_which_column_was_meant() -> None:
    (problem,) = [p for p in check_study("demo") if p.rule == "group_column_missing"]
    assert (problem.column, problem.hint) == ("taem", "team")
    shown = problem_table([problem], wording("en")).frame.iloc[0].tolist()
    assert "Did you mean the column ‘team’?" in shown[-1]
    with pytest.raises(DataError, match="taem"):
        open_study("demo")
