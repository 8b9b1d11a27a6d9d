"""Worksheets: attention by hand, a sheet for each student, and the keys in a file of their own.

    python -m attention.exercises.worksheets --seed 7 --count 12 --copies 60 --output sheets.html

writes sheets.html and sheets-key.html, each with 60 sheets, of the seeds 7 to 66: print both, and
hand out the first. A seed gives the same sheet each time. See tasks.py for the kinds of task.
"""

import argparse
import sys
from pathlib import Path

from markdown_it import MarkdownIt

from attention.exercises.markup import html_page
from attention.exercises.tasks import KINDS, tasks

PRECISION = (
    "Answers are exact: numbers are whole, and weights are fractions where scores are logarithms. "
    "Only where four outputs are to choose from, round the weights to two digits behind the point "
    "and the output to one; there, and nowhere else, a pocket calculator helps."
)
LICENCE = "CC BY 4.0, Attention, Computed"
STYLE = """\
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 Georgia, serif; }
h1 { font-size: 1.4rem; margin: 0; }
.head { display: flex; gap: 2rem; justify-content: space-between; align-items: baseline; }
.name { flex: 1; max-width: 18rem; border-bottom: 1px solid; }
article > ol > li { margin: 1.2rem 0; padding-left: .3rem; break-inside: avoid; }
.sheet > ol > li { min-height: 5.5rem; }
ul { list-style: none; padding: 0; margin: .3rem 0; }
footer { font-size: .85rem; }
article + article { break-before: page; margin-top: 4rem; }
@page { margin: 18mm; }
@media print { body { margin: 0; max-width: none; } article + article { margin-top: 0; } }
"""


def markdown(found, seed, *, key=False):
    """Write a sheet as Markdown, or its key."""
    lines = [f"# Attention by hand, {'key to ' if key else ''}sheet {seed}", ""]
    if not key:
        lines += [PRECISION, ""]
    for number, task in enumerate(found, 1):
        written = f"**{task.answer}.** {task.why}" if key else task.ask
        first, *rest = written.splitlines()
        lines += [f"{number}. {first}", *(f"    {line}".rstrip() for line in rest), ""]
    return "\n".join([*lines, LICENCE, ""])


def article(found, seed, *, key=False):
    """Write a sheet or its key as a part of a page, which begins a new sheet of paper."""
    title, _, rest = markdown(found, seed, key=key).partition("\n")
    body = MarkdownIt("commonmark", {"html": False}).render(rest.replace(LICENCE, ""))
    name = "" if key else '<span class="name">Name:</span>\n'
    return (
        f'<article class="{"key" if key else "sheet"}">\n<div class="head">\n'
        f"<h1>{title.removeprefix('# ')}</h1>\n{name}</div>\n{body}"
        f"<footer>{LICENCE}</footer>\n</article>\n"
    )


def page(sheets, *, key=False):
    """Write sheets {seed: tasks}, or their keys, as one page of HTML."""
    body = "".join(article(found, seed, key=key) for seed, found in sheets.items())
    title = "Attention by hand" + (": keys" if key else "")
    return html_page(title, f"<main>\n{body}</main>\n", STYLE)


def text(sheets, *, key=False):
    """Write sheets {seed: tasks}, or their keys, as Markdown."""
    return "\n".join(markdown(found, seed, key=key) for seed, found in sheets.items())


FORMATS = {"html": page, "md": text}


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{message}\n")  # one sentence, without the usage


def main(arguments=None):
    """Write worksheets and their keys to two files, or as Markdown to the terminal."""
    parser = _Parser(prog="python -m attention.exercises.worksheets", description=PRECISION)
    parser.add_argument("--seed", type=int, default=0, help="of the first sheet (default: 0)")
    parser.add_argument("--count", type=int, default=10, help="tasks on a sheet (default: 10)")
    parser.add_argument("--copies", type=int, default=1, help="sheets, each with the next seed")
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--level", type=int, help="1, 2 or 3 (default: rising from 1 to 3)")
    parser.add_argument("--output", type=Path, help="a file .html or .md; its key lies beside")
    asked = parser.parse_args(arguments)
    ending = asked.output.suffix[1:] if asked.output else "md"
    write = FORMATS[ending if ending in FORMATS else "html"]
    try:
        if asked.copies < 1:
            raise ValueError(f"copies must be 1 or more, got {asked.copies}")
        sheets = {
            seed: tasks(seed, asked.count, asked.kinds.split(","), asked.level)
            for seed in range(asked.seed, asked.seed + asked.copies)
        }
        if not asked.output:
            sys.stdout.write(text(sheets) + "\n" + text(sheets, key=True))
            return
        asked.output.write_text(write(sheets), encoding="utf-8")
        keys = asked.output.with_stem(f"{asked.output.stem}-key")
        keys.write_text(write(sheets, key=True), encoding="utf-8")
    except ValueError as error:
        parser.error(str(error))
    except OSError as error:
        parser.error(f"cannot write {asked.output}: {error.strerror}")


if __name__ == "__main__":
    main()
