"""Grade a folder of notebooks: python -m attention.exercises grade FOLDER --output grades.csv."""

import argparse
import secrets
import sys
from pathlib import Path

from attention.exercises import grading, report


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{message}\n")  # one sentence, without the usage


def main(arguments=None):
    """Write the grades of a folder, and a page about the class beside them."""
    parser = _Parser(prog="python -m attention.exercises", description=grading.__doc__)
    commands = parser.add_subparsers(required=True, parser_class=_Parser)
    grade = commands.add_parser("grade", help="grade a folder of notebooks")
    grade.add_argument("folder", type=Path, help="with a folder for each student")
    grade.add_argument("--output", type=Path, required=True, help="the table, such as grades.csv")
    grade.add_argument("--seed", type=int, help="which cases; another one each time if not given")
    grade.add_argument("--seconds", type=int, default=grading.SECONDS, help="for each exercise")
    asked = parser.parse_args(arguments)
    # Nobody can prepare a table for cases that are drawn when the grading begins.
    seed = secrets.randbelow(10**6) + 1 if asked.seed is None else asked.seed
    try:
        grades = grading.grade(asked.folder, seed, asked.seconds)
        grading.write_csv(grades, asked.output)
        title = f"Grades, {asked.folder.name}"
        beside = asked.output.with_suffix(".html")
        beside.write_text(report.page(grades, title), encoding="utf-8")
    except ValueError as error:
        parser.error(str(error))
    except OSError as error:
        parser.error(f"cannot write {error.filename}: {error.strerror}")
    students = len({grade.student for grade in grades})
    print(f"{students} students, {len(grades)} answers: {asked.output} and {beside}, seed {seed}")


if __name__ == "__main__":
    sys.exit(main())
