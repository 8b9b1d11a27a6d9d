"""Reports of nbval in the words of the book: which cell, which output is stored."""

import difflib
import os

from nbval.plugin import IPyNbCell, IPyNbFile

MOST = 160  # characters of a line: those of a drawing are long
SAID = "What is stored has a minus, what the cell gives now a plus."
_make = IPyNbCell.from_parent.__func__
_start = IPyNbFile.setup


def _numbered(cls, parent, *, name, cell_num, **options):
    """Make the test of a cell, numbered as in an editor: nbval counts from 0."""
    number = cell_num + 1
    return _make(cls, parent, name=f"cell [{number}]", cell_num=number, **options)


def _without_bars(notebook):
    """Start a kernel without bars: one would change what a chapter shows."""
    os.environ["TQDM_DISABLE"] = "1"
    try:
        _start(notebook)
    finally:
        del os.environ["TQDM_DISABLE"]


IPyNbCell.from_parent = classmethod(_numbered)
IPyNbFile.setup = _without_bars


def pytest_assertrepr_compare(config, op, left, right):
    """Compare a stored output, on the left, with a new one."""
    stored, new = str(left).splitlines(), str(right).splitlines()
    lines = list(difflib.unified_diff(stored, new, n=0, lineterm=""))[2:]
    lines = [line for line in lines if not line.startswith("@@")]
    signs = [next((line[1:] for line in lines if line[0] == sign), "") for sign in "-+"]
    first = max(len(os.path.commonprefix(signs)) - MOST // 2, 0)
    return [SAID, *(line[0] + line[1:][first : first + MOST] for line in lines)]
