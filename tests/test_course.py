"""The course round: made, answered by several students, collected, graded, compared."""

import csv
import os
import re
import subprocess
from pathlib import Path

import course
import nbclient
import nbformat
import pytest

from attention.exercises import EXERCISES, checking, grading, report
from attention.exercises.__main__ import main
from attention.exercises.extract import needed
from attention.exercises.scoring import score

ROOT = Path(__file__).resolve().parents[1]
NAME = "03-breakdown"
WHEEL = "attention_computed-0-py3-none-any.whl"
ASKED = [exercise for exercise in EXERCISES.values() if exercise.chapter == NAME]
FIRST = ASKED[0]


def chapter(name=NAME):
    return nbformat.read(ROOT / f"chapters/{name}.ipynb", as_version=4)


def handout(*, for_teacher=False, name=NAME):
    return course.handout(chapter(name), WHEEL, 4711, for_teacher=for_teacher)


def answers(nb):
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in nb.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def body_of(exercise):
    return exercise.source.partition(":\n")[2]


def hand_in(folder, bodies, name=NAME):
    """Store a student's notebook, with these bodies in place of the dots."""
    nb = handout(name=name)
    for exercise, body in bodies.items():
        cell = answers(nb)[exercise]
        assert "    return ...\n" in cell.source
        cell.source = cell.source.replace("    return ...\n", body, 1)
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / f"{name}.ipynb")


# Handouts


@pytest.mark.parametrize("name", sorted({exercise.chapter for exercise in EXERCISES.values()}))
def test_a_student_gets_each_exercise_empty_and_no_solution(name):
    nb = handout(name=name)
    asked = [exercise for exercise in EXERCISES.values() if exercise.chapter == name]
    assert list(answers(nb)) == [exercise.name for exercise in asked]
    text = "\n".join(cell.source for cell in nb.cells)
    for exercise in asked:
        assert body_of(exercise).strip() not in text
        assert f"{exercise.name}_solution" not in text
        assert "    return ...\n" in answers(nb)[exercise.name].source
    assert "HIDDEN" not in text
    assert "4711" not in text


def test_a_teacher_gets_solutions_and_mistakes():
    for exercise in ASKED:
        source = answers(handout(for_teacher=True))[exercise.name].source
        assert body_of(exercise).rstrip() in source
        assert all(f"# {mutant.name}: " in source for mutant in exercise.mutants)
        assert source.index("BEGIN SOLUTION") < source.index("END SOLUTION")


