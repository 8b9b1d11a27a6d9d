"""Write the course that a teacher hands out and grades, in _build/course: python tools/course.py.

student/attention/    the chapters without solutions, the module as a wheel beside them
teacher/attention/    the same with solutions, usual mistakes and hidden cases
questions/            the questions as GIFT, Moodle XML, QTI 2.1, and a sheet to print
worksheets/           sheets to be solved by hand, one a student, and their keys
nbgrader_config.py    so that nbgrader takes teacher/ for its source and student/ for its release

Each notebook installs the module where it is missing, and runs from top to bottom unanswered.
"""

import argparse
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import textwrap
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from attention.exercises import EXERCISES, export, worksheets
from attention.exercises.markup import LICENCE

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "attention"
INSTALL = """\
# The book's module, from the file beside this notebook, where it is not installed yet.
from importlib.util import find_spec

if find_spec("attention") is None or find_spec("attention.exercises") is None:
    %pip install --quiet "./{wheel}[figures,learning]"
"""
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "attention"
c.CourseDirectory.source_directory = "teacher"
c.CourseDirectory.release_directory = "student"
c.ClearSolutions.code_stub = {"python": "return ..."}
c.ExecutePreprocessor.timeout = 600
"""
GRADE = """\
# For whoever grades: 1 if the answer is right, else 0.
from attention.exercises.scoring import score

seed = 0
### BEGIN HIDDEN TESTS
seed = {seed}
### END HIDDEN TESTS
score("{name}", {name}, seed=seed)"""
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS\n", re.DOTALL)


def handout(chapter, wheel, seed, *, for_teacher):
    """Return a chapter as it is handed out, or as a teacher keeps it."""
    nb = deepcopy(chapter)
    cells = [new_code_cell(INSTALL.format(wheel=wheel).rstrip(), metadata={"tags": ["hide-input"]})]
    skipped = set()
    for i, cell in enumerate(nb.cells):
        exercise = _asked_in(nb.cells, i)
        if exercise:
            cells += _exercise(exercise, cell, nb.cells[i + 1], seed, for_teacher)
            skipped |= {i + 1, i + 2}  # the cell to fill in, and the folded solution
        elif i not in skipped:
            cells.append(cell)
    cells.append(new_markdown_cell(LICENCE))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:03d}"
    nb.cells = cells
    return nb


def _asked_in(cells, i):
    """Return the exercise whose prompt a cell holds, if any."""
    if cells[i].cell_type == "markdown":
        for exercise in EXERCISES.values():
            if exercise.prompt in cells[i].source:
                return exercise
    return None


def _exercise(exercise, prompt, to_fill_in, seed, for_teacher):
    """Return the cells of one exercise: prompt, answer, grade, and what a teacher should know."""
    name = exercise.name
    answer = new_code_cell(to_fill_in.source, metadata=_nbgrader(name, solution=True))
    grade = GRADE.format(name=name, seed=seed)
    grade = new_code_cell(grade if for_teacher else HIDDEN.sub("", grade))
    grade.metadata = _nbgrader(f"{name}-grade", grade=True)
    if not for_teacher:
        return [prompt, answer, grade]
    answer.source = answer.source.replace("    return ...\n", _solution(exercise), 1)
    return [prompt, answer, grade]


def _solution(exercise):
    """Return the body of a reference, and the mistakes that `check` knows, as nbgrader cuts out."""
    _, _, body = exercise.source.partition(":\n")
    said = [f"{mutant.name}: {mutant.hint}" for mutant in exercise.mutants]
    notes = [line for text in ["Usual mistakes.", *said] for line in textwrap.wrap(text, 92)]
    lines = [*(f"    # {line}" for line in notes), body.rstrip()]
    return "\n".join(["    ### BEGIN SOLUTION", *lines, "    ### END SOLUTION"]) + "\n"


def _nbgrader(grade_id, *, grade=False, solution=False):
    """Return the metadata by which nbgrader knows a cell."""
    cell = {"schema_version": 3, "grade_id": grade_id, "grade": grade, "solution": solution}
    cell |= {"locked": grade, "task": False} | ({"points": 1} if grade else {})
    return {"nbgrader": cell}


def build_wheel(folder):
    """Build the module's wheel into a folder: -> its path."""
    with tempfile.TemporaryDirectory() as source:  # setuptools leaves a folder behind
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, source)
        shutil.copytree(ROOT / "attention", Path(source) / "attention")
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", source]
        done = subprocess.run([*command, "--wheel-dir", folder], capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word of pip"])[-1]
        raise SystemExit(f"The module's wheel could not be built: {last}")
    [wheel] = Path(folder).glob("attention_computed-*.whl")
    return wheel


def main(arguments=None):
    """Write the course; a folder that is there already is written anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "_build/course")
    parser.add_argument("--seed", type=int, help="of the hidden cases; another each time if none")
    parser.add_argument("--copies", type=int, default=30, help="worksheets (default: 30)")
    asked = parser.parse_args(arguments)
    seed = secrets.randbelow(10**6) + 1 if asked.seed is None else asked.seed
    shutil.rmtree(asked.output, ignore_errors=True)
    folders = {name: asked.output / name / ASSIGNMENT for name in ("student", "teacher")}
    for folder in folders.values():
        shutil.copytree(ROOT / "chapters/results", folder / "results")
    wheel = build_wheel(folders["student"])
    shutil.copy(wheel, folders["teacher"])
    for path in sorted(ROOT.glob("chapters/*.ipynb")):
        chapter = nbformat.read(path, as_version=4)
        for name, folder in folders.items():
            nb = handout(chapter, wheel.name, seed, for_teacher=name == "teacher")
            nbformat.write(nb, folder / path.name)
    export.write(asked.output / "questions")
    (asked.output / "worksheets").mkdir()
    sheets = asked.output / "worksheets/sheets.html"
    worksheets.main(["--copies", str(asked.copies), "--output", str(sheets)])
    (asked.output / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    print(f"{asked.output}: student, teacher, questions, worksheets")


if __name__ == "__main__":
    main()
