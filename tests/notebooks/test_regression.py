"""The regression of stored notebooks bites: real nbval runs over doctored copies.

The stored notebooks themselves are compared by this very pytest run, as files below notebooks/.
"""

import copy
import json
import re
import subprocess
import sys
from itertools import islice
from xml.etree import ElementTree

import nbformat
import pytest

from jq_models.paths import project_root
from jq_models.run.clean import read_notebook, write_notebook
from jq_models.run.compare import differences
from jq_models.run.notebook import run_notebook
from jq_models.run.refresh import stored_notebooks

CELLS = (
    "print('CFI 0.9514, n = 577')",
    "print('The claim is supported: 2 of 3')",
    "from IPython.display import HTML, Markdown, SVG, display\n"
    "display(HTML('<td>12.34</td>'), Markdown('Loading **0.731**'))",
    'display(SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="1"/>\'))',
    "1 / 3",
    "import os; [os.environ['PYTHONHASHSEED'], os.environ['OPENBLAS_NUM_THREADS'], hash('a')]",
)
# Cells are compared one by one, so a copy can bear several changes, each in a cell of its own:
# (what it shows, code cell, what stands in the stored output, what is put there, whether it must fail)
DOCTORED = {
    "first": (
        ("a number in text by 1 %", 2, "0.9514", "0.9609", True),
        ("a word of a verdict", 3, "is supported", "is not supported", True),
        ("a number in HTML by 1 %", 4, "12.34", "12.46", True),
        ("another picture", 5, 'width=\\"1\\"', 'width=\\"2\\"', False),
        ("a number by 1e-7", 6, "0.3333333333333333", "0.3333333666666666", False),
    ),
    "second": (
        ("a whole number", 2, "577", "578", True),
        ("a count in a verdict", 3, "2 of 3", "3 of 3", True),
        ("a number in Markdown by 1 %", 4, "0.731", "0.738", True),
        ("a picture that is gone", 5, None, None, True),
        ("a double by 1 %", 6, "0.3333333333333333", "0.3366666666666666", True),
        ("a cell stored unexecuted", 7, None, None, True),
    ),
    "as_it_is": (),
}
CHANGES = [(name, *change) for name, changes in DOCTORED.items() for change in changes]


def pytest_on(folder):
    """Run the project's pytest on a folder of notebooks; return the failed code cells by notebook."""
    report = folder / "report.xml"
    config = project_root() / "pyproject.toml"
    command = ["-m", "pytest", "-c", config, "--rootdir", folder, "--junit-xml", report, folder]
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert report.exists(), done.stdout + done.stderr
    failed = {path.stem: [] for path in folder.glob("*.ipynb")}
    ran = dict.fromkeys(failed, 0)
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.get("classname").removesuffix(".ipynb")
        ran[name] += 1
        if case.find("failure") is not None or case.find("error") is not None:
            failed[name].append(int(case.get("name").split()[-1]) + 1)
    return failed, ran, done.stdout


def doctor(notebook, changes):
    """Put other texts into the stored outputs, or take the outputs away; the code stays."""
    changed = copy.deepcopy(notebook)
    code = [cell for cell in changed.cells if cell.cell_type == "code"]
    for what, number, old, new, _ in changes:
        cell = code[number - 1]
        if old is None:
            cell.outputs = []
            cell.execution_count = None if "unexecuted" in what else cell.execution_count
        else:
            text = json.dumps(cell.outputs)
            assert text.count(old) == 1, f"'{old}' does not stand once in code cell {number}"
            cell.outputs = nbformat.from_dict(json.loads(text.replace(old, new)))
    return changed


@pytest.fixture(scope="module")
def outcome(make_notebook, tmp_path_factory):
    folder = tmp_path_factory.mktemp("doctored")
    source = folder.with_name("source.ipynb")
    write_notebook(make_notebook(*CELLS), source)
    stored = run_notebook(source, out=None)
    for name, changes in DOCTORED.items():
        write_notebook(doctor(stored, changes), folder / f"{name}.ipynb")
    return pytest_on(folder)


