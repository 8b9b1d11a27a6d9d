"""Backward passes by hand: the derivative of a loss, from the output of each layer to its inputs.

grad is always the derivative of the loss in the output, of the shape of the output. A backward
function takes the intermediate results of the forward pass, so nothing is computed twice, and
returns the derivative in each input; for a layer also that in its parameters, as a layer itself.
"""

from dataclasses import replace

import numpy as np

from attention.blocks import Residual
from attention.dot_product import softmax
from attention.multi_head import merge_heads, split_heads


def softmax_backward(weights, grad):
    """Go back through softmax over the last axis: weights and grad (..., S) -> (..., S).

    d weight_i / d score_j = weight_i * ((i == j) - weight_j)

    >>> softmax_backward(np.array([0.25, 0.75]), grad=np.array([1.0, 0.0]))
    array([ 0.1875, -0.1875])
    """
    return weights * (grad - (weights * grad).sum(axis=-1, keepdims=True))


def attention_backward(query, key, value, weights, grad, *, scale=None):
    """Go back through attention, whose weights are given: -> in query, in key and in value.

    Leading dimensions must be those of weights; a mask needs no word, its weights are 0.

    >>> query, key, value = np.ones((3, 1, 4)), np.ones((3, 2, 4)), np.ones((3, 2, 5))
    >>> grads = attention_backward(query, key, value, np.full((3, 1, 2), 0.5), np.ones((3, 1, 5)))
    >>> [x.shape for x in grads]
    [(3, 1, 4), (3, 2, 4), (3, 2, 5)]
    """
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    grad_scores = softmax_backward(weights, grad @ value.swapaxes(-1, -2)) * scale
    return (
        grad_scores @ key,
        grad_scores.swapaxes(-1, -2) @ query,
        weights.swapaxes(-1, -2) @ grad,
    )


def multi_head_backward(layer, steps, grad):
    """Go back through MultiHeadAttention without past: -> (in query, key and value), layer."""
    query, key, value = steps.inputs
    grad_heads = split_heads(grad @ layer.W_o.T, layer.num_heads)
    grads = attention_backward(
        steps.query, steps.key, steps.value, steps.weights, grad_heads, scale=layer.scale
    )
    grad_q, grad_k, grad_v = (merge_heads(x) for x in grads)
    return (grad_q @ layer.W_q.T, grad_k @ layer.W_k.T, grad_v @ layer.W_v.T), replace(
        layer,
        W_q=matrix_gradient(query, grad_q),
        W_k=matrix_gradient(key, grad_k),
        W_v=matrix_gradient(value, grad_v),
        W_o=matrix_gradient(steps.heads, grad),
    )


def layer_norm_backward(layer, steps, grad):
    """Go back through LayerNorm: -> in x, layer.

    What would shift or stretch the normalised x is taken out of its gradient: norm undoes both.
    """
    grad_normalised = grad * layer.gain
    shift = grad_normalised.mean(axis=-1, keepdims=True)
    stretch = (grad_normalised * steps.normalised).mean(axis=-1, keepdims=True)
    grad_x = (grad_normalised - shift - steps.normalised * stretch) / steps.deviation
    return grad_x, replace(
        layer, gain=sum_gradient(grad * steps.normalised), bias=sum_gradient(grad)
    )


def relu_backward(x, grad):
    """Go back through relu; at 0, where it has no derivative, with 0."""
    return grad * (x > 0)


def gelu_backward(x, grad):
    """Go back through gelu in its form with tanh."""
    slope = (2 / np.pi) ** 0.5
    tanh = np.tanh(slope * (x + 0.044715 * (x * x * x)))
    inner = slope * (1 + 3 * 0.044715 * (x * x))
    return grad * (1 + tanh + x * (1 - tanh * tanh) * inner) / 2


def feed_forward_backward(layer, steps, grad):
    """Go back through FeedForward: -> in x, layer."""
    activation_backward = {"relu": relu_backward, "gelu": gelu_backward}[layer.activation]
    grad_hidden = activation_backward(steps.hidden, grad @ layer.W_2.T)
    return grad_hidden @ layer.W_1.T, replace(
        layer,
        W_1=matrix_gradient(steps.input, grad_hidden),
        b_1=sum_gradient(grad_hidden),
        W_2=matrix_gradient(steps.active, grad),
        b_2=sum_gradient(grad),
    )


def self_attention_backward(layer, steps, grad):
    """Go back through MultiHeadAttention of x on itself: -> in x, layer."""
    grads, grad_layer = multi_head_backward(layer, steps, grad)
    return sum(grads), grad_layer  # x is query, key and value


def cross_attention_backward(layer, steps, grad):
    """Go back through MultiHeadAttention of x on a memory: -> in x, layer, in the memory."""
    (grad_x, *grads_memory), grad_layer = multi_head_backward(layer, steps, grad)
    return grad_x, grad_layer, sum(grads_memory)  # the memory is key and value


