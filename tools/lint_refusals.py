"""Checks that a refusal is a word of the contract (contract/refusals.json) and no English sentence. tools/lint.py runs it."""
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDERS = ["src/api", "src/app", "src/http", "src/meeting"]
SENTENCE_IN_C = re.compile(r"detail\s*=\s*\"|\b\w*refuse\w*\((?:[^;{\"]|\"[^\" ]*\")*\"[^\"\n]* [^\"\n]*\"")
# What a problem says in English is for logs.
SHOWN_IN_PAGE = re.compile(r"\b\w*[pP]roblem(?:Of\([^)]*\))?\??\.(?:title|message)\b")


def code_only(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", lambda match: re.sub(r"[^\n]", " ", match.group(0)), text, flags=re.S)


def lines_of(pattern, text):
    text = code_only(text)
    return [text.count("\n", 0, match.start()) + 1 for match in pattern.finditer(text)]


def in_c(text):
    return lines_of(SENTENCE_IN_C, text)


def in_page(text):
    return lines_of(SHOWN_IN_PAGE, text)


def files(folder, endings):
    for directory, _, names in os.walk(os.path.join(ROOT, folder)):
        for name in sorted(names):
            if name.endswith(endings):
                yield os.path.relpath(os.path.join(directory, name), ROOT)


def check_refusals():
    for folder, endings, found, words in [*((folder, (".c", ".h"), in_c, "refuse by a reason of contract/refusals.json") for folder in FOLDERS),
                                          ("web/src", (".ts", ".tsx"), in_page, "show the reason's words, areas/refusals.ts")]:
        for path in files(folder, endings):
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                for line in found(file.read()):
                    yield f"{path}:{line}: {words}"


CHECKS = {"refusals": check_refusals}
