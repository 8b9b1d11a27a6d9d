"""The page of sixty lines: short, NumPy alone, and the module's own numbers; and what it reads."""

import ast
import json
from pathlib import Path

import nbformat
import numpy as np
import pytest
from numpy.testing import assert_allclose
from test_transformer import scrambled

from attention import DecoderOnly, Sizes
from attention.learning.generation import generate
from attention.parameters import parameters, with_parameters
from benchmarks import sixty_lines, writers

PAGE = Path(__file__).resolve().parents[1] / "chapters/15-sixty-lines.ipynb"
PROGRAM = "\n\n\n".join(
    cell.source
    for cell in nbformat.read(PAGE, as_version=4).cells
    if "sixty-lines" in cell.metadata.get("tags", [])
)
KEPT = json.loads(sixty_lines.RESULTS.read_text(encoding="utf-8"))
PARTS = ["attention_norm", "attention", "feed_forward_norm", "feed_forward"]


def test_it_has_at_most_sixty_lines_and_imports_numpy_alone():
    assert len(PROGRAM.splitlines()) <= 60
    imports = [
        x for x in ast.walk(ast.parse(PROGRAM)) if isinstance(x, ast.Import | ast.ImportFrom)
    ]
    assert [ast.unparse(x) for x in imports] == ["import numpy as np"]


def assert_same_as_the_module(program):
    """Compare the logits and the texts of random models, prime in their sizes."""
    names = {}
    exec(program, names)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        sizes = Sizes(d_model=14, num_heads=7, d_ff=13, pre_norm=True)
        model = scrambled(DecoderOnly.init(rng, sizes, vocabulary=11, num_layers=3))
        p = {
            "embedding": model.embedding,
            "blocks": [
                {part: [*parameters(getattr(block, part)).values()] for part in PARTS}
                for block in model.blocks
            ],
            "final_norm": [*parameters(model.final_norm).values()],
        }
        tokens = rng.integers(11, size=5).tolist()
        assert_allclose(names["transformer"](tokens, p, 7), model(tokens), rtol=1e-9, atol=1e-9)
        assert names["generate"](tokens, 3, p, 7) == generate(model, tokens, 3).tolist()


def test_it_gives_the_numbers_of_the_module():
    assert_same_as_the_module(PROGRAM)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (" / np.sqrt(d_k)", ""),
        ("np.tri(L, dtype=bool)", "np.ones((L, L), dtype=bool)"),
        ("np.tri(L, dtype=bool)", "np.tri(L, k=-1, dtype=bool) | np.eye(L, 1, dtype=bool)"),
        (" * np.sqrt(d_model)", ""),
        (" + positions(len(tokens), d_model)", ""),
        ("x = x + multi_head", "x = multi_head"),
        ("1e-5", "1e-3"),
        ("gain * (x - mean)", "gain * x"),
        ("np.maximum(0, x @ W_1 + b_1)", "(x @ W_1 + b_1)"),
        ("[*tokens, ", "[*tokens[1:], "),
    ],
)
def test_what_is_left_out_shows(right, wrong):
    assert PROGRAM.count(right) == 1
    with np.errstate(all="ignore"), pytest.raises((AssertionError, ValueError)):
        assert_same_as_the_module(PROGRAM.replace(right, wrong))


def test_the_numbers_that_it_reads_write_what_they_learned():
    named = {name: np.array(x) for name, x in KEPT["parameters"].items()}
    model = with_parameters(sixty_lines.untrained(), named)
    grammatical, fit, meant = writers.count(writers.write(model))
    assert min(grammatical, fit, meant) > 0.95 * writers.COUNT
    assert KEPT["losses"][-1] < 0.6
    assert len(KEPT["losses"]) == sixty_lines.STEPS / sixty_lines.WINDOW


def test_training_begins_as_it_was_kept():
    again = sixty_lines.run(steps=sixty_lines.WINDOW)
    assert again["losses"] == pytest.approx(KEPT["losses"][:1], abs=0.002)
    with pytest.raises(AssertionError):
        assert_allclose(again["parameters"]["embedding"], KEPT["parameters"]["embedding"])
