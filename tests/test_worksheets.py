"""Worksheets: different problems, right keys, options that are the usual mistakes."""

import math
import re
import subprocess
import sys

import numpy as np
import pytest
from test_site import validate

from attention.exercises import EXERCISES, problems, worksheets

SHEET = problems.problems(seed=7, count=60)


def by_loops(problem, divisor):
    """Return scores, divided scores, weights and output, computed with plain numbers."""
    [query], key, value = problem.query.tolist(), problem.key.tolist(), problem.value.tolist()
    scores = [sum(q * k for q, k in zip(query, row, strict=True)) for row in key]
    scaled = [score / divisor for score in scores]
    powers = [math.exp(s) for s in scaled]
    weights = [power / sum(powers) for power in powers]
    output = [
        sum(w * row[c] for w, row in zip(weights, value, strict=True)) for c in range(len(value[0]))
    ]
    return scores, scaled, weights, output


def divisors(problem):
    """Return what the scores are divided by, for the right way and for mistakes of scale."""
    S, d_k = problem.key.shape
    return {"": math.sqrt(d_k), "no scale": 1, "/ d_k": d_k, "length for d_k": math.sqrt(S)}


@pytest.mark.parametrize("problem", SHEET)
def test_the_key_is_what_loops_compute(problem):
    expected = by_loops(problem, divisors(problem)[""])
    for step, numbers in zip(problem.steps, expected, strict=True):
        assert step == pytest.approx(np.array([numbers]))
    [right] = [option for option in problem.options if not option.mistake]
    assert right.output == pytest.approx(expected[-1])


def mistaken(problem, mistake):
    """Return what a mistake gives, by loops."""
    _, _, weights, _ = by_loops(problem, divisors(problem)[""])
    columns = list(zip(*problem.value.tolist(), strict=True))
    if mistake == "plain average":
        return [sum(column) / len(column) for column in columns]
    if mistake == "hard lookup":
        return problem.value[weights.index(max(weights))].tolist()
    return by_loops(problem, divisors(problem)[mistake])[-1]


@pytest.mark.parametrize("problem", SHEET)
def test_wrong_options_are_what_the_mistakes_give(problem):
    exercise_of = {
        name: exercise for exercise, names in problems.MISTAKES.items() for name in names
    }
    for option in problem.options:
        if option.mistake:
            assert option.output == pytest.approx(mistaken(problem, option.mistake))
            mutant = EXERCISES[exercise_of[option.mistake]].mutant(option.mistake)
            assert option.hint == mutant.hint


MANY = [problem for seed in range(5) for problem in problems.problems(seed, 100)]


def follow_the_key(text):
    """Follow a printed key as a reader would: its weights, rounded, times the printed values."""
    given, key = text.split("## Key\n")
    query, *rows = [
        [int(x) for x in numbers.replace("−", "-").split(", ")]
        for numbers in re.findall(r"[qkv][₁₂₃]? = \(([^)]*)\)", given)
    ]
    keys, values = rows[::2], rows[1::2]
    root = int(re.search(r"divided by √(\d+)", key)[1]) ** 0.5
    assert root**2 == len(query)
    scores = [sum(q * k for q, k in zip(query, row, strict=True)) for row in keys]
    assert f"scores are {worksheets.vector(scores)}." in key
    assert f"they are {worksheets.vector([score / root for score in scores])}." in key
    weights = [float(x) for x in re.search(r"about \(([^)]*)\)", key)[1].split(", ")]
    exact = [math.exp(score / root) for score in scores]
    assert weights == [round(x / sum(exact), 2) for x in exact]
    output = [
        round(sum(w * x for w, x in zip(weights, column, strict=True)), 1)
        for column in zip(*values, strict=True)
    ]
    assert f"the output is {worksheets.vector(output, 1)}." in key
    [letter] = re.findall(r"\*\*([A-D])\*\* Right", key)
    assert f"**{letter}** {worksheets.vector(output, 1)}" in given


def test_the_printed_key_follows_from_the_printed_numbers():
    for problem in MANY:
        follow_the_key(worksheets.markdown([problem], "One"))


def test_a_key_that_does_not_follow_is_seen():
    problem = MANY[0]
    steps = problem.steps
    wrong_steps = [
        steps._replace(scaled_scores=0 * steps.scaled_scores),
        steps._replace(weights=steps.weights[:, ::-1]),
        steps._replace(output=steps.output + 0.1),
    ]
    texts = [worksheets.markdown([problem._replace(steps=wrong)], "One") for wrong in wrong_steps]
    given, key = worksheets.markdown([problem], "One").split("## Key\n")
    letters = {"A": "B", "B": "C", "C": "D", "D": "A"}
    shifted = re.sub(r"\*\*([A-D])\*\*", lambda letter: f"**{letters[letter[1]]}**", key)
    texts.append(f"{given}## Key\n{shifted}")
    texts.append(f"{given}## Key\n{key.replace('√4', '√16')}")
    for text in texts:
        with pytest.raises(AssertionError):
            follow_the_key(text)


def test_options_are_averages_and_lie_apart():
    for problem in MANY:
        outputs = [option.output for option in problem.options]
        assert np.all(outputs >= problem.value.min(axis=0) - 1e-9)
        assert np.all(outputs <= problem.value.max(axis=0) + 1e-9)
        for i, a in enumerate(outputs):
            assert all(np.abs(a - b).max() >= 0.3 for b in outputs[:i])


