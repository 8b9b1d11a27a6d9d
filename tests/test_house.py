"""Who may import whom, and how long a file may be: read from the syntax trees."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WINGS = ("learning", "figures", "exercises")
MAY_IMPORT = {  # wing -> other wings; "" is the mathematics, whose own files may import each other
    "": set(),
    "learning": {"", "learning"},
    "figures": {"figures"},
    "exercises": {"", "learning", "figures", "exercises"},
}
PACKAGES = {  # wing -> what it may import from elsewhere, if that is limited
    "": {"numpy", "threadpoolctl"},  # the second for speed alone
    "learning": {"numpy", "tqdm", "pooch", "filelock", "safetensors", "tokenizers"},
}
MOST_LINES = 150
FILES = sorted((ROOT / "attention").rglob("*.py"))


def wing_of(module):
    """Return the wing of a module such as attention.learning.recall, "" for the mathematics."""
    part = f"{module}.".split(".")[1]
    return part if part in WINGS else ""


def imported(tree):
    """Yield the names of all modules that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            whole = f"{'.' * node.level}{node.module or ''}"
            yield from (f"{whole}.{alias.name}" for alias in node.names)


def trespasses(wing, source):
    """Yield what a file of this wing imports though it must not."""
    for name in imported(ast.parse(source)):
        top = name.partition(".")[0]
        if top == "attention":
            if wing_of(name) not in MAY_IMPORT[wing] | {wing}:
                yield name
        elif wing in PACKAGES and top not in PACKAGES[wing] | sys.stdlib_module_names:
            yield name


def lines_of_code(source):
    """Count lines that are neither blank nor comment nor docstring."""
    tree = ast.parse(source)
    documented = ast.Module | ast.ClassDef | ast.FunctionDef
    said = set()
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node):
            said |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    lines = enumerate(source.splitlines(), 1)
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") and number not in said
        for number, line in lines
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_wing_imports_what_it_may(file):
    folder = file.relative_to(ROOT / "attention").parts[0]
    found = list(trespasses(folder if folder in WINGS else "", file.read_text(encoding="utf-8")))
    assert not found, f"{file.relative_to(ROOT)} must not import {', '.join(found)}"


@pytest.mark.parametrize(
    ("wing", "line", "found"),
    [
        ("", "from attention.masks import seen", []),
        ("", "def f():\n    import scipy.special", ["scipy.special"]),
        ("", "from attention.learning import recall", ["attention.learning.recall"]),
        ("", "from attention import figures", ["attention.figures"]),
        ("learning", "from attention import softmax, exercises", ["attention.exercises"]),
        ("learning", "from tqdm import tqdm", []),
        ("learning", "import torch", ["torch"]),
        ("figures", "from attention.dot_product import softmax", ["attention.dot_product.softmax"]),
        ("figures", "from attention.figures import plots", []),
        ("exercises", "from attention.learning import recall", []),
    ],
)
def test_a_trespass_is_found(wing, line, found):
    assert list(trespasses(wing, line)) == found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_can_be_read_in_one_sitting(file):
    if not {file.parent.name, file.name} & {"chapters", "questions", "exhibits.py"}:  # data
        count = lines_of_code(file.read_text(encoding="utf-8"))
        assert count < MOST_LINES, f"{file.relative_to(ROOT)} has {count} lines of code: split it"


def test_lines_of_code_are_counted():
    source = (
        '"""One.\n\nTwo."""\n\n# why\nx = 1\n\n\ndef f():\n    """Do."""\n    return """a\nb"""\n'
    )
    assert lines_of_code(source) == 4
