"""Study files are read strictly; names that could leave the project or deceive are refused."""

import pytest

from jq_models.errors import SpecError
from jq_models.spec import Gates, check_columns, check_name, load_instrument, load_study


def test_a_study_is_read_whole(write_study):
    study = load_study("acme-2024", folder=write_study())
    assert (study.instrument, study.file, study.sheet) == ("small", "data/raw/acme.csv", None)
    assert (study.missing, study.ignore, study.columns) == ((99, -99), ("remarks",), {"SUP1": "v1"})
    assert (study.model, study.turnover, study.learning) == ("direct", True, True)
    assert (study.minimum_group, study.language, study.seed) == (12, "nl", 7)
    assert (study.simulated, study.note) == (False, None)
    assert study.column_of("SUP1") == "v1"
    assert study.column_of("SUP2") == "SUP2"
    team = study.group("team")
    assert (team.column, team.label["nl"], team.labels["a"]["en"]) == ("unit", "Ploeg", "Alpha")


def test_what_is_left_out_has_a_default(write_study):
    folder = write_study(("minimum_group = 12\n", ""), ('language = "nl"\n', ""), ('main = "direct"', ""))
    study = load_study("acme-2024", folder=folder)
    assert (study.minimum_group, study.language, study.model) == (10, "en", "second_order")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minimum_group = 12", "minimum_gruop = 12", r"\[options\]: unknown key 'minimum_gruop'. Did you m"),
        ("minimum_group = 12", "minimum_group = 4", "'minimum_group' is 4; it cannot be below 5"),
        ("minimum_group = 12", "minimum_group = true", "must be a whole number, found true or false"),
        ('language = "nl"', 'language = "xx"', "'language' is 'xx'. Allowed: en, nl"),
        ('main = "direct"', 'main = "second-order"', "'second-order'. Did you mean 'second_order'"),
        ("seed = 7", "seed = 7.5", "'seed' must be a whole number, found a number"),
        ("[99, -99]", '["99"]', "every entry of 'missing' must be a whole number"),
        ("[99, -99]", "[true]", "every entry of 'missing' must be a whole number"),
        ('["remarks"]', "[1]", "every entry of 'ignore' must be text"),
        ('SUP1 = "v1"', "SUP1 = 1", r"\[columns\]: the column of 'SUP1' must be text"),
        ('name = "team"', 'name = "My team"', "'My team' cannot name a study"),
        ('column = "unit"', 'colunm = "unit"', "the key 'column' is missing. Is 'colunm' a misspelling"),
        ('nl = "Alfa"', 'fr = "Alfa"', r"\[labels\], \[a\]: the key 'nl' is missing"),
        ("seed = 7", "seed = -1", "'seed' is -1; it must be 0 or more"),
        ('file = "data/raw/acme.csv"', "", r"\[data\]: the key 'file' is missing"),
        ("[data]", "[dta]", "the key 'data' is missing. Is 'dta' a misspelling of it"),
        ("[model]", "[mdel]", "unknown key 'mdel'. Did you mean 'model'"),
        ('name = "acme-2024"', 'name = "acme"', "'name' is 'acme'. It must equal the file's name"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_remedy(write_study, old, new, message):
    with pytest.raises(SpecError, match=message):
        load_study("acme-2024", folder=write_study((old, new)))


def test_a_missing_study_suggests_the_one_that_is_there(write_study):
    with pytest.raises(SpecError, match=r"No file 'acme-2042\.toml' in .*Did you mean 'acme-2024'"):
        load_study("acme-2042", folder=write_study())


def test_a_missing_study_does_not_name_the_other_clients(write_study):
    with pytest.raises(SpecError, match=r"No file 'zzz\.toml'") as caught:
        load_study("zzz", folder=write_study())
    assert "acme" not in str(caught.value)


def test_an_unknown_group_gets_a_suggestion(write_study):
    study = load_study("acme-2024", folder=write_study())
    with pytest.raises(SpecError, match=r"Study 'acme-2024' has no group 'teem'. Did you mean 'team'"):
        study.group("teem")


@pytest.mark.parametrize("name", ["a", "0", "acme-2024", "a_b", "x" * 32])
def test_names_that_pass(name):
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "Acme", "-a", "_a", "a b", "a/b", "../a", "a.b", "é", "a\n", "x" * 33]
)  # fmt: skip
def test_names_that_do_not(name):
    with pytest.raises(SpecError, match=r"cannot name a study. Use 1 to 32 lower-case letters"):
        check_name(name)


def test_a_name_that_leads_out_is_refused_before_any_file_is_read(tmp_path):
    with pytest.raises(SpecError, match="cannot name a study"):
        load_study("../secrets", folder=tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('SUP1 = "v1"', 'SUB1 = "v1"', r"\[columns\]: 'SUB1' is no item of small. Did you mean 'SUP1'"),
        ('SUP1 = "v1"', 'SUP1 = "LEM1"', "the column 'LEM1' is used 2 times"),
        ('column = "unit"', 'column = "v1"', "the column 'v1' is used 2 times"),
    ],
)
def test_the_columns_are_held_against_the_questionnaire(write_study, write_instrument, old, new, message):
    small = load_instrument("small", folder=write_instrument())
    check_columns(load_study("acme-2024", folder=write_study()), small)
    with pytest.raises(SpecError, match=message):
        check_columns(load_study("acme-2024", folder=write_study((old, new))), small)


def test_two_groups_of_one_name_are_refused(write_study):
    second = '[[groups]]\nname = "team"\ncolumn = "other"\nlabel = { en = "O", nl = "O" }\n\n[model]'
    with pytest.raises(SpecError, match="two groups are called 'team'"):
        load_study("acme-2024", folder=write_study(("[model]", second)))


def test_a_file_in_another_encoding_is_named(write_study):
    folder = write_study()
    path = folder / "acme-2024.toml"
    path.write_bytes(path.read_text(encoding="utf-8").replace("Alfa", "Alfá").encode("cp1252"))
    with pytest.raises(SpecError, match=r"acme-2024\.toml is not UTF-8 text"):
        load_study("acme-2024", folder=folder)


def test_gates_have_defaults_and_are_read(write_study):
    assert load_study("acme-2024", folder=write_study()).gates == Gates()
    folder = write_study(("[model]", "[gates]\nfull = 400\ngroup = 200\n\n[model]"))
    assert load_study("acme-2024", folder=folder).gates == Gates(full=400, group=200)


@pytest.mark.parametrize(
    ("gates", "message"),
    [
        ("full = 20", "'full' is 20; it cannot be below 30"),
        ("second_order = 350", r"must rise: score_path \(100\) <= second_order \(350\) <= full \(300\)"),
        ("ful = 300", "unknown key 'ful'. Did you mean 'full'"),
        ("full = true", "'full' must be a whole number"),
    ],
)
def test_gates_that_make_no_sense_are_refused(write_study, gates, message):
    with pytest.raises(SpecError, match=message):
        load_study("acme-2024", folder=write_study(("[model]", f"[gates]\n{gates}\n\n[model]")))


def test_covariates_are_known_by_name(write_study):
    folder = write_study(("[model]", '[covariates]\ncustomer_contact = "share"\n\n[model]'))
    assert load_study("acme-2024", folder=folder).covariates == {"customer_contact": "share"}
    folder = write_study(("[model]", '[covariates]\ncontact = "share"\n\n[model]'))
    with pytest.raises(SpecError, match=r"\[covariates\]: unknown key 'contact'"):
        load_study("acme-2024", folder=folder)
