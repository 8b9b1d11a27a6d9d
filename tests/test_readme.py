"""README and CONTRIBUTING: links lead somewhere, pictures are described, commands exist."""

import re
from pathlib import Path

import pytest

from make import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
PAGES = ["README.md", "CONTRIBUTING.md"]


def problems(text, targets):
    """Yield one sentence for each thing in a page that leads nowhere."""
    for is_image, words, address in re.findall(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", text):
        if is_image and not words.strip():
            yield f"the picture {address} has no alternative text"
        if not re.match(r"\w+:|#", address) and not (ROOT / address).exists():
            yield f"the link to {address} leads nowhere"
    for target in re.findall(r"(?m)(?:`|^)make ([a-z]+)", text):
        if target not in targets:
            yield f"make {target} is no command of make.py"
    command = r"(?:python|pytest|jupyter lab) ((?:tools|benchmarks|chapters)/[\w./-]+)"
    for file in re.findall(command, text):
        if not (ROOT / file).exists():
            yield f"{file} does not exist"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_leads_somewhere(page):
    found = list(problems((ROOT / page).read_text(encoding="utf-8"), COMMANDS))
    assert not found, f"{page}: {'; '.join(found)}"


def test_every_command_has_its_line_in_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    unsaid = {"help", "requirements"}  # the one lists the others, the other is CONTRIBUTING's
    assert {x for x in COMMANDS if not re.search(rf"`make {x}[ `]", text)} <= unsaid


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("![ ](cover.svg)", "has no alternative text"),
        ("[a](nowhere.md)", "the link to nowhere.md leads nowhere"),
        ("`make tea`", "make tea is no command"),
        ("`python tools/tea.py`", "tools/tea.py does not exist"),
    ],
)
def test_what_leads_nowhere_is_named(text, said):
    [found] = problems(text, ["book"])
    assert said in found


def test_the_time_that_reading_takes_is_counted_in_words():
    """An hour at 130 words a minute, which is slow enough for code."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    said = [int(number.replace(",", "")) for number in re.findall(r"(\d,\d00)\b", text)[:2]]
    steps = [ROOT / "attention" / name for name in ("dot_product.py", "masks.py")]
    for number, files in zip(said, [ROOT.glob("attention/*.py"), steps], strict=True):
        words = sum(len(file.read_text(encoding="utf-8").split()) for file in files)
        assert abs(words - number) < 200, f"README says {number} words, and there are {words}"
    assert said[0] / 130 < 65