def residual_backward(residual, steps, grad, sublayer_backward):
    """Go back through Residual: -> in x, residual, and what else sublayer_backward returns.

    With pre_norm grad reaches x as it is, and the sublayer adds to it; without, all of it goes
    through the norm first.
    """
    if residual.pre_norm:
        grad_normed, grad_sublayer, *others = sublayer_backward(
            residual.sublayer, steps.sublayer, grad
        )
        grad_x, grad_norm = layer_norm_backward(residual.norm, steps.norm, grad_normed)
    else:
        grad, grad_norm = layer_norm_backward(residual.norm, steps.norm, grad)
        grad_x, grad_sublayer, *others = sublayer_backward(residual.sublayer, steps.sublayer, grad)
    return grad + grad_x, Residual(grad_norm, grad_sublayer, residual.pre_norm), *others


def encoder_block_backward(block, steps, grad):
    """Go back through EncoderBlock: -> in x, block."""
    attention, feed_forward = block.residuals
    grad, feed_forward = residual_backward(
        feed_forward, steps.feed_forward, grad, feed_forward_backward
    )
    grad, attention = residual_backward(attention, steps.attention, grad, self_attention_backward)
    return grad, replace(
        block,
        attention=attention.sublayer,
        attention_norm=attention.norm,
        feed_forward=feed_forward.sublayer,
        feed_forward_norm=feed_forward.norm,
    )


def decoder_block_backward(block, steps, grad):
    """Go back through DecoderBlock: -> in x, block, in the memory."""
    attention, cross_attention, feed_forward = block.residuals
    grad, feed_forward = residual_backward(
        feed_forward, steps.feed_forward, grad, feed_forward_backward
    )
    grad, cross_attention, grad_memory = residual_backward(
        cross_attention, steps.cross_attention, grad, cross_attention_backward
    )
    grad, attention = residual_backward(attention, steps.attention, grad, self_attention_backward)
    grad_block = replace(
        block,
        attention=attention.sublayer,
        attention_norm=attention.norm,
        cross_attention=cross_attention.sublayer,
        cross_attention_norm=cross_attention.norm,
        feed_forward=feed_forward.sublayer,
        feed_forward_norm=feed_forward.norm,
    )
    return grad, grad_block, grad_memory


def embedding_backward(tokens, grad, vocabulary):
    """Go back through embedding[tokens], a product with one-hot rows: -> (vocabulary, d_model).

    >>> embedding_backward(np.array([2, 0, 2]), grad=np.ones((3, 1)), vocabulary=3).T
    array([[1., 0., 2.]])
    """
    one_hot = tokens[..., np.newaxis] == np.arange(vocabulary)
    return matrix_gradient(one_hot.astype(grad.dtype), grad)


def model_backward(model, steps, grad):
    """Go back from the logits of DecoderOnly without cache or EncoderOnly to its parameters."""
    grad_embedding = matrix_gradient(grad, steps.hidden)  # as the layer that makes logits
    grad = grad @ model.embedding
    final_norm = None
    if model.final_norm:
        grad, final_norm = layer_norm_backward(model.final_norm, steps.final_norm, grad)
    blocks = []
    for block, block_steps in zip(reversed(model.blocks), reversed(steps.blocks), strict=True):
        grad, grad_block = encoder_block_backward(block, block_steps, grad)
        blocks.insert(0, grad_block)
    vocabulary, d_model = model.embedding.shape
    grad_embedding += embedding_backward(steps.tokens, grad * d_model**0.5, vocabulary)
    return replace(model, embedding=grad_embedding, blocks=tuple(blocks), final_norm=final_norm)


def cross_entropy(logits, targets, marked):
    """Return the mean of -log(chance of the target) over the marked positions, and its gradient.

    logits (..., L, vocabulary), targets (..., L) tokens, marked (..., L) boolean; the gradient has
    the shape of the logits and is 0 where not marked.

    Raises: ValueError if nothing is marked.

    >>> loss, grad = cross_entropy(np.zeros((1, 4)), np.array([2]), np.array([True]))
    >>> round(np.exp(loss), 2), grad
    (np.float64(4.0), array([[ 0.25,  0.25, -0.75,  0.25]]))
    """
    marked = np.broadcast_to(marked, targets.shape)
    if not marked.any():
        raise ValueError(f"at least one position must be marked, got none in {marked.shape}")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_total = np.log(np.exp(shifted).sum(axis=-1))
    of_target = np.take_along_axis(shifted, targets[..., np.newaxis], axis=-1)[..., 0]
    loss = (log_total - of_target)[marked].mean()
    one_hot = targets[..., np.newaxis] == np.arange(logits.shape[-1])
    return loss, (softmax(logits) - one_hot) * marked[..., np.newaxis] / marked.sum(
        dtype=logits.dtype
    )


def matrix_gradient(x, grad):
    """Of W in x @ W: (..., d_in) and (..., d_out) -> (d_in, d_out)."""
    return x.reshape(-1, x.shape[-1]).T @ grad.reshape(-1, grad.shape[-1])


def sum_gradient(grad):
    """Return the gradient in what is added to every position, such as a bias: (..., d) -> (d,).

    >>> sum_gradient(np.ones((2, 3, 4)))
    array([6., 6., 6., 6.])
    """
    return grad.sum(axis=tuple(range(grad.ndim - 1)))
