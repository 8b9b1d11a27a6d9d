"""What stands between the attentions of a Transformer: layer normalisation and feed-forward.

A layer is called for its output; layer.steps(...) returns every intermediate result on the way.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from attention.parameters import draw_matrix


class LayerNormSteps(NamedTuple):
    """The intermediate results of layer normalisation."""

    deviation: np.ndarray  # (..., 1), the root of variance + eps
    normalised: np.ndarray  # (..., d_model), mean 0 and variance 1
    output: np.ndarray  # (..., d_model)


def layer_norm(x, gain, bias, eps=1e-5):
    """Bring each position to mean 0, variance 1, then to bias and gain: (..., d_model), same out.

    Raises: ValueError if gain and bias do not have shape (d_model,).
    Source: Ba, Kiros and Hinton (2016), equation 4.

    >>> layer_norm([[1, 2, 3]], gain=np.ones(3), bias=np.zeros(3)).round(2)
    array([[-1.22,  0.  ,  1.22]])
    """
    return LayerNorm(gain, bias, eps).steps(x).output


@dataclass(frozen=True, eq=False)
class LayerNorm:
    """layer_norm with its parameters, gain and bias (d_model,).

    >>> norm = LayerNorm.init(d_model=3)
    >>> norm(np.array([[1.0, 2.0, 3.0]])).round(2)
    array([[-1.22,  0.  ,  1.22]])
    """

    gain: np.ndarray
    bias: np.ndarray
    eps: float = 1e-5

    @classmethod
    def init(cls, d_model, dtype=np.float64):
        return cls(np.ones(d_model, dtype), np.zeros(d_model, dtype))

    def __call__(self, x):
        return self.steps(x).output

    def steps(self, x):
        """Return all intermediate results."""
        x, gain, bias = np.asarray(x), np.asarray(self.gain), np.asarray(self.bias)
        if x.ndim == 0 or not gain.shape == bias.shape == x.shape[-1:]:
            raise ValueError(
                "gain and bias must have shape (d_model,), "
                f"got gain {gain.shape}, bias {bias.shape} and x {x.shape}"
            )
        centred = x - x.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self.eps)
        normalised = centred / deviation
        return LayerNormSteps(deviation, normalised, normalised * gain + bias)


def relu(x):
    """Keep what is positive: max(0, x).

    >>> relu(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return np.maximum(x, 0)


def gelu(x):
    """Weigh x by the chance that a normal number is smaller, in the form with tanh.

    Source: Hendrycks and Gimpel (2016), section 2.

    >>> gelu(np.array([-1.0, 2.0])).round(3)
    array([-0.159,  1.955])
    """
    return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * (x * x * x)))) / 2


ACTIVATIONS = {"relu": relu, "gelu": gelu}


class FeedForwardSteps(NamedTuple):
    """The intermediate results of a feed-forward layer."""

    input: np.ndarray  # (..., d_model)
    hidden: np.ndarray  # (..., d_ff)
    active: np.ndarray  # (..., d_ff)
    output: np.ndarray  # (..., d_model)


@dataclass(frozen=True, eq=False)
class FeedForward:
    """Two layers for each position by itself: activation(x @ W_1 + b_1) @ W_2 + b_2.

    W_1 (d_model, d_ff), W_2 (d_ff, d_model); activation is "relu" (Vaswani et al. (2017), equation
    2) or "gelu".

    >>> layer = FeedForward.init(np.random.default_rng(0), d_model=4, d_ff=16)
    >>> layer(np.ones((2, 5, 4))).shape
    (2, 5, 4)
    """

    W_1: np.ndarray
    b_1: np.ndarray
    W_2: np.ndarray
    b_2: np.ndarray
    activation: str = "relu"

    def __post_init__(self):
        if self.activation not in ACTIVATIONS:
            raise ValueError(f'activation must be "relu" or "gelu", got {self.activation!r}')

    @classmethod
    def init(cls, rng, d_model, d_ff, *, activation="relu", dtype=np.float64):
        W_1, W_2 = draw_matrix(rng, d_model, d_ff, dtype), draw_matrix(rng, d_ff, d_model, dtype)
        return cls(W_1, np.zeros(d_ff, dtype), W_2, np.zeros(d_model, dtype), activation)

    def __call__(self, x):
        return self.steps(x).output

    def steps(self, x):
        """Return all intermediate results."""
        x = np.asarray(x)
        if x.shape[-1:] != self.W_1.shape[:1]:
            raise ValueError(f"x must have d_model as in W_1 {self.W_1.shape}, got x {x.shape}")
        hidden = x @ self.W_1 + self.b_1
        active = ACTIVATIONS[self.activation](hidden)
        return FeedForwardSteps(x, hidden, active, active @ self.W_2 + self.b_2)
