"""Make the locked environment, then run a task in it. The tasks:

- python3 do.py study [NAME] [...]  a whole study report (NAME: demo); more words go to `jq-models study`
- python3 do.py test [--all] [...]  the tests; --all: the slow ones too; more words go to pytest
- python3 do.py lab [...]           JupyterLab on the notebooks
- python3 do.py refresh [...]       execute the stored notebooks again and store them
- python3 do.py bench [--quick]     speed beside semopy, seminr and, with R, lavaan: benchmarks/results
- python3 do.py docs                the documentation site: docs/build/site
- python3 do.py check               ruff, its formatter, mypy and import-linter
- python3 do.py lock [...]          compile requirements.lock from pyproject.toml (--upgrade: newer versions)
- python3 do.py environment         make the environment and nothing else
"""

# Only the standard library, and only the grammar of Python 3.6: an older Python gets as far as being told so.
import ast
import difflib
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        f"do.py needs Python 3.11 or newer; this is Python {sys.version.split()[0]} ({sys.executable}).\n"
        "Run it with a newer one, for example: python3.12 do.py " + " ".join(sys.argv[1:])
    )

ROOT = Path(__file__).resolve().parent
LOCK = "requirements.lock"
TASKS = ("study", "test", "lab", "refresh", "bench", "docs", "check", "lock", "environment")
COMPILE = (
    "uv pip compile pyproject.toml --extra dev --extra docs --universal --python-version 3.11 "
    "--generate-hashes --no-emit-index-url --no-emit-find-links --quiet "
    f"--output-file {LOCK} --custom-compile-command"
).split()
FOREIGN = ("MPLBACKEND", "PYTHONPATH", "PYTHONHOME", "PIP_TARGET")  # set for something else
PROBE = """
import importlib.metadata, json, sys
installed = sorted({f"{one.name}=={one.version}" for one in importlib.metadata.distributions()})
own = sys.prefix != sys.base_prefix
print(json.dumps({"python": sys.version_info[:2], "own": own, "installed": installed}))
"""
CLOSING = re.compile(r"\d+ (passed|failed|skipped|deselected|error|xfailed).* in [\d.]+s|no tests ran")


class SetUpError(Exception):
    """What was asked can't be done; the message says why and what to do."""


