"""The strict table and the texts in two languages."""

import pytest

from jq_models.errors import SpecError, suggest
from jq_models.spec import Text
from jq_models.spec.strict import Table


def test_a_text_is_a_read_only_mapping():
    text = Text(en="yes", nl="ja")
    assert dict(text) == {"en": "yes", "nl": "ja"}
    assert text == Text(nl="ja", en="yes")
    assert hash(text) == hash(Text(nl="ja", en="yes"))
    assert len(text) == 2
    assert repr(text) == "Text({'en': 'yes', 'nl': 'ja'})"
    with pytest.raises(TypeError, match="does not support item assignment"):
        text["en"] = "no"


def test_values_are_taken_by_type():
    table = Table({"a": 1, "b": 2, "c": True, "d": "x"}, "file")
    assert table.take("a", int) == 1
    number = table.take("b", float)
    assert isinstance(number, float)
    assert number == 2.0
    assert table.take("c", bool) is True
    assert table.take("d", str) == "x"
    assert table.take("e", int, 5) == 5
    table.done()


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        (True, int, r"'a' must be a whole number, found true or false \(True\)"),
        (True, float, "must be a number, found true or false"),
        (1.5, int, "must be a whole number, found a number"),
        ("1", int, "must be a whole number, found text"),
        ({"x": 1}, str, "must be text, found a table"),
        ([1], str, "must be text, found a list"),
    ],
)
def test_no_type_bends_into_another(value, kind, message):
    with pytest.raises(SpecError, match=message):
        Table({"a": value}, "file").take("a", kind)


def test_what_nobody_took_is_an_error():
    table = Table({"language": "nl", "langauge": "en"}, "file")
    table.take("language", str)
    with pytest.raises(SpecError, match=r"file: unknown key 'langauge'. Did you mean 'language'"):
        table.done()


def test_rest_takes_everything_left():
    table = Table({"v1": "a", "v2": "b"}, "file")
    assert table.rest() == {"v1": "a", "v2": "b"}
    table.done()


@pytest.mark.parametrize(
    ("found", "allowed", "answer"),
    [
        ("Languge", ["language", "seed"], "Did you mean 'language'?"),
        ("sup1", ["SUP1", "TIN1"], "Did you mean 'SUP1'?"),
        ("zzz", ["b", "a"], "Allowed: a, b."),
        ("zzz", [], "None is allowed here."),
    ],
)
def test_suggestions(found, allowed, answer):
    assert suggest(found, allowed) == answer
