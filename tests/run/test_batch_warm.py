"""Kernels forked from a warm process: the same to a notebook as ordinary ones, and no process left over."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode

from jq_models.errors import RunError
from jq_models.run import warm as warm_module
from jq_models.run.clean import write_notebook
from jq_models.run.kernel import kernel_environment
from jq_models.run.notebook import run_notebook
from jq_models.run.warm import POSSIBLE, Warm

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="kernels are forked on Linux alone")
Store = Callable[..., Path]


@pytest.fixture
def store(make_notebook: Callable[..., NotebookNode], tmp_path: Path) -> Store:
    def write(*sources: str, name: str = "small", **options: str) -> Path:
        path = tmp_path / f"{name}.ipynb"
        write_notebook(make_notebook(*sources, **options), path)
        return path

    return write


@pytest.fixture(scope="module")
def warm(checkout: Path) -> Iterator[Warm]:
    """A process that has loaded the kernel alone."""
    with kernel_environment() as environment, Warm(environment, loaded=["ipykernel.kernelapp"]) as process:
        yield process


def children(pid: int) -> list[int]:
    """The processes that one started, zombies among them."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def gone(pid: int, *, within: float = 10) -> bool:
    until = time.monotonic() + within
    stat = Path(f"/proc/{pid}/stat")
    while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z":
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


PROBE = """
import json, os, signal, sys, threading, warnings
own = {"IPYTHONDIR", "JPY_PARENT_PID"}
with open("probe.json", "w") as file:
    json.dump({
        "variables": {name: value for name, value in os.environ.items() if name not in own},
        "folder": os.getcwd(),
        "path": sys.path,
        "flags": str(sys.flags),
        "program": sys.executable,
        "threads": sorted(thread.name.split("-")[0] for thread in threading.enumerate()),
        "leads its group": os.getpgrp() == os.getpid(),
        "umask": os.umask(0o22),
        "hash": hash("the same"),
        "handlers": [str(signal.getsignal(one)) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)],
    }, file)
"""


def test_a_forked_kernel_is_to_its_notebook_as_an_ordinary_one(
    store: Store, tmp_path: Path, warm: Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JQ_MODELS_OUT", "elsewhere")
    monkeypatch.setenv("A_VARIABLE", "of the owner's, later than the process")
    source, seen = store(PROBE), []
    for process in (None, warm):
        run_notebook(source, out=None, environment={"JQ_MODELS_DATA": "given.csv"}, warm=process)
        seen.append(json.loads((tmp_path / "probe.json").read_text(encoding="utf-8")))
    ordinary, forked = seen
    assert forked == ordinary
    assert forked["variables"]["JQ_MODELS_DATA"] == "given.csv"
    assert "JQ_MODELS_OUT" not in forked["variables"]
    assert children(warm.pid) == []  # ended and reaped


def test_results_are_stored_alike(store: Store, tmp_path: Path, warm: Warm) -> None:
    source = store(
        "print(seed); import sys; print('aside', file=sys.stderr)",
        "import os; os.system('echo low'); {'b': seed}",
    )
    for name, process in (("ordinary", None), ("forked", warm)):
        run_notebook(source, out=tmp_path / f"{name}.out", parameters={"seed": 7}, warm=process)
    assert (tmp_path / "ordinary.out").read_bytes() == (tmp_path / "forked.out").read_bytes()
    assert b"low" in (tmp_path / "forked.out").read_bytes()


def test_one_kernel_leaves_nothing_for_the_next(store: Store, tmp_path: Path, warm: Warm) -> None:
    cell = "import os, builtins\nopen('seen', 'a').write(str(hasattr(builtins, 'mark')))\nbuiltins.mark = 1"
    for _ in range(2):
        run_notebook(store(cell), out=None, warm=warm)
    assert (tmp_path / "seen").read_text(encoding="utf-8") == "FalseFalse"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            "raise ValueError('answer 4711')",
            "code cell 2 of 2 stopped with ValueError: its text is not shown",
        ),
        ("import os; os._exit(1)", "the kernel died or did not start"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "the kernel died or did not start"),
        ("import time; time.sleep(60)", "a cell took longer than 1 seconds"),
    ],
    ids=["raises", "exits", "killed", "endless"],
)
def test_what_fails_is_said_and_leaves_no_process(store: Store, warm: Warm, cell: str, message: str) -> None:
    with pytest.raises(RunError, match=message):
        run_notebook(store(cell), out=None, timeout=1, warm=warm)
    assert children(warm.pid) == []
    assert warm.alive


