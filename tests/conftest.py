"""What the tests of the whole book share."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

# As the stored outputs were made; NumPy reads it when the first test imports it.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

ROOT = Path(__file__).resolve().parents[1]


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
    return folder / "_build" / "html"


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
