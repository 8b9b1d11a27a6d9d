"""Exercises on gradients, the loss and the learning rate."""

import numpy as np

from attention import softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def back_through_softmax(weights, grad):
    average = (weights * grad).sum(axis=1, keepdims=True)
    return weights * (grad - average)


def mean_surprise(logits, targets):
    shifted = logits - logits.max(axis=1, keepdims=True)  # or exp overflows
    of_targets = shifted[np.arange(len(targets)), targets]
    return (np.log(np.exp(shifted).sum(axis=1)) - of_targets).mean()


def warm_up(step, peak_rate, warmup):
    return peak_rate * min(step / warmup, (warmup / step) ** 0.5)


def back_through_residual(x, W, grad):
    return grad + (grad * (x @ W > 0)) @ W.T


def _drawn_softmax(rng):
    L, S = rng.choice([2, 3, 5, 7], size=2)
    return softmax(rng.normal(size=(L, S)) * rng.choice([1, 30])), rng.normal(size=(L, S))


def _drawn_surprise(rng):
    L, vocabulary = rng.choice([2, 3, 5, 7, 11], size=2, replace=False)
    logits = rng.normal(size=(L, vocabulary)) * rng.choice([1, 10, 1000])
    return logits + rng.choice([0, 1000]), rng.integers(vocabulary, size=L)


def _drawn_step(rng):
    warmup = int(rng.integers(2, 2000))
    step = warmup if rng.random() < 0.3 else int(rng.integers(1, 5000))  # the peak itself, too
    return step, float(rng.choice([1e-3, 0.02, 3])), warmup


def _drawn_residual(rng):
    L, d_model = rng.choice([2, 3, 5, 7, 11], size=2, replace=False)
    shapes = (L, d_model), (d_model, d_model), (L, d_model)
    return tuple(rng.normal(size=shape) * rng.choice([1, 20]) for shape in shapes)


def _surprises(logits, targets, axis=-1):
    shifted = logits - logits.max(axis=axis, keepdims=True)
    chances = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return -chances[np.arange(len(targets)), targets]


