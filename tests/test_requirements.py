"""pyproject.toml and the lists of pins name the same packages, here and on Binder."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = "attention-computed"


def asked(pyproject, extras):
    """Yield what a project needs with these extras, and what those include."""
    project = tomllib.loads(pyproject)["project"]
    for text in [*project["dependencies"], *(x for e in extras for x in _extra(project, e))]:
        needed = Requirement(text)
        if needed.name == PROJECT:
            yield from asked(pyproject, needed.extras)
        else:
            yield needed


def _extra(project, name):
    known = project["optional-dependencies"]
    assert name in known, f"requirements.in asks for [{name}], and pyproject.toml has {[*known]}"
    return known[name]


def disagreements(pyproject, requirements_in, requirements_txt):
    """Yield what requirements.txt leaves out, or pins to a version that pyproject.toml excludes."""
    extras = re.fullmatch(r"-e \.\[([^\]]*)\]\s*", requirements_in)[1].split(",")
    lines = re.findall(r"(?m)^([\w.-]+)==([^ ;\n]+)", requirements_txt)
    pins = {canonicalize_name(name): version for name, version in lines}
    for needed in asked(pyproject, extras):
        pin = pins.get(canonicalize_name(needed.name))
        if pin is None:
            yield f"requirements.txt does not pin {needed.name}: make requirements"
        elif not needed.specifier.contains(pin):
            yield f"requirements.txt pins {needed.name} {pin}, pyproject.toml asks for {needed}"


FILES = [
    (ROOT / name).read_text(encoding="utf-8")
    for name in ("pyproject.toml", "requirements.in", "requirements.txt")
]


def test_the_three_files_agree():
    assert list(disagreements(*FILES)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        (0, '"numpy>=2.0"', '"numpy>=99"', ["requirements.txt pins numpy "]),
        (0, '"numpy>=2.0"', '"numpy", "left-pad"', ["requirements.txt does not pin left-pad"]),
        (2, "matplotlib==", "mathplotlib==", ["requirements.txt does not pin matplotlib"]),
    ],
)
def test_a_disagreement_is_found(file, old, new, found):
    files = [*FILES]
    assert old in files[file]
    files[file] = files[file].replace(old, new)
    got = list(disagreements(*files))
    assert len(set(got)) == len(found)
    assert got[0].startswith(found[0])


BINDER = [
    (ROOT / ".binder" / name).read_text(encoding="utf-8")
    for name in ("requirements.in", "requirements.txt")
]


def test_binder_gets_what_readers_need():
    assert list(disagreements(FILES[0], *BINDER)) == []


def test_binder_gets_the_versions_that_are_checked():
    checked, given = (re.findall(r"(?m)^[\w.-]+==[^ \n]+", text) for text in (FILES[2], BINDER[1]))
    assert set(given) <= set(checked)
    assert len(given) < len(checked) / 2, "a reader needs none of what checks and builds"


def test_an_extra_that_does_not_exist_is_named():
    with pytest.raises(AssertionError, match=r"asks for \[tests\]"):
        list(disagreements(FILES[0], "-e .[book,tests]\n", FILES[2]))
