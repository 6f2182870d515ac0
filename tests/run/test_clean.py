"""What leaves a run holds no path of the machine."""

from pathlib import Path

import pytest

from jq_models.run.clean import clean_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("read /home/someone/data/client.csv twice", "read …/client.csv twice"),
        ("'/Users/a b/x.csv'", "'…/a b/x.csv'"),
        (r"read C:\Users\someone\client.csv", "read …/client.csv"),
        ("file:///srv/x/y.ipynb#2", "…/y.ipynb#2"),
        ("/tmp/ipykernel_12/345.py:3: UserWarning", "…/345.py:3: UserWarning"),
        ("<td>a/b</td> and/or 1/3 km/h", "<td>a/b</td> and/or 1/3 km/h"),
        ("http://www.w3.org/2000/svg", "http://www.w3.org/2000/svg"),
        ("https://doi.org/10.1080/tmp/x", "https://doi.org/10.1080/tmp/x"),
        ("data/studies/demo.toml", "data/studies/demo.toml"),
        ("M 1.5,2/3 A:1", "M 1.5,2/3 A:1"),
    ],
)
def test_absolute_paths_alone_are_replaced(text, clean):
    assert clean_text(text) == clean


def test_the_runs_own_folders_are_replaced_wherever_they_stand(tmp_path, monkeypatch):
    root = Path("/odd place/of this/run")
    monkeypatch.chdir(tmp_path)
    assert clean_text(f"'{root}/x.csv' in {tmp_path}", roots=[root]) == "'…/x.csv' in …/" + tmp_path.name
    assert clean_text(f"{root}s/x.csv", roots=[root]) == f"{root}s/x.csv"
