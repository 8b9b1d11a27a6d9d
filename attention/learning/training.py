"""Training: Adam with warm-up, and a loop that can be stopped at any time.

A step depends on nothing but the State before it and the data, so a run that was stopped and went
on is bit for bit the run that was not.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from attention.learning.gradients import cross_entropy, model_backward
from attention.parameters import parameters, with_parameters


@dataclass(frozen=True)
class Settings:
    """How a run learns. The peak of the paper is (d_model * warmup) ** -0.5."""

    peak_rate: float = 3e-3
    warmup: int = 100
    batch_size: int = 64
    seed: int = 0  # of the order in which sequences come


@dataclass(frozen=True, eq=False)
class State:
    """A run after some steps: all that the next step needs, and what the steps reported."""

    model: Any
    mean: dict  # of the gradients, by name of the parameter, Adam's first moment
    square: dict  # of the gradients, Adam's second moment
    losses: np.ndarray  # (step,)
    gradient_norms: np.ndarray  # (step,)
    settings: Settings

    @property
    def taken(self):
        """How many steps were taken."""
        return len(self.losses)

    @classmethod
    def start(cls, model, settings):
        zeros = {name: np.zeros_like(x) for name, x in parameters(model).items()}
        return cls(model, zeros, zeros, np.zeros(0), np.zeros(0), settings)


def learning_rate(step, *, peak_rate, warmup):
    """Rise in a straight line for warmup steps, then fall with the root of the step, from 1 on.

    Source: Vaswani et al. (2017), equation 3.

    >>> [learning_rate(step, peak_rate=0.1, warmup=100) for step in (1, 50, 100, 400)]
    [0.001, 0.05, 0.1, 0.05]
    """
    return peak_rate * min(step / warmup, (warmup / step) ** 0.5)


def adam_step(state, gradient, *, beta_1=0.9, beta_2=0.98, eps=1e-9):
    """Return model, mean and square after one step of Adam along the gradient, itself a model.

    Source: Kingma and Ba (2015), algorithm 1; the constants are those of Vaswani et al. (2017).
    """
    step = state.taken + 1
    rate = learning_rate(step, peak_rate=state.settings.peak_rate, warmup=state.settings.warmup)
    new, mean, square = {}, {}, {}
    gradients = parameters(gradient)
    for name, x in parameters(state.model).items():
        g = gradients[name]
        mean[name] = beta_1 * state.mean[name] + (1 - beta_1) * g
        square[name] = beta_2 * state.square[name] + (1 - beta_2) * (g * g)
        unbiased_mean = mean[name] / (1 - beta_1**step)
        unbiased_square = square[name] / (1 - beta_2**step)
        new[name] = x - rate * unbiased_mean / (np.sqrt(unbiased_square) + eps)
    return with_parameters(state.model, new), mean, square


def train_step(state, tokens, marked, backward=model_backward, *, targets=None):
    """Learn from one batch of the sequences tokens (count, length): -> State.

    Each token but the first is to be foretold, from those before it; or what targets say, one for
    each token. marked says which of the targets count, for all sequences (targets of one,) or for
    each (count, targets of one).

    Raises: FloatingPointError if the loss is not finite.
    """
    rng = np.random.default_rng([state.settings.seed, state.taken])
    chosen = rng.integers(len(tokens), size=state.settings.batch_size)
    inputs, targets = _inputs_and_targets(tokens, targets)
    marked = np.broadcast_to(marked, targets.shape)
    with np.errstate(all="ignore"):  # the loss says it all
        steps = state.model.steps(inputs[chosen])
        loss, grad = cross_entropy(steps.logits, targets[chosen], marked[chosen])
        if not np.isfinite(loss):
            raise FloatingPointError(
                f"the loss must stay finite, got {loss} at step {state.taken + 1} with "
                f"{state.settings}"
            )
        gradient = backward(state.model, steps, grad)
        norm = np.sqrt(sum((g * g).sum(dtype=float) for g in parameters(gradient).values()))
        model, mean, square = adam_step(state, gradient)
    return State(
        model,
        mean,
        square,
        np.append(state.losses, loss),
        np.append(state.gradient_norms, norm),
        state.settings,
    )


def train(state, tokens, marked, backward=model_backward, *, until, targets=None, progress=True):
    """Take steps until so many are taken in all, from wherever the state is: -> State.

    tokens, marked and targets are those of train_step. progress shows a bar.

    Raises: FloatingPointError if the loss is not finite.
    """
    from tqdm import tqdm  # here, since nothing else needs it

    with tqdm(total=until, initial=state.taken, unit="step", disable=not progress) as bar:
        while state.taken < until:
            state = train_step(state, tokens, marked, backward, targets=targets)
            bar.set_postfix(loss=f"{state.losses[-1]:.3f}", refresh=False)
            bar.update()
    return state


def accuracy(model, tokens, marked, *, targets=None):
    """Return the share of the marked targets to which the model gives the largest logit."""
    inputs, targets = _inputs_and_targets(tokens, targets)
    right = model(inputs).argmax(axis=-1) == targets
    return right[np.broadcast_to(marked, targets.shape)].mean()


def _inputs_and_targets(tokens, targets):
    """Without targets, shift: at each token but the last, the one that follows is the target."""
    return (tokens[:, :-1], tokens[:, 1:]) if targets is None else (tokens, targets)
