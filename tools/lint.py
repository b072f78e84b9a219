#!/usr/bin/env python3
"""Checks of the source text: layers, sizes, headers, words, format. One line per check; exits non-zero when one fails."""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

import lint_capacities
import lint_page
import lint_refusals

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 600
HEADER_LINES_MAX = 300
BANNED = ["strcpy", "strcat", "sprintf", "strtok", "gets", "alloca", "atoi", "atol", "localtime", "gmtime", "system", "popen",
          "mktemp", "tmpnam", "rand", "srand", "strncpy"]
# The project's words (docs/architecture.md): left the one to avoid, right the one to use.
SYNONYMS = {"speaker list": "list of speakers", "speakers list": "list of speakers", "chairman": "chair", "interpretor": "interpreter"}


def sources(*places, endings=(".c", ".h")):
    for folder in places:
        for path, folders, names in os.walk(os.path.join(ROOT, folder)):
            folders[:] = [name for name in folders if name != "node_modules"]
            for name in sorted(names):
                if name.endswith(endings):
                    yield os.path.relpath(os.path.join(path, name), ROOT)


def texts():
    """Everything people wrote, found without git: a copy of the tree need not be a clone."""
    for path, folders, names in os.walk(ROOT):
        top = os.path.relpath(path, ROOT)
        folders[:] = sorted(name for name in folders if not (
            name.startswith(".") or name in ("node_modules", "dist", "test-results", "__pycache__")
            or top == "." and (name in ("build", "data") or name.startswith("build-"))))
        for name in sorted(names):
            relative = os.path.normpath(os.path.join(top, name))
            if re.search(r"\.(c|h|py|md|json|ts|tsx|sh|css)$", name) and name != "package-lock.json" and relative != "tools/lint.py":
                yield relative


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def code_only(text):
    """Comments and string contents blanked, line structure kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def check_layers():
    rules = {}
    for line in read("src/layers.txt").splitlines():
        if line.strip() and not line.startswith("#"):
            folder, rest = line.split(":")
            own, outside = rest.split(";")
            rules[folder.strip()] = (own.split(), outside.split())
    folders = set(rules)
    outside_owner = {}  # library header prefix → allowed folders are those that list it
    prefixes = {"openssl": "openssl/", "wslay": "wslay/", "opus": "opus/", "curl": "curl/", "cjose": "cjose/", "pango": "pango/", "fontconfig": "fontconfig/", "libical": "libical/"}
    for folder, (_, libraries) in rules.items():
        for library in libraries:
            if library not in ("libc", "*"):
                outside_owner.setdefault(prefixes.get(library, library if library.endswith(".h") else library + ".h"), set()).add(folder)
    for path in sources("src"):
        folder = path.split("/")[1]
        own, outside = rules.get(folder, ([], []))
        for header, quote in [(m.group(2), m.group(1)) for m in re.finditer(r'^#include ([<"])([^>"]+)[>"]', read(path), re.M)]:
            target = header.split("/")[0]
            if quote == '"':
                if target in folders and target != folder and target not in own and "*" not in own:
                    yield f"{path}: {folder}/ may not include {header}"
                if header.endswith("_priv.h") and target != folder:
                    yield f"{path}: {header} is private to {target}/"
            elif "*" not in outside:
                for prefix, allowed in outside_owner.items():
                    if header.startswith(prefix) and folder not in allowed:
                        yield f"{path}: {folder}/ may not include <{header}>"


def check_sizes():
    for path in sources("src", "tests"):
        text = code_only(read(path))
        lines = text.splitlines()
        most = HEADER_LINES_MAX if path.endswith(".h") else FILE_LINES_MAX
        if len(lines) > most and not path.startswith("tests/"):
            yield f"{path}: {len(lines)} lines, at most {most}"
        start = None
        for number, line in enumerate(lines, 1):
            if line == "{":
                start = number
            elif line == "}" and start is not None:
                if number - start - 1 > FUNCTION_LINES_MAX and not path.startswith("tests/"):
                    yield f"{path}:{start}: function of {number - start - 1} lines, at most {FUNCTION_LINES_MAX}"
                start = None


def check_headers():
    with tempfile.TemporaryDirectory() as generated:
        os.mkdir(os.path.join(generated, "contract"))
        subprocess.run([sys.executable, "tools/contract.py", "c", os.path.join(generated, "contract"), os.path.join(generated, "d")], cwd=ROOT, check=True)
        yield from compile_headers(generated)


def compile_headers(generated):
    include = ["-Isrc", f"-I{generated}"]

    def compile_alone(path):
        result = subprocess.run(["gcc", "-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", *include, "-fsyntax-only", "-x", "c",
                                 "-include", path, "/dev/null"], cwd=ROOT, capture_output=True, text=True)
        return path, result
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for path, result in pool.map(compile_alone, sources("src", endings=(".h",))):
            if result.returncode != 0:
                yield f"{path}: does not compile alone: {result.stderr.strip().splitlines()[0]}"
    for path in sources("src", endings=(".h",)):
        if "#pragma once" not in read(path):
            yield f"{path}: lacks #pragma once"


def check_words():
    banned = re.compile(r"\b(" + "|".join(BANNED) + r")\s*\(")
    for path in sources("src"):
        text = code_only(read(path))
        for number, line in enumerate(text.splitlines(), 1):
            found = banned.search(line)
            if found:
                yield f"{path}:{number}: {found.group(1)}() is banned"
            if re.match(r"^\s*typedef\s+(struct|enum|union)\b", line):
                yield f"{path}:{number}: no typedef of a struct, enum or union"
    for path in texts():
        text = read(path)
        for wrong, right in SYNONYMS.items():
            if re.search(r"\b" + wrong + r"\b", text, re.I):
                yield f"{path}: '{wrong}': say '{right}'"
        if re.search(r"\b(TODO|FIXME|XXX)\b", text):
            yield f"{path}: unfinished by its own words"


def check_format():
    paths = list(sources("src", "tests"))
    result = subprocess.run(["clang-format-14", "--dry-run", "--Werror", *paths], cwd=ROOT, capture_output=True, text=True)
    for line in result.stderr.splitlines():
        if "error:" in line:
            yield line


def check_braces():
    for path in sources("src", "tests"):
        lines = code_only(read(path)).splitlines()
        for number, line in enumerate(lines[:-1], 1):
            controls = re.match(r"^\s*(?:\} )?(if|else if|for|while) \(", line) or re.match(r"^\s*(?:\} )?else$", line)
            whole = line.count("(") == line.count(")") and not line.rstrip().endswith(("{", ";", "\\"))
            if controls and whole and re.match(r"^\s*[^{\s].*;\s*$", lines[number]):
                yield f"{path}:{number}: braces always"


def contract_tool(command):
    result = subprocess.run([sys.executable, "tools/contract.py", command], cwd=ROOT, capture_output=True, text=True)
    if result.returncode != 0:
        yield (result.stdout + result.stderr).strip() or f"tools/contract.py {command} failed"


def check_contract():
    yield from contract_tool("check")


def check_compat():
    yield from contract_tool("compat")


def identifiers():
    """What functions, files and fields are called, in the server, its contract and its tools; comments name nothing."""
    names = set()
    for path in sources("src", "contract", "tests", "tools", "bench", endings=(".c", ".h", ".json", ".py")):
        names.add(os.path.basename(path).split(".")[0])
        text = read(path)
        names.update(re.findall(r"\b[a-z]\w*\b", code_only(text) if path.endswith((".c", ".h")) else text))
    return names


def check_architecture():
    """What docs/architecture.md names as code is there: `a_function → a_module`."""
    known = identifiers()
    text = re.sub(r"^```.*?^```", lambda match: re.sub(r"[^\n]", "", match.group(0)), read("docs/architecture.md"), flags=re.S | re.M)
    for span in re.finditer(r"`([^`]+)`", text):
        for name in re.findall(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b", span.group(1)):
            if name not in known:
                yield f"docs/architecture.md:{text.count(chr(10), 0, span.start()) + 1}: there is no {name}"


CHECKS = {"layers": check_layers, "sizes": check_sizes, "headers": check_headers, "words": check_words, "format": check_format,
          "braces": check_braces, "contract": check_contract, "compat": check_compat, "architecture": check_architecture, **lint_page.CHECKS,
          **lint_capacities.CHECKS, **lint_refusals.CHECKS}


def main():
    failed = 0
    for name in sys.argv[1:] or CHECKS:
        problems = list(CHECKS[name]())
        print(f"{'ok' if not problems else 'FAILED'} lint/{name}")
        for problem in problems[:40]:
            print("   ", problem)
        failed += bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
