"""make.py: one list of commands; a set-up begins anew, and says in one sentence what failed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import make
from extensions import node

ROOT = Path(__file__).resolve().parents[1]
NOWHERE = "http://127.0.0.1:9/simple"  # a port on which nobody listens


def test_the_makefile_has_the_same_commands():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"(?m)^TARGETS := (.*)$", text)[1].split() == [*make.COMMANDS]


def test_every_command_says_what_it_does():
    assert all(re.match(r"[a-z].*[^.]$", command.__doc__) for command in make.COMMANDS.values())


def test_the_quick_checks_are_there():
    assert all((ROOT / path).exists() for path in make.QUICK)
    assert all((ROOT / f"tests/test_{name}.py").exists() for name in make.BESIDE)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tea"], "There is no command tea"),
        (["lab", "now"], "make lab takes fewer arguments than now"),
    ],
)
def test_a_command_that_is_not_there_is_named(arguments, said):
    done = subprocess.run(
        [sys.executable, ROOT / "make.py", *arguments], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project that needs no packages, and its environment, which is not there yet."""
    (tmp_path / "pyproject.toml").write_text("[build-system]\n[project]\n[tool.ruff]\n")
    (tmp_path / "requirements.txt").write_text("")
    monkeypatch.setattr(make, "ROOT", tmp_path)
    return tmp_path


def test_a_set_up_that_was_interrupted_begins_anew(project):
    venv = project / ".venv"
    (venv / "bin").mkdir(parents=True)
    half = venv / "half-a-package"
    half.touch()
    make.ready(venv)
    assert not half.exists()
    kept = venv / "what-is-there-stays"
    kept.touch()
    make.ready(venv)
    assert kept.exists()
    (project / "pyproject.toml").write_text("[build-system]\n[project]\n[tool.ruff]\nx = 1\n")
    make.ready(venv)
    assert kept.exists(), "a setting of a tool is no reason to begin anew"
    mark = make.fingerprint("requirements.txt")
    (project / "requirements.txt").write_text("# other pins\n")
    assert make.fingerprint("requirements.txt") != mark == (venv / "ready").read_text("utf-8")


def test_without_a_network_one_sentence_says_so(project, monkeypatch):
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", NOWHERE)
    monkeypatch.setenv("PIP_RETRIES", "0")
    (project / "requirements.txt").write_text("a-package-that-nobody-wrote==1\n")
    with pytest.raises(make.Stopped, match="no package server answers: .*run this again") as said:
        make.ready(project / ".venv")
    assert "\n" not in str(said.value)
    assert "nobody-wrote" in (project / ".venv/pip.log").read_text(encoding="utf-8")
    assert not (project / ".venv/ready").exists()


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        (-9, "", "pip was ended by signal 9: "),
        (1, "OSError: [Errno 28] No space left on device", "the disk is full: "),
        (1, "ERROR: No matching distribution found for numpy==9.9", "has no numpy==9.9 for "),
        (1, "error: subprocess-exited-with-error\n  gcc: not found", "would have to be compiled"),
        (1, "WARNING: x\nERROR: Wrong weather\n", "pip fails (Wrong weather): "),
        (1, "", "pip fails (without a word): "),
        (
            1,
            "WARNING: Retrying after connection broken by 'NewConnectionError'\n"
            "ERROR: No matching distribution found for numpy==2.0",
            "no package server answers: ",
        ),
    ],
)
def test_what_pip_says_becomes_one_sentence(code, text, said):
    sentence = make.no_packages(code, text, make.VENV / "pip.log")
    assert said in sentence
    assert sentence.endswith(f"{Path('.venv/pip.log')}.")
    assert "\n" not in sentence


def test_a_python_without_environments_is_told():
    said = (
        "The virtual environment was not created successfully because ensurepip is not available."
    )
    assert "apt install python3-venv" in make.no_environment(said)
    assert make.no_environment("Error: x\nError: y\n") == "`python -m venv` failed: Error: y"


def test_variables_are_given_as_to_make(monkeypatch):
    ran = []
    monkeypatch.setattr(make, "ready", lambda: None)
    monkeypatch.setattr(make, "run", lambda *line: ran.append(line))
    monkeypatch.setattr(make.os, "environ", {})
    assert make.main(["chapter", "NAME=16-tea", "WITH=exercises questions"]) is None
    assert ran == [("python", "tools/chapter.py", "16-tea", "--with", "exercises", "questions")]


def test_what_fails_ends_the_command_with_its_code(capsys):
    with pytest.raises(SystemExit) as ended:
        make.run("python", "-c", "raise SystemExit(3)", venv=Path(sys.prefix))
    assert ended.value.code == 3
    assert "+ python -c 'raise SystemExit(3)'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("npm warn x\nnpm error code ECONNREFUSED\nnpm error syscall connect\n", "(ECONNREFUSED)"),
        ("npm warn x\nout of memory\n", "(out of memory)"),
        ("", "(it ended with 9)"),
    ],
)
def test_what_npm_says_becomes_one_sentence(text, reason):
    sentence = node.no_tools(9, text)
    assert reason in sentence
    assert sentence.endswith("run this again.")
    assert "\n" not in sentence
