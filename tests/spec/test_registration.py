"""A registered plan: its hash holds it together, and every departure from it is named."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jq_models import paths
from jq_models.errors import SpecError
from jq_models.spec import (
    Deviation,
    deviations,
    fixed,
    load_registration,
    registration_path,
    registration_text,
    status_of,
)

PLAN = {
    "hypotheses": {"H1": "one", "H2": "two"},
    "rules": {"alpha": "0.05"},
    "options": {"seed": "1", "norm": ""},
}
AT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def registered(**more):
    facts = {"plan": PLAN, "version": "1", "data_there": False, "report_there": False, "at": AT, **more}
    return fixed("mine", **facts)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data" / "instruments").mkdir(parents=True)
    monkeypatch.setenv(paths.PROJECT_VARIABLE, str(tmp_path))
    return tmp_path


def write(text: str) -> None:
    path = registration_path("mine")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_registration_is_read_back_as_it_was_written(project):
    assert load_registration("mine") is None
    write(registration_text(registered()))
    assert load_registration("mine") == registered()
    assert load_registration("mine").registered == "2030-01-02T03:04:05+00:00"


@pytest.mark.parametrize(
    "edit",
    [
        lambda c: c["plan"]["rules"].update(alpha="0.10"),
        lambda c: c["plan"]["hypotheses"].pop("H2"),
        lambda c: c["plan"]["hypotheses"].update(H3="three"),
        lambda c: c.update(registered="2029-01-02T03:04:05+00:00"),
        lambda c: c.update(data_there=True),
        lambda c: c.update(study="other"),
        lambda c: c.update(sha256="0" * 64),
    ],
    ids=["rule", "claim out", "claim in", "date", "data", "study", "hash"],
)
def test_an_altered_file_is_refused(edit, project):
    content = json.loads(registration_text(registered()))
    edit(content)
    write(json.dumps(content))
    with pytest.raises(SpecError, match="altered after it was registered"):
        load_registration("mine")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": 99, "plan": {}}', "{"])
def test_what_is_no_registration_is_refused_in_words(text, project):
    write(text)
    with pytest.raises(SpecError, match="no registration that can be read"):
        load_registration("mine")


def test_every_fact_is_in_the_hash():
    others = [
        registered(version="2"),
        registered(data_there=True),
        registered(report_there=True),
        registered(at=datetime(2031, 1, 1, tzinfo=UTC)),
        registered(plan={**PLAN, "rules": {"alpha": "0.01"}}),
    ]
    assert len({one.sha256 for one in [registered(), *others]}) == 6


def test_departures_are_named_and_new_claims_are_none():
    now = {
        "hypotheses": {"H1": "one", "H2": "otherwise", "H3": "three"},
        "rules": {"alpha": "0.05", "draws": "2000"},
        "options": {"seed": "2", "norm": ""},
    }
    found = deviations(registered(), now)
    assert found == (
        Deviation(section="hypotheses", key="H2", planned="two", present="otherwise"),
        Deviation(section="rules", key="draws", planned="", present="2000"),
        Deviation(section="options", key="seed", planned="1", present="2"),
    )
    assert deviations(registered(), PLAN) == ()
    dropped = deviations(registered(), {"hypotheses": {"H1": "one"}, "rules": {}, "options": PLAN["options"]})
    assert [(one.key, one.present) for one in dropped] == [("H2", ""), ("alpha", "")]


def test_what_makes_a_test_confirmatory():
    kept, seed = (), (Deviation(section="options", key="seed", planned="1", present="2"),)
    other = (Deviation(section="hypotheses", key="H2", planned="two", present="otherwise"),)
    assert status_of("H1", registered(), kept) == "confirmatory"
    assert status_of("H1", registered(), other) == "confirmatory"
    assert status_of("H2", registered(), other) == "deviating"
    assert status_of("H1", registered(), seed) == "deviating"
    assert status_of("H3", registered(), kept) == "exploratory"
    assert status_of("H1", registered(report_there=True), kept) == "exploratory"
    assert status_of("H1", registered(data_there=True), kept) == "confirmatory"
