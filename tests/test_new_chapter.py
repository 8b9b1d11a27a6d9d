"""A new chapter is one command, keeps every rule as it is, and follows everywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import chapter
import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ["attention", "chapters", "extensions", "reference", "tests", "tools"]
FILES = ["_config.yml", "_toc.yml", "cover.svg", "index.md", "pyproject.toml"]
CHECKS = ["test_chapters", "test_exercises", "test_questions", "test_teaching", "test_kept"]
# What asks about the new chapter, and what asks about all of them at once.
ASKED = "small-one or small_one or contents or guide or table or listed or needs or plans or enough"
ASKED += " or every_mutant or list_of_mistakes or belongs or three_questions or anywhere or unseen"


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """Copy the book and start a chapter in the copy, with exercises and questions."""
    root = tmp_path_factory.mktemp("tree")
    ignore = shutil.ignore_patterns("__pycache__", "node_modules", "browser", ".*")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, root / name, ignore=ignore)
    for name in FILES:
        shutil.copy(ROOT / name, root)
    modules = ROOT / "extensions/node_modules"
    (root / "extensions/node_modules").symlink_to(modules, target_is_directory=True)
    started = run(root, "tools/chapter.py", "small-one", "--title", "A small one", "--with", *PARTS)
    assert started.returncode == 0, started.stdout + started.stderr
    return root


PARTS = ["exercises", "questions"]


def run(root, *command):
    """Run Python in a tree, on the module of that tree."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_it_keeps_every_rule_as_it_is(tree):
    files = [f"tests/{name}.py" for name in CHECKS]
    [notebook] = tree.glob("chapters/*-small-one.ipynb")
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    asked = ["-k", f"({ASKED}) and not page_asks"]
    for chosen in ([*asked, *files], [notebook.relative_to(tree)]):
        checked = run(tree, "-m", "pytest", *options, *chosen)
        assert checked.returncode == 0, checked.stdout
        assert " passed" in checked.stdout


def test_the_new_files_are_in_the_common_form(tree):
    for command in (["check"], ["format", "--check"]):
        done = run(tree, "-m", "ruff", *command, "attention", "chapters")
        assert done.returncode == 0, done.stdout


def test_the_site_has_its_card_its_number_and_its_questions(tree):
    begin = "from jupyter_book.cli.main import main; main()"
    build = run(tree, "-c", begin, "build", ".", "-W", "--keep-going", "-n")
    assert build.returncode == 0, build.stdout
    [notebook] = tree.glob("chapters/*-small-one.ipynb")
    number = int(notebook.name[:2])
    page = (tree / f"_build/html/chapters/{notebook.stem}.html").read_text(encoding="utf-8")
    assert f"Chapter {number} · 15 minutes" in page
    assert 'data-name="equal-scores"' in page
    start = (tree / "_build/html/index.html").read_text(encoding="utf-8")
    assert f'<span class="number">{number}</span> A small one</b><small>15 minutes' in start
    before = (ROOT / "tests/kept.json").read_text(encoding="utf-8")
    mistakes = len(json.loads(before)["mistakes"]) + 3
    assert f"<b>{mistakes}</b> known mistakes" in start
    gallery = (tree / "_build/html/chapters/13-gallery-of-errors.html").read_text("utf-8")
    assert "You took one value alone: attention averages all of them." in gallery
    table = (tree / "reference/teaching.md").read_text(encoding="utf-8")
    assert f"| [{number}](../chapters/{notebook.name}) | say what attention gives" in table
    source = (tree / "_build/html/reference/teaching.html").read_text(encoding="utf-8")
    assert f'href="../chapters/{notebook.stem}.html"' in source


def test_a_chapter_that_does_not_run_is_not_there(tmp_path, monkeypatch):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "_toc.yml").write_text("- file: chapters/00-a\n", encoding="utf-8")
    monkeypatch.setattr(chapter, "OPENING", "1 / 0")
    with pytest.raises(SystemExit, match=r"does not run: .*cell \[1\]: ZeroDivisionError"):
        chapter.start("b", root=tmp_path)
    assert list((tmp_path / "chapters").iterdir()) == []
    assert (tmp_path / "_toc.yml").read_text() == "- file: chapters/00-a\n"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("Big Name", "named by small letters"),
        ("1-a", "named by small letters"),
        ("03-a-name", "chapters/03-b.ipynb is there already"),
        ("17-b", "chapters/03-b.ipynb is there already"),
        ("b", "chapters/03-b.ipynb is there already"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_a_sentence(tmp_path, wanted, said):
    (tmp_path / "03-b.ipynb").touch()
    with pytest.raises(SystemExit, match=re.escape(said)):
        chapter.named(wanted, tmp_path)


def test_a_name_gets_the_next_number(tmp_path):
    assert chapter.named("a", tmp_path) == "00-a"
    for name in ("00-a", "07-b", "99-z"):
        (tmp_path / f"{name}.ipynb").touch()
    assert chapter.named("a-c", tmp_path) == "08-a-c"
    assert chapter.named("05-c", tmp_path) == "05-c"


def test_the_line_in_the_contents_stands_where_the_number_belongs():
    toc = "parts:\n  - chapters:\n      - file: chapters/00-a\n      - file: chapters/99-z\n"
    line, last = "      - file: chapters/05-c\n", "      - file: chapters/99-z\n"
    assert chapter.with_line(toc, "05-c") == toc.replace(last, line + last)
