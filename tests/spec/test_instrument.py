"""Questionnaire files are read strictly: whole, typed, and every mistake is named with its remedy."""

import hashlib
from dataclasses import FrozenInstanceError

import pytest

from jq_models.errors import RunError, SpecError
from jq_models.spec import load_instrument

ONLY_ITEM = 'items = [{ code = "LEM1", text = { en = "Three", nl = "Drie" } }]'


def test_a_questionnaire_is_read_whole(write_instrument):
    folder = write_instrument()
    small = load_instrument("small", folder=folder)
    assert [c.code for c in small.constructs] == ["SUP", "LEM"]
    assert [item.code for item in small.items] == ["SUP1", "SUP2", "LEM1"]
    assert small.title == {"en": "Small", "nl": "Klein"}
    assert small.sha256 == hashlib.sha256((folder / "small.toml").read_bytes()).hexdigest()
    assert small.dimensions == small.constructs
    assert small.outcomes == ()
    first, second = small.construct("SUP").items
    assert (first.construct, first.facet, first.reversed, first.sensitive) == ("SUP", "help", False, False)
    assert (second.facet, second.reversed, second.sensitive) == (None, True, True)
    assert first.scale.labels["nl"] == ("nee", "half", "ja")
    assert (second.scale.low, second.scale.high) == (0, 1)


def test_a_short_name_falls_back_on_the_name(write_instrument):
    small = load_instrument("small", folder=write_instrument())
    assert small.construct("SUP").short["nl"] == "Steun"
    assert small.construct("LEM").short["nl"] == "Leer"


def test_a_construct_may_appraise_one_person(write_instrument):
    small = load_instrument("small", folder=write_instrument())
    assert not any(c.appraises_one for c in small.constructs)
    folder = write_instrument(('code = "SUP"\n', 'code = "SUP"\nappraises_one = true\n'))
    small = load_instrument("small", folder=folder)
    assert [c.code for c in small.constructs if c.appraises_one] == ["SUP"]
    folder = write_instrument(('code = "SUP"\n', 'code = "SUP"\nappraises_one = 1\n'))
    with pytest.raises(SpecError, match="'appraises_one' must be true or false, found a whole number"):
        load_instrument("small", folder=folder)


def test_a_questionnaire_cannot_be_changed(write_instrument):
    small = load_instrument("small", folder=write_instrument())
    with pytest.raises(FrozenInstanceError):
        small.items[0].reversed = True


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("reversed = true", "revresed = true", r"\[\[items\]\] SUP2: unknown key 'revresed'. Did you m"),
        ("reversed = true", 'reversed = "yes"', r"'reversed' must be true or false, found text \('yes'\)"),
        ("reversed = true", "reversed = 1", r"SUP2: 'reversed' must be true or false, found a whole number"),
        ('version = "1"', "version = 1", r"small.toml: 'version' must be text, found a whole number"),
        ('version = "1"', 'verison = "1"', "the key 'version' is missing. Is 'verison' a misspelling of it"),
        ('nl = "Klein"', 'de = "Klein"', r"\[title\]: the key 'nl' is missing"),
        ('nl = "Klein"', 'nl = "Klein", xx = "x"', r"\[title\]: unknown key 'xx'. Allowed: en, nl"),
        ('role = "dimension"', 'role = "dimensoin"', "'role' is 'dimensoin'. Did you mean 'dimension'"),
        ('scale = "often"', 'scale = "oftne"', "SUP2: no scale 'oftne'. Did you mean 'often'"),
        ('facet = "help"', 'facet = "halp"', "SUP1: no facet 'halp' in SUP. Did you mean 'help'"),
        ('default_scale = "agree"', 'default_scale = "x"', "no scale 'x'. Allowed: agree, often"),
        ("[1, 2, 3]", "[1, 2, 4]", r"\[\[scales\]\] agree: 'values' must be consecutive whole numbers"),
        ("[1, 2, 3]", '["a", "b", "c"]', "'values' must be consecutive whole numbers, lowest first"),
        ('"nee", "half", "ja"', '"nee", "ja"', "2 labels in 'nl' for 3 values"),
        ('"nee", "half", "ja"', '"nee", 2, "ja"', "every entry of 'nl' must be text"),
        ('"SUP2"', '"SUP1"', "the code 'SUP1' is used 2 times"),
        ('"LEM1"', '"LEM 1"', "the code 'LEM 1' must be letters, digits and underscores"),
        (ONLY_ITEM, "", r"LEM: no items\. Add at least one"),
        ("items = [{", "items = [3, {", r"'items' must be written as \[\[items\]\] tables"),
        ('name = "small"', 'name = "other"', "'name' is 'other'. It must equal the file's name"),
        ('name = "small"', "name = ", "small.toml is not valid TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_remedy(write_instrument, old, new, message):
    with pytest.raises(SpecError, match=message):
        load_instrument("small", folder=write_instrument((old, new)))


def test_a_missing_file_suggests_the_one_that_is_there(write_instrument):
    with pytest.raises(SpecError, match=r"No file 'smal\.toml' in .*Did you mean 'small'"):
        load_instrument("smal", folder=write_instrument())


@pytest.mark.parametrize(
    ("look_up", "message"),
    [
        (lambda i: i.construct("SUB"), "small has no construct 'SUB'. Did you mean 'SUP'"),
        (lambda i: i.item("SUP9"), "small has no item 'SUP9'. Did you mean 'SUP"),
        (lambda i: i.item("quite_else"), "has no item 'quite_else'. Allowed: LEM1, SUP1, SUP2"),
    ],
)
def test_an_unknown_code_gets_a_suggestion(write_instrument, look_up, message):
    small = load_instrument("small", folder=write_instrument())
    with pytest.raises(SpecError, match=message):
        look_up(small)


@pytest.mark.parametrize("name", ["../studies/demo", "/etc/passwd", "../../../etc/passwd"])
def test_a_name_that_leads_out_of_the_folder_is_refused(name):
    with pytest.raises(RunError, match="leads out of the project"):
        load_instrument(name)
