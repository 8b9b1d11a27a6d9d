"""The reader: what it was taught, what it knows, how it does it, and that it is stored whole."""

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from attention.learning.circuit import PARTS, link_weights, right
from attention.learning.reader import (
    DIGITS,
    IT,
    STORED,
    as_json,
    examples,
    learn,
    look,
    start,
    trained,
)
from attention.learning.sentences import (
    OF_ANIMALS,
    OF_PLACES,
    VOCABULARY,
    Sentence,
    draw,
    encode,
)
from attention.learning.training import accuracy
from attention.parameters import parameter_count, parameters

DOG = "the dog crossed the road because it was"
TEST = draw(np.random.default_rng(2), 500, test=True)


@pytest.fixture(scope="module")
def reader():
    return trained()


def test_examples_put_the_noun_in_place_of_it():
    sentences = [
        Sentence("dog", "crossed", "road", "hungry"),
        Sentence("cow", "left", "path", "dark"),
    ]
    tokens, marked, targets = examples(sentences)
    assert_array_equal(tokens, encode(sentences))
    assert_array_equal(marked.sum(axis=1), [9, 9])
    for row, noun in zip(range(2), ("dog", "path"), strict=True):
        changed = np.flatnonzero(tokens[row] != targets[row])
        assert [VOCABULARY[token] for token in tokens[row, changed]] == ["it"]
        assert [VOCABULARY[token] for token in targets[row, changed]] == [noun]


# What it knows


def test_every_it_of_sentences_never_learned_is_right(reader):
    assert right(reader, TEST).all()
    assert accuracy(reader, *examples(TEST)[:2], targets=examples(TEST).targets) == 1


@pytest.mark.parametrize("adjective", OF_ANIMALS + OF_PLACES)
def test_the_running_sentence(reader, adjective):
    reading = look(reader, f"{DOG} {adjective}")
    noun = "dog" if adjective in OF_ANIMALS else "road"
    assert reading.noun == noun
    assert reading.written == [noun if word == "it" else word for word in reading.words]
    assert_allclose(reading.maps.sum(axis=-1), 1)
    row = reading.maps[1, 0, reading.words.index("it")]
    assert reading.words[row.argmax()] == noun
    assert row.max() > 0.75


def test_padding_changes_nothing(reader):
    tokens = encode([f"{DOG} hungry"], length=12)
    short, long = reader(tokens[:, :9]), reader(tokens)[:, :9]
    assert_allclose(short, long, rtol=1e-12, atol=1e-12)
    steps = reader.steps(tokens)
    for block in steps.blocks:
        assert not np.any(block.attention.sublayer.weights[..., 9:])


# How it does it: two links, and no others


def by_hand(reader, block, query, key):
    """Which answers are right with a link cut: sentence by sentence, without padding."""
    found = []
    for sentence in TEST[:40]:
        text = str(sentence).split()
        tokens = np.array([VOCABULARY.index(word) for word in text])
        noun, other = sentence.animal, sentence.place
        if sentence.adjective in OF_PLACES:
            noun, other = other, noun
        word = {"it": "it", "adjective": sentence.adjective, "noun": noun, "other": other}
        masks = [np.ones((len(text), len(text)), bool) for _ in range(2)]
        masks[block][text.index(word[query]), text.index(word[key])] = False
        logits = reader.steps(tokens, masks).logits[text.index("it")]
        found.append(VOCABULARY[logits.argmax()] == noun)
    return found


@pytest.mark.parametrize("block", [0, 1])
@pytest.mark.parametrize("query", PARTS)
@pytest.mark.parametrize("key", PARTS)
def test_two_links_carry_it(reader, block, query, key):
    link = block, query, key
    found = right(reader, TEST, cut=link)
    assert_array_equal(found[:40], by_hand(reader, *link))
    if link == (0, "it", "adjective"):
        # Without its adjective "it" is a place, whatever was said.
        assert_array_equal(found, [s.meant == s.place for s in TEST])
    elif link == (1, "it", "noun"):
        assert found.mean() < 0.3
    else:
        assert found.mean() > 0.95


