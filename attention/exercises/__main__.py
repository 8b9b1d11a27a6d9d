"""Grade a folder of notebooks, or write the questions for other systems.

python -m attention.exercises grade FOLDER --output grades.csv
python -m attention.exercises questions --output FOLDER
"""

import argparse
import secrets
import sys
from pathlib import Path

from attention.exercises import export, grading, report


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{message}\n")  # one sentence, without the usage


def main(arguments=None):
    """Do what is asked, or end with one sentence."""
    parser = _Parser(prog="python -m attention.exercises", description=__doc__)
    commands = parser.add_subparsers(required=True, parser_class=_Parser)
    grade = commands.add_parser("grade", help="grade a folder of notebooks")
    grade.add_argument("folder", type=Path, help="with a folder for each student")
    grade.add_argument("--output", type=Path, required=True, help="the table, such as grades.csv")
    grade.add_argument("--seed", type=int, help="which cases; others each time if not given")
    grade.add_argument("--seconds", type=int, default=grading.SECONDS, help="for each exercise")
    grade.set_defaults(do=_grade)
    write = commands.add_parser("questions", help="write them as GIFT, Moodle XML, QTI and a sheet")
    write.add_argument("--output", type=Path, required=True, help="a folder")
    write.set_defaults(do=_write_questions)
    asked = parser.parse_args(arguments)
    try:
        asked.do(asked)
    except ValueError as error:
        parser.error(str(error))
    except OSError as error:
        parser.error(f"cannot write {error.filename}: {error.strerror}")


def _grade(asked):
    """Write the grades of a folder, and a page about the class beside them."""
    # Nobody can prepare a table for cases that are drawn when the grading begins.
    seed = secrets.randbelow(10**6) + 1 if asked.seed is None else asked.seed
    grades = grading.grade(asked.folder, seed, asked.seconds)
    grading.write_csv(grades, asked.output)
    beside = asked.output.with_suffix(".html")
    beside.write_text(report.page(grades, f"Grades, {asked.folder.name}"), encoding="utf-8")
    students = len({grade.student for grade in grades})
    print(f"{students} students, {len(grades)} answers: {asked.output} and {beside}, seed {seed}")


def _write_questions(asked):
    print(f"{asked.output}: {', '.join(export.write(asked.output))}")


if __name__ == "__main__":
    sys.exit(main())
