"""GitHub's files: their form, the rights they ask for, and that what they call is there."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import make

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = [path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config"]
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "custom.github-workflows-require-timeout": WORKFLOWS,
    "vendor.dependabot": [ROOT / ".github/dependabot.yml"],
    "vendor.github-issue-forms": FORMS,
    "vendor.github-issue-config": [ROOT / ".github/ISSUE_TEMPLATE/config.yml"],
    "vendor.citation-file-format": [ROOT / "CITATION.cff"],
}
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+(?:\.\d+)+")


def program(name, *arguments):
    """Run a program of this environment."""
    line = [shutil.which(name, path=Path(sys.executable).parent), *arguments]
    return subprocess.run(line, capture_output=True, text=True)


def read(file):
    return yaml.safe_load(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_have_the_form_that_github_reads(schema):
    assert SCHEMAS[schema]
    done = program("check-jsonschema", "--builtin-schema", schema, *SCHEMAS[schema])
    assert done.returncode == 0, done.stdout


def test_another_form_is_told(tmp_path):
    text = WORKFLOWS[0].read_text(encoding="utf-8")
    (tmp_path / "a.yml").write_text(text.replace("runs-on:", "runs:"), encoding="utf-8")
    done = program("check-jsonschema", "--builtin-schema", [*SCHEMAS][0], tmp_path / "a.yml")
    assert done.returncode == 1


def audit(folder):
    return program("zizmor", "--offline", "--no-progress", "--color=never", folder)


def test_workflows_are_safe():
    done = audit(ROOT / ".github")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (r"@[0-9a-f]{40} # v7.0.1", "@v7", "unpinned-uses"),
        ("permissions:\n  contents: read", "permissions: write-all", "excessive-permissions"),
        (
            r'"\$GITHUB_STEP_SUMMARY"',
            "${{ github.event.pull_request.title }}",
            "template-injection",
        ),
    ],
)
def test_what_is_unsafe_is_told(tmp_path, old, new, said):
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    text = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    changed = re.sub(old, lambda match: new, text)
    assert changed != text
    (folder / "ci.yml").write_text(changed, encoding="utf-8")
    done = audit(tmp_path)
    assert done.returncode != 0
    assert said in done.stdout


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_action_is_named_by_digest_and_version(file):
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert lines
    assert [line for line in lines if not PINNED.search(line)] == []


def runs(job):
    return [step["run"] for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_what_a_workflow_runs_is_there(file):
    for job in read(file)["jobs"].values():
        for line in "\n".join(runs(job)).splitlines():
            for name in re.findall(r"make\.py (\w+)", line):
                assert name in make.COMMANDS
            for name in re.findall(r"(?:tools|tests|\.ci)/[\w./-]+", line):
                assert (ROOT / name).exists()


def test_the_site_that_was_tested_is_published_unchanged():
    jobs = read(ROOT / ".github/workflows/ci.yml")["jobs"]
    for name in ("publish", "notebooks"):
        used = [step.get("uses", "").partition("@")[0] for step in jobs[name]["steps"]]
        assert used[0] == "actions/download-artifact"
        assert "actions/checkout" not in used
        assert "make" not in "".join(runs(jobs[name]))
    kept = [step for step in jobs["test"]["steps"] if "KEEP_SITE" in step.get("env", {})]
    [sent] = [step for step in jobs["test"]["steps"] if step.get("id") == "site"]
    assert f"'{sent['with']['path']}'" in kept[0]["env"]["KEEP_SITE"]


def test_only_what_publishes_may_write():
    writing = set()
    for file in WORKFLOWS:
        workflow = read(file)
        assert "write" not in str(workflow["permissions"])
        jobs = workflow["jobs"].items()
        writing |= {name for name, job in jobs if "write" in str(job.get("permissions", ""))}
    assert writing == {"publish", "notebooks", "notes"}


def test_every_supported_python_is_checked():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    known = [f"3.{minor}" for minor in range(make.OLDEST[1], make.NEWEST[1] + 1)]
    matrix = read(ROOT / ".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == known
    assert re.findall(r"Python :: (3\.\d+)", text) == known
    assert f'requires-python = ">={known[0]}"' in text
    said = f"Python {', '.join(known[:-1])} or {known[-1]}"
    for page in ("README.md", "reference/running.md"):
        assert said in (ROOT / page).read_text(encoding="utf-8")


def test_a_codespace_sets_itself_up():
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    program, file, name = shlex.split(container["postCreateCommand"])
    assert (program, (ROOT / file).exists(), name in make.COMMANDS) == ("python", True, True)
    version = container["image"].rpartition(":")[2]
    matrix = read(ROOT / ".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert version in matrix["python"]
    settings = container["customizations"]["vscode"]["settings"]
    assert settings["python.defaultInterpreterPath"].startswith(make.VENV.name)


def test_hooks_call_programs_that_are_pinned():
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for repository in read(ROOT / ".pre-commit-config.yaml")["repos"]:
        assert repository["repo"] == "local", "another repository's programs have other versions"
        for hook in repository["hooks"]:
            name, *arguments = shlex.split(hook["entry"])
            assert re.search(rf"(?m)^{name}==", pins)
            assert all((ROOT / x).exists() for x in arguments if x.startswith("tests/"))
