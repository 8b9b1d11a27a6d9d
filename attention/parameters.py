"""The arrays of a model by name. A model is a frozen dataclass of arrays, dataclasses and tuples.

A gradient is a model too: the same dataclass, with the derivative in place of each array.
"""

from dataclasses import fields, is_dataclass, replace

import numpy as np


class ShapesOnly:
    """Stand in for a random generator where only shapes matter: no memory, whatever the size.

    >>> ShapesOnly().normal(0, 1, (10**6, 10**6)).shape
    (1000000, 1000000)
    """

    def normal(self, loc, scale, size):
        return np.broadcast_to(np.float64(0), size)


def draw_matrix(rng, d_in, d_out, dtype=np.float64):
    """Draw weights (d_in, d_out) under which x @ W has components as large as those of x.

    For x of mean 0 and variance 1 queries and keys then fulfil the assumption behind 1 / sqrt(d_k).
    The generator decides: ShapesOnly() in place of rng draws nothing.

    >>> x = np.random.default_rng(0).normal(size=(500, 64))
    >>> round((x @ draw_matrix(np.random.default_rng(1), 64, 64)).std(), 1)
    np.float64(1.0)
    """
    return rng.normal(0, d_in**-0.5, (d_in, d_out)).astype(dtype, copy=False)


def parameters(model):
    """Return the arrays of a model in a dictionary: {"blocks.0.attention.W_q": array, ...}.

    >>> from attention.transformer import LayerNorm
    >>> parameters(LayerNorm.init(d_model=2))
    {'gain': array([1., 1.]), 'bias': array([0., 0.])}
    """
    named = {}
    for name, child in _children(model):
        if isinstance(child, np.ndarray):
            named[name] = child
        else:
            named |= {f"{name}.{rest}": array for rest, array in parameters(child).items()}
    return named


def with_parameters(model, named):
    """Return the model with other arrays, named as in parameters(model).

    Raises: ValueError if names or shapes differ from those of the model.

    >>> from attention.transformer import LayerNorm
    >>> norm = LayerNorm.init(d_model=2)
    >>> with_parameters(norm, {"gain": np.full(2, 3.0), "bias": norm.bias}).gain
    array([3., 3.])
    """
    ours = {name: array.shape for name, array in parameters(model).items()}
    theirs = {name: array.shape for name, array in named.items()}
    for name in [*ours, *theirs]:
        if ours.get(name) != theirs.get(name):
            raise ValueError(
                f"the arrays must be those of the model, got {name} {theirs.get(name, 'missing')} "
                f"and the model has {ours.get(name, 'none of this name')}"
            )
    return _rebuild(model, named, "")


def parameter_count(model):
    """Return how many numbers a model holds. Of a model drawn with ShapesOnly() none is stored.

    >>> from attention import MultiHeadAttention
    >>> parameter_count(MultiHeadAttention.init(ShapesOnly(), d_model=512, num_heads=8))
    1048576
    """
    return sum(array.size for array in parameters(model).values())


def _children(node):
    if isinstance(node, tuple):
        return [(str(i), child) for i, child in enumerate(node)]
    named = [(field.name, getattr(node, field.name)) for field in fields(node)]
    return [(name, x) for name, x in named if isinstance(x, (np.ndarray, tuple)) or is_dataclass(x)]


def _rebuild(node, named, path):
    if isinstance(node, np.ndarray):
        return named[path.removesuffix(".")]
    children = {name: _rebuild(child, named, f"{path}{name}.") for name, child in _children(node)}
    return tuple(children.values()) if isinstance(node, tuple) else replace(node, **children)
