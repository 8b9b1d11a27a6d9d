"""Say what is new in a release: python tools/release.py v0.2.0 > notes.md

The notes are the version's section of CHANGELOG.md. It stops where the tag, pyproject.toml,
CITATION.cff and the first dated section do not agree, so that no release goes out half renamed.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def notes(tag, pyproject, citation, changelog):
    """Return the notes of a tag.

    Raises: ValueError, in one sentence, if one of the files names another version.
    """
    version = tag.removeprefix("v")
    sections = re.findall(r"(?ms)^## (\S+)(.*?)\n(.*?)(?=^## |\Z)", changelog)
    released = [(name, date, text) for name, date, text in sections if name != "Unreleased"]
    if not released:
        raise ValueError("CHANGELOG.md has no section of a version")
    [(newest, date, text), *_] = released
    cited = re.search(r"(?m)^version: (.*)$", citation)
    named = {
        "pyproject.toml": tomllib.loads(pyproject)["project"]["version"],
        "CITATION.cff": cited[1] if cited else "no version",
        "CHANGELOG.md": newest,
    }
    for file, other in named.items():
        if other != version:
            raise ValueError(f"the tag is {tag}, and {file} names {other}")
    if not re.fullmatch(r" - \d{4}-\d\d-\d\d", date):
        raise ValueError(f"CHANGELOG.md gives {version} no date, as in ## {version} - 2026-11-25")
    return text.strip() + "\n"


def main(tag):
    files = ("pyproject.toml", "CITATION.cff", "CHANGELOG.md")
    try:
        print(notes(tag, *((ROOT / name).read_text(encoding="utf-8") for name in files)), end="")
    except ValueError as error:
        return f"No release: {error}."


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
