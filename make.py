"""Do what readers and makers of the book do: python make.py NAME, the same as make NAME.

Variables follow the name as they do there: python make.py serve PORT=9000.

This file needs Python alone, and no shell. What its commands need is set up in .venv first, anew
where that was interrupted. Each program that then runs is shown, so that it can be typed as well.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BENCH = ROOT / ".venv-bench"
TOOLS = ROOT / "extensions/node_modules/.package-lock.json"  # written by npm, last
OLDEST, NEWEST = (3, 11), (3, 14)  # the versions of Python that the checks run on
PIN = ["--universal", "--fork-strategy", "fewest", "--python-version", "3.11"]
PIN += ["--custom-compile-command", "make requirements"]
# What needs no page, no chapter, no network and no system of one kind.
MODULE = [
    "blockwise",
    "dot_product",
    "exercises",
    "explorer",
    "figures",
    "generation",
    "gradients",
    "house",
    "masks",
    "multi_head",
    "package",
    "parameters",
    "positional",
    "questions",
    "reader",
    "recall",
    "recurrent",
    "sentences",
    "threads",
    "transformer",
]
BESIDE = ["export", "fetching", "reversal", "worksheets", "writer"]
QUICK = ["attention", "tests/plots", *(f"tests/test_{name}.py" for name in MODULE)]
COMMANDS = {}


class Stopped(Exception):
    """A command cannot go on, for a reason that fits one sentence."""


def command(function):
    COMMANDS[function.__name__] = function
    return function


@command
def help():
    """list the commands"""
    for name, function in COMMANDS.items():
        print(f"make {name:13} {function.__doc__}")


@command
def setup():
    """set up what the others need, in .venv"""
    ready()


@command
def book(*options):
    """build the book in _build/html"""
    ready()
    run("jupyter-book", "build", ".", *options)


@command
def serve():
    """build the book and serve it on 127.0.0.1, port 8000 or as in PORT=9000"""
    book()
    port = os.environ.get("PORT", "8000")
    server = ["-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", "_build/html"]
    run("python", *server, port)


@command
def test(*options):
    """run every check"""
    ready()
    run("pytest", "--numprocesses", "auto", "--dist", "loadfile", *options)


@command
def quick(*options):
    """check the module and its examples, without pages and chapters"""
    ready()
    run("pytest", "--numprocesses", "auto", *QUICK, *options)


@command
def coverage():
    """say which lines of the module its checks run, and fail if they are fewer than before"""
    ready()
    run("coverage", "run", "-m", "pytest", *QUICK, *(f"tests/test_{name}.py" for name in BESIDE))
    run("coverage", "report")


@command
def lab():
    """open the chapters in JupyterLab"""
    ready()
    chapters = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("chapters/*.ipynb"))
    run("jupyter", "trust", *chapters, shown="chapters/*.ipynb")  # so that sliders move at once
    hook = "--ContentsManager.pre_save_hook=attention.figures.live.forget"
    run("jupyter", "lab", hook, "chapters", ATTENTION_WIDGETS="1")


@command
def refresh(*chapters):
    """execute the chapters, store their outputs, draw the cover"""
    ready()
    run("python", "tools/refresh.py", *chapters)
    run("python", "-m", "extensions")


@command
def chapter():
    """start a chapter: NAME=16-a-name, with WITH="exercises questions" those as well"""
    ready()
    options = [os.environ.get("NAME", "")]
    if "TITLE" in os.environ:
        options += ["--title", os.environ["TITLE"]]
    if "WITH" in os.environ:
        options += ["--with", *os.environ["WITH"].split()]
    run("python", "tools/chapter.py", *options)


@command
def course(*options):
    """write what a teacher hands out, shows and grades, in _build/course"""
    book()
    run("python", "tools/course.py", *options)
    run("python", "-m", "extensions.slides")


@command
def slides(*options):
    """write a deck of slides for each chapter, in _build/course/slides"""
    book()
    run("python", "-m", "extensions.slides", *options)


@command
def pdf(*options):
    """print the book as one PDF, in _build/pdf and on the site"""
    book()
    run("python", "tools/pdf.py", *options)


@command
def epub(*options):
    """write the book for e-readers, in _build/epub and on the site"""
    book()
    run("python", "tools/epub.py", *options)


@command
def links():
    """ask every other site that the book links to (needs a network)"""
    ready()
    run("jupyter-book", "build", ".", "--builder", "linkcheck", "--path-output", "_build/links")


@command
def bench():
    """measure the sliders, Python in the pages, the pages, and attention beside its peers"""
    book()
    ready(BENCH, "benchmarks/requirements.txt")
    run("python", "benchmarks/sliders.py")
    run("python", "benchmarks/page_python.py")
    run("python", "benchmarks/site.py", "--rate")
    run("python", "benchmarks/speed.py", venv=BENCH)


@command
def requirements(*options):
    """pin both requirements.txt anew from pyproject.toml (needs uv)"""
    pin("requirements.in", "requirements.txt", *options)
    with tempfile.TemporaryDirectory() as folder:  # on Binder the same versions, of fewer packages
        known = Path(folder, "known.txt")
        lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        known.write_text("\n".join(line for line in lines if not line.startswith("-e")))
        some = [".binder/requirements.in", ".binder/requirements.txt"]
        pin(*some, "--no-annotate", "--constraint", str(known))


def pin(asked, pinned, *options):
    if not shutil.which("uv"):
        raise Stopped("there is no uv here: `pip install uv` brings it.")
    line = ["uv", "pip", "compile", *PIN, asked, "-o", pinned, *options]
    print("+", shlex.join(line), flush=True)
    if subprocess.run(line, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
        raise Stopped("uv found no versions that fit together; what it says stands above.")


def run(program, *arguments, venv=VENV, shown=None, **environment):
    """Run a program of an environment in the book's folder, and end with its code if it fails.

    Ctrl-C is for the program, which may ask back, as JupyterLab does.
    """
    print("+", *(f"{k}={v}" for k, v in environment.items()), program, end=" ")
    print(shown or shlex.join(arguments), flush=True)
    line = [shutil.which(program, path=scripts(venv)), *arguments]
    with subprocess.Popen(line, cwd=ROOT, env=os.environ | environment) as process:
        heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
        code = process.wait()
        signal.signal(signal.SIGINT, heard)
    if code:
        sys.exit(code if code > 0 else 128 - code)


def scripts(venv):
    return venv / ("Scripts" if os.name == "nt" else "bin")


def ready(venv=VENV, pins="requirements.txt"):
    """Set an environment up, unless that was done, whole, for this folder and these pins."""
    done = venv / "ready"  # written last
    mark = fingerprint(pins)
    python = shutil.which("python", path=scripts(venv))
    try:
        if not (python and done.exists() and done.read_text("utf-8") == mark and starts(python)):
            print(f"Setting up {venv.name}, once; this takes a few minutes.", flush=True)
            set_up(venv, pins)
            done.write_text(mark, encoding="utf-8")
        if venv == VENV and not TOOLS.exists():
            fetch_tools()
    except KeyboardInterrupt:
        raise Stopped("the set-up was interrupted; the next command begins it anew.") from None


def fingerprint(pins):
    """Return a text that changes with the pins, with what the project asks for, and its folder.

    The folder counts since the programs of an environment hold its path.
    """
    import tomllib

    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    content = json.dumps([asked["build-system"], asked["project"]]) + str(ROOT)
    content += (ROOT / pins).read_text(encoding="utf-8")
    return hashlib.sha256(content.encode()).hexdigest()


def starts(python):
    """Say whether a Python is there still: one that was upgraded or removed leaves a dead link."""
    return subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


def set_up(venv, pins):
    """Make an environment from nothing, so that what the pins no longer name is gone as well."""
    if os.name == "nt" and Path(sys.prefix) == venv:
        raise Stopped("an environment cannot replace itself: `deactivate` it, and run this again.")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", venv], capture_output=True, text=True
    )
    if made.returncode:
        raise Stopped(no_environment(made.stdout + made.stderr))
    python = shutil.which("python", path=scripts(venv))
    log = venv / "pip.log"
    pip = [python, "-m", "pip", "install", "--quiet", "--progress-bar", "off", "--log", log]
    pip += ["--requirement", ROOT / pins]
    # pip asks five times, and waits longer each time.
    patience = {"PIP_RETRIES": "1", "PIP_TIMEOUT": "20"} | os.environ
    done = subprocess.run(pip, cwd=ROOT, env=patience, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Stopped(no_packages(done.returncode, done.stderr + not_fetched(log), log))


def fetch_tools():
    """Fetch what the build runs with Node now, while the reader expects to wait."""
    python = shutil.which("python", path=scripts(VENV))
    install = [python, "-c", "from extensions import node; node.install()"]
    done = subprocess.run(install, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Stopped(done.stderr.strip().rpartition("\n")[2])


def no_environment(said):
    """Say why `python -m venv` failed."""
    if "ensurepip" in said:
        return (
            "this Python makes no environments, as Debian's does not by itself: "
            "`apt install python3-venv`, and run this again."
        )
    return f"`python -m venv` failed: {said.strip().rpartition(chr(10))[2]}"


# What pip says, and what that means for who reads it; the first that fits counts.
MEANINGS = {
    r"No space left on device": "the disk is full: make room",
    r"[Cc]onnection broken by|Could not fetch URL|[Rr]ead timed out|IncompleteRead": "no package "
    "server answers: look after the network, or name a mirror in PIP_INDEX_URL",
    r"No matching distribution found for ([^\s;]+)": r"the package server has no \1 for {this}: "
    "take Python {oldest} to {newest}, as in `make book PYTHON=/path/to/python3`",
    r"subprocess-exited-with-error|Failed (?:to build|building)": "a package would have to be "
    "compiled for {this}: take Python {oldest} to {newest}, as in `make book "
    "PYTHON=/path/to/python3`",
}


def not_fetched(log):
    """Return the lines in which pip's log says that a server did not answer."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return "\n".join(line for line in lines if "Could not fetch URL" in line)


