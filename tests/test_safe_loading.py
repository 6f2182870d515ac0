"""Nothing that runs code when it is read: no pickle, no unsafe YAML, no eval and no shell in the package."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

MODULES = {
    "pickle",
    "cPickle",
    "_pickle",
    "shelve",
    "marshal",
    "dill",
    "cloudpickle",
    "joblib",
    "dbm",
    "yaml",
}
NAMES = {"eval", "exec", "compile", "__import__", "execfile"}
METHODS = {"read_pickle", "to_pickle", "read_hdf", "unpack_archive", "extractall"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput"}


def unsafe(source: str) -> list[str]:
    """Return what in a source text could run what it reads."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            found.append(node.module or "")
        elif isinstance(node, ast.Call):
            found += _call(node)
    return found


def _call(node: ast.Call) -> list[str]:
    called = ast.unparse(node.func)
    found = [called] if called in NAMES | SHELLS else []
    if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
        found.append(node.func.attr)
    risky = [word for word in node.keywords if word.arg in ("allow_pickle", "shell")]
    return found + [str(word.arg) for word in risky if ast.unparse(word.value) != "False"]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("import pickle", "pickle"),
        ("import yaml", "yaml"),
        ("from joblib import load", "joblib"),
        ("from pickle import loads as l", "pickle"),
        ("def f():\n    import marshal", "marshal"),
        ("eval(text)", "eval"),
        ("frame = pd.read_pickle(path)", "read_pickle"),
        ("np.load(path, allow_pickle=True)", "allow_pickle"),
        ("np.load(path, allow_pickle=flag)", "allow_pickle"),
        ("subprocess.run(text, shell=True)", "shell"),
        ("os.system(text)", "os.system"),
        ("zipfile.ZipFile(path).extractall()", "extractall"),
    ],
)
def test_what_the_search_finds(source: str, what: str) -> None:
    assert unsafe(source) == [what]


def test_what_the_search_leaves_alone() -> None:
    assert unsafe("import ast\nast.literal_eval(x)\nre.compile(x)\nnp.load(p, allow_pickle=False)") == []


def test_the_package_runs_nothing_that_it_reads(checkout: Path) -> None:
    files = [*(checkout / "jq_models").rglob("*.py"), checkout / "do.py"]
    assert len(files) > 200
    found = {str(path.relative_to(checkout)): unsafe(path.read_text(encoding="utf-8")) for path in files}
    assert {path: what for path, what in found.items() if what} == {}
