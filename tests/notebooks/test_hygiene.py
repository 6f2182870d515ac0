"""Every stored notebook is clean, and every check finds the dirt it is for."""

import copy

import hygiene
import nbformat
import pytest

from jq_models.paths import project_root
from jq_models.run.clean import clean_notebook, read_notebook
from jq_models.run.refresh import stored_notebooks

FOLDER = project_root() / "notebooks"
STORED = stored_notebooks(FOLDER)
IDS = [path.relative_to(FOLDER).as_posix() for path in STORED]
ALT = "Bar chart: twelve dimensions by mean score"


def test_there_are_notebooks():
    assert STORED, "no notebook below notebooks/"


@pytest.mark.parametrize("check", hygiene.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("path", STORED, ids=IDS)
def test_stored_notebook(path, check):
    assert check(read_notebook(path)) == []


def figure(**data):
    return nbformat.v4.new_output("display_data", data=data)


@pytest.fixture(scope="module")
def clean(make_notebook):
    notebook = make_notebook("x = 1", "# text", "show(x)")
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", name="stdout", text="supported\n")]
    notebook.cells[4].outputs = [figure(**{"text/plain": ALT, "image/svg+xml": "<svg/>"})]
    return clean_notebook(notebook)


@pytest.mark.parametrize("check", hygiene.CHECKS, ids=lambda check: check.__name__)
def test_a_clean_notebook_passes(clean, check):
    assert check(clean) == []


def _unexecuted(notebook):
    notebook.cells[4].execution_count = None


def _out_of_order(notebook):
    notebook.cells[2].execution_count, notebook.cells[4].execution_count = 3, 2


def _error(notebook):
    notebook.cells[2].outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="x")]


def _warning(notebook):
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", name="stderr", text="x")]


def _path_in_output(notebook):
    notebook.cells[2].outputs[0].text = "read /home/someone/client.csv\n"


def _path_in_metadata(notebook):
    notebook.metadata["source"] = "C:\\Users\\someone\\x.ipynb"


def _path_in_code(notebook):
    notebook.cells[2].source = 'x = "/tmp/x.csv"'


def _no_parameters(notebook):
    notebook.cells[1].metadata.tags = []


def _loose_parameter(notebook):
    notebook.cells[1].source = 'study = "demo"'


def _injected(notebook):
    notebook.cells[2].metadata.tags = ["injected-parameters"]


def _definition(notebook):
    notebook.cells[2].source = "def f():\n    return 1"


def _lambda(notebook):
    notebook.cells[2].source = "f = lambda x: x"


def _loop(notebook):
    notebook.cells[2].source = "for i in range(3):\n    print(i)"


def _loop_over_fits(notebook):
    notebook.cells[2].source = "fits = [sem.fit_sem(m, data) for m in models]"


def _magic(notebook):
    notebook.cells[2].source = "%matplotlib inline"


def _many_cells(notebook):
    notebook.cells += [copy.deepcopy(notebook.cells[2]) for _ in range(hygiene.CELLS)]


def _many_lines(notebook):
    notebook.cells[2].source = "x = 1\n" * (hygiene.LINES + 1)


def _no_alternative(notebook):
    notebook.cells[4].outputs = [figure(**{"image/svg+xml": "<svg/>"})]


def _empty_alternative(notebook):
    notebook.cells[4].outputs[0].data["text/plain"] = "<Figure size 640x480 with 1 Axes>"


def _image_without_alternative(notebook):
    notebook.cells[4].outputs = [figure(**{"text/html": '<p><img src="data:x"></p>'})]


def _widget(notebook):
    notebook.cells[4].outputs[0].data["application/vnd.jupyter.widget-view+json"] = {"model_id": "1"}


def _script(notebook):
    notebook.cells[4].outputs[0].data["text/html"] = "<script>1</script>"


def _bar(notebook):
    notebook.cells[2].outputs[0].text = " 50%|#####     | 1/2 [00:01<00:01, 1.2it/s]"


def _other_kernel(notebook):
    notebook.metadata.kernelspec.name = "conda-env-x"


def _timing(notebook):
    notebook.cells[2].metadata["execution"] = {"iopub.execute_input": "2020-01-01T00:00:00Z"}


def _huge(notebook):
    notebook.cells[4].outputs[0].data["image/png"] = "A" * hygiene.BYTES


DIRT = [
    (_unexecuted, hygiene.executed_in_order, "execution counts"),
    (_out_of_order, hygiene.executed_in_order, "execution counts"),
    (_error, hygiene.no_errors, "code cell 2 stored an error"),
    (_warning, hygiene.no_errors, "code cell 2 stored an error or a warning"),
    (_path_in_output, hygiene.no_absolute_paths, "/home/someone"),
    (_path_in_metadata, hygiene.no_absolute_paths, "Users"),
    (_path_in_code, hygiene.no_absolute_paths, "/tmp/x.csv"),
    (_no_parameters, hygiene.one_parameters_cell, "found 0 cells tagged"),
    (_loose_parameter, hygiene.one_parameters_cell, "line 1: not of the form"),
    (_injected, hygiene.one_parameters_cell, "injected"),
    (_definition, hygiene.thin, "code cell 2: a definition"),
    (_lambda, hygiene.thin, "code cell 2: a definition"),
    (_loop, hygiene.thin, "code cell 2: a loop"),
    (_loop_over_fits, hygiene.thin, "code cell 2: a loop over fits"),
    (_magic, hygiene.thin, "code cell 2: not plain Python"),
    (_many_cells, hygiene.thin, "code cells, at most"),
    (_many_lines, hygiene.thin, "code lines, at most"),
    (_no_alternative, hygiene.pictures_have_words, "code cell 3: a picture without"),
    (_empty_alternative, hygiene.pictures_have_words, "code cell 3: a picture without"),
    (_image_without_alternative, hygiene.pictures_have_words, "code cell 3: an <img> without"),
    (_widget, hygiene.nothing_live, "code cell 3: a widget"),
    (_script, hygiene.nothing_live, "code cell 3: a script"),
    (_bar, hygiene.nothing_live, "code cell 2: a progress bar"),
    (_other_kernel, hygiene.as_refresh_stores_it, "conda-env-x"),
    (_timing, hygiene.as_refresh_stores_it, "refresh"),
    (_huge, hygiene.small_enough, "bytes, at most"),
]


@pytest.mark.parametrize(("spoil", "check", "message"), DIRT, ids=[spoil.__name__[1:] for spoil, *_ in DIRT])
def test_each_check_finds_its_dirt(clean, spoil, check, message):
    notebook = copy.deepcopy(clean)
    spoil(notebook)
    assert any(message in complaint for complaint in check(notebook))


def test_every_check_is_proven():
    assert {check for _, check, _ in DIRT} == set(hygiene.CHECKS)
