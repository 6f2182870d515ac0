"""Another language in the markdown cells: nothing missing, nothing stale, nothing left over."""

import pytest

from jq_models.errors import RunError, SpecError
from jq_models.paths import notebooks
from jq_models.run import translate as module
from jq_models.run.clean import read_notebook, write_notebook
from jq_models.run.translate import all_gaps, fingerprint, load_catalogue, main, translate, update

DUTCH = {"question": "# Een vraag", "cell-1": "# Wat $\\alpha$ zegt\n\nMet '''aanhaling''' en \"deze\"."}


@pytest.fixture
def folder(make_notebook, tmp_path, monkeypatch):
    write_notebook(make_notebook("# What $\\alpha$ says", "1 + 1"), tmp_path / "small.ipynb")
    monkeypatch.setattr(module, "notebook_folder", lambda: tmp_path)
    return tmp_path


def write_catalogue(folder, texts, *, notebook="small", of=None):
    sources = {cell.id: cell.source for cell in read_notebook(folder / "small.ipynb").cells}
    entries = {
        cell: module.Entry(of=of or fingerprint(sources.get(cell, "")), text=text)
        for cell, text in texts.items()
    }
    (folder / "nl").mkdir(exist_ok=True)
    (folder / "nl" / f"{notebook}.toml").write_text(module._toml(entries), encoding="utf-8")


def in_dutch(folder):
    notebook = read_notebook(folder / "small.ipynb")
    catalogue = load_catalogue("nl", folder=folder)
    return notebook, translate(notebook, name="small", language="nl", catalogue=catalogue)


def test_replaces_markdown_alone_and_keeps_the_original(folder):
    write_catalogue(folder, DUTCH)
    notebook, dutch = in_dutch(folder)
    assert {c.id: c.source for c in dutch.cells if c.cell_type == "markdown"} == DUTCH
    assert [c.source for c in dutch.cells[1::2]] == [c.source for c in notebook.cells[1::2]]
    assert notebook.cells[0].source == "# A question"
    assert all_gaps("nl", folder=folder) == []


def test_english_needs_no_catalogue(folder):
    notebook = read_notebook(folder / "small.ipynb")
    assert translate(notebook, name="small", language="en", catalogue=load_catalogue("en")) == notebook


@pytest.mark.parametrize(
    ("texts", "of", "message"),
    [
        ({"question": DUTCH["question"]}, None, "small, cell 'cell-1': missing"),
        (DUTCH, "00000000", "small, cell 'question': stale, the English text has changed"),
        (DUTCH | {"gone": "Weg"}, None, "small, cell 'gone': left over, has no cell"),
        (DUTCH | {"question": "# A question"}, None, "small, cell 'question': not translated"),
        (DUTCH | {"cell-3": "Geen tekst"}, None, "small, cell 'cell-3': left over"),
    ],
)
def test_refuses_what_is_not_whole(folder, texts, of, message):
    write_catalogue(folder, texts, of=of)
    with pytest.raises(RunError, match=message):
        in_dutch(folder)


def test_a_notebook_that_is_gone_is_left_over(folder):
    write_catalogue(folder, {"question": "# Een vraag"}, notebook="old")
    assert "old, cell '*': left over, has no notebook" in [str(gap) for gap in all_gaps("nl", folder=folder)]


def test_refuses_an_unknown_language_key_and_type(folder):
    with pytest.raises(RunError, match=r"No language 'xx'\. Allowed: en, nl"):
        load_catalogue("xx", folder=folder)
    (folder / "nl").mkdir()
    (folder / "nl" / "small.toml").write_text('[question]\nof = "1"\ntxt = "x"\n', encoding="utf-8")
    with pytest.raises(SpecError, match=r"small.toml, \[question\]: the key 'text' is missing"):
        load_catalogue("nl", folder=folder)
    (folder / "nl" / "small.toml").write_text('question = "x"\n', encoding="utf-8")
    with pytest.raises(SpecError, match="'question' must be"):
        load_catalogue("nl", folder=folder)


def test_stub_then_translate_then_mark(folder, capsys):
    assert main(["--stub"]) == 1
    assert "small, cell 'question': not translated" in capsys.readouterr().out
    assert main(["--mark"]) == 1, "an English stub must not be marked as translated"
    path = folder / "nl" / "small.toml"
    text = path.read_text(encoding="utf-8").replace("A question", "Een vraag").replace("What", "Wat")
    path.write_text(text, encoding="utf-8")
    assert main([]) == 1
    assert "stale" in capsys.readouterr().out
    assert main(["--mark"]) == 0
    assert main([]) == 0
    assert "up to date" in capsys.readouterr().out
    assert in_dutch(folder)[1].cells[0].source == "# Een vraag"


def test_rewriting_loses_nothing(folder):
    write_catalogue(folder, DUTCH | {"gone": "Weg"})
    before = load_catalogue("nl", folder=folder)
    update("nl", folder=folder, stub=True, mark=True)
    assert load_catalogue("nl", folder=folder) == before


def test_every_stored_notebook_is_translated():
    assert sorted(notebooks().glob("*.ipynb")), "no notebook in notebooks/study"
    assert [str(gap) for gap in all_gaps("nl", folder=notebooks())] == []
