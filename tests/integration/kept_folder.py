"""Data folders that servers of other ages left (tests/data/folders)."""
import json
import os
import shutil
import sqlite3

from plenary import ROOT

KEPT = os.path.join(ROOT, "tests", "data", "folders")


def names():
    return sorted(name.removesuffix(".sql") for name in os.listdir(KEPT) if name.endswith(".sql"))


def unpack(name, data):
    os.makedirs(data, mode=0o700)
    base = sqlite3.connect(os.path.join(data, "plenary.db"))
    with open(os.path.join(KEPT, f"{name}.sql"), encoding="utf-8") as file:
        base.executescript(file.read())
    base.execute("PRAGMA journal_mode = WAL")
    base.close()
    for kept, place in (("key.pem", "report-key.pem"), ("anchors.jsonl", "anchors.jsonl")):
        shutil.copy(os.path.join(KEPT, f"{name}.{kept}"), os.path.join(data, place))
        os.chmod(os.path.join(data, place), 0o600)
    with open(os.path.join(KEPT, f"{name}.json"), encoding="utf-8") as file:
        return json.load(file)
