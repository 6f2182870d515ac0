"""Study files written from what they were read into."""

import tomllib

import pytest

from jq_models.run.toml_text import toml_text


@pytest.mark.parametrize("name", ["demo", "demo_before", "gss"])
def test_every_study_file_reads_as_before(name, checkout):
    content = tomllib.loads((checkout / "data" / "studies" / f"{name}.toml").read_text(encoding="utf-8"))
    assert tomllib.loads(toml_text(content)) == content


def test_names_and_texts_of_any_kind():
    content = {
        "a b": 'quote " and \\ and\nline',
        "n": [1, 2.5, True],
        "empty": {},
        "t": {"é": {"x": -1}, "y": "z"},
        "list": [{"k": "v", "inner": {"m": 1}}, {"k": "w"}],
    }
    assert tomllib.loads(toml_text(content)) == content
