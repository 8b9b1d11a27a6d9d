"""Three models: the Transformer of Vaswani et al. (2017), its decoder alone and its encoder alone.

The embedding is shared with the layer that makes logits, so a model holds blocks and one matrix.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from attention.blocks import DecoderBlock, EncoderBlock, EncoderBlockSteps
from attention.layers import LayerNorm, LayerNormSteps
from attention.positional import sinusoidal_positional_encoding


def embed(embedding, tokens, start=0):
    """Look tokens (..., L) up and add their positions, start and following: (..., L, d_model).

    Raises: TypeError for tokens that are not integers, ValueError for those not in the vocabulary.
    Source: Vaswani et al. (2017), sections 3.4 and 3.5.

    >>> embed(np.ones((10, 4)), [7, 7]).round(2)
    array([[2.  , 3.  , 2.  , 3.  ],
           [2.84, 2.54, 2.01, 3.  ]])
    """
    tokens = np.asarray(tokens)
    vocabulary, d_model = embedding.shape
    if tokens.dtype.kind not in "iu":
        raise TypeError(f"tokens must be integers, got dtype {tokens.dtype}")
    if tokens.ndim == 0:
        raise ValueError("tokens must have shape (..., L), got ()")
    if np.any((tokens < 0) | (tokens >= vocabulary)):
        outside = tokens[(tokens < 0) | (tokens >= vocabulary)][0]
        raise ValueError(f"tokens must lie in 0 ... {vocabulary - 1}, got {outside}")
    positions = sinusoidal_positional_encoding(start + tokens.shape[-1], d_model)[start:]
    return embedding[tokens] * d_model**0.5 + positions.astype(embedding.dtype)


class StackSteps(NamedTuple):
    """The intermediate results of blocks one after the other, and of the norm behind the last."""

    blocks: tuple  # EncoderBlockSteps or DecoderBlockSteps
    final_norm: LayerNormSteps | None  # with pre_norm alone
    output: np.ndarray  # (..., L, d_model)


class TransformerSteps(NamedTuple):
    """The intermediate results of encoder and decoder."""

    source: np.ndarray  # (..., S), tokens
    target: np.ndarray  # (..., L), tokens
    encoder: StackSteps  # its output is the memory (..., S, d_model)
    decoder: StackSteps
    logits: np.ndarray  # (..., L, vocabulary)


@dataclass(frozen=True, eq=False)
class Transformer:
    """Encoder and decoder: tokens source (..., S), target (..., L) -> logits (..., L, vocabulary).

    Logits at position t rate the token that follows target token t. One embedding (vocabulary,
    d_model) serves source, target and logits (Vaswani et al. (2017), section 3.4).

    >>> from attention import Sizes
    >>> sizes = Sizes(d_model=4, num_heads=2, d_ff=16)
    >>> model = Transformer.init(np.random.default_rng(0), sizes, vocabulary=10, num_layers=2)
    >>> model(source=[[1, 2, 3]], target=[[4, 5]]).shape
    (1, 2, 10)
    """

    embedding: np.ndarray
    encoder: tuple[EncoderBlock, ...]
    encoder_norm: LayerNorm | None  # with pre_norm alone
    decoder: tuple[DecoderBlock, ...]
    decoder_norm: LayerNorm | None

    @classmethod
    def init(cls, rng, sizes, *, vocabulary, num_layers):
        return cls(
            sizes.embedding(rng, vocabulary),
            tuple(EncoderBlock.init(rng, sizes) for _ in range(num_layers)),
            sizes.final_norm(),
            tuple(DecoderBlock.init(rng, sizes) for _ in range(num_layers)),
            sizes.final_norm(),
        )

    def __call__(self, source, target, *, source_mask=None):
        return self.steps(source, target, source_mask=source_mask).logits

    def encode(self, source, *, source_mask=None):
        """Return the memory (..., S, d_model)."""
        return self._encode(source, source_mask).output

    def decode(self, target, memory, *, memory_mask=None):
        """Return the logits (..., L, vocabulary)."""
        return self._decode(target, memory, memory_mask).output @ self.embedding.T

    def steps(self, source, target, *, source_mask=None):
        """Return all intermediate results."""
        encoder = self._encode(source, source_mask)
        decoder = self._decode(target, encoder.output, source_mask)
        logits = decoder.output @ self.embedding.T
        return TransformerSteps(np.asarray(source), np.asarray(target), encoder, decoder, logits)

    def _encode(self, source, mask):
        x = embed(self.embedding, source)
        return _stack(self.encoder, self.encoder_norm, x, attn_mask=mask)

    def _decode(self, target, memory, mask):
        x = embed(self.embedding, target)
        return _stack(self.decoder, self.decoder_norm, x, memory=memory, memory_mask=mask)


def _stack(blocks, final_norm, x, **memory_and_mask):
    steps = []
    for block in blocks:
        steps.append(block.steps(x, **memory_and_mask))
        x = steps[-1].output
    normed = final_norm.steps(x) if final_norm else None
    return StackSteps(tuple(steps), normed, normed.output if normed else x)


class ModelSteps(NamedTuple):
    """The intermediate results of a model that is a decoder or an encoder alone."""

    tokens: np.ndarray  # (..., L)
    blocks: tuple[EncoderBlockSteps, ...]
    final_norm: LayerNormSteps | None  # with pre_norm alone
    hidden: np.ndarray  # (..., L, d_model), what the logits are made of
    logits: np.ndarray  # (..., L, vocabulary)


@dataclass(frozen=True, eq=False)
class DecoderOnly:
    """A model that continues a sequence: tokens (..., L) -> logits (..., L, vocabulary).

    Logits at position t rate the token that follows token t, and know nothing of later ones.

    >>> from attention import Sizes
    >>> sizes = Sizes(d_model=4, num_heads=2, d_ff=16)
    >>> model = DecoderOnly.init(np.random.default_rng(0), sizes, vocabulary=10, num_layers=2)
    >>> model([[1, 2, 3]]).shape
    (1, 3, 10)
    """

    embedding: np.ndarray
    blocks: tuple[EncoderBlock, ...]
    final_norm: LayerNorm | None  # with pre_norm alone

    @classmethod
    def init(cls, rng, sizes, *, vocabulary, num_layers):
        blocks = tuple(EncoderBlock.init(rng, sizes) for _ in range(num_layers))
        return cls(sizes.embedding(rng, vocabulary), blocks, sizes.final_norm())

    def __call__(self, tokens):
        return self.steps(tokens).logits

    def steps(self, tokens, cache=()):
        """Return all intermediate results; with a cache, those of the tokens that follow it."""
        if cache and len(cache) != len(self.blocks):
            raise ValueError(
                f"cache must hold keys and values for each of {len(self.blocks)} blocks, "
                f"got {len(cache)}"
            )
        tokens = np.asarray(tokens)
        start = cache[0][0].shape[-2] if cache else 0
        x = embed(self.embedding, tokens, start)
        L = tokens.shape[-1]
        mask = np.tri(L, start + L, start, dtype=bool)
        past = cache or [None] * len(self.blocks)
        return _steps(self, tokens, x, [{"attn_mask": mask, "past": pair} for pair in past])

    def extend(self, tokens, cache=()):
        """Return the logits of the next tokens, and the cache that has grown by them.

        The cache holds the keys and values of all earlier tokens, a pair (..., H, S, d_k) and
        (..., H, S, d_v) for each block; it begins empty. The logits are those of model(all tokens).

        >>> from attention import Sizes
        >>> sizes = Sizes(d_model=4, num_heads=2, d_ff=16)
        >>> model = DecoderOnly.init(np.random.default_rng(0), sizes, vocabulary=10, num_layers=2)
        >>> _, cache = model.extend([1, 2])
        >>> logits, cache = model.extend([3], cache)
        >>> np.allclose(logits, model([1, 2, 3])[2:])
        True
        """
        steps = self.steps(tokens, cache)
        attentions = (block.attention.sublayer for block in steps.blocks)
        return steps.logits, tuple((attention.key, attention.value) for attention in attentions)


@dataclass(frozen=True, eq=False)
class EncoderOnly:
    """A model that reads a whole sequence: tokens (..., L) -> logits (..., L, vocabulary).

    Logits at position t rate what is asked about token t, and know all tokens, earlier and later.
    Tokens that equal padding fill a row up and are hidden from all positions.

    >>> from attention import Sizes
    >>> sizes = Sizes(d_model=4, num_heads=2, d_ff=16)
    >>> model = EncoderOnly.init(np.random.default_rng(0), sizes, vocabulary=10, num_layers=2)
    >>> np.allclose(model([[1, 2, 3]]), model([[1, 2, 3, 0, 0]])[:, :3])
    True
    """

    embedding: np.ndarray
    blocks: tuple[EncoderBlock, ...]
    final_norm: LayerNorm | None  # with pre_norm alone
    padding: int = 0

    @classmethod
    def init(cls, rng, sizes, *, vocabulary, num_layers, padding=0):
        blocks = tuple(EncoderBlock.init(rng, sizes) for _ in range(num_layers))
        return cls(sizes.embedding(rng, vocabulary), blocks, sizes.final_norm(), padding)

    def __call__(self, tokens):
        return self.steps(tokens).logits

    def steps(self, tokens, attn_masks=None):
        """Return all intermediate results; attn_masks, one for each block, hide more than padding.

        Each is boolean and broadcasts to (..., H, L, S), True where attention may look.
        """
        tokens = np.asarray(tokens)
        x = embed(self.embedding, tokens)
        seen = (tokens != self.padding)[..., np.newaxis, np.newaxis, :]  # by all heads and queries
        masks = [seen & mask for mask in attn_masks or [True] * len(self.blocks)]
        return _steps(self, tokens, x, [{"attn_mask": mask} for mask in masks])


def _steps(model, tokens, x, seen_by_block):
    blocks = []
    for block, seen in zip(model.blocks, seen_by_block, strict=True):
        blocks.append(block.steps(x, **seen))
        x = blocks[-1].output
    norm = model.final_norm.steps(x) if model.final_norm else None
    hidden = norm.output if norm else x
    return ModelSteps(tokens, tuple(blocks), norm, hidden, hidden @ model.embedding.T)