def test_weights_of_a_link_are_those_of_its_cells(reader):
    weights = link_weights(reader, TEST, (1, "it", "noun"))
    for sentence, weight in zip(TEST[:20], weights, strict=False):
        words, maps, _ = look(reader, sentence)
        cell = maps[1, 0, words.index("it"), words.index(sentence.meant)]
        assert_allclose(weight, cell, rtol=1e-9)


# What is stored


@pytest.fixture(scope="module")
def taught():
    return learn(start())


def test_stored_is_what_the_script_makes(reader, taught):
    """Processors differ by 1e-13 after all steps: far less than the digits that are stored."""
    again = parameters(taught.model)
    for name, x in parameters(reader).items():
        assert_allclose(again[name], x, rtol=0, atol=0.5 * 10.0**-DIGITS + 1e-9)
    assert STORED.read_text(encoding="utf-8") == as_json(reader)


def test_rounding_changes_no_answer(reader, taught):
    for adjective in OF_ANIMALS + OF_PLACES:
        stored, exact = (look(m, f"{DOG} {adjective}") for m in (reader, taught.model))
        assert stored.written == exact.written
        assert_allclose(stored.maps, exact.maps, atol=0.01)


def test_stopped_and_resumed_is_bit_for_bit_uninterrupted():
    halfway = learn(start(3), until=4)
    whole, resumed = learn(start(3), until=9), learn(halfway, until=9)
    for one, two in zip(*(parameters(s.model).values() for s in (whole, resumed)), strict=True):
        assert_array_equal(one, two)
    assert not np.array_equal(whole.losses, learn(start(4), until=9).losses)


def test_what_is_stored_is_all_that_is_needed(reader):
    """Run it from the file alone, as a page without Python does, in lists and loops."""
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    d, eps, p = stored["d_model"], stored["eps"], stored["parameters"]
    words = f"{DOG} wide".split()
    tokens = [stored["vocabulary"].index(word) for word in words]

    def norm(x, name):
        mean = sum(x) / d
        deviation = (sum((a - mean) ** 2 for a in x) / d + eps) ** 0.5
        gain, bias = p[f"{name}.gain"], p[f"{name}.bias"]
        return [(a - mean) / deviation * g + b for a, g, b in zip(x, gain, bias, strict=True)]

    def product(x, W):
        return [sum(a * row[j] for a, row in zip(x, W, strict=True)) for j in range(len(W[0]))]

    def add(x, y):
        return [a + b for a, b in zip(x, y, strict=True)]

    def position(t):
        waves = (t / 10_000 ** (2 * (i // 2) / d) for i in range(d))
        return [np.cos(angle) if i % 2 else np.sin(angle) for i, angle in enumerate(waves)]

    x = [
        add([a * d**0.5 for a in p["embedding"][token]], position(t))
        for t, token in enumerate(tokens)
    ]
    for block in ("blocks.0", "blocks.1"):
        normed = [norm(row, f"{block}.attention_norm") for row in x]
        q, k, v = ([product(r, p[f"{block}.attention.W_{n}"]) for r in normed] for n in "qkv")
        for t, query in enumerate(q):
            scores = [
                np.exp(sum(a * b for a, b in zip(query, key, strict=True)) / d**0.5) for key in k
            ]
            head = product([score / sum(scores) for score in scores], v)
            x[t] = add(x[t], product(head, p[f"{block}.attention.W_o"]))
        for t, row in enumerate(x):
            layer = f"{block}.feed_forward"
            hidden = add(product(norm(row, f"{layer}_norm"), p[f"{layer}.W_1"]), p[f"{layer}.b_1"])
            out = product([max(a, 0) for a in hidden], p[f"{layer}.W_2"])
            x[t] = add(x[t], add(out, p[f"{layer}.b_2"]))
    hidden = [norm(row, "final_norm") for row in x]
    logits = [[sum(np.multiply(h, e)) for e in p["embedding"]] for h in hidden]
    assert_allclose(logits, reader(np.array(tokens)), rtol=1e-9, atol=1e-9)


def test_it_is_small(reader):
    assert parameter_count(reader) == 2988
    assert STORED.stat().st_size < 25_000


def test_a_change_in_the_model_shows_in_what_is_written(reader):
    other = replace(reader, embedding=reader.embedding + 0.01)
    assert as_json(other) != as_json(reader)
    assert VOCABULARY.index("it") == IT
