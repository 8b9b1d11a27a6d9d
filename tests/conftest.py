"""What the tests of the whole book share."""

import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from filelock import FileLock

# As the stored outputs were made; NumPy reads it when the first test imports it.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure():
    """Stop at once where chapters would import another package of the same name."""
    try:
        other = metadata.distribution("attention")
    except metadata.PackageNotFoundError:
        return
    raise pytest.UsageError(
        f"{other.name} {other.version} is installed here, and is imported as `attention` as well: "
        "take an environment of the book's own, which `make setup` makes."
    )


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build the book from nothing, warnings being errors, and return the folder of the site."""
    folder = tmp_path_factory.mktemp("book")
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    strict = ["-W", "--keep-going", "-n"]
    build = subprocess.run(
        [jupyter_book, "build", ROOT, "--path-output", folder, *strict],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if build.returncode:
        said = "\n".join(complaints(build.stdout)) or build.stdout
        pytest.fail(f"jupyter-book build {' '.join(strict)} failed:\n{said}", pytrace=False)
    keep(folder / "_build" / "html")
    return folder / "_build" / "html"


@pytest.fixture(scope="session")
def apart():
    """Return the folder of programs in an environment apart: they ask for other versions."""
    folder, wanted = ROOT / ".venv-nbgrader", ROOT / "tests/nbgrader.txt"
    ready = folder / "ready"
    with FileLock(ROOT / ".venv-nbgrader.lock"):
        if not ready.exists() or ready.read_text() != wanted.read_text():
            subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
            pip = [folder / "bin/python", "-m", "pip", "install", "--quiet"]
            subprocess.run([*pip, "--requirement", wanted], check=True)
            ready.write_text(wanted.read_text())
    return folder / "bin"


def keep(site):
    """Copy the site to where KEEP_SITE says: what was tested is what is published."""
    kept = os.environ.get("KEEP_SITE")
    if kept and not Path(kept).exists():
        shutil.copytree(site, kept, dirs_exist_ok=True)


def complaints(log):
    """Return what a build's log complains of, each once: the rest says only how far it came."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", log)
    found = re.findall(r"(?m)^.*\b(?:WARNING|ERROR|CRITICAL)\b.*$", plain)
    if "Traceback" in plain:
        found.append(plain[plain.rindex("Traceback") :].strip())
    return list(dict.fromkeys(line.strip() for line in found))


NO_BROWSER = "no Chromium starts here"


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    """Say at the very end what was not checked for want of a browser, and how to get one."""
    skipped = terminalreporter.stats.get("skipped", [])
    missing = sum(NO_BROWSER in str(report.longrepr) for report in skipped)
    if missing:
        terminalreporter.write_line(
            f"{missing} checks of the pages were not made, since {NO_BROWSER}: "
            "`playwright install chromium` brings one.",
            yellow=True,
        )
