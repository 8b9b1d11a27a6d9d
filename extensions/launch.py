"""A chapter opens where others run it: on Colab and in Codespaces, beside Binder.

All of this needs the repository's address in _config.yml, on GitHub. There the notebooks that pages
offer to download get a first cell that installs the module. Colab opens nothing that is not on
GitHub, so .github/workflows/ci.yml puts these notebooks on a branch of their own, BRANCH.
"""

import json
import re
from pathlib import Path

from extensions.finish import after_pages

BRANCH = "notebooks"
CELL = "install-the-module"
# What a chapter imports -> the extra that brings it.
EXTRAS = {"dask": "distributed", "attention.learning.pretrained": "pretrained"}
INSTALL = """\
# The book's module, where it is missing: on Colab, or in an environment of your own.
%pip install --quiet "attention-computed[{extras}] @ {repository}/archive/refs/heads/{branch}.zip"
import attention

if not hasattr(attention, "attention_steps"):
    raise ImportError(f"{{attention.__file__}} is another package: take a new environment")"""
KEPT = """

# What long runs have kept.
from pathlib import Path
from urllib.request import urlretrieve

Path("results").mkdir(exist_ok=True)
for name in {names}:
    if not Path("results", name).exists():
        urlretrieve(f"{repository}/raw/{branch}/chapters/results/{{name}}", f"results/{{name}}")"""


def setup(app):
    app.connect("html-page-context", _offer, priority=510)  # after the theme's own buttons
    after_pages(app, _prepare)


def repository(app):
    """Return the address and the branch of the book's repository, if it is on GitHub."""
    options = app.config.html_theme_options
    address = (options.get("repository_url") or "").rstrip("/").removesuffix(".git")
    known = re.fullmatch(r"https://github\.com/[^/]+/[^/]+", address)
    return (address, options.get("repository_branch") or "main") if known else None


def _offer(app, pagename, templatename, context, doctree):
    known = repository(app)
    groups = [x for x in context.get("header_buttons", []) if x.get("label") == "launch-buttons"]
    if not known or not groups:
        return
    name = known[0].removeprefix("https://github.com/")
    colab = f"https://colab.research.google.com/github/{name}/blob/{BRANCH}/{pagename}.ipynb"
    codespaces = f"https://codespaces.new/{name}?quickstart=1"
    for text, url in [("Colab", colab), ("Codespaces", codespaces)]:
        button = {"type": "link", "text": text, "tooltip": f"Launch on {text}", "url": url}
        groups[0]["buttons"].append(button)


def _prepare(app):
    known = repository(app)
    if not known:
        return
    for file in Path(app.outdir, "_sources").rglob("*.ipynb"):
        notebook = json.loads(file.read_text(encoding="utf-8"))
        text = json.dumps(prepared(notebook, *known), indent=1, ensure_ascii=False)
        file.write_text(f"{text}\n", encoding="utf-8")


def prepared(notebook, repository, branch):
    """Return a notebook whose first cell brings what the others need."""
    cells = [cell for cell in notebook["cells"] if cell.get("id") != CELL]
    code = "\n".join("".join(x["source"]) for x in cells if x["cell_type"] == "code")
    imported = set(re.findall(r"(?m)^ *(?:import|from) ([\w.]+)", code))
    extras = ["figures", "learning", *(EXTRAS[name] for name in EXTRAS if name in imported)]
    values = {"repository": repository, "branch": branch, "extras": ",".join(extras)}
    names = sorted(set(re.findall(r"\bresults/([\w-]+\.json)", code)))
    source = INSTALL.format(**values) + (KEPT.format(**values, names=names) if names else "")
    first = {"cell_type": "code", "execution_count": None, "id": CELL, "metadata": {}}
    first |= {"outputs": [], "source": source.splitlines(keepends=True)}
    return notebook | {"cells": [first, *cells]}
