"""Train the reader of attention.learning.reader and store it: python -m benchmarks.reader."""

from attention.learning.reader import STORED, as_json, learn, start

if __name__ == "__main__":
    STORED.write_text(as_json(learn(start()).model), encoding="utf-8")