def test_what_a_notebook_started_ends_with_it(store: Store, tmp_path: Path, warm: Warm) -> None:
    cell = "import subprocess\nopen('pid', 'w').write(str(subprocess.Popen(['sleep', '60']).pid))"
    run_notebook(store(cell), out=None, warm=warm)
    assert gone(int((tmp_path / "pid").read_text()))


def test_a_warm_process_that_is_dead_is_done_without(store: Store, checkout: Path) -> None:
    with Warm(os.environ, loaded=["no_such_module"]) as process:
        assert len(run_notebook(store("6 * 7"), out=None, warm=process).cells[-1].outputs) == 1
        assert not process.alive
        run_notebook(store("6 * 7"), out=None, warm=process)


def test_one_that_has_threads_does_not_fork(store: Store, tmp_path: Path) -> None:
    (tmp_path / "threaded.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=[60], daemon=True).start()"
    )
    with (
        Warm({**os.environ, "PYTHONPATH": str(tmp_path)}, loaded=["threaded"]) as process,
        pytest.raises(warm_module.WarmGone),
    ):
        process.start(["-f", "x"], environment={}, folder="/")


def test_one_that_does_not_answer_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_module, "PATIENCE", 0.5)
    with Warm(os.environ, loaded=[]) as process:
        os.kill(process.pid, signal.SIGSTOP)
        with pytest.raises(warm_module.WarmGone):
            process.start(["-f", "x"], environment={}, folder="/")
        assert gone(process.pid)


def test_when_it_is_killed_its_kernel_dies_and_the_notebook_fails(store: Store, tmp_path: Path) -> None:
    cell = "import os, time\nopen('pid', 'w').write(str(os.getpid()))\nos.kill(os.getppid(), 9)"
    with kernel_environment() as environment, Warm(environment, loaded=["ipykernel.kernelapp"]) as process:
        with pytest.raises(RunError, match="the kernel died"):
            run_notebook(store(f"{cell}\ntime.sleep(60)"), out=None, warm=process)
        assert not process.alive
    assert gone(int((tmp_path / "pid").read_text()))


OWNER = """
import sys, time
from pathlib import Path
from jq_models.run.kernel import kernel_environment
from jq_models.run.notebook import run_notebook
from jq_models.run.warm import Warm
with kernel_environment() as environment, Warm(environment, loaded=["ipykernel.kernelapp"]) as process:
    try:
        run_notebook(Path(sys.argv[1]), out=None, warm=process)
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_when_the_owner_stops_or_is_killed_process_and_kernel_end(
    store: Store, tmp_path: Path, number: signal.Signals
) -> None:
    cell = "import os, time\nopen('pid', 'w').write(f'{os.getpid()} {os.getppid()}')\ntime.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, store(cell)], stdout=subprocess.PIPE, text=True
    ) as owner:
        pids: Any = tmp_path / "pid"
        while not pids.exists() or len(pids.read_text().split()) < 2:
            assert owner.poll() is None
            time.sleep(0.02)
        owner.send_signal(number)
        assert owner.communicate(timeout=20)[0].split() == (["stopped"] if number == signal.SIGINT else [])
    assert all(gone(int(pid)) for pid in pids.read_text().split())


def test_one_that_was_never_asked_ends_at_once(tmp_path: Path) -> None:
    (tmp_path / "takes_long.py").write_text("import time; time.sleep(60)", encoding="utf-8")
    with kernel_environment({"PYTHONPATH": str(tmp_path)}) as environment:
        process = Warm(environment, loaded=["takes_long"])
        start = time.monotonic()
        process.close()
        assert time.monotonic() - start < 4  # it would be waited for five seconds
        assert not process.alive
