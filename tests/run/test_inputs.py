"""What a report is made from, piece by piece: every change has its name, no hidden group is ever named."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from jq_models.run.inputs import digest, options_of, questions_of, rooms_of, words_of
from jq_models.run.made_from import made_from
from jq_models.run.manifest import file_hash
from jq_models.run.reproduced_parts import departures
from jq_models.spec import Text, load_study, questionnaire_of


@pytest.fixture(scope="module")
def study():
    return load_study("demo")


def changed(before: dict[str, object], after: dict[str, object]) -> set[str]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def test_every_option_has_its_value(study):
    found = options_of(study)
    assert found["gates.full"] == "300"
    assert found["client.norm"] == "demo_norm"
    assert found["modules.names"] == "steering, value, today"
    assert found["missing"] == "99"
    assert found["scale"] == "none"
    assert "sha256" not in found


def test_groups_and_columns_are_told_to_differ_and_never_told(study):
    text = json.dumps(options_of(study))
    for word in ("O01", "Organisation 1", "flex", "remarks", "served"):
        assert f'"{word}' not in text
    more = replace(study, client=replace(study.client, results={"team": {"O01-T01": 1.0}}))
    assert changed(options_of(study), options_of(more)) == {"client.results"}
    group = replace(study.groups[0], labels={})
    other = replace(study, groups=(group, *study.groups[1:]))
    assert changed(options_of(study), options_of(other)) == {f"groups.{group.name}.labels"}


def test_one_part_of_one_question(study):
    asked = questionnaire_of(study)
    found = questions_of(asked)
    assert set(found) == {
        "",
        *(item.code for item in asked.items),
        *(construct.code for construct in asked.constructs),
    }
    construct = asked.constructs[0]
    item = replace(construct.items[0], reversed=not construct.items[0].reversed)
    items = (item, *construct.items[1:])
    other = questions_of(replace(asked, constructs=(replace(construct, items=items), *asked.constructs[1:])))
    assert changed(found, other) == {item.code}
    assert changed(found[item.code], other[item.code]) == {"direction"}


def test_hashes_are_short_and_those_of_the_content(tmp_path):
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1})
    assert len(digest("x")) == 16
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "a.py").write_text("1")
    (tmp_path / "b.py").write_text("1")
    before = rooms_of.__wrapped__(tmp_path)
    (tmp_path / "room" / "__pycache__").mkdir()
    (tmp_path / "room" / "__pycache__" / "a.pyc").write_text("1")
    assert rooms_of.__wrapped__(tmp_path) == before
    (tmp_path / "room" / "a.py").write_text("2")
    assert changed(before, rooms_of.__wrapped__(tmp_path)) == {"room"}


def test_narration_is_a_part_of_the_words_of_a_translation():
    assert set(words_of("en")) == {"report"}
    assert set(words_of("nl")) == {"report", "narration"}


def test_the_order_of_questions_and_the_first_steps_are_parts(study):
    asked = questionnaire_of(study)
    found = questions_of(asked)
    first = asked.constructs[0]
    turned = replace(first, items=(*first.items[1:], first.items[0]))
    other = questions_of(replace(asked, constructs=(turned, *asked.constructs[1:])))
    assert changed(found, other) == {""}
    (one,) = departures({"parts": {"questions": found}}, {"parts": {"questions": other}})
    assert (one.part, one.what, one.given) == ("questionnaire", "order of the questions", True)
    stepped = replace(first, step=Text(en="Ask them.", nl="Vraag het ze."))
    other = questions_of(replace(asked, constructs=(stepped, *asked.constructs[1:])))
    assert changed(found[first.code], other[first.code]) == {"step_en", "step_nl"}
    fewer = questions_of(replace(asked, constructs=asked.constructs[1:]))
    told = departures({"parts": {"questions": found}}, {"parts": {"questions": fewer}})
    assert {one.what for one in told if one.found != "not there"} == set()  # what went, not the order too


def test_the_study_file_of_the_wave_before_is_a_part(study, checkout):
    assert study.client.previous == "demo_before"
    made = made_from(
        study=study,
        instrument=questionnaire_of(study),
        data=checkout / study.file,
        parameters={"study": "demo", "language": "en", "seed": 1},
    )
    kept = made["beside"]["previous_study"]
    assert kept == file_hash(checkout / "data" / "studies" / "demo_before.toml")
    other = {**made, "beside": {**made["beside"], "previous_study": "0" * 64}}
    assert [(one.part, one.given) for one in departures(other, made)] == [
        ("study file of the wave before", True)
    ]


def test_the_logo_is_part_of_what_a_report_is_made_from(
    study, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    themes = tmp_path / "themes"
    shutil.copytree(checkout / "data" / "themes", themes)
    monkeypatch.setattr("jq_models.spec.theme.themes", lambda: themes)
    study = replace(study, client=replace(study.client, theme="harbour"))
    given = {"study": study, "instrument": questionnaire_of(study), "data": checkout / study.file}
    before = made_from(**given, parameters={"study": "demo", "language": "en", "seed": 1})
    logo = themes / "harbour.svg"
    logo.write_text(logo.read_text(encoding="utf-8").replace("</svg>", "<g/></svg>"), encoding="utf-8")
    now = made_from(**given, parameters={"study": "demo", "language": "en", "seed": 1})
    assert [(one.part, one.given) for one in departures(before, now)] == [("logo", True)]
