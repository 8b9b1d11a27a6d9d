"""What PyPI gets holds the module alone, installs where nothing is, and runs the guide there."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import keep
from release import notes

from make import scripts

ROOT = Path(__file__).resolve().parents[1]
NOT_COPIED = shutil.ignore_patterns(".*", "_build", "*.egg-info", "node_modules", "__pycache__")
GUIDE = sorted(path for path in ROOT.glob("chapters/0[0-5]-*.ipynb"))
RUN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
with open(sys.argv[1], encoding="utf-8") as file:
    cells = json.load(file)["cells"]
for cell in cells:
    if cell["cell_type"] == "code":
        shell.run_cell("".join(cell["source"])).raise_error()
import attention
print("\\nran with", attention.__file__)
"""


def build(source, folder, *what):
    """Build distributions of a folder into another one: -> {suffix: path}."""
    command = [sys.executable, "-m", "build", *what, "--outdir", folder, source]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.suffix: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """Return {".gz": the sdist, ".whl": the wheel that was made from it}."""
    source = tmp_path_factory.mktemp("source") / "book"
    shutil.copytree(ROOT, source, ignore=NOT_COPIED)  # tests, extensions and chapters included
    return build(source, tmp_path_factory.mktemp("dist"))


def members(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_the_module_whole_and_nothing_else(dist):
    kept = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("attention/**/*.*")
        if "__pycache__" not in path.parts
    }
    assert {path.suffix for path in map(Path, kept)} == {".py", ".js", ".json", ".md"}
    found = {name for name in members(dist[".whl"]) if ".dist-info/" not in name}
    assert found == kept


def test_both_bring_the_licence(dist):
    licence = (ROOT / "LICENSE").read_bytes()
    [found] = [x for name, x in members(dist[".whl"]).items() if name.endswith("/LICENSE")]
    assert found == licence
    with tarfile.open(dist[".gz"]) as archive:
        names = {name.partition("/")[2].partition("/")[0] for name in archive.getnames()}
    assert "LICENSE" in names
    assert names & {"tests", "extensions", "chapters", "tools", "benchmarks"} == set()


def test_the_sdist_builds_the_same_wheel_again(dist, tmp_path):
    with tarfile.open(dist[".gz"]) as archive:
        archive.extractall(tmp_path, filter="data")
    [source] = tmp_path.iterdir()
    again = build(source, tmp_path / "dist", "--wheel")[".whl"]
    assert again.name == dist[".whl"].name
    assert members(again) == members(dist[".whl"])


@pytest.fixture(scope="module")
def python(dist, tmp_path_factory):
    """Return the Python of an environment that holds the wheel with [figures], and no more."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=True)
    python = shutil.which("python", path=scripts(folder))
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").replace("-e .\n", "")
    (folder / "pins.txt").write_text(pins, encoding="utf-8")
    command = [python, "-m", "pip", "install", "--quiet", "--constraint", folder / "pins.txt"]
    done = subprocess.run([*command, f"{dist['.whl']}[figures]"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return python


@pytest.mark.parametrize("chapter", GUIDE, ids=lambda path: path.stem)
def test_the_guide_runs_where_only_the_wheel_is(python, chapter, tmp_path):
    alone = shutil.copy(chapter, tmp_path)
    done = subprocess.run(
        [python, "-I", "-c", RUN, alone], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    installed = Path(done.stdout.rpartition("ran with ")[2].strip())
    assert Path(python).parents[1] in installed.parents


VERSION = '[project]\nversion = "0.3.0"'
CITED = "title: x\nversion: 0.3.0\n"
CHANGES = """\
# Changes

## 0.3.0 - 2027-01-31

New.

### Added

- Tea.

## 0.2.0 - 2026-11-25
"""


def test_the_notes_are_the_section_of_the_version():
    assert notes("v0.3.0", VERSION, CITED, CHANGES) == "New.\n\n### Added\n\n- Tea.\n"
    unreleased = CHANGES.replace("## 0.3.0", "## Unreleased\n\nSoon.\n\n## 0.3.0")
    assert notes("v0.3.0", VERSION, CITED, unreleased) == "New.\n\n### Added\n\n- Tea.\n"


@pytest.mark.parametrize(
    ("tag", "files", "said"),
    [
        ("v0.2.0", (VERSION, CITED, CHANGES), "pyproject.toml names 0.3.0"),
        ("v0.3.0", (VERSION, "version: 0.2.0", CHANGES), "CITATION.cff names 0.2.0"),
        ("v0.3.0", (VERSION, "title: x", CHANGES), "CITATION.cff names no version"),
        ("v0.3.0", (VERSION, CITED, CHANGES.replace("0.3.0", "0.4.0")), "CHANGELOG.md names 0.4.0"),
        ("v0.3.0", (VERSION, CITED, CHANGES.replace(" - 2027-01-31", "")), "gives 0.3.0 no date"),
        ("v0.3.0", (VERSION, CITED, "# Changes\n\n## Unreleased\n\nSoon.\n"), "no section"),
    ],
)
def test_a_tag_that_a_file_contradicts_is_no_release(tag, files, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        notes(tag, *files)


def test_this_version_can_be_released():
    files = (ROOT / name for name in ("pyproject.toml", "CITATION.cff", "CHANGELOG.md"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    version = re.search(r'(?m)^version = "(.*)"$', texts[0])[1]
    assert notes(f"v{version}", *texts)


def test_the_other_package_of_this_name_is_named_where_readers_look():
    for page in ("README.md", "attention/README.md", "reference/running.md"):
        text = " ".join((ROOT / page).read_text(encoding="utf-8").split())
        assert "cannot live in one environment" in text, page


def test_beside_that_package_no_check_begins(tmp_path):
    folder = tmp_path / "attention-5.0.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: attention\nVersion: 5.0.0\n")
    command = [sys.executable, "-m", "pytest", "--collect-only", ROOT / "tests/test_make.py"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "attention 5.0.0 is installed here" in done.stderr


def test_the_site_that_was_tested_is_kept(tmp_path, monkeypatch):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("tested")
    keep(tmp_path / "site")
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setenv("KEEP_SITE", str(tmp_path / "_build/kept"))
    keep(tmp_path / "site")
    assert (tmp_path / "_build/kept/index.html").read_text() == "tested"
