"""Run one function of a notebook in a process of its own, fenced in: python -I sandbox.py < job.

The job, a pickled dictionary that grading.py writes, holds the source, the name of the function,
the cases, and the names of the module's functions that the exercise gives. What comes back holds
no Python objects: an archive of arrays, and one line of JSON. What the notebook prints is dropped.

This is a fence for a class, not a prison: whoever must run code by strangers does it in a
container that has nothing to lose.
"""

import importlib.util
import io
import json
import os
import pickle
import sys
import types

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN = {  # audit events, by what is said of them
    "starts another program": ("os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess."),
    "opens a connection": ("socket.",),
    "changes files": ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.link"),
    "ends another process": ("os.kill", "signal.pthread_kill"),
    "loads a library": ("ctypes.",),
}


def main():
    job = pickle.load(sys.stdin.buffer)
    reply = os.dup(1)
    for descriptor in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
    _limit(job["seconds"], job["megabytes"])
    answers = _module_of_answers(job["package"])
    import numpy as np

    _leave_only(job["given"])

    def send(line, arrays):
        end_watch()
        archive = io.BytesIO()
        np.savez(archive, **arrays)
        with open(reply, "wb", closefd=False) as file:
            file.write(json.dumps(line).encode() + b"\n" + archive.getvalue())

    def refuse(reason):
        send({"refused": reason}, {})
        os._exit(0)

    end_watch = _fence(os.path.join(job["package"], "exercises"), refuse)
    namespace = {"__name__": "notebook"}
    try:
        exec(compile(job["source"], "<notebook>", "exec"), namespace)
    except Exception as error:
        return refuse(f"could not be defined: {type(error).__name__}: {error}")
    function = namespace[job["name"]]
    if not callable(function):
        return refuse("is not a function")
    found = [answers.answer(function, case, job["arguments"]) for case in job["cases"]]
    lines = [[one.error, one.changed, one.is_open] for one in found]
    send({"answers": lines}, {str(i): x.array for i, x in enumerate(found) if x.array is not None})
    os._exit(0)  # whatever the notebook left to be done at the end


def _limit(seconds, megabytes):
    try:
        import resource
    except ImportError:  # Windows has only the time that grading.py waits
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _module_of_answers(package):
    """Load answers.py alone: the exercises beside it, with their references, stay unknown."""
    sys.path.insert(0, os.path.dirname(package))
    file = os.path.join(package, "exercises", "answers.py")
    spec = importlib.util.spec_from_file_location("answers", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["answers"] = module  # where its dataclasses look for it
    spec.loader.exec_module(module)
    return module


def _leave_only(given):
    """Put a module `attention` in place that holds the given names alone."""
    import attention

    left = types.ModuleType("attention")
    vars(left).update({name: getattr(attention, name) for name in given})
    for name in [*sys.modules]:
        if name.partition(".")[0] == "attention":
            del sys.modules[name]
    sys.modules["attention"] = left
    del sys.modules["answers"]


def _fence(exercises, refuse):
    """Refuse what an answer has no need of; return a function that ends the watch.

    Python lets no code take such a hook away.
    """
    ended = []

    def watch(event, arguments):
        if not ended and (reason := _trespass(exercises, event, arguments)):
            refuse(reason)

    sys.addaudithook(watch)
    return lambda: ended.append(True)


def _trespass(exercises, event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if (isinstance(flags, int) and flags & WRITING) or set(mode or "") & set("wax+"):
            return "writes a file"
        if str(path).startswith(exercises) and not str(path).endswith("answers.py"):
            return "reads the exercises"
    if event == "import" and arguments[0].startswith("attention."):
        return f"imports {arguments[0]}, which the exercise does not give"
    for reason, events in FORBIDDEN.items():
        if event.startswith(events):
            return reason
    return ""


if __name__ == "__main__":
    main()
