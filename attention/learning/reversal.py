"""Reversal: an encoder and a decoder learn to write a row of words backwards.

The words are drawn, so no word follows from those before it: the decoder must find each one in the
memory, through cross-attention, and the place to look moves against the direction of writing.
"""

from dataclasses import replace

import numpy as np

from attention.blocks import Sizes
from attention.learning.gradients import (
    cross_entropy,
    decoder_block_backward,
    embedding_backward,
    encoder_block_backward,
    layer_norm_backward,
    matrix_gradient,
)
from attention.learning.training import Settings, State, adam_step
from attention.transformer import Transformer

WORDS = ("the", "dog", "crossed", "road", "because", "it", "was", "hungry", "wide")
BEGIN = len(WORDS)  # the token in front of every target
LENGTH = 9  # of a row, in words
SIZES = Sizes(d_model=16, num_heads=1, d_ff=16, pre_norm=True)


def encode(text):
    """Turn words into tokens.

    >>> encode("the dog crossed the road")
    array([0, 1, 2, 0, 3])
    """
    return np.array([WORDS.index(word) for word in text.split()])


def start(seed):
    """Return a run that has learned nothing: -> State, its model of one block each side."""
    model = Transformer.init(
        np.random.default_rng(seed), SIZES, vocabulary=len(WORDS) + 1, num_layers=1
    )
    return State.start(model, Settings(peak_rate=5e-3, warmup=100, seed=seed))


def learn(state, until):
    """Take steps until so many are taken in all; each draws its own rows: -> State."""
    while state.taken < until:
        rng = np.random.default_rng([state.settings.seed, state.taken])
        source = rng.integers(len(WORDS), size=(state.settings.batch_size, LENGTH))
        target = source[:, ::-1]
        steps = state.model.steps(source, shifted(target))
        loss, grad = cross_entropy(steps.logits, target, np.array(True))
        model, mean, square = adam_step(state, transformer_backward(state.model, steps, grad))
        losses = np.append(state.losses, loss)
        state = replace(state, model=model, mean=mean, square=square, losses=losses)
    return state


def shifted(target):
    """Return what the decoder reads while it writes the target: BEGIN, then all words but the last.

    >>> shifted(np.array([[3, 1, 2]]))
    array([[9, 3, 1]])
    """
    return np.concatenate([np.full_like(target[..., :1], BEGIN), target[..., :-1]], axis=-1)


def write(model, source):
    """Let the model write, each word read as the next input: tokens (..., S) -> (..., S)."""
    memory = model.encode(source)
    target = np.full_like(source, BEGIN)
    for t in range(target.shape[-1]):
        word = model.decode(shifted(target), memory)[..., t, :-1].argmax(axis=-1)
        target[..., t] = word
    return target


def look(model, source):
    """Return the cross-attention (S, S) while the model writes the reverse of one row (S,)."""
    steps = model.steps(source, shifted(source[::-1]))
    return steps.decoder.blocks[0].cross_attention.sublayer.weights[0]


def transformer_backward(model, steps, grad):
    """Go back from the logits of Transformer to its parameters: -> model."""
    vocabulary, d_model = model.embedding.shape
    grad_embedding = matrix_gradient(grad, steps.decoder.output)  # as the layer that makes logits
    grad, decoder, decoder_norm, grads_memory = _stack_backward(
        model.decoder, model.decoder_norm, steps.decoder, grad @ model.embedding,
        decoder_block_backward,
    )  # fmt: skip
    grad_embedding += embedding_backward(steps.target, grad * d_model**0.5, vocabulary)
    grad, encoder, encoder_norm, _ = _stack_backward(
        model.encoder, model.encoder_norm, steps.encoder, sum(grads_memory), encoder_block_backward
    )
    grad_embedding += embedding_backward(steps.source, grad * d_model**0.5, vocabulary)
    return Transformer(grad_embedding, encoder, encoder_norm, decoder, decoder_norm)


def _stack_backward(blocks, final_norm, steps, grad, block_backward):
    grad_norm, grad_blocks, grads_memory = None, [], []
    if final_norm:
        grad, grad_norm = layer_norm_backward(final_norm, steps.final_norm, grad)
    for block, block_steps in zip(reversed(blocks), reversed(steps.blocks), strict=True):
        grad, grad_block, *in_memory = block_backward(block, block_steps, grad)
        grad_blocks.insert(0, grad_block)
        grads_memory += in_memory
    return grad, tuple(grad_blocks), grad_norm, grads_memory
