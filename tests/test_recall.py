"""The task: every answer is in the list, and no list of the test was seen in training."""

import re

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from attention.learning.recall import Recall

TASK = Recall(letters=7, numbers=5, pairs=3)


def lists(tokens, task=TASK):
    return {tuple(row) for row in tokens[:, : 2 * task.pairs].tolist()}


def test_each_key_is_asked_once_and_answered_by_its_value():
    tokens = TASK.draw(np.random.default_rng(0), 200)
    assert tokens.shape == (200, 12)
    assert TASK.vocabulary == 12
    for row in tokens.tolist():
        pairs = dict(zip(row[0:6:2], row[1:6:2], strict=True))
        asked = dict(zip(row[6::2], row[7::2], strict=True))
        assert len(pairs) == 3
        assert asked == pairs
        assert all(0 <= key < 7 <= value < 12 for key, value in pairs.items())


def test_everything_comes_about_equally_often():
    tokens = TASK.draw(np.random.default_rng(0), 7000)
    given = np.apply_along_axis(np.bincount, 0, tokens[:, [0, 2, 4]], minlength=7)
    answers = np.bincount(tokens[:, 7] - 7, minlength=5)
    asked_first = np.bincount((tokens[:, 6:7] == tokens[:, [0, 2, 4]]).argmax(axis=1))
    assert np.all(abs(given / 1000 - 1) < 0.15)
    assert np.all(abs(answers / 1400 - 1) < 0.15)
    assert np.all(abs(asked_first / (7000 / 3) - 1) < 0.15)


def test_marks():
    places = np.arange(11)
    assert_array_equal(places[TASK.answers], [6, 8, 10])  # of tokens[:, 1:]
    assert_array_equal(places[TASK.written], [5, 6, 7, 8, 9, 10])


def test_no_list_comes_twice():
    task = Recall(letters=3, numbers=2, pairs=2)  # 24 lists: nearly all are drawn
    train, test = task.split(np.random.default_rng(0), train=15, test=8)
    assert len(lists(train, task)) == len(train) == 15
    assert len(lists(test, task)) == len(test) == 8
    assert not lists(train, task) & lists(test, task)
    drawn = task.draw(np.random.default_rng(0), 23)
    assert len(lists(drawn, task)) < 23  # without the split some would


def test_same_seed_same_split():
    one, two = (TASK.split(np.random.default_rng(3), 50, 20) for _ in range(2))
    other = TASK.split(np.random.default_rng(4), 50, 20)
    assert_array_equal(one[0], two[0])
    assert_array_equal(one[1], two[1])
    assert not np.array_equal(one[0], other[0])


ERRORS = [
    (
        lambda: Recall(letters=2, numbers=5, pairs=3),
        "pairs must lie between 1 and letters and numbers must be at least 1, "
        "got pairs 3, letters 2, numbers 5",
    ),
    (
        lambda: Recall(3, 2, 2).split(np.random.default_rng(0), 20, 5),
        "train + test must be at most 24, the number of lists of pairs, got 20 + 5",
    ),
]


@pytest.mark.parametrize(("call", "sentence"), ERRORS, ids=[case[-1] for case in ERRORS])
def test_errors_word_for_word(call, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        call()
