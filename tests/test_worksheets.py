"""Worksheets: different problems, right keys, options that are the usual mistakes."""

import itertools
import math
import re
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from test_site import validate

from attention.exercises import EXERCISES, problems, worksheets
from attention.exercises.task import Task, vector
from attention.exercises.tasks import KINDS, tasks

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
    written = {vector(option.output, 1) for option in problem.options}
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


def test_a_longer_sheet_begins_with_the_shorter_one():
    short, long = problems.problems(5, 3), problems.problems(5, 7)
    assert repr(short) == repr(long[:3])


# The key of every kind of task, computed again from its printed text


def whole(text):
    """Return the rows of whole numbers in brackets."""
    found = re.findall(r"\(([−\d, ]+)\)", text)
    return [[int(x) for x in row.replace("−", "-").split(", ")] for row in found]


def numbers(text):
    """Return the whole numbers of a text, in order."""
    return [int(x) for x in re.findall(r"\d+", text.replace(",", ""))]


def brackets(rows):
    return "; ".join(f"({', '.join(map(str, row))})" for row in rows).replace("-", "−")


def dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def shares(parts):
    return [Fraction(part, sum(parts)) for part in parts]


def pairs(lookers, seen, may):
    return sum(bool(may(i, j)) for i in range(lookers) for j in range(seen))


def answer_scores(ask):
    given = whole(ask)
    if "What is their score" in ask:
        return str(dot(*given)).replace("-", "−")
    queries, keys = given[:-3], given[-3:]
    return brackets([[Fraction(dot(q, k), 2) for k in keys] for q in queries])


def answer_softmax(ask):
    weights = shares([int(x) for x in re.findall(r"ln (\d+)", ask)])
    assert len(set(re.findall(r"(\d+) \+ ln", ask))) <= 1
    if "values" not in ask:
        return brackets([weights])
    return f"{brackets([weights])}, output {dot(weights, numbers(ask.partition('values')[2]))}"


def answer_masks(ask):
    given = numbers(ask)
    if "filled up" in ask:
        real, L, _ = given
        return str(pairs(L, L, lambda i, j: j <= i and j < real))
    if "cache" in ask:
        past, new = given
        return str(pairs(new, past + new, lambda i, j: j <= past + i))
    L, token, _ = given
    seen = sum(j <= token for j in range(L))
    return f"{seen}, and {pairs(L, L, lambda i, j: j <= i)}"