@pytest.mark.parametrize(
    ("name", "what", "cell", "old", "new", "fails"), CHANGES, ids=[change[1] for change in CHANGES]
)
def test_a_change_is_seen_where_it_is(outcome, name, what, cell, old, new, fails):
    assert (cell in outcome[0][name]) is fails


def test_an_untouched_copy_passes_and_every_cell_ran(outcome):
    failed, ran, _ = outcome
    assert failed["as_it_is"] == []
    assert ran == dict.fromkeys(DOCTORED, len(CELLS) + 1)


def test_the_failure_says_what_was_and_what_is(outcome):
    said = outcome[2]
    assert "first.ipynb, code cell 2: Cell outputs differ" in said
    assert "stdout: …CFI »0.9609« is now »0.9514«" in said
    assert "second.ipynb, code cell 7: Stored unexecuted" in said
    assert "python3 do.py refresh" in said
    assert said.splitlines()[-1].startswith("9 failed, 12 passed")


STORED = stored_notebooks(project_root() / "notebooks")
_DECIMAL = re.compile(r"(?<![\w.#,])(?:[1-9]?\d?\d)?\.\d{2,4}(?!\w|[.,]\d)")
_WORD = re.compile(r"(?<![\w<&/=\"'.-])[A-Za-z]{4,}(?![\w>;=\"'-])")


def shown(cell):
    """Each compared text of a cell's outputs as (holder, key)."""
    for output in cell.get("outputs", []):
        yield from ((output, "text") for _ in range("text" in output))
        data = output.get("data", {})
        yield from ((data, kind) for kind in ("text/markdown", "text/plain", "text/html") if kind in data)


def replaced(text, match, new):
    return text[: match.start()] + new + text[match.end() :]


def more(match):
    """The number 1 % larger, with as many decimals."""
    larger = f"{float(match[0]) * 1.01:.{len(match[0].split('.')[1])}f}"
    return larger.removeprefix("0") if match[0].startswith(".") else larger


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_every_stored_number_and_word_is_watched(path):
    """Each number of a stored notebook changed by 1 %, and each word, one at a time."""
    numbers, unseen = 0, []
    texts = [holder[key] for cell in read_notebook(path).cells for holder, key in shown(cell)]
    for text in texts:
        changes = [(match, more(match)) for match in _DECIMAL.finditer(text)]
        changes = [(match, new) for match, new in changes if new != match[0]]
        numbers += len(changes)
        changes += [(match, f"not {match[0]}") for match in islice(_WORD.finditer(text), 200)]
        unseen += [match[0] for match, new in changes if not differences(text, replaced(text, match, new))]
    assert unseen == []
    # the report's own notebook holds its order and words; its numbers are those of the others
    assert numbers > 10 or "study" not in path.parts or path.stem == "report"


def doctor_first(cells, pattern, change, *, taken):
    """Change the first match in the outputs of a cell not in `taken`; return the cell's index."""
    for index, cell in enumerate(cells):
        for holder, key in shown(cell) if index not in taken else ():
            match = next((m for m in pattern.finditer(holder[key]) if change(m) != m[0]), None)
            if match:
                holder[key] = replaced(holder[key], match, change(match))
                return index
    return pytest.fail("nothing to change in any output")


@pytest.mark.skipif(not STORED, reason="test_hygiene fails when there is no notebook")
def test_a_stored_study_notebook_bites(tmp_path):
    """One number, one word and one unexecuted cell in a copy of the first study notebook."""
    path = next(path for path in STORED if path.stem == "01_sample")
    notebook = read_notebook(path)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    number = doctor_first(cells, _DECIMAL, more, taken=())
    word = doctor_first(cells, _WORD, lambda match: f"not {match[0]}", taken=(number,))
    last = max(i for i, cell in enumerate(cells) if i not in (number, word) and cell.source.strip())
    cells[last].update(execution_count=None, outputs=[])
    write_notebook(notebook, tmp_path / path.name)
    failed, _, said = pytest_on(tmp_path)
    assert failed == {path.stem: sorted(i + 1 for i in (number, word, last))}, said
