"""Checks of the page's source (web/src): which folder imports which. tools/lint.py runs them."""
import os
import re

ROOT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "web", "src")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def files(*endings):
    for folder, _, names in os.walk(ROOT):
        for name in sorted(names):
            if name.endswith(endings):
                yield os.path.relpath(os.path.join(folder, name), ROOT)


def layers():
    """Folder → (folders, packages) that it may import, lowest folder first."""
    rules = {}
    for line in read("layers.txt").splitlines():
        if line.strip() and not line.startswith("#"):
            folder, rest = line.split(":")
            own, packages = rest.split(";")
            rules[folder.strip()] = (own.split(), packages.split())
    return rules


def imports(text):
    return re.findall(r"""(?:\bfrom|\bimport|\bimport\()\s*['"]([^'"\s]+)['"]""", text)


def package_of(name):
    return "/".join(name.split("/")[:2 if name.startswith("@") else 1])


def check_layers():
    rules = layers()
    order = list(rules)
    for folder, (own, _) in rules.items():
        for lower in own:
            if lower not in rules or order.index(lower) >= order.index(folder):
                yield f"web/src/layers.txt: {folder} may import {lower}, which does not stand above it"
    for path in files(".ts", ".tsx", ".css"):
        folder = path.split("/")[0]
        if folder == path:
            continue
        if folder not in rules:
            yield f"web/src/{path}: {folder}/ is not in layers.txt"
            continue
        yield from check_imports(path, folder, *rules[folder])


def check_imports(path, folder, own, packages):
    for name in imports(read(path)):
        if not name.startswith("."):
            if package_of(name) not in packages:
                yield f"web/src/{path}: {folder}/ may not import {name}"
            continue
        target = os.path.normpath(os.path.join(os.path.dirname(path), name)).split("/")[0]
        if target != folder and target not in own:
            yield f"web/src/{path}: {folder}/ may not import {name}"


CHECKS = {"page_layers": check_layers}
