"""do.py: what it asks for, hands over and decides, without making an environment."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


def load_do() -> ModuleType:
    spec = importlib.util.spec_from_file_location("do", ROOT / "do.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


do = load_do()
PLACE = Path("/checkout") if sys.platform != "win32" else Path("C:/checkout")


def words_of(task: str, *rest: str) -> list[list[str]]:
    """Return the commands of a task, the programs without their folder."""
    task, left = do.plan([task, *rest])
    commands = do.commands(task, left, PLACE)
    return [[Path(command[0]).stem, *command[1:]] for command in commands]


def test_an_old_python_gets_as_far_as_the_message() -> None:
    tree = ast.parse((ROOT / "do.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    assert not imported & {"__future__", "tomllib", "graphlib", "zoneinfo"}, "younger than Python 3.6"


def test_newer_grammar_would_be_found() -> None:
    with pytest.raises(SyntaxError):
        ast.parse("if (n := 1): pass", feature_version=(3, 6))


def test_an_older_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer"):
        load_do()


SPREAD = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["study"], [["jq-models", "study", "demo"]]),
        (["study", "gss"], [["jq-models", "study", "gss"]]),
        (["study", "--language", "nl"], [["jq-models", "study", "demo", "--language", "nl"]]),
        (["study", "gss", "--data", "x.csv"], [["jq-models", "study", "gss", "--data", "x.csv"]]),
        (["test"], [["python", "-m", "pytest", *SPREAD, "-m", "not slow"]]),
        (["test", "--all"], [["python", "-m", "pytest", *SPREAD]]),
        (["test", "-x", "--all", "tests/sem"], [["python", "-m", "pytest", *SPREAD, "-x", "tests/sem"]]),
        (["lab", "--no-browser"], [["python", "-m", "jupyterlab", "notebooks", "--no-browser"]]),
        (["refresh"], [["jq-models", "refresh"]]),
        (["bench", "--quick"], [["python", "-m", "benchmarks.run", "--quick"]]),
        (["docs"], [["python", "-m", "docs.make"]]),
        (["docs", "--out", "site"], [["python", "-m", "docs.make", "--out", "site"]]),
        (["environment"], []),
        (["lock", "--upgrade"], []),
    ],
)
def test_a_task_becomes_its_command(words: list[str], expected: list[list[str]]) -> None:
    assert words_of(*words) == expected


def test_check_runs_all_four_tools() -> None:
    tools = [" ".join(command) for command in words_of("check")]
    assert tools == [
        "python -m ruff check .",
        "python -m ruff format --check .",
        "python -m mypy",
        "lint-imports --no-logo",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["studdy"], "did you mean `study`"),
        (["xyz"], "the tasks are: study, test, lab"),
        (["check", "tests"], "takes nothing more; found: tests"),
    ],
)
def test_a_wrong_call_is_answered_with_the_right_one(words: list[str], message: str) -> None:
    with pytest.raises(do.SetUpError, match=message):
        do.plan(words)


def test_no_task_shows_the_tasks() -> None:
    with pytest.raises(SystemExit, match=r"do\.py study"):
        do.plan([])


def test_a_task_runs_on_one_thread_with_a_fixed_hash_seed() -> None:
    base = {"PATH": "there", "OMP_NUM_THREADS": "8", "MPLBACKEND": "TkAgg", "PYTHONPATH": "x", "HOME": "h"}
    base["JUPYTER_CONFIG_PATH"] = "own"
    env = do.task_environment(base, PLACE)
    assert {env[f"{name}_NUM_THREADS"] for name in ("OPENBLAS", "OMP", "MKL")} == {"1"}
    assert (env["PYTHONHASHSEED"], env["HOME"]) == ("0", "h")
    assert "MPLBACKEND" not in env
    assert "PYTHONPATH" not in env
    assert env["PATH"].startswith(str(PLACE / ".venv"))
    assert env["PATH"].endswith("there")
    assert env["JUPYTER_CONFIG_PATH"] == os.pathsep.join([str(PLACE / "binder"), "own"])
    assert base["OMP_NUM_THREADS"] == "8"


def test_jupyterlab_asks_for_no_news_and_no_updates() -> None:
    place = ROOT / "binder" / "labconfig" / "default_setting_overrides.json"
    (said,) = json.loads(place.read_text(encoding="utf-8")).values()
    assert said == {"checkForUpdates": False, "fetchNews": "false"}


PIP = """:env:.index-url='https://env.example/simple'
global.cert='/certs/all.pem'
global.extra-index-url='https://one.example/simple\\nhttps://two.example/simple'
global.index-url='https://global.example/simple'
global.timeout='60'
install.timeout='90'
freeze.timeout='5'
"""


def test_variables_go_before_sections_of_pips_configuration() -> None:
    pip = do.parse_pip_config(PIP)
    assert pip["index-url"] == "https://env.example/simple"
    assert pip["timeout"] == "90"
    assert do.parse_pip_config("") == {}


def test_uv_is_told_what_pip_knows() -> None:
    settings = do.uv_settings(do.parse_pip_config(PIP), {})
    assert settings == {
        "UV_DEFAULT_INDEX": "https://env.example/simple",
        "UV_INDEX": "https://one.example/simple https://two.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_HTTP_TIMEOUT": "90",
        "SSL_CERT_FILE": "/certs/all.pem",
    }


def test_what_is_set_for_uv_itself_stays() -> None:
    base = {"UV_DEFAULT_INDEX": "mine", "SSL_CERT_FILE": "mine"}
    assert not do.uv_settings(do.parse_pip_config(PIP), base).keys() & base.keys()


def test_folders_that_do_not_exist_are_not_handed_over(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    pip = {
        "extra-index-url": f"{gone.as_uri()} {tmp_path.as_uri()} https://one.example",
        "find-links": f"{gone} {tmp_path}",
    }
    settings = do.uv_settings(pip, {})
    assert settings["UV_INDEX"] == f"{tmp_path.as_uri()} https://one.example"
    assert settings["UV_FIND_LINKS"] == str(tmp_path)
    assert do.uv_settings({"extra-index-url": gone.as_uri(), "find-links": str(gone)}, {}) == {}


def test_a_lock_is_not_compiled_from_folders_of_this_machine(tmp_path: Path) -> None:
    pip = {"extra-index-url": f"{tmp_path.as_uri()} https://one.example", "find-links": str(tmp_path)}
    settings = do.uv_settings(pip, {}, local=False)
    assert settings == {"UV_INDEX": "https://one.example", "UV_INDEX_STRATEGY": "unsafe-best-match"}


@pytest.mark.parametrize(
    ("value", "handed"), [("1", {"UV_NO_INDEX": "1"}), ("true", {"UV_NO_INDEX": "1"}), ("0", {})]
)
def test_working_without_an_index_is_handed_over(value: str, handed: dict[str, str]) -> None:
    assert do.uv_settings({"no-index": value}, {}) == handed


def project(folder: Path, lock: str = "a==1", pyproject: str = "[project]") -> Path:
    folder.mkdir()
    (folder / "requirements.lock").write_text(lock, encoding="utf-8")
    (folder / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    return folder


def test_the_stamp_changes_with_lock_project_python_and_place(tmp_path: Path) -> None:
    first = project(tmp_path / "first")
    keys = [
        do.stamp_key(first, (3, 11)),
        do.stamp_key(first, (3, 12)),
        do.stamp_key(project(tmp_path / "moved"), (3, 11)),
    ]
    (first / "requirements.lock").write_text("a==2", encoding="utf-8")
    keys.append(do.stamp_key(first, (3, 11)))
    (first / "pyproject.toml").write_text("[tool]", encoding="utf-8")
    keys.append(do.stamp_key(first, (3, 11)))
    assert len(set(keys)) == 5
    assert do.stamp_key(first, (3, 11)) == keys[-1]


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', '{"key": "a"}', '{"key": "a", "installed": null}'])
def test_an_unreadable_stamp_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "stamp").write_text(text, encoding="utf-8")
    assert do.read_stamp(tmp_path / "stamp") is None
    assert do.read_stamp(tmp_path / "absent") is None


STAMP = {"key": "k", "installed": ["a==1", "b==2"]}
SEEN = {"python": [3, 11], "own": True, "installed": ["a==1", "b==2", "extra==3"]}


@pytest.mark.parametrize(
    ("stamp", "seen", "needed"),
    [
        (STAMP, SEEN, "nothing"),
        ({**STAMP, "key": "older"}, SEEN, "install"),
        (STAMP, {**SEEN, "installed": ["a==1"]}, "install"),
        (STAMP, {**SEEN, "installed": ["a==1", "b==3"]}, "install"),
        (None, SEEN, "rebuild"),
        (STAMP, None, "rebuild"),
        (STAMP, {**SEEN, "own": False}, "rebuild"),
        (STAMP, {**SEEN, "python": [3, 12]}, "rebuild"),
    ],
)
def test_only_a_finished_sound_environment_is_reused(stamp: object, seen: object, needed: str) -> None:
    assert do.judge(stamp, seen, "k", (3, 11)) == needed


def test_a_python_that_does_not_run_is_seen(tmp_path: Path) -> None:
    assert do.look(str(tmp_path / "python")) is None
    assert do.look(sys.executable)["python"] == list(sys.version_info[:2])


def test_a_python_without_ensurepip_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(do.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(do.SetUpError, match=r"sudo apt install python3-venv(.|\n)*PEP 668"):
        do.make_venv(PLACE)


def test_the_lock_holds_the_uv_that_installs_it() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    first, *hashes = do.lock_entry(text, "uv").splitlines()
    assert first.startswith("uv==")
    assert hashes
    assert all("--hash=sha256:" in line for line in hashes)
    assert do.lock_entry(text, "u") == ""


@pytest.mark.parametrize(
    "line",
    ["3 passed in 0.12s", "1 failed, 2 passed, 1 xfailed in 63.10s (0:01:03)", "no tests ran in 0.01s"],
)
def test_the_closing_line_of_the_tests_is_kept_for_the_end(
    line: str, capfd: pytest.CaptureFixture[str]
) -> None:
    talk = f"print('before'); print({line!r}); print('after')"
    code, kept = do.run([sys.executable, "-c", f"{talk}; raise SystemExit(3)"], None, do.CLOSING)
    assert (code, kept) == (3, f"{line}\n")
    assert capfd.readouterr().out == "before\nafter\n"


def test_other_lines_are_not_held_back() -> None:
    assert not do.CLOSING.search("tests/test_do.py ....... [ 50%]")
    assert not do.CLOSING.search("FAILED tests/test_x.py::test_passed_in - assert 1 == 2")