def no_packages(code, said, log):
    """Say why pip failed, in one sentence, and where all that it said is kept."""
    versions = {name: f"{v[0]}.{v[1]}" for name, v in [("oldest", OLDEST), ("newest", NEWEST)]}
    versions["this"] = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    last = ([line for line in said.splitlines() if line.startswith("ERROR")] or [said.strip()])[-1]
    reason = f"pip fails ({last.removeprefix('ERROR: ') or 'without a word'}): mend that"
    if code < 0:
        reason = f"pip was ended by signal {-code}: let it work"
    for pattern, meaning in MEANINGS.items():
        found = re.search(pattern, said)
        if found:
            reason = found.expand(meaning).format(**versions)
            break
    return f"{reason}, and run this again. All that pip said is in {log.relative_to(ROOT)}."


def main(arguments):
    variables = [x for x in arguments if re.match("[A-Z]+=", x)]
    os.environ.update(x.split("=", 1) for x in variables)
    name, *options = [x for x in arguments if x not in variables] or ["help"]
    if sys.version_info < OLDEST:
        return f"The book needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version}."
    if name not in COMMANDS:
        return f"There is no command {name}: python make.py help lists them."
    try:
        COMMANDS[name](*options)
    except Stopped as reason:
        return f"make {name} stopped: {reason}"
    except TypeError as error:
        if not str(error).startswith(f"{name}() takes"):
            raise
        return f"make {name} takes fewer arguments than {shlex.join(options)}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
