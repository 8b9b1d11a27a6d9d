"""Blocks on threads: as many as NumPy's products take, the same bits, and all given back."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from attention import scaled_dot_product_attention
from attention._checks import check_call
from attention._fast import Tiling, average
from attention._threads import _of_products, each

ROOT = Path(__file__).resolve().parents[1]


def call_of(*lengths, dtype=np.float32, **options):
    """Return a checked call of random arrays: (..., L, S, d_k, d_v) as lengths."""
    *leading, L, S, d_k, d_v = lengths
    rng = np.random.default_rng(17)
    shapes = [(*leading, L, d_k), (*leading, S, d_k), (*leading, S, d_v)]
    arrays = [rng.standard_normal(shape).astype(dtype) for shape in shapes]
    return check_call(*arrays, **{"attn_mask": None, "is_causal": False, "scale": None} | options)


@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("lengths", [(3, 521, 613, 17, 19), (1, 1031, 1031, 64, 64)])
def test_the_bits_do_not_depend_on_the_number_of_threads(lengths, dtype, is_causal):
    call = call_of(*lengths, dtype=dtype, is_causal=is_causal)
    outputs = {}
    for count in (1, 2, 3):
        with threadpool_limits(count, "blas"):
            outputs[count] = average(call, Tiling(many_scores=1))
    assert outputs[1].tobytes() == outputs[2].tobytes() == outputs[3].tobytes()


def test_two_blocks_are_computed_at_a_time():
    both = threading.Barrier(2, timeout=20)  # which neither passes without the other
    with threadpool_limits(2, "blas"):
        each(lambda job: both.wait(), range(2))


def test_while_blocks_are_computed_a_product_takes_one_thread_and_afterwards_all():
    seen = []
    with threadpool_limits(2, "blas"):
        each(lambda job: seen.append(_of_products()), range(3))
        assert seen == [1, 1, 1]
        assert _of_products() == 2


def test_an_error_in_a_block_comes_through_and_the_threads_are_given_back():
    with threadpool_limits(2, "blas"):
        with pytest.raises(ZeroDivisionError):
            each(lambda job: 1 / job, [1, 0, 2])
        assert _of_products() == 2
        both = threading.Barrier(2, timeout=20)
        each(lambda job: both.wait(), range(2))


def in_thread(function):
    """Call a function in a thread of its own: -> what it returns."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result(timeout=60)


def test_where_the_limit_of_another_thread_stands_blocks_are_computed_one_by_one():
    where = []
    with threadpool_limits(2, "blas"):
        in_thread(lambda: each(lambda job: where.append(threading.get_ident()), range(3)))
        assert _of_products() == 2
    assert len(set(where)) == 1


def test_a_browser_has_no_threads(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    where = []
    with threadpool_limits(2, "blas"):
        each(lambda job: where.append(threading.get_ident()), range(3))
    assert set(where) == {threading.get_ident()}


@pytest.mark.parametrize(("many_scores", "lent"), [(5 * 7 * 11, True), (5 * 7 * 11 + 1, False)])
def test_a_short_call_takes_no_threads(monkeypatch, many_scores, lent):
    asked = []
    monkeypatch.setattr("attention._fast.each", lambda *_, threads: asked.append(threads is None))
    average(call_of(5, 7, 11, 2, 3), Tiling(many_scores=many_scores))
    assert asked == [lent]


def test_threads_are_as_quiet_as_the_call():
    """An inf in a value shows in the output, without a warning, which would be an error here."""
    query, key, value = np.random.default_rng(0).standard_normal((3, 2, 1021, 8), np.float32)
    value[0, 3, 5], value[0, 4, 5] = np.inf, -np.inf
    with threadpool_limits(2, "blas"):
        output = scaled_dot_product_attention(query, key, value)
    assert np.isnan(output[0, :, 5]).all()
    assert np.isfinite(output[1]).all()


def test_calls_from_several_threads_take_turns_and_give_all_back(monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    code = """
import sys, threading
sys.path.insert(0, "tests")
from test_threads import Tiling, _of_products, average, call_of, threadpool_limits

call = call_of(3, 521, 613, 17, 19)
with threadpool_limits(1, "blas"):
    expected = average(call, Tiling(many_scores=2**60)).tobytes()
outputs = []
compute = lambda: outputs.append(average(call, Tiling(many_scores=1)).tobytes())
threads = [threading.Thread(target=compute) for _ in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(outputs == 5 * [expected], _of_products())
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.stdout == "True 2\n", ran.stderr