def test_a_handout_runs_from_top_to_bottom_and_installs_nothing_where_all_is_there(tmp_path):
    nb = handout()
    nbclient.NotebookClient(nb, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    scores = [
        cell.outputs[0].data["text/plain"]
        for cell in nb.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert scores == ["0"] * len(ASKED)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_a_score_is_one_or_nothing(exercise):
    for seed in (0, 11):
        assert score(exercise.name, exercise.reference, seed) == 1
        assert score(exercise.name, exercise.mutants[0].function, seed) == 0


# Grading


EVIL = {
    "ends": ("    import os\n    os._exit(0)\n", "ended the process"),
    "leaves": ("    raise SystemExit\n", "ended the process"),
    "sleeps": ("    import time\n    time.sleep(600)\n", "took more than 4 seconds"),
    "turns": ("    while True: pass\n", "took more than 4 seconds"),
    "writes": ("    open('x', 'w').write('x')\n", "writes a file"),
    "hides": ("    try: open('x', 'w')\n    except BaseException: return 1\n", "writes a file"),
    "starts": ("    import subprocess\n    subprocess.run('ls')\n", "starts another program"),
    "calls": ("    import socket\n    socket.socket()\n", "opens a connection"),
    "copies": (
        "    from attention.exercises import EXERCISES\n    return EXERCISES\n",
        "imports attention.exercises, which the exercise does not give",
    ),
    "fills": ("    import numpy\n    return numpy.ones((10**5, 10**5))\n", "Unable to allocate"),
    "forges": (
        "    import os\n    from contextlib import suppress\n    for i in (1, 3, 4, 5):\n"
        "        with suppress(OSError):\n            os.write(i, b'{}')\n",
        "ended the",
    ),
}


@pytest.mark.parametrize("name", EVIL)
def test_harm_gets_nothing(name):
    body, said = EVIL[name]
    head = FIRST.source.partition(":\n")[0]
    cells = [f"{head}:\n{body}"]
    given = grading.run(FIRST, needed(cells, FIRST.name), FIRST.cases, seconds=4)
    if not isinstance(given, str):
        given = grading.compare(FIRST, FIRST.cases, given).sentence
    assert said in given


def test_a_flood_of_output_gets_nowhere():
    body = body_of(FIRST)
    cells = [
        "import numpy as np",
        f"{FIRST.source.partition(':')[0]}:\n    print('x' * 2**26)\n{body}",
    ]
    given = grading.run(FIRST, needed(cells, FIRST.name), FIRST.cases)
    assert grading.compare(FIRST, FIRST.cases, given).right


def test_the_round(tmp_path, capsys):
    right = {exercise.name: body_of(exercise) for exercise in ASKED}
    hand_in(tmp_path / "in/ada", right)
    hand_in(tmp_path / "in/bea", right | {FIRST.name: "    import os\n    os._exit(0)\n"})
    hand_in(tmp_path / "in/cy", {})
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.ipynb")}
    main(["grade", str(tmp_path / "in"), "--output", str(tmp_path / "grades.csv"), "--seed", "5"])
    with open(tmp_path / "grades.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    got = {(row["student"], row["exercise"]): int(row["right"]) for row in rows}
    names = [exercise.name for exercise in ASKED]
    assert got == {
        (who, name): int(who != "cy") for who in ("ada", "bea", "cy") for name in names
    } | {("bea", FIRST.name): 0}
    assert {row["remark"] for row in rows if row["student"] == "cy"} == {
        f"{name}: not answered yet. Replace the dots and run again." for name in names
    }
    assert "3 students" in capsys.readouterr().out
    page = (tmp_path / "grades.html").read_text(encoding="utf-8")
    assert page.count('<tr><th scope="row">') == 3
    assert "http" not in page.replace("http://www.w3.org", "")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.ipynb")} == before


def test_a_table_of_known_answers_is_worth_nothing_on_cases_of_another_seed():
    known = [(case, FIRST.reference(*case)) for case in FIRST.all_cases]

    def from_a_table(*inputs):
        for case, found in known:
            if repr(case) == repr(inputs):
                return found
        return 0

    assert score(FIRST.name, from_a_table) == 1
    assert score(FIRST.name, from_a_table, seed=7) == 0


def test_named_mistakes_are_counted():
    grades = [
        grading.Grade(student, FIRST.name, 0, FIRST.mutants[place].name, "")
        for student, place in [("a", 0), ("b", 1), ("c", 1)]
    ]
    counted = report.mistakes(grades)
    assert counted[0] == ((FIRST.name, FIRST.mutants[1].name), 2)
    assert len(counted) == 2
    page = report.page(grades, "<Class>")
    assert "&lt;Class&gt;" in page
    assert f"The most frequent mistake is {FIRST.name}: {FIRST.mutants[1].name}: 2 made it." in page


def test_the_page_tells_open_from_wrong():
    open_one = checking.unanswered(FIRST.name).sentence
    grades = [
        grading.Grade("a", FIRST.name, 1, "", "right"),
        grading.Grade("b", FIRST.name, 0, "", "no <answer>"),
        grading.Grade("c", FIRST.name, 0, "", open_one),
        grading.Grade("c", ASKED[1].name, 1, "", "right"),
    ]
    page = report.page(grades, "Class")
    marks = re.findall(r"<td[^>]*>([^<\d]+)</td>", page)
    assert marks == ["✓", "–", "✗", "–", "…", "✓"]
    assert 'title="no &lt;answer&gt;"' in page
    assert "✓ right, ✗ not yet, … open, – not handed in" in page
    assert f"Solved least often, by 1: {FIRST.name}, {ASKED[1].name}." in page


def test_a_helper_and_a_constant_come_along_and_nothing_else():
    cells = [
        "%matplotlib inline\nimport numpy as np, os",
        "TWO = 2\nos._exit(1)",
        "def half(x):\n    return x / TWO",
        "def f(x):\n    return np.sum(half(x))",
        "this is no Python",
    ]
    source = needed(cells, "f")
    assert source.splitlines() == [
        "import numpy as np",
        "TWO = 2",
        "def half(x):",
        "    return x / TWO",
        "def f(x):",
        "    return np.sum(half(x))",
    ]
    assert needed(cells, "g") == ""


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("ada/03-breakdown.ipynb", ("ada", "03-breakdown")),
        ("ada/attention/03-breakdown.ipynb", ("ada", "03-breakdown")),
        ("03-breakdown_ada.ipynb", ("ada", "03-breakdown")),
    ],
)
def test_a_notebook_says_whose_it_is(path, who):
    assert grading.whose(Path("in") / path, Path("in")) == who


def test_a_folder_without_chapters_gets_one_sentence(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["grade", str(tmp_path), "--output", str(tmp_path / "grades.csv")])
    said = capsys.readouterr().err
    assert said == f"{tmp_path} must hold notebooks named after chapters, got 0\n"


def test_the_course_holds_all_that_a_teacher_hands_out(tmp_path, capsys):
    course.main(["--output", str(tmp_path), "--seed", "471104711", "--copies", "2"])
    found = {file.relative_to(tmp_path).parts[0] for file in tmp_path.rglob("*") if file.is_file()}
    assert found == {"nbgrader_config.py", "questions", "student", "teacher", "worksheets"}
    sheets = {file.name: file.read_text("utf-8") for file in (tmp_path / "worksheets").iterdir()}
    assert set(sheets) == {"sheets.html", "sheets-key.html"}
    assert all(page.count("<article ") == 2 for page in sheets.values())
    for file in tmp_path.rglob("*"):
        if file.is_file() and "teacher" not in file.parts:
            assert b"471104711" not in file.read_bytes(), f"{file} gives the hidden seed away"
    names = [path.name for path in sorted(ROOT.glob("chapters/*.ipynb"))]
    for name in names:
        nb = nbformat.read(tmp_path / "student/attention" / name, as_version=4)
        assert "CC BY 4.0" in nb.cells[-1].source
    assert "worksheets" in capsys.readouterr().out


# nbgrader itself


@pytest.fixture
def nbgrader(apart):
    path = f"{apart}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}

    def run(command, where):
        done = subprocess.run(
            [apart / "nbgrader", *command], cwd=where, env=environment, capture_output=True
        )
        return done.stdout.decode() + done.stderr.decode()

    return run


def test_the_round_with_nbgrader(nbgrader, tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(course.CONFIG)
    source = tmp_path / "teacher/attention"
    source.mkdir(parents=True)
    nbformat.write(handout(for_teacher=True), source / f"{NAME}.ipynb")
    nbgrader(["generate_assignment", "attention"], tmp_path)
    released = nbformat.read(tmp_path / f"student/attention/{NAME}.ipynb", as_version=4)
    assert [x.source for x in released.cells] == [x.source for x in handout().cells]
    right = {exercise.name: body_of(exercise) for exercise in ASKED}
    hand_in(tmp_path / "submitted/ada/attention", right)
    hand_in(tmp_path / "submitted/bea/attention", right | {FIRST.name: "    return 0\n"})
    said = nbgrader(["autograde", "attention"], tmp_path)
    said += nbgrader(["generate_feedback", "attention"], tmp_path)
    nbgrader(["export"], tmp_path)
    with open(tmp_path / "grades.csv", newline="") as file:
        got = {row["student_id"]: float(row["raw_score"]) for row in csv.DictReader(file)}
    assert got == {"ada": len(ASKED), "bea": len(ASKED) - 1}, said
    assert (tmp_path / f"feedback/bea/attention/{NAME}.html").exists()