@pytest.mark.parametrize("problem", SHEET)
def test_a_problem_can_be_solved_by_hand(problem):
    d_k = problem.query.shape[1]
    assert math.isqrt(d_k) ** 2 == d_k > 1
    assert len(problem.key) in (2, 3)
    for array in (problem.query, problem.key, problem.value):
        assert array.dtype.kind == "i"
        assert np.abs(array).max() < 10
    scaled = problem.steps.scaled_scores
    assert scaled == pytest.approx(np.rint(scaled))
    assert 1 <= np.ptp(np.rint(scaled)) <= 3
    written = {worksheets.vector(option.output, 1) for option in problem.options}
    assert len(written) == len(problem.options) == 4


def test_problems_differ_and_so_do_their_sizes():
    sheet = problems.problems(seed=3, count=problems.MOST)
    assert len({repr(problem[:3]) for problem in sheet}) == problems.MOST
    assert {problem.key.shape for problem in sheet} == {(2, 4), (3, 4), (2, 9), (3, 9)}
    places = [[o.mistake for o in problem.options].index("") for problem in sheet]
    assert set(places) == {0, 1, 2, 3}
    assert {o.mistake for p in sheet for o in p.options} == {
        "",
        *sum(problems.MISTAKES.values(), []),
    }


@pytest.mark.parametrize("write", [worksheets.page, worksheets.markdown])
def test_a_seed_gives_one_sheet_and_another_seed_another(write):
    first, again, other = (write(problems.problems(s, 5), "T") for s in (11, 11, 13))
    assert first == again != other


def test_a_longer_sheet_begins_with_the_shorter_one():
    short, long = problems.problems(5, 3), problems.problems(5, 7)
    assert repr(short) == repr(long[:3])


@pytest.mark.parametrize(
    ("scaled", "written"),
    [
        ([-2.0, 0.0], "1/(1 + e²), e²/(1 + e²)"),
        ([4.0, 3.0, 6.0], "e/(e + 1 + e³), 1/(e + 1 + e³), e³/(e + 1 + e³)"),
    ],
)
def test_weights_are_written_as_fractions(scaled, written):
    assert worksheets.fractions(np.array(scaled)) == written


def test_the_fractions_are_the_weights():
    for problem in SHEET:
        text = worksheets.fractions(problem.steps.scaled_scores[0])
        for old, new in {"e²": "e**2", "e³": "e**3"}.items():
            text = text.replace(old, new)
        assert eval(f"[{text}]", {"e": math.e}) == pytest.approx(problem.steps.weights[0])


def test_markdown_holds_problems_first_and_then_the_key():
    text = worksheets.markdown(SHEET[:2], "Two")
    headings = re.findall(r"(?m)^(#+ .*)$", text)
    problems = ["# Two", "## Problem 1", "## Problem 2"]
    assert headings == [*problems, "## Key", "### Key to problem 1", "### Key to problem 2"]
    before, key = text.split("## Key\n")
    for problem in SHEET[:2]:
        for option in problem.options:
            assert f"** {worksheets.vector(option.output, 1)}" in before
            assert (option.hint or "** Right.") in key
        for array in (*problem.query, *problem.key, *problem.value):
            assert f"= {worksheets.vector(array)}" in before
    assert "Right" not in before


def test_the_page_is_valid_and_says_the_same(tmp_path):
    file = tmp_path / "sheet.html"
    file.write_text(worksheets.page(SHEET[:3], "<Three>"), encoding="utf-8")
    assert validate(file) == ""
    page = file.read_text(encoding="utf-8")
    assert page.count("&lt;Three&gt;") == 2
    assert page.count(worksheets.vector(SHEET[2].steps.output[0], 1)) == 2
    assert re.search(r"h2:last-of-type \{ break-before: page; \}", page)
    assert re.findall(r"<h2>(.*?)</h2>", page)[-1] == "Key"


def run(*arguments):
    command = [sys.executable, "-m", "attention.exercises.worksheets", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def test_the_command_writes_what_the_functions_do(tmp_path):
    done = run("--seed", "7", "--count", "3", "--format", "md")
    title = "Attention by hand, sheet 7"
    assert done.stdout == worksheets.markdown(SHEET[:3], title)
    done = run("--seed", "7", "--count", "3", "--output", str(tmp_path / "sheet.md"))
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    assert (tmp_path / "sheet.md").read_text(encoding="utf-8") == worksheets.markdown(
        SHEET[:3], title
    )
    assert run("--seed", "7", "--count", "3").stdout == worksheets.page(SHEET[:3], title)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("--count 0", "count must be between 1 and 500, got 0"),
        ("--count 501", "count must be between 1 and 500, got 501"),
        ("--seed -1", "seed must be 0 or more, got -1"),
        ("--seed x", "argument --seed: invalid int value: 'x'"),
        ("--format pdf", "argument --format: invalid choice: 'pdf' (choose from"),
        ("--output /nowhere/a.md", "cannot write /nowhere/a.md: No such file or directory"),
        ("more", "unrecognized arguments: more"),
    ],
)
def test_a_bad_argument_gets_one_sentence(capsys, arguments, sentence):
    with pytest.raises(SystemExit) as left:
        worksheets.main(arguments.split())
    said = capsys.readouterr()
    assert left.value.code == 2
    assert said.out == ""
    assert said.err.startswith(sentence)
    assert said.err.count("\n") == 1