EXERCISES = (
    Exercise(
        chapter="10-training",
        prompt=(
            "Write `back_through_softmax(weights, grad)`: from the derivative of the loss in "
            "the weights, `grad` `(L, S)`, that in the numbers that entered the softmax, `(L, "
            "S)`."
        ),
        reference=back_through_softmax,
        cases=((softmax(*draw(12, (2, 3))).round(2), *draw(13, (2, 3))),),
        drawn=_drawn_softmax,
        mutants=(
            Mutant(
                "no sum term",
                lambda weights, grad: weights * grad,
                "You left out the sum: a higher score takes weight from all other keys.",
            ),
            Mutant(
                "diagonal only",
                lambda weights, grad: weights * (1 - weights) * grad,
                "You went back through each weight by itself: a score moves all of its row.",
            ),
            Mutant(
                "sum over queries",
                lambda weights, grad: weights * (grad - (weights * grad).sum(axis=0)),
                "You summed over the queries: the weights of one query share one sum.",
            ),
            Mutant(
                "plain sum",
                lambda weights, grad: weights * (grad - grad.sum(axis=1, keepdims=True)),
                "You subtracted the plain sum of grad: the weights weigh it.",
            ),
            Mutant(
                "weights forgotten",
                lambda weights, grad: grad - (weights * grad).sum(axis=1, keepdims=True),
                "You forgot the factor in front: a key of weight 0 passes no gradient.",
            ),
        ),
    ),
    Exercise(
        chapter="10-training",
        prompt=(
            "Write `mean_surprise(logits, targets)`, the cross-entropy: the mean over `L` "
            "positions of minus the logarithm of the chance of the right token. Logits have "
            "shape `(L, vocabulary)`, targets `(L,)`."
        ),
        reference=mean_surprise,
        cases=((*draw(14, (3, 5)), np.array([4, 0, 1])),),
        drawn=_drawn_surprise,
        mutants=(
            Mutant(
                "mean over the vocabulary",
                lambda logits, targets: _surprises(logits, targets).sum() / logits.size,
                "You divided by the size of the vocabulary too: one token a position counts.",
            ),
            Mutant(
                "softmax over positions",
                lambda logits, targets: _surprises(logits, targets, axis=0).mean(),
                "You let positions compete: the chances of one position sum to 1.",
            ),
            Mutant(
                "no minus",
                lambda logits, targets: -_surprises(logits, targets).mean(),
                "Your loss is negative: the logarithm of a chance is, so turn its sign.",
            ),
            Mutant(
                "sum for mean",
                lambda logits, targets: _surprises(logits, targets).sum(),
                "You took the sum: it would grow with the length of the sequence.",
            ),
            Mutant(
                "base 2",
                lambda logits, targets: _surprises(logits, targets).mean() / np.log(2),
                "You measured in bits: the loss takes the natural logarithm.",
            ),
            Mutant(
                "logarithm of the mean",
                lambda logits, targets: -np.log(np.exp(-_surprises(logits, targets)).mean()),
                "You averaged the chances and then took the logarithm: take it first.",
            ),
        ),
    ),
    Exercise(
        chapter="10-training",
        prompt=(
            "A sublayer with its residual connection: `y = x + relu(x @ W)`, with `x` `(L, "
            "d_model)` and `W` `(d_model, d_model)`. Write `back_through_residual(x, W, grad)`:"
            " from the derivative of the loss in `y`, `grad` `(L, d_model)`, that in `x`."
        ),
        reference=back_through_residual,
        cases=(draw(15, (2, 3), (3, 3), (2, 3)),),
        drawn=_drawn_residual,
        mutants=(
            Mutant(
                "no residual",
                lambda x, W, grad: (grad * (x @ W > 0)) @ W.T,
                "You went back through the sublayer alone: x also reaches y past it.",
            ),
            Mutant(
                "no sublayer",
                lambda x, W, grad: grad,
                "You went back past the sublayer alone: x also reaches y through it.",
            ),
            Mutant(
                "no relu",
                lambda x, W, grad: grad + grad @ W.T,
                "You let gradients through where relu is flat: where x @ W is negative it is 0.",
            ),
            Mutant(
                "W not transposed",
                lambda x, W, grad: grad + (grad * (x @ W > 0)) @ W,
                "You went forward through W: the way back is W transposed.",
            ),
            Mutant(
                "relu of the gradient",
                lambda x, W, grad: grad + np.maximum(grad, 0) @ W.T,
                "You cut negative gradients: it is negative x @ W that stops a gradient.",
            ),
        ),
    ),
    Exercise(
        chapter="10-training",
        prompt=(
            "Write `warm_up(step, peak_rate, warmup)`, the paper's learning rate: it rises in a"
            " straight line to `peak_rate` at step `warmup`, then falls with the root of the "
            "step."
        ),
        reference=warm_up,
        cases=((3, 0.1, 10), (40, 0.1, 10)),
        drawn=_drawn_step,
        mutants=(
            Mutant(
                "no warm-up",
                lambda step, peak_rate, warmup: peak_rate * (warmup / step) ** 0.5,
                "You begin above the peak: the first steps must be small.",
            ),
            Mutant(
                "no fall",
                lambda step, peak_rate, warmup: peak_rate * min(step / warmup, 1),
                "You stay at the peak: after the warm-up the rate falls.",
            ),
            Mutant(
                "no root",
                lambda step, peak_rate, warmup: peak_rate * min(step / warmup, warmup / step),
                "Your rate falls with the step itself: it falls with its root.",
            ),
            Mutant(
                "larger of the two",
                lambda step, peak_rate, warmup: (
                    peak_rate * max(step / warmup, (warmup / step) ** 0.5)
                ),
                "You took the larger of the two curves: the rate is the smaller one.",
            ),
        ),
    ),
)
