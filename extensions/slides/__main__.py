"""Write a deck of slides for each chapter of the built book: python -m extensions.slides."""

import argparse
from pathlib import Path

from extensions import slides

ROOT = Path(__file__).resolve().parents[2]


def main(arguments=None):
    """Write the decks; the book must have been built."""
    parser = argparse.ArgumentParser(prog="python -m extensions.slides", description=__doc__)
    parser.add_argument("--site", type=Path, default=ROOT / "_build/html")
    parser.add_argument("--output", type=Path, default=ROOT / "_build/course/slides")
    asked = parser.parse_args(arguments)
    if not (asked.site / "_static/site.css").exists():
        parser.error(f"{asked.site} holds no book: build it first, with make book")
    decks = slides.write(asked.site, asked.output)
    print(f"{asked.output}: {len(decks)} decks")


if __name__ == "__main__":
    main()
