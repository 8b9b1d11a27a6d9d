"""Grade a folder of notebooks: who has what, and which mistakes a class makes.

    python -m attention.exercises grade FOLDER --output grades.csv

Of each notebook the function that an exercise asks for is taken out, with what it needs, and run in
a process of its own on cases that nobody has seen. A notebook lies in a folder named after its
student, FOLDER/student/.../03-breakdown.ipynb, or is named after both, 03-breakdown_student.ipynb.
"""

import csv
import io
import json
import os
import pickle
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

import attention
from attention.exercises import EXERCISES
from attention.exercises.answers import Answer
from attention.exercises.checking import compare, unanswered
from attention.exercises.extract import code_cells, needed

SANDBOX = Path(__file__).with_name("sandbox.py")
PACKAGE = Path(attention.__file__).parent
SECONDS = 10  # for one exercise
MEGABYTES = 2048
MOST_BYTES = 2**24  # of an answer


class Grade(NamedTuple):
    """One line of grades.csv."""

    student: str
    exercise: str
    right: int  # 1 or 0
    mistake: str  # by its name, if it is a usual one
    remark: str


def grade(folder, seed, seconds=SECONDS):
    """Grade all notebooks of a folder: -> [Grade, ...], by student and exercise.

    Raises: ValueError if the folder holds no notebook of a chapter.
    """
    notebooks = sorted(Path(folder).rglob("*.ipynb"))
    tasks = {}  # of (student, exercise): a student may hand in a chapter in several notebooks
    for notebook in notebooks:
        student, chapter = whose(notebook, Path(folder))
        cells = code_cells(notebook)
        for exercise in EXERCISES.values():
            if exercise.chapter == chapter:
                source = needed(cells, exercise.name)
                if source or (student, exercise.name) not in tasks:
                    tasks[student, exercise.name] = source
    if not tasks:
        raise ValueError(f"{folder} must hold notebooks named after chapters, got {len(notebooks)}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = pool.map(lambda task: _grade_one(*task, seed, seconds), sorted(tasks.items()))
        return list(rows)


def _grade_one(who, source, seed, seconds):
    student, exercise = who[0], EXERCISES[who[1]]
    if not source:
        return Grade(*who, 0, "", unanswered(exercise.name).sentence)
    given = run(exercise, source, exercise.cases_for(seed), seconds)
    if isinstance(given, str):
        return Grade(*who, 0, "", f"{exercise.name}: {given}")
    verdict = compare(exercise, exercise.cases_for(seed), given)
    return Grade(student, exercise.name, int(verdict.right), verdict.mutant, verdict.sentence)


def whose(notebook, folder):
    """Return the student and the chapter of a notebook."""
    inside = notebook.relative_to(folder)
    [chapter] = re.findall(r"^\d\d-[a-z-]+", inside.name) or [""]
    rest = inside.stem.removeprefix(chapter).strip("_- ")
    return (inside.parts[0] if len(inside.parts) > 1 else rest or inside.stem), chapter.rstrip("-")


def given_by(exercise):
    """Return the names of the module that an exercise gives: those that its reference uses."""
    known = exercise.reference.__globals__
    used = exercise.reference.__code__.co_names
    return [name for name in used if name in attention.__all__ and name in known]


def run(exercise, source, cases, seconds=SECONDS):
    """Run a function in a process of its own: -> [Answer, ...], or a sentence why there is none."""
    job = {
        "source": source,
        "name": exercise.name,
        "arguments": exercise.arguments,
        "cases": cases,
        "given": given_by(exercise),
        "package": str(PACKAGE),
        "seconds": seconds,
        "megabytes": MEGABYTES,
    }
    with tempfile.TemporaryDirectory() as empty:
        command = [sys.executable, "-I", str(SANDBOX)]
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        try:
            done = subprocess.run(
                command,
                input=pickle.dumps(job),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                cwd=empty,
                env=environment,
            )
        except subprocess.TimeoutExpired:
            return f"took more than {seconds} seconds."
    return read(done.stdout, len(cases))


def read(reply, count):
    """Read what a process sent back, trusting none of it: -> [Answer, ...] or a sentence."""
    line, _, archive = reply.partition(b"\n")
    if len(archive) > MOST_BYTES:
        return "returned more than an answer can hold."
    try:
        said = json.loads(line)
        if "refused" in said:
            return f"{said['refused']}."
        with np.load(io.BytesIO(archive), allow_pickle=False) as arrays:
            found = dict(arrays)
        answers = [
            Answer(found.get(str(i)), str(error), tuple(map(str, changed)), bool(is_open))
            for i, (error, changed, is_open) in enumerate(said["answers"])
        ]
    except Exception:  # whatever was sent is not what sandbox.py sends
        return "ended the process that ran it."
    return answers if len(answers) == count else "ended the process that ran it."


def write_csv(grades, path):
    """Write grades as a table that any spreadsheet reads."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(Grade._fields)
        rows.writerows(grades)
