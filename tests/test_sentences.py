"""The small language: what its sentences are, what they mean, and that none is learned twice."""

import itertools

import numpy as np
import pytest

from attention.learning.sentences import (
    ANIMALS,
    LENGTH,
    OF_ANIMALS,
    OF_PLACES,
    PLACES,
    STOP,
    VERBS,
    VOCABULARY,
    Sentence,
    decode,
    draw,
    encode,
    every_sentence,
    parse,
)

ALL = [*every_sentence()]
DOG = "the dog crossed the road because it was"


def test_words_are_told_apart():
    assert VOCABULARY[0] == STOP
    assert len({*VOCABULARY}) == len(VOCABULARY) == 41
    assert [len(x) for x in (ANIMALS, VERBS, PLACES, OF_ANIMALS, OF_PLACES)] == [8, 6, 8, 6, 6]


def test_every_sentence_is_said_once_and_fits():
    texts = [str(sentence) for sentence in ALL]
    assert len({*texts}) == len(texts) == 8 * 6 * 8 * 12 * 2**3
    assert max(len(text.split()) for text in texts) == LENGTH
    assert {word for text in texts for word in text.split()} == {*VOCABULARY} - {STOP}


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ((), "the fox visited the park because it was wide"),
        (("passive",), "the park was visited by the fox because it was wide"),
        (("reason_first",), "because it was wide the fox visited the park"),
        (("yesterday",), "the fox visited the park because it was wide yesterday"),
        (
            ("passive", "reason_first", "yesterday"),
            "because it was wide the park was visited by the fox yesterday",
        ),
    ],
)
def test_the_same_is_said_in_several_ways(order, text):
    sentence = Sentence("fox", "visited", "park", "wide", **dict.fromkeys(order, True))
    assert str(sentence) == text
    assert sentence.meant == "park"


def test_it_means_what_the_adjective_fits():
    for adjective, noun in [(a, "dog") for a in OF_ANIMALS] + [(a, "road") for a in OF_PLACES]:
        assert parse(f"{DOG} {adjective}").meant == noun


def test_parse_finds_every_sentence():
    for sentence in ALL[::7]:
        assert parse(sentence) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "it",
        "the dog",
        DOG,
        f"{DOG} hungry wide",
        f"{DOG} hungry .",
        f"yesterday {DOG} hungry",
        "the road crossed the dog because it was hungry",
        "the dog crossed by the road because it was hungry",
        "the dog was crossed by the road because it was hungry",
        "because the dog crossed the road it was hungry",
        "the dog crossed the cat because it was hungry",
        "the dog crossed the road because it was blue",
        "The dog crossed the road because it was hungry",
    ],
)
def test_what_is_no_sentence_is_not_found(text):
    assert parse(text) is None


def test_no_sentence_to_test_with_is_learned_from():
    learned, kept = (
        {str(s) for s in draw(np.random.default_rng(seed), 3000, test=test)}
        for seed, test in ((0, False), (1, True))
    )
    assert learned.isdisjoint(kept)
    assert all(parse(f"{DOG} {adjective}").is_test for adjective in OF_ANIMALS + OF_PLACES)
    # Every noun, verb and adjective is learned, and every two of them together.
    facts = {(s.animal, s.verb, s.place): s.is_test for s in ALL}
    assert sum(facts.values()) == len(facts) / 8
    for i, j in itertools.combinations(range(3), 2):
        pairs = [{(fact[i], fact[j]) for fact in facts if facts[fact] == test} for test in (0, 1)]
        assert pairs[0] >= pairs[1]


def test_draws_are_of_all_kinds_and_repeat_with_the_seed():
    one, two = (draw(np.random.default_rng(5), 2000) for _ in range(2))
    assert one == two
    assert one != draw(np.random.default_rng(6), 2000)
    for name in ("passive", "reason_first", "yesterday"):
        assert 0.45 < np.mean([getattr(s, name) for s in one]) < 0.55
    assert 0.45 < np.mean([s.meant == s.animal for s in one]) < 0.55


def test_tokens_are_words_and_then_stops():
    texts = [str(sentence) for sentence in draw(np.random.default_rng(0), 7)]
    tokens = encode(texts, length=13)
    assert tokens.shape == (7, 13)
    assert [decode(row) for row in tokens] == texts
    for text, row in zip(texts, tokens, strict=True):
        assert not np.any(row[len(text.split()) :])
    assert decode(tokens[0][:3]) == " ".join(texts[0].split()[:3])


def test_texts_that_cannot_be_encoded_are_refused():
    with pytest.raises(ValueError, match="a word must be in the vocabulary, got 'cat,'"):
        encode(["the cat, the dog"])
    with pytest.raises(ValueError, match="a text must have at most 2 words, got 3: the dog left"):
        encode(["the dog left"], length=2)
