"""Parameters: only declared names, only the declared types, only short names."""

import pytest

from jq_models.errors import RunError
from jq_models.run.parameters import check_parameters, parse_parameters, read_parameters

CELL = """# what to report
study: str = "demo"
seed: int = -3
level: float = 0.9
with_enjoyment: bool = True"""


@pytest.fixture(scope="module")
def declared(make_notebook):
    return read_parameters(make_notebook(parameters=CELL), where="x.ipynb")


def test_reads_names_types_and_defaults_in_order(declared):
    assert [(p.name, p.kind, p.default) for p in declared.values()] == [
        ("study", str, "demo"),
        ("seed", int, -3),
        ("level", float, 0.9),
        ("with_enjoyment", bool, True),
    ]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ('study = "demo"', "line 1: not of the form 'name: type = literal'"),
        ("seed: int = 1\nimport os", "line 2: not of the form"),
        ("seed: int", "line 1: not of the form"),
        ("seed: int = 1 + 1", "line 1: the value of 'seed' is no literal"),
        ("seed: int = max(1, 2)", "the value of 'seed' is no literal"),
        ("seed: Int = 1", "the type 'Int' of 'seed'. Did you mean 'int'?"),
        ("names: list[str] = []", "the type 'list\\[str\\]' of 'names'"),
        ('seed: int = "1"', "'seed' must be a whole number, found text"),
        ("seed: int = True", "'seed' must be a whole number, found true or false"),
        ("seed: int = 1\nseed: int = 2", "line 2: 'seed' is declared twice"),
        ("seed: int = (", "line 1: this is no Python"),
    ],
)
def test_refuses_any_other_line(make_notebook, cell, message):
    with pytest.raises(RunError, match=message):
        read_parameters(make_notebook(parameters=cell), where="x.ipynb")


def test_refuses_a_notebook_without_or_with_two_parameters_cells(make_notebook):
    none, two = make_notebook(), make_notebook("1")
    none.cells[1].metadata.tags = []
    two.cells[2].metadata.tags = ["parameters"]
    for notebook, count in ((none, 0), (two, 2)):
        with pytest.raises(RunError, match=f"x.ipynb: found {count} cells tagged 'parameters'"):
            read_parameters(notebook, where="x.ipynb")


def test_accepts_the_declared_types_and_a_whole_number_for_a_number(declared):
    checked = check_parameters({"study": "gss", "level": 1}, declared, where="x.ipynb")
    assert checked == {"study": "gss", "level": 1.0}
    assert type(checked["level"]) is float


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sed": 1}, "x.ipynb has no parameter 'sed'. Did you mean 'seed'?"),
        ({"with_enjoyment": "false"}, "'with_enjoyment' must be true or false, found text"),
        ({"with_enjoyment": 0}, "'with_enjoyment' must be true or false, found a whole number"),
        ({"seed": 1.0}, "'seed' must be a whole number, found a number"),
        ({"seed": None}, "'seed' must be a whole number, found something else"),
        ({"level": float("nan")}, "'level' must be a finite number"),
        ({"study": "/home/someone/client.csv"}, "'study' must be a short name.*--data"),
        ({"study": "a\nb"}, "'study' must be a short name"),
        ({"study": "x" * 65}, "'study' must be a short name"),
    ],
)
def test_refuses_unknown_names_and_wrong_values(declared, given, message):
    with pytest.raises(RunError, match=message):
        check_parameters(given, declared, where="x.ipynb")


def test_reads_command_line_texts_by_the_declared_type(declared):
    texts = {"study": "12", "seed": "12", "level": "1e-2", "with_enjoyment": "false"}
    values = parse_parameters(texts, declared, where="x.ipynb")
    assert values == {"study": "12", "seed": 12, "level": 0.01, "with_enjoyment": False}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"with_enjoyment": "False"}, "must be true or false, found 'False'"),
        ({"seed": "1.0"}, "must be a whole number, found '1.0'"),
        ({"seed": "1_000"}, "must be a whole number"),
        ({"level": "0,9"}, "must be a number, found '0,9'"),
        ({"level": "nan"}, "must be a number, found 'nan'"),
        ({"lang": "nl"}, "no parameter 'lang'"),
    ],
)
def test_refuses_texts_of_another_type(declared, texts, message):
    with pytest.raises(RunError, match=message):
        parse_parameters(texts, declared, where="x.ipynb")
