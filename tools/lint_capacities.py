"""Checks that the code asks what a capacity can do, and not which one it is. tools/lint.py runs it."""
import json
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Where a capacity is named or compared all the same.
REASONS = {
    "src/app/app.h": "who is nobody of a meeting has the one that can do nothing",
    "src/app/demo_data.c": "says who takes part in the demonstration, in which capacity",
    "src/app/links.c": "counts those of one capacity, whichever it is, to number their names",
    "src/app/tokens.c": "finds who is there in the capacity that was asked for, whichever it is",
}
NAMED_IN_C = re.compile(r"\bCAPACITY_(?!COUNT\b|WORDS\b)[A-Z]\w*|\bcapacity\s*[!=]=")
SEEN_IN_PAGE = re.compile(r"\bcapacity(?:\.value)?\)?\s*[!=]==(?!\s*(?:null|undefined)\b)|\bswitch \([^)]*\bcapacity\b")


def capacities():
    with open(os.path.join(ROOT, "contract", "capacities.json"), encoding="utf-8") as file:
        return json.load(file)["capacities"]


def code_only(text):
    """Without comments; in C without strings too, which name no value of an enum."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r"//[^\n]*|/\*.*?\*/", blank, text, flags=re.S)


def in_c(text):
    return [number for number, line in enumerate(code_only(text).splitlines(), 1) if NAMED_IN_C.search(line)]


def in_page(text):
    """Comparisons, and a capacity's name on a line that asks for somebody's. What `can` is asked for, and keys of words, are no names."""
    name = re.compile("'(?:" + "|".join(capacities()) + ")'")
    found = []
    for number, line in enumerate(code_only(text).splitlines(), 1):
        asks = re.search(r"\bcapacity\b(?!\.[a-z_]+'|\.\$)", line)
        if SEEN_IN_PAGE.search(line) or (asks and name.search(line)):
            found.append(number)
    return found


def sources():
    for folder, endings, finds in (("src", (".c", ".h"), in_c), (os.path.join("web", "src"), (".ts", ".tsx"), in_page)):
        for path, _, names in os.walk(os.path.join(ROOT, folder)):
            for name in sorted(names):
                if name.endswith(endings) and name != "generated.ts":
                    yield os.path.relpath(os.path.join(path, name), ROOT), finds


def check_capacities():
    needed = set()
    for path, finds in sources():
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            found = finds(file.read())
        if found and path in REASONS:
            needed.add(path)
        elif found:
            yield from (f"{path}:{number}: ask what the capacity can do (contract/capacities.json), not which it is" for number in found)
    for path in sorted(set(REASONS) - needed):
        yield f"tools/lint_capacities.py: {path} names no capacity any more"


CHECKS = {"capacities": check_capacities}
