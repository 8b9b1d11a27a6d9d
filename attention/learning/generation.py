"""Generation: a model that rates the next token writes a text, one token at a time.

model    anything whose extend(tokens, cache) returns logits (..., L, vocabulary) of the tokens that
         follow the cache, and the cache that has grown by them, such as DecoderOnly.
"""

from numbers import Integral, Real

import numpy as np

from attention.dot_product import softmax


def token_weights(logits, *, temperature=1.0, top_k=None, top_p=None):
    """Turn logits (..., vocabulary) into the chances of the next token: same shape, rows sum to 1.

    They are the softmax of logits / temperature: the scale of attention, met again. Temperature 0
    leaves the most probable token alone, the first of several. With top_k only the k largest logits
    take part; with top_p only the most probable tokens, as many as have that chance together.
    Tokens that equal the last that takes part do so too.

    Raises: TypeError if an option is not a number of its kind, ValueError if temperature is
    negative or not finite, top_k outside 1 ... vocabulary, top_p not above 0 and at most 1, or
    logits have no axis.
    Source: for top_p, Holtzman et al. (2020), section 3.1.

    >>> token_weights([0.0, 1.0, 2.0], temperature=0.5, top_k=2).round(3)
    array([0.   , 0.119, 0.881])
    >>> token_weights(np.log([0.1, 0.6, 0.3]), top_p=0.8).round(3)
    array([0.   , 0.667, 0.333])
    """
    logits = np.asarray(logits)
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ValueError(f"logits must have shape (..., vocabulary), got {logits.shape}")
    if not isinstance(temperature, Real):
        raise TypeError(f"temperature must be a real number, got {temperature!r}")
    if not 0 <= temperature < np.inf:
        raise ValueError(f"temperature must be at least 0 and finite, got {temperature}")
    if top_p is not None and not isinstance(top_p, Real):
        raise TypeError(f"top_p must be a real number or None, got {top_p!r}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p must be above 0 and at most 1, got {top_p}")
    if top_k is not None:
        logits = _largest(logits, top_k)
    peak = logits.max(axis=-1, keepdims=True)
    if temperature == 0:
        first = logits.argmax(axis=-1)[..., np.newaxis]
        return (np.arange(logits.shape[-1]) == first).astype(softmax(peak).dtype)
    # The peak is taken off first: a large logit over a small temperature would be infinite.
    with np.errstate(over="ignore"):
        weights = softmax((logits - peak) / temperature)
    return weights if top_p in (None, 1) else _most_probable(weights, top_p)


def draw_token(rng, weights):
    """Draw one token from each row of weights (..., vocabulary): (...,), integers.

    Raises: ValueError if the weights of a row do not have a positive, finite sum.

    >>> draw_token(np.random.default_rng(0), [[0, 1, 0], [0.5, 0, 0.5]])
    array([1, 0])
    """
    total = np.asarray(weights, dtype=np.float64).cumsum(axis=-1)
    if not np.all((total[..., -1:] > 0) & np.isfinite(total[..., -1:])):
        raise ValueError(f"weights must have a positive, finite sum, got {total[..., -1]}")
    point = rng.random((*total.shape[:-1], 1)) * total[..., -1:]
    # Never a token of weight 0: the sum does not grow there. Never beyond the last: random() < 1.
    return (total <= point).sum(axis=-1)


def generate(model, tokens, count, *, temperature=0.0, top_k=None, top_p=None, rng=None):
    """Continue tokens (..., L) by count tokens of the model's own: (..., L + count).

    Each is drawn by its chances, token_weights, and read as the next input. The keys and values of
    earlier tokens are kept, so that no position is computed twice. Temperature 0 draws nothing and
    needs no rng.

    Raises: TypeError without an rng where one is needed, ValueError without a token to begin with
    and for a negative count.

    >>> from attention import DecoderOnly, Sizes
    >>> sizes = Sizes(d_model=4, num_heads=2, d_ff=16)
    >>> model = DecoderOnly.init(np.random.default_rng(0), sizes, vocabulary=10, num_layers=2)
    >>> generate(model, [1, 2, 3], count=2).shape
    (5,)
    """
    tokens = np.asarray(tokens)
    if tokens.ndim == 0 or tokens.shape[-1] == 0:
        raise ValueError(
            f"tokens must have shape (..., L) with L of at least 1, got {tokens.shape}"
        )
    if not isinstance(count, Integral) or count < 0:
        raise ValueError(f"count must be an integer of at least 0, got {count!r}")
    if temperature and rng is None:
        raise TypeError("rng must be a random generator where temperature is not 0, got None")
    options = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
    cache, new = (), tokens
    for _ in range(count):
        logits, cache = model.extend(new, cache)
        weights = token_weights(logits[..., -1, :], **options)
        new = draw_token(rng, weights) if temperature else weights.argmax(axis=-1)
        new = new[..., np.newaxis]
        tokens = np.concatenate([tokens, new], axis=-1)
    return tokens


def _largest(logits, top_k):
    if not isinstance(top_k, Integral):
        raise TypeError(f"top_k must be an integer or None, got {top_k!r}")
    if not 1 <= top_k <= logits.shape[-1]:
        raise ValueError(f"top_k must lie in 1 ... {logits.shape[-1]}, got {top_k}")
    kth = np.partition(logits, -top_k, axis=-1)[..., -top_k, np.newaxis]
    return np.where(logits >= kth, logits, -np.inf)


def _most_probable(weights, top_p):
    ordered = -np.sort(-weights, axis=-1)
    before = ordered.cumsum(axis=-1, dtype=np.float64)[..., :-1]  # what all but the last sum to
    last = (before < top_p).sum(axis=-1, keepdims=True)
    kept = np.where(weights >= np.take_along_axis(ordered, last, axis=-1), weights, 0)
    return kept / kept.sum(axis=-1, keepdims=True)
