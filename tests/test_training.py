"""Adam by hand, and runs that learn, stop, go on and fail."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from attention import DecoderOnly, Sizes
from attention.layers import LayerNorm
from attention.learning.recall import Recall
from attention.learning.recurrent import GRU, gru_backward
from attention.learning.training import (
    Settings,
    State,
    accuracy,
    adam_step,
    learning_rate,
    train,
    train_step,
)
from attention.parameters import parameters

TASK = Recall(letters=5, numbers=3, pairs=3)
SETTINGS = Settings(peak_rate=1e-2, warmup=50, batch_size=16, seed=5)


def draw_model(seed=0, d_model=8, dtype=np.float32):
    sizes = Sizes(d_model, num_heads=2, d_ff=2 * d_model, pre_norm=True, dtype=dtype)
    rng = np.random.default_rng(seed)
    return DecoderOnly.init(rng, sizes, vocabulary=TASK.vocabulary, num_layers=2)


@pytest.fixture(scope="module")
def data():
    return TASK.split(np.random.default_rng(0), train=1200, test=400)


@pytest.fixture
def run(data):
    """Train the small model on the task, without a bar."""

    def run(state, until, **options):
        return train(state, data[0], TASK.answers, until=until, progress=False, **options)

    return run


def start():
    return State.start(draw_model(), SETTINGS)


def assert_same(one, two):
    """To the last bit."""
    assert one.taken == two.taken
    assert one.settings == two.settings
    assert_array_equal(one.losses, two.losses)
    assert_array_equal(one.gradient_norms, two.gradient_norms)
    for a, b in (
        (parameters(one.model), parameters(two.model)),
        (one.mean, two.mean),
        (one.square, two.square),
    ):
        assert [*a] == [*b]
        for name, x in a.items():
            assert x.dtype == b[name].dtype
            assert_array_equal(x, b[name])


# One step


def test_learning_rate_is_that_of_the_paper():
    d_model, warmup = 512, 4000
    for step in (1, 100, 3999, 4000, 4001, 100_000):
        expected = d_model**-0.5 * min(step**-0.5, step * warmup**-1.5)
        rate = learning_rate(step, peak_rate=(d_model * warmup) ** -0.5, warmup=warmup)
        assert_allclose(rate, expected, rtol=1e-12)


def test_adam_by_hand():
    model = LayerNorm(gain=np.array([1.0, -2.0]), bias=np.array([0.5, 0.0]))
    state = State.start(model, Settings(peak_rate=0.1, warmup=2))
    gradients = [
        {"gain": [0.3, -1.0], "bias": [2.0, 0.0]},
        {"gain": [-0.1, 4.0], "bias": [1.0, 0.0]},
        {"gain": [0.2, 0.5], "bias": [-3.0, 1e-3]},
    ]
    expected = {"gain": [1.0, -2.0], "bias": [0.5, 0.0]}
    m = {name: [0.0, 0.0] for name in expected}
    v = {name: [0.0, 0.0] for name in expected}
    for t, (gradient, rate) in enumerate(
        zip(gradients, [0.05, 0.1, 0.1 * math.sqrt(2 / 3)], strict=True), start=1
    ):
        for name, g in gradient.items():
            for i in range(2):
                m[name][i] = 0.9 * m[name][i] + 0.1 * g[i]
                v[name][i] = 0.98 * v[name][i] + 0.02 * g[i] ** 2
                m_hat, v_hat = m[name][i] / (1 - 0.9**t), v[name][i] / (1 - 0.98**t)
                expected[name][i] -= rate * m_hat / (math.sqrt(v_hat) + 1e-9)
        gradient = LayerNorm(**{name: np.array(g) for name, g in gradient.items()})
        model, mean, square = adam_step(state, gradient)
        state = replace(state, model=model, mean=mean, square=square, losses=np.zeros(t))
        for name, x in expected.items():
            assert_allclose(getattr(state.model, name), x, rtol=1e-12, atol=1e-15)


def test_a_step_leaves_the_state_before_it_alone(data):
    state = start()
    before = {name: x.copy() for name, x in parameters(state.model).items()}
    after = train_step(train_step(state, data[0], TASK.answers), data[0], TASK.answers)
    assert after.taken == 2
    assert state.taken == 0
    for name, x in parameters(state.model).items():
        assert_array_equal(x, before[name])
        assert not np.any(state.mean[name])
        assert not np.array_equal(x, parameters(after.model)[name])


def test_gradient_norm_and_loss_are_those_of_the_step(data):
    state = train_step(start(), data[0], TASK.answers)
    mean = np.concatenate([x.ravel() for x in state.mean.values()])  # 0.1 of the only gradient
    assert_allclose(state.gradient_norms, [np.linalg.norm(mean) / 0.1], rtol=1e-5)
    assert 1.5 < state.losses[0] < 4.5  # log(8) is 2.1


def test_only_marked_positions_teach(data):
    nonsense = data[0].copy()
    nonsense[:, -1] = 0  # the last answer
    marked = TASK.answers.copy()
    marked[-1] = False
    one, two = (train_step(start(), tokens, marked) for tokens in (data[0], nonsense))
    assert_same(one, two)
    other = train_step(start(), nonsense, TASK.answers)
    assert other.losses[0] != one.losses[0]


def test_targets_may_be_given(data):
    """Those of the tokens that follow are what training takes without."""
    tokens = data[0][:, :-1]
    one = train_step(start(), data[0], TASK.answers)
    each = np.broadcast_to(TASK.answers, tokens.shape)  # marked sequence by sequence
    for marked in (TASK.answers, each):
        assert_same(train_step(start(), tokens, marked, targets=data[0][:, 1:]), one)
    other = train_step(start(), tokens, TASK.answers, targets=tokens)
    assert other.losses[0] != one.losses[0]


def test_marks_may_differ_from_sequence_to_sequence(data):
    tokens, targets = data[0][:, :-1], data[0][:, 1:]
    marked = np.random.default_rng(0).random(tokens.shape) < 0.3
    nonsense = np.where(marked, targets, 0)  # what is not marked does not count
    assert_same(*(train_step(start(), tokens, marked, targets=t) for t in (targets, nonsense)))


# A run


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_training_finds_the_answers_in_the_list(seed, data, run):
    settings = replace(SETTINGS, batch_size=64, seed=seed)
    state = run(State.start(draw_model(seed, d_model=16), settings), until=150)
    # Who ignores the list stays at log(3) = 1.1, and at an accuracy of a third.
    assert state.losses[-20:].mean() < 0.75
    assert accuracy(state.model, data[1], TASK.answers) > 0.6
    assert {x.dtype for x in parameters(state.model).values()} == {np.dtype(np.float32)}


def test_the_recurrent_network_learns_by_the_same_loop(data, run):
    rng = np.random.default_rng(0)
    model = GRU.init(rng, vocabulary=TASK.vocabulary, d_model=8, d_state=16, dtype=np.float32)
    state = run(State.start(model, SETTINGS), until=120, backward=gru_backward)
    assert state.losses[0] > 1.5
    assert state.losses[-20:].mean() < 1.2
    assert {x.dtype for x in parameters(state.model).values()} == {np.dtype(np.float32)}


def test_same_seed_same_run(run):
    one, two = (run(start(), until=8) for _ in range(2))
    assert_same(one, two)
    other = run(State.start(draw_model(), replace(SETTINGS, seed=6)), until=8)
    assert not np.array_equal(other.losses, one.losses)


def test_accuracy_counts_marked_answers():
    logits = np.zeros((2, 4, 9))
    tokens = np.array([[0, 1, 2, 3, 4], [0, 5, 6, 7, 8]])
    logits[0, range(4), [1, 2, 3, 0]] = 1  # the last is wrong
    logits[1, range(4), [5, 0, 7, 8]] = 1  # the second is wrong
    for marked, share in (([1, 1, 1, 1], 6 / 8), ([0, 0, 0, 1], 1 / 2), ([1, 0, 1, 0], 1)):
        assert accuracy(lambda _: logits, tokens, np.array(marked, bool)) == share


def test_accuracy_of_given_targets_and_marks_of_each():
    logits = np.zeros((2, 3, 5))
    logits[0, range(3), [1, 2, 3]] = logits[1, range(3), [0, 2, 4]] = 1
    tokens, targets = np.zeros((2, 3), int), np.array([[1, 2, 0], [0, 0, 4]])
    for marked, share in (
        ([[1, 1, 1], [1, 1, 1]], 4 / 6),
        ([[0, 0, 1], [0, 1, 0]], 0),
        ([[1, 0, 0], [0, 1, 1]], 2 / 3),
    ):
        marked = np.array(marked, bool)
        assert accuracy(lambda _: logits, tokens, marked, targets=targets) == share


def test_a_loss_that_is_not_finite_stops_the_run(run):
    settings = replace(SETTINGS, peak_rate=1e30, warmup=1)
    sentence = r"the loss must stay finite, got (nan|inf) at step 2 with Settings\(peak_rate=1e\+30"
    with pytest.raises(FloatingPointError, match=f"^{sentence}"):
        run(State.start(draw_model(), settings), until=9)


def test_bar_counts_the_steps(data, capsys):
    train(train_step(start(), data[0], TASK.answers), data[0], TASK.answers, until=3)
    shown = capsys.readouterr().err
    assert "3/3" in shown
    assert "loss=" in shown
    train(start(), data[0], TASK.answers, until=1, progress=False)
    assert capsys.readouterr().err == ""


# Stopping and going on


def test_resumed_is_bit_for_bit_uninterrupted(run):
    whole, halfway = run(start(), until=12), run(start(), until=5)
    assert_same(run(halfway, until=12), whole)
    assert_same(run(whole, until=12), whole)  # nothing is left to do


def test_forgetting_any_part_of_the_state_would_show(run):
    whole, part = run(start(), until=8), run(start(), until=4)
    zeros = State.start(part.model, SETTINGS)
    for forgetful in (
        replace(part, mean=zeros.mean),
        replace(part, square=zeros.square),
        replace(part, losses=np.zeros(0)),
        replace(part, settings=Settings()),
    ):
        continued = run(forgetful, until=forgetful.taken + 4)
        assert not np.array_equal(continued.losses[-4:], whole.losses[-4:])
