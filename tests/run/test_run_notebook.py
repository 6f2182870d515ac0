"""Running a notebook: its kernel, its result without traces, its errors without values."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jq_models.errors import RunError
from jq_models.run.clean import write_notebook
from jq_models.run.notebook import run_notebook


@pytest.fixture
def store(make_notebook, tmp_path):
    def write(*sources, name="small", **options):
        path = tmp_path / f"{name}.ipynb"
        write_notebook(make_notebook(*sources, **options), path)
        return path

    return write


def printed(notebook, cell):
    """What a cell printed, read as a Python-free JSON value."""
    (found,) = (c for c in notebook.cells if c.id == cell)
    return json.loads("".join(output.text for output in found.outputs))


PROBE = """
import json, os, sys
names = ["JQ_MODELS_OUT", "JQ_MODELS_DATA", "JQ_MODELS_PROJECT", "PYTHONHASHSEED", "OPENBLAS_NUM_THREADS"]
with open("probe.json", "w") as file:
    json.dump([sys.executable, {name: os.environ.get(name) for name in names}], file)
"""


def test_the_kernel_is_this_interpreter_in_the_notebooks_folder_with_a_fixed_environment(
    store, tmp_path, monkeypatch, checkout
):
    monkeypatch.setenv("JQ_MODELS_OUT", "elsewhere")
    monkeypatch.setenv("PYTHONHASHSEED", "5")
    monkeypatch.chdir(checkout)
    run_notebook(store(PROBE), out=None, environment={"JQ_MODELS_DATA": "given.csv"})
    executable, variables = json.loads((tmp_path / "probe.json").read_text(encoding="utf-8"))
    assert executable == sys.executable
    assert variables == {
        "JQ_MODELS_OUT": None,
        "JQ_MODELS_DATA": "given.csv",
        "JQ_MODELS_PROJECT": str(checkout.resolve()),
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
    }


def test_parameters_arrive_and_progress_is_told(store, tmp_path):
    seen = []
    cell = 'study: str = "demo"\nseed: int = 1\nwith_it: bool = True'
    source = store(
        "# text between", "import json; print(json.dumps([study, seed, with_it]))", parameters=cell
    )
    run_notebook(
        source,
        out=tmp_path / "out.ipynb",
        parameters={"seed": 7, "with_it": False},
        on_progress=lambda done, total: seen.append((done, total)),
    )
    stored = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))
    assert stored["cells"][-1]["outputs"][0]["text"] == ['["demo", 7, false]\n']
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_the_result_holds_no_path_no_time_and_no_warning_text(store, tmp_path):
    source = store(
        f"import warnings; warnings.warn('answer 4711 in {tmp_path}/client.csv')",
        f"print({str(tmp_path / 'client.csv')!r}, '/home/somebody/other.csv', '<td>a/b</td>')",
    )
    runs = [tmp_path / "first.ipynb", tmp_path / "second.ipynb"]
    for out in runs:
        run_notebook(source, out=out, parameters={"seed": 2})
    text = runs[0].read_text(encoding="utf-8")
    assert text == runs[1].read_text(encoding="utf-8")
    outputs = json.dumps([cell.get("outputs") for cell in json.loads(text)["cells"]])
    assert "/home/" not in outputs
    assert str(tmp_path) not in outputs
    assert "4711" not in outputs
    assert "UserWarning" in outputs
    assert "<td>a/b</td>" in outputs
    assert "papermill" not in text
    assert not re.search(r"20\d\d-\d\d-\d\d", text)


OURS = "from pathlib import Path\nfrom jq_models.paths import inside\ninside(Path.cwd(), '../x')"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("raise ValueError('answer 4711')", "stopped with ValueError: its text is not shown here"),
        ("import nosuchmodule", "stopped with ModuleNotFoundError: No module named 'nosuchmodule'"),
        (OURS, r"stopped with RunError \(in jq_models/paths.py, line \d+\): The path '../x' leads out"),
    ],
    ids=["foreign", "harmless", "ours"],
)
def test_a_failing_cell_is_named_without_values_and_nothing_is_written(store, tmp_path, cell, message):
    out = tmp_path / "out.ipynb"
    with pytest.raises(RunError, match=f"small.ipynb: code cell 3 of 3 {message}") as caught:
        run_notebook(store("1", cell), out=out, parameters={"seed": 2})
    assert "4711" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert not out.exists()


def test_a_dead_kernel_and_an_endless_cell_are_said(store):
    with pytest.raises(RunError, match=r"small.ipynb: the kernel died or did not start"):
        run_notebook(store("import os; os._exit(1)"), out=None)
    with pytest.raises(RunError, match=r"slow.ipynb: a cell took longer than 1 seconds"):
        run_notebook(store("import time; time.sleep(60)", name="slow"), out=None, timeout=1)


def test_a_wrong_parameter_stops_before_any_kernel_starts(store, monkeypatch):
    monkeypatch.setattr("papermill.execute_notebook", lambda *a, **k: pytest.fail("a kernel was started"))
    with pytest.raises(RunError, match=r"small.ipynb has no parameter 'sed'. Did you mean 'seed'\?"):
        run_notebook(store(), out=None, parameters={"sed": 1})


def test_two_notebooks_run_at_once_in_their_own_folders(make_notebook, tmp_path):
    before = Path.cwd(), dict(os.environ)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_notebook(
            make_notebook("import os, time; time.sleep(1); print(f'\"{os.path.basename(os.getcwd())}\"')"),
            tmp_path / name / "n.ipynb",
        )

    def run(name):
        return printed(run_notebook(tmp_path / name / "n.ipynb", out=None), "cell-1")

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(run, ["one", "two"])) == ["one", "two"]
    assert (Path.cwd(), dict(os.environ)) == before


STOPPED = """
import sys
import time
from pathlib import Path
from jq_models.run.notebook import run_notebook
try:
    run_notebook(Path(sys.argv[1]), out=None, on_progress=lambda done, total: print(done, flush=True))
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_stops_the_run_and_its_kernel(store, tmp_path):
    cell = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", STOPPED, store(cell)], stdout=subprocess.PIPE, text=True
    ) as runner:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            assert runner.poll() is None
            time.sleep(0.05)
        runner.send_signal(signal.SIGINT)
        assert runner.communicate(timeout=20)[0].split() == ["0", "1", "stopped"]
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
