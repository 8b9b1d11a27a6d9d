"""Keys on several processes: the partial results that travel merge into the answer of one."""

import os

import numpy as np
import pytest
from dask import bag
from dask.distributed import Client, LocalCluster
from numpy.testing import assert_allclose

from attention import scaled_dot_product_attention
from attention.blockwise import merge, partial_attention

L, D_K, D_V = 5, 11, 13
SIZES = [7, 0, 17, 3, 29]  # of the blocks of keys; one machine may hold none
QUERY = np.random.default_rng(0).standard_normal((L, D_K))


def block(i):
    """Return the keys and values that one machine holds."""
    rng = np.random.default_rng(i + 1)
    # Larger from block to block: the maxima differ, so merging must rescale.
    return (i + 1) * rng.standard_normal((SIZES[i], D_K)), rng.standard_normal((SIZES[i], D_V))


@pytest.fixture(scope="module")
def client():
    local = {"host": "127.0.0.1", "dashboard_address": None, "silence_logs": 60}
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, **local)
    with cluster, Client(cluster) as client:
        yield client


def expected():
    keys, values = zip(*(block(i) for i in range(len(SIZES))), strict=True)
    return scaled_dot_product_attention(QUERY, np.concatenate(keys), np.concatenate(values))


def tree(read, join):
    blocks = bag.from_sequence(range(len(SIZES)), npartitions=len(SIZES))
    return blocks.map(read).fold(join, split_every=2)


def test_partial_results_of_several_processes_give_the_answer_of_one(client):
    def read(i):
        return {os.getpid()}, partial_attention(QUERY, *block(i))

    def join(a, b):
        return a[0] | b[0], merge(a[1], b[1])

    processes, part = tree(read, join).compute()
    assert processes <= set(client.run(os.getpid).values())
    assert os.getpid() not in processes
    assert_allclose(part.average(), expected(), rtol=0, atol=1e-13)


def test_what_travels_does_not_grow_with_the_keys():
    few, many = (
        partial_attention(QUERY, np.ones((S, D_K)), np.ones((S, D_V))) for S in (2, 20_000)
    )
    travels = [sum(x.nbytes for x in part) for part in (few, many)]
    assert travels == [8 * L * (D_V + 2)] * 2


def test_a_process_killed_midway_costs_a_retry_and_not_the_answer(client, tmp_path):
    def read(i):
        with open(tmp_path / "read", "a") as log:
            log.write(f"{i}\n")
        return partial_attention(QUERY, *block(i))

    def merge_or_die(a, b):
        try:
            (tmp_path / "died").touch(exist_ok=False)
        except FileExistsError:
            return merge(a, b)
        os._exit(1)  # with all the partial results that this process holds

    before = set(client.run(os.getpid).values())
    part = tree(read, merge_or_die).compute()
    assert (tmp_path / "died").exists()
    assert len((tmp_path / "read").read_text().split()) > len(SIZES)
    assert_allclose(part.average(), expected(), rtol=0, atol=1e-13)
    client.wait_for_workers(2)
    assert set(client.run(os.getpid).values()) != before
