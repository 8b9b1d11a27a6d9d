"""Threads that each compute blocks of their own, instead of sharing one product after another.

NumPy's products take all cores, its exponentials one. With a block for each core the exponentials
run beside one another as well, and nobody waits for the others at the end of each product. There
are as many threads as a product would take, so OPENBLAS_NUM_THREADS is obeyed; who computes a
block changes no bit of it, while a product's bits depend on how many threads share it.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import cache

_turn = threading.Lock()  # calls from several threads take turns, each with all cores


def each(work, jobs, threads=None):
    """Call work with each job, on as many threads as one of NumPy's products takes, if None.

    >>> done = []
    >>> each(done.append, [2, 3, 5])
    >>> sorted(done)
    [2, 3, 5]
    """
    with _lent_threads() if threads is None else nullcontext(threads) as count:
        if count == 1:
            for job in jobs:
                work(job)
        else:
            with ThreadPoolExecutor(count) as pool:
                list(pool.map(work, jobs))  # raises what a job has raised


@contextmanager
def _lent_threads():
    """Let each product take one thread for a while: yields how many can be used instead."""
    if sys.platform == "emscripten":  # a browser has none
        yield 1
        return
    with _turn:
        count = _of_products()
        with _products().limit(limits=1):
            # While another thread sets limits of its own, this one is without effect.
            yield count if _of_products() == 1 else 1


def _of_products():
    """Return how many threads a product takes, 1 where nothing says it."""
    return min((library.num_threads for library in _products().lib_controllers), default=1)


@cache
def _products():
    """Return what sets the threads of NumPy's products: looking for it takes milliseconds."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")