def plan(words):
    """Split the command line into a task and the words that go on to it."""
    if not words or words[0] in ("-h", "--help", "help"):
        raise SystemExit(__doc__.strip())
    task, rest = words[0], list(words[1:])
    if task not in TASKS:
        near = difflib.get_close_matches(task, TASKS, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"the tasks are: {', '.join(TASKS)}"
        raise SetUpError(f"there is no task `{task}`; {hint}")
    if task in ("check", "environment") and rest:
        raise SetUpError(f"the task `{task}` takes nothing more; found: {' '.join(rest)}")
    if task == "study" and (not rest or rest[0].startswith("-")):
        rest = ["demo", *rest]
    return task, rest


def commands(task, rest, root):
    """Return the commands of a task, each a list of words."""
    python = program("python", root)
    if task == "test":
        chosen = [] if "--all" in rest else ["-m", "not slow"]
        # a process a core; a file's tests stay together, as they share what they prepare
        spread = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
        return [[python, "-m", "pytest", *spread, *chosen, *(word for word in rest if word != "--all")]]
    if task == "check":
        linted = [[python, "-m", "ruff", *words] for words in (["check", "."], ["format", "--check", "."])]
        return [*linted, [python, "-m", "mypy"], [program("lint-imports", root), "--no-logo"]]
    begins = {"lab": [python, "-m", "jupyterlab", "notebooks"], "bench": [python, "-m", "benchmarks.run"]}
    begins["docs"] = [python, "-m", "docs.make"]
    begins.update({name: [program("jq-models", root), name] for name in ("study", "refresh")})
    return [[*begins[task], *rest]] if task in begins else []


def program(name, root):
    """Return the path of a program of the environment."""
    folder, ending = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return str(root / ".venv" / folder / (name + ending))


def task_environment(base, root):
    """Return the environment variables a task runs with.

    One BLAS thread and a fixed hash seed give the same numbers and row orders everywhere; on small matrices
    one thread is the fastest, too. A drawing backend or module path set for something else is left out.
    """
    programs = os.path.dirname(program("python", root))
    env = {name: value for name, value in base.items() if name not in FOREIGN}
    env.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", PYTHONHASHSEED="0")
    env.update(PYTHONUTF8="1", JUPYTER_PREFER_ENV_PATH="1", VIRTUAL_ENV=os.path.dirname(programs))
    env["PATH"] = os.pathsep.join(place for place in (programs, base.get("PATH")) if place)
    # JupyterLab asks for no news and no updates: nothing is fetched from anywhere unasked
    settings = (str(root / "binder"), base.get("JUPYTER_CONFIG_PATH"))
    env["JUPYTER_CONFIG_PATH"] = os.pathsep.join(place for place in settings if place)
    return env


def parse_pip_config(text):
    """Return option -> value from `pip config list`: variables go before [install], that before [global]."""
    order = ("global", "install", ":env:")
    lines = [re.match(r"(global|install|:env:)\.([^=]+)=(.+)", line) for line in text.splitlines()]
    ranked = sorted(filter(None, lines), key=lambda line: order.index(line[1]))
    return {line[2]: str(ast.literal_eval(line[3])) for line in ranked}


def usable(places, local):
    """Return the places of packages uv can use: all addresses and, where `local`, folders that exist."""
    folders = {at: url2pathname(urlparse(at).path) if at.startswith("file:") else at for at in places.split()}
    return [at for at, folder in folders.items() if "://" in folder or (local and Path(folder).exists())]


def uv_settings(pip, base, local=True):
    """Return the variables that tell uv what pip's configuration says, where `base` does not set them.

    Variables, not flags: an address may hold a password, and all can list the flags of a process. As with
    pip, any index may answer for any package; the lock's hashes say which files are accepted. Folders that do
    not exist are left out, as uv stops at them; `local=False` leaves all out: others must install the lock.
    """
    extra, links = (usable(pip.get(option, ""), local) for option in ("extra-index-url", "find-links"))
    settings = {
        "UV_DEFAULT_INDEX": pip.get("index-url"),
        "UV_INDEX": " ".join(extra),
        "UV_INDEX_STRATEGY": "unsafe-best-match" if extra else None,
        "UV_FIND_LINKS": ",".join(links),
        "UV_NO_INDEX": "1" if pip.get("no-index", "").lower() in ("1", "true", "yes", "on") else None,
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", "").split()),
        "UV_HTTP_TIMEOUT": pip.get("timeout") or pip.get("default-timeout"),
        "SSL_CERT_FILE": pip.get("cert"),
        "SSL_CLIENT_CERT": pip.get("client-cert"),
        "ALL_PROXY": pip.get("proxy"),
    }
    return {name: value for name, value in settings.items() if value and not base.get(name)}


def packaging_environment(python, base, local=True):
    """Return the environment variables pip and uv run with inside .venv."""
    env = {name: value for name, value in base.items() if name not in FOREIGN}
    env.update(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1", UV_PYTHON=python)
    told = subprocess.run([python, "-m", "pip", "config", "list"], env=env, stdout=subprocess.PIPE)
    return {**env, **uv_settings(parse_pip_config(told.stdout.decode("utf-8", "replace")), env, local)}


def stamp_key(root, version):
    """Return a hash of all the environment follows from: lock, project file, Python, place."""
    files = [(root / name).read_bytes() for name in (LOCK, "pyproject.toml")]
    return hashlib.sha256(b"".join([repr((str(root), tuple(version))).encode(), *files])).hexdigest()


def read_stamp(path):
    """Return the stamp of a finished environment, None if there is none that can be read."""
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
        return {"key": str(stamp["key"]), "installed": list(stamp["installed"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def judge(stamp, seen, key, version):
    """Say what the environment needs: "nothing", "install" (it is sound but not up to date) or "rebuild".

    `seen`: what its Python says of itself, None if that does not run. Without a stamp it was never finished.
    """
    if stamp is None or seen is None or not seen["own"] or tuple(seen["python"]) != tuple(version):
        return "rebuild"
    whole = set(stamp["installed"]) <= set(seen["installed"])
    return "nothing" if whole and stamp["key"] == key else "install"


def look(python):
    """Return what the environment's Python says of itself, None if it does not run."""
    try:
        told = subprocess.run([python, "-I", "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return json.loads(told.stdout.decode()) if told.returncode == 0 else None
    except (OSError, ValueError):
        return None


def works(command, what, env=None):
    """Run one step of the set-up, its output going to stderr; say whether it succeeded."""
    print(f"  {what}", file=sys.stderr, flush=True)
    return subprocess.run(command, cwd=str(ROOT), env=env, stdout=2).returncode == 0


def make_venv(venv):
    """Make an empty virtual environment in place of whatever stands there."""
    if importlib.util.find_spec("ensurepip") is None:
        raise SetUpError(
            f"this Python ({sys.executable}) can't make virtual environments: it has no ensurepip.\n"
            f"Debian, Ubuntu: sudo apt install python3-venv python3.{sys.version_info[1]}-venv; elsewhere\n"
            "take a Python of python.org, pyenv or conda. Installing into the system's own Python is no way\n"
            "out (PEP 668: the system manages that one), and do.py never does so."
        )
    # from inside a virtual environment (perhaps this very one) take the Python it came from
    base = getattr(sys, "_base_executable", None) or sys.executable
    if not works([base, "-m", "venv", "--clear", str(venv)], "make .venv"):
        raise SetUpError(f"{base} -m venv failed (see above); a whole Python with its module venv is needed")


def lock_entry(text, name):
    """Return the lines of one package in the lock: its version and its hashes."""
    found = re.search(rf"^{re.escape(name)}==[^\n]*\\\n(?: +--hash=[^\n]*\n)+", text, re.MULTILINE)
    return found.group(0) if found else ""


def install(python):
    """Install what the lock says, then the package itself in place; with pip where uv can't."""
    env = packaging_environment(python, os.environ)
    pip = [python, "-m", "pip", "install", "--quiet", "--no-deps"]
    locked = [*pip, "--require-hashes", "-r"]
    # compiled at once: where Python may not write bytecode, importing all packages takes 14 s instead of 5
    uv_sync = [python, "-m", "uv", "pip", "sync", "--compile-bytecode", "--require-hashes", LOCK]
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.txt"
        only_uv.write_text(lock_entry((ROOT / LOCK).read_text(encoding="utf-8"), "uv"), encoding="utf-8")
        has_uv = works([*locked, str(only_uv), "--only-binary=:all:"], "install uv", env)
    whole = has_uv and works([*uv_sync, *quiet], f"install the packages of {LOCK}", env)
    whole = whole or works([*locked, LOCK], "install the packages with pip instead (slower)", env)
    itself = [*pip, "--no-index", "--no-build-isolation", "--editable", "."]
    if not (whole and works(itself, "install jq-models itself", env)):
        raise SetUpError(
            "the environment can't be made (see above). Is there a network? Mirror, proxy and certificate\n"
            "are read from pip's configuration (`pip config`) and PIP_* variables; do.py passes them on."
        )


def ensure_environment(root):
    """Make .venv equal to the lock if it isn't."""
    python, stamp = program("python", root), root / ".venv" / "do-stamp.json"
    version, key = sys.version_info[:2], stamp_key(root, sys.version_info[:2])
    needed = judge(read_stamp(stamp), look(python), key, version)
    if needed == "rebuild":
        make_venv(root / ".venv")
    elif needed == "install":
        stamp.unlink()  # until the new one is written, what stands here is half-made
    if needed != "nothing":
        install(python)
        stamp.write_text(json.dumps({"key": key, "installed": look(python)["installed"]}), encoding="utf-8")


def compile_lock(root, rest):
    """Write requirements.lock anew from pyproject.toml; versions stay unless `rest` holds --upgrade."""
    python = program("python", root)
    if look(python) is None:
        make_venv(root / ".venv")
    env = packaging_environment(python, os.environ, local=False)
    has_uv = works([python, "-m", "pip", "install", "--quiet", "uv"], "install uv", env)
    if not (has_uv and works([python, "-m", *COMPILE, "python3 do.py lock", *rest], f"compile {LOCK}", env)):
        raise SetUpError(f"{LOCK} can't be compiled (see above)")


def run(command, env, held=None):
    """Run one command; return its exit code and the last line that matches `held`, not printed yet."""
    kept, how = "", {"stdout": subprocess.PIPE, "encoding": "utf-8", "errors": "replace"} if held else {}
    with subprocess.Popen(command, cwd=str(ROOT), env=env, **how) as process:
        while True:
            try:
                for line in process.stdout or ():
                    now, kept = (kept, line) if held.search(line) else (line, kept)
                    print(now, end="", flush=True)
                return process.wait(), kept
            except KeyboardInterrupt:
                continue  # the command got it as well, and ends or asks as it sees fit


def main(words):
    """Run a task; return its exit code. Notes go to stderr; in a log pytest's closing line stays last."""
    task, rest = plan(words)
    start = time.monotonic()
    if task == "lock":
        compile_lock(ROOT, rest)
    ensure_environment(ROOT)
    print(f"set-up {time.monotonic() - start:.1f} s", file=sys.stderr, flush=True)
    start, codes, closing = time.monotonic(), [0], ""
    held = CLOSING if task == "test" and not sys.stdout.isatty() else None
    for command in commands(task, rest, ROOT):
        code, closing = run(command, task_environment(os.environ, ROOT), held)
        codes.append(code if code >= 0 else 128 - code)
    if task not in ("lock", "environment"):
        print(f"{task} {time.monotonic() - start:.1f} s", file=sys.stderr, flush=True)
    print(closing, end="", flush=True)
    return max(codes)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")
    try:
        sys.exit(main(sys.argv[1:]))
    except (SetUpError, OSError) as error:
        sys.exit(f"do.py: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
