"""Tasks that count: pairs under a mask, shapes and parameters of heads, numbers in a cache.

Each takes a random generator and a level, and returns a Task.
"""

from attention.exercises.task import Task


def masks(rng, level):
    """A causal mask; padding as well; a cache before the new tokens."""
    if level == 1:
        L = int(rng.integers(4, 10))
        i = int(rng.integers(1, L - 1))
        ask = f"{L} tokens attend to one another under a causal mask. How many keys does token {i} "
        ask += "see, the first being token 0, and how many pairs of query and key are there in all?"
        why = "Token i sees itself and the i before it: 1 + 2 + … in all."
        return Task(ask, f"{i + 1}, and {L * (L + 1) // 2}", why)
    if level == 2:
        L = int(rng.integers(5, 10))
        real = int(rng.integers(2, L - 1))
        ask = f"A sequence of {real} words is filled up to {L}. Padding keys are hidden, and the "
        ask += "mask is causal as well. How many pairs of query and key are left, those of all "
        ask += f"{L} queries counted?"
        pairs = sum(min(i + 1, real) for i in range(L))
        return Task(ask, str(pairs), f"Query i sees the first min(i + 1, {real}) keys.")
    past, new = (int(x) for x in rng.integers(2, 8, size=2))
    ask = f"The keys of {past} tokens are in the cache, and {new} new tokens are read at once. "
    ask += "Each sees all earlier tokens and itself. How many pairs of query and key are there?"
    pairs = new * past + new * (new + 1) // 2
    return Task(ask, str(pairs), f"{new} · {past} with the cache, and a triangle of {new}.")


def shapes(rng, level):
    """Shapes of one head; parameters of a layer; parameters where heads share their keys."""
    heads, d_k = int(rng.choice([2, 4, 8])), int(rng.choice([8, 16, 32, 64]))
    d_model = heads * d_k
    if level == 1:
        L, S = (int(x) for x in rng.choice([5, 7, 9, 11], size=2, replace=False))
        ask = f"d_model = {d_model}, {heads} heads, {L} queries and {S} keys. Write down the "
        ask += "shapes of one "
        ask += "head's queries, keys and weights, and of the output of all heads after W_o."
        answer = f"({L}, {d_k}), ({S}, {d_k}), ({L}, {S}), ({L}, {d_model})"
        return Task(ask, answer, f"A head has d_k = {d_model} / {heads} = {d_k}.")
    if level == 2:
        factor = int(rng.choice([2, 4]))
        width = factor * d_model
        ask = f"A block has d_model = {d_model} and a feed-forward layer of width {width}. "
        ask += "How many parameters are in W_q, W_k, W_v, W_o and the two matrices of the "
        ask += "feed-forward layer, without biases?"
        why = f"4 + 2 · {factor} times {d_model}²."
        return Task(ask, f"{(4 + 2 * factor) * d_model**2:,}", why)
    shared = int(rng.choice([n for n in (1, 2, 4) if n < heads]))
    ask = f"d_model = {d_model}, {heads} heads for queries, which share {shared} for keys and "
    ask += "values. How many parameters are in W_q, W_k, W_v and W_o, without biases?"
    why = f"Two of {d_model} · {d_model}, two of {d_model} · {shared * d_k}."
    return Task(ask, f"{2 * d_model**2 + 2 * d_model * shared * d_k:,}", why)


def cache(rng, level):
    """Numbers in a cache; bytes with shared heads; tokens that fit."""
    layers, size = int(rng.choice([2, 4, 8, 16])), int(rng.choice([2, 4]))
    key_heads, d_k = int(rng.choice([1, 2, 4, 8])), int(rng.choice([16, 32, 64]))
    tokens = int(rng.choice([10, 50, 100, 200]))
    several = "head" if key_heads == 1 else "heads"
    model = f"A model has {layers} layers, each with {key_heads} {several} of size {d_k} for keys "
    model += "and values"
    each = 2 * layers * key_heads * d_k
    if level == 1:
        ask = f"{model}. How many numbers does its cache hold after {tokens} tokens?"
        why = f"2 · {layers} · {key_heads} · {d_k} a token, keys and values."
        return Task(ask, f"{each * tokens:,}", why)
    if level == 2:
        ask = f"{model}, and stores numbers of {size} bytes. How many bytes does its cache take "
        ask += f"after {tokens} tokens?"
        why = f"2 · {layers} · {key_heads} · {d_k} numbers a token, {size} bytes each."
        return Task(ask, f"{each * tokens * size:,}", why)
    room = int(rng.choice([1, 2, 4]))
    ask = f"{model}, and stores numbers of {size} bytes. The keys and values of how many tokens "
    ask += f"fit into {room} MiB?"
    why = f"{room} · 2²⁰ bytes over {each * size:,} a token."
    return Task(ask, f"{room * 2**20 // (each * size):,}", why)
