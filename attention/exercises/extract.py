"""Take one function out of a notebook, with what it needs, without running anything."""

import ast
import json


def code_cells(notebook):
    """Return the sources of a notebook's code cells; none where it cannot be read."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, OSError):
        return []


def needed(cells, name):
    """Return the source that defines a function and what it refers to, "" if nothing does.

    >>> needed(["import numpy as np\\nx = 1", "def f(a):\\n    return np.sum(a)"], "f")
    'import numpy as np\\ndef f(a):\\n    return np.sum(a)'
    """
    statements = [statement for cell in cells for statement in _parsed(cell)]
    last = {bound: i for i, statement in enumerate(statements) for bound in _binds(statement)}
    if name not in last:
        return ""
    kept, open_names = set(), [name]
    while open_names:
        i = last.get(open_names.pop())
        if i is not None and i not in kept:
            kept.add(i)
            open_names += [x.id for x in ast.walk(statements[i]) if isinstance(x, ast.Name)]
    return "\n".join(ast.unparse(statements[i]) for i in sorted(kept))


def _parsed(cell):
    lines = ["pass" if line.startswith(("%", "!")) else line for line in cell.splitlines()]
    try:
        body = ast.parse("\n".join(lines)).body
    except (SyntaxError, ValueError):
        return []
    return [part for statement in body for part in _each_import(statement)]


def _each_import(statement):
    """Take an import of several names apart: an answer may need one and must not have another."""
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return [statement]
    fields = dict(ast.iter_fields(statement))
    return [type(statement)(**fields | {"names": [alias]}) for alias in statement.names]


def _binds(statement):
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.partition(".")[0] for alias in statement.names]
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    names = [x for target in targets if target is not None for x in ast.walk(target)]
    return [x.id for x in names if isinstance(x, ast.Name)]
