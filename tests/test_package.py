"""What `import attention` loads, and what it offers."""

import doctest
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import attention


def test_import_loads_numpy_alone():
    code = (
        "import sys; before = set(sys.modules); import attention; print(*set(sys.modules) - before)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(attention.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    packages = {module.partition(".")[0] for module in run.stdout.split()}
    assert packages - sys.stdlib_module_names == {"attention", "numpy"}


def test_all_is_what_is_public():
    public = {
        name
        for name, x in vars(attention).items()
        if not name.startswith("_") and not inspect.ismodule(x)
    }
    assert set(attention.__all__) == public
    assert len(attention.__all__) == len(public)


@pytest.mark.parametrize("name", sorted({*attention.__all__} - {"AttentionSteps"}))
def test_public_names_show_an_example(name):
    parser = doctest.DocTestParser()
    assert parser.get_examples(getattr(attention, name).__doc__)


def test_attention_steps_says_what_it_is():
    assert attention.AttentionSteps.__doc__.startswith("The four intermediate results")