def answer_shapes(ask):
    d_model, second, *rest = numbers(ask)
    if "shapes" in ask:
        (L, S, *_), d_k = rest, len(range(0, d_model, second))
        return f"({L}, {d_k}), ({S}, {d_k}), ({L}, {S}), ({L}, {d_model})"
    if "feed-forward" in ask:
        matrices = [(d_model, d_model)] * 4 + [(d_model, second), (second, d_model)]
    else:
        narrow = rest[0] * (d_model // second)
        matrices = [(d_model, d_model)] * 2 + [(d_model, narrow)] * 2
    return f"{sum(a * b for a, b in matrices):,}"


def answer_cache(ask):
    layers, heads, size, *rest = numbers(ask)
    token = sum(size for _ in range(layers) for _ in range(heads) for _ in ("key", "value"))
    if "How many numbers" in ask:
        return f"{token * rest[0]:,}"
    if "How many bytes" in ask:
        return f"{token * rest[0] * rest[1]:,}"
    size, room = rest
    return f"{(room << 20) // (token * size):,}"


def answer_mistake(ask):
    """Try each mistake with floating numbers, and see which gives the weights that are printed."""
    raw = np.array([2 * math.log(int(x)) for x in re.findall(r"2 ln (\d+)", ask)]).reshape(2, 2)
    printed = ask.partition("weights are")[2].partition(". What")[0]
    given = np.array([float(Fraction(x)) for x in re.findall(r"\d+(?:/\d+)?", printed)])
    seen = np.array([[True, False], [True, True]])

    def normed(scores, axis):
        powers = np.where(seen, np.exp(scores), 0)
        return powers / powers.sum(axis=axis, keepdims=True)

    late = np.exp(raw / 2) / np.exp(raw / 2).sum(axis=1, keepdims=True) * seen
    made = [normed(raw, 1), normed(raw / 4, 1), normed(raw / 2, 0), late]
    hits = [letter for letter, x in zip("ABCD", made, strict=True) if np.allclose(x.flat, given)]
    assert not np.allclose(normed(raw / 2, 1).flat, given)
    [letter] = hits
    said = dict(re.findall(r"\*\*([A-D])\*\* (.*)", ask))[letter]
    words = {"A": "not scaled", "B": "by d_k", "C": "over the queries", "D": "after the softmax"}
    assert words[letter] in said
    return letter


def answer_output(ask):
    """Round on the way, as the sheet asks for."""
    found = [
        [int(x) for x in row.replace("−", "-").split(", ")]
        for row in re.findall(r"[qkv][₁₂₃]? = \(([^)]*)\)", ask)
    ]
    query, keys, values = found[0], found[1::2], found[2::2]
    powers = [math.exp(dot(query, key) / math.isqrt(len(query))) for key in keys]
    weights = [round(power / sum(powers), 2) for power in powers]
    output = [round(dot(weights, column), 1) for column in zip(*values, strict=True)]
    options = {text: letter for letter, text in re.findall(r"\*\*([A-D])\*\* (\([^)]*\))", ask)}
    written = vector(output, 1)
    return f"{options[written]} {written}"


ANSWER = {name.removeprefix("answer_"): x for name, x in globals().items() if name[:7] == "answer_"}
MANY_TASKS = {
    (kind, level): [task for seed in range(5) for task in tasks(seed, 12, [kind], level)]
    for kind in KINDS
    for level in (1, 2, 3)
}


@pytest.mark.parametrize(("kind", "level"), MANY_TASKS)
def test_a_key_follows_from_the_printed_text(kind, level):
    for task in MANY_TASKS[kind, level]:
        assert ANSWER[kind](task.ask) == task.answer
        assert task.why
        assert task.answer not in task.why.split()[:1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_key_is_seen(kind):
    one, other = MANY_TASKS[kind, 3][:2]
    wrong = one._replace(answer=other.answer if other.answer != one.answer else "0")
    assert ANSWER[kind](wrong.ask) != wrong.answer


def test_numbers_are_those_of_a_person():
    for (kind, level), found in MANY_TASKS.items():
        for task in found:
            written = [int(x.replace(",", "")) for x in re.findall(r"\d[\d,]*", task.answer)]
            assert max(written, default=0) < 10**8, (kind, level, task)
            if kind in ("scores", "softmax", "masks"):
                assert max(written) < 150


@pytest.mark.parametrize("kind", KINDS)
def test_levels_differ(kind):
    first, second, third = (
        {re.sub(r"\d+", "0", x.ask) for x in MANY_TASKS[kind, n]} for n in (1, 2, 3)
    )
    if kind not in ("mistake", "output"):  # whose text is the same, and not what went wrong
        assert not first & second
        assert not second & third or kind == "softmax"
    answers = {x.answer for x in MANY_TASKS["mistake", 1]}
    assert answers == {"A", "B"}
    assert {x.answer for x in MANY_TASKS["mistake", 3]} == set("ABCD")


def test_a_sheet_holds_each_kind_in_turn_and_rises():
    sheet = tasks(seed=5, count=21)
    assert len(set(sheet)) == 21
    assert tasks(5, 21) == sheet != tasks(6, 21)
    for task, kind in zip(sheet, itertools.cycle(KINDS)):
        assert ANSWER[kind](task.ask) == task.answer
    assert "What is their score" in sheet[0].ask
    assert "a row for each query" in sheet[14].ask


# Sheets


SHEETS = {seed: tasks(seed, 7) for seed in (7, 8, 9)}


def test_a_sheet_says_its_precision_and_nothing_of_its_key():
    sheet, key = (worksheets.markdown(SHEETS[7], 7, key=key) for key in (False, True))
    assert sheet.startswith("# Attention by hand, sheet 7\n")
    assert key.startswith("# Attention by hand, key to sheet 7\n")
    assert worksheets.PRECISION in sheet
    for number, task in enumerate(SHEETS[7], 1):
        first = task.ask.partition("\n")[0]
        assert f"\n{number}. {first}" in sheet
        assert task.why not in sheet
        assert f"\n{number}. **{task.answer}.** {task.why}" in key
    for text in (sheet, key):
        assert "CC BY 4.0" in text


@pytest.mark.parametrize("key", [False, True])
def test_the_pages_are_valid_and_each_sheet_begins_a_page(tmp_path, key):
    file = tmp_path / "sheets.html"
    file.write_text(worksheets.page(SHEETS, key=key), encoding="utf-8")
    assert validate(file) == ""
    page = file.read_text(encoding="utf-8")
    assert page.count("<article ") == page.count("<h1>") == 3
    assert "article + article { break-before: page;" in page
    assert page.count("Name:") == (0 if key else 3)
    assert page.count("CC BY 4.0") == 3


def test_what_a_task_says_is_no_markup(tmp_path):
    page = worksheets.page({1: [Task("Is 1 < 2 & <b>3</b>?", "yes", "so")]})
    assert "1 &lt; 2 &amp; &lt;b&gt;3&lt;/b&gt;" in page


def run(*arguments):
    command = [sys.executable, "-m", "attention.exercises.worksheets", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def test_the_command_writes_sheets_and_keys(tmp_path):
    file = tmp_path / "sheets.html"
    asked = ["--seed", "7", "--count", "7", "--copies", "3"]
    done = run(*asked, "--output", str(file))
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    assert file.read_text(encoding="utf-8") == worksheets.page(SHEETS)
    keys = tmp_path / "sheets-key.html"
    assert keys.read_text(encoding="utf-8") == worksheets.page(SHEETS, key=True)
    text = worksheets.text(SHEETS) + "\n" + worksheets.text(SHEETS, key=True)
    assert run(*asked).stdout == text
    worksheets.main(
        [*asked, "--kinds", "masks", "--level", "2", "--output", str(tmp_path / "a.md")]
    )
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert text.count("filled up") == 21


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("--count 0", "count must be between 1 and 100, got 0"),
        ("--count 101", "count must be between 1 and 100, got 101"),
        ("--copies 0", "copies must be 1 or more, got 0"),
        ("--seed -1", "seed must be 0 or more, got -1"),
        ("--level 4", "level must be 1, 2 or 3, got 4"),
        ("--kinds masks,x", f"kinds are {', '.join(KINDS)}, got x"),
        ("--kinds masks --level 1 --count 100", "a sheet of these kinds has at most"),
        ("--seed x", "argument --seed: invalid int value: 'x'"),
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
