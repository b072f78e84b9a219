"""Checks of the page's source (web/src): which folder imports which, and whose the styles are. tools/lint.py runs them."""
import collections
import os
import re

ROOT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "web", "src")
# Sheets that style nothing by a class of their own.
NO_PARTS = ("styles/index.css", "styles/layers.css", "styles/fonts.css")


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


def target_of(path, name):
    return os.path.normpath(os.path.join(os.path.dirname(path), name)).split("?")[0]


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
        target = target_of(path, name).split("/")[0]
        if target != folder and target not in own:
            yield f"web/src/{path}: {folder}/ may not import {name}"


def sheets():
    """Path → text of every stylesheet that styles something, without its comments."""
    return {path: re.sub(r"/\*.*?\*/", "", read(path), flags=re.S) for path in files(".css") if path not in NO_PARTS}


def classes_in(css):
    """The classes that a sheet's selectors name. `is-…` is a state: it says nothing without the class beside it, and belongs to nobody."""
    selectors = re.findall(r"([^{};]+)\{", css)
    found = {name for selector in selectors if not selector.strip().startswith("@") for name in re.findall(r"\.([a-zA-Z][\w-]*)", selector)}
    return {name for name in found if not name.startswith("is-")}


def is_one_layer(css, name):
    """Nothing stands outside of `@layer NAME { … }`."""
    css = css.strip()
    opening = f"@layer {name} {{"
    if not css.startswith(opening):
        return False
    depth = 0
    for index, character in enumerate(css):
        depth += (character == "{") - (character == "}")
        if depth == 0 and character == "}":
            return index == len(css) - 1
    return False


def strings(code, start=0, end=None):
    """The words of the string literals in a piece of TypeScript. A template's word that goes on with a value ends with `*`."""
    words, index = [], start
    end = len(code) if end is None else end
    while index < end:
        quote = code[index]
        index += 1
        if quote not in "'\"`":
            continue
        text = ""
        while index < end and code[index] != quote:
            if quote == "`" and code.startswith("${", index):
                close = closing(code, index + 1)
                words += strings(code, index + 2, close)
                text += "*"
                index = close
            else:
                text += code[index]
            index += 1
        index += 1
        words += text.split()
    return words


def closing(code, opening):
    """Where the brace that opens at `opening` closes."""
    depth = 0
    for index in range(opening, len(code)):
        depth += (code[index] == "{") - (code[index] == "}")
        if depth == 0:
            return index
    return len(code)


def classes_of_part(text):
    """The words of every attribute `class` of a part."""
    words = set()
    for match in re.finditer(r'\bclass=(?:"([^"]*)"|(\{))', text):
        if match.group(2):
            words.update(strings(text, match.start(2), closing(text, match.start(2))))
        else:
            words.update(match.group(1).split())
    return words


def names(word, styled):
    """The styled classes that a word of a part may stand for."""
    if "-*" not in word:
        word = word.replace("*", "")
        return {word} if word in styled else set()
    return {one for one in styled if re.fullmatch(re.escape(word).replace(r"\*", r"[\w-]*"), one)}


def check_styles():
    all_sheets = sheets()
    owners = collections.defaultdict(list)
    for path, css in all_sheets.items():
        if not is_one_layer(css, path.split("/")[0]):
            yield f"web/src/{path}: everything belongs into one @layer {path.split('/')[0]} {{ … }}"
        for name in classes_in(css):
            owners[name].append(path)
    for name, paths in sorted(owners.items()):
        if len(paths) > 1:
            yield f".{name} is styled in {', '.join(sorted(paths))}: a class is styled in one sheet"
    yield from check_order(all_sheets)
    yield from check_places(all_sheets)
    yield from check_uses({name: paths[0] for name, paths in owners.items()})


def check_order(all_sheets):
    said = re.search(r"@layer ([^;{]*);", read("styles/layers.css"))
    said = [name.strip() for name in said.group(1).split(",")] if said else []
    folders = {path.split("/")[0] for path in all_sheets}
    wanted = [folder for folder in layers() if folder in folders]
    if said != wanted:
        yield f"web/src/styles/layers.css: the order is {', '.join(wanted)}, as in layers.txt"


def check_places(all_sheets):
    """A sheet of styles/ is in its index; any other lies beside the part of its name, which adopts it."""
    for path in all_sheets:
        folder, name = path.split("/")[0], os.path.basename(path)
        if folder == "styles":
            if f'@import "./{name}";' not in read("styles/index.css"):
                yield f"web/src/{path}: styles/index.css does not import it"
            continue
        part = path[:-len("css")] + "tsx"
        if not os.path.exists(os.path.join(ROOT, part)) or f"'./{name}?inline'" not in read(part) or "adopt(styles);" not in read(part):
            yield f"web/src/{path}: {part} does not adopt it"


def check_uses(owners):
    """Every class that is styled is used, and a part uses those of its own sheet, of the parts it imports, and the shared ones."""
    used = set()
    for path in files(".tsx"):
        text = read(path)
        near = {path} | {target_of(path, name) for name in imports(text)}
        for word in classes_of_part(text):
            for name in names(word, owners):
                used.add(name)
                sheet = owners[name]
                if not sheet.startswith("styles/") and sheet[:-len("css")] + "tsx" not in near:
                    yield f"web/src/{path}: .{name} is {sheet}'s, whose part it does not import"
    for name in sorted(set(owners) - used):
        yield f"web/src/{owners[name]}: .{name} is used nowhere"


CHECKS = {"page_layers": check_layers, "page_styles": check_styles}
