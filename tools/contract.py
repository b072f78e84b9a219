#!/usr/bin/env python3
"""Checks contract/ and generates what follows from it.

    tools/contract.py c DIR DEPFILE  C sources and headers into DIR, and what they follow from
    tools/contract.py typescript   the types of the web page and what is reduced by them, to standard output
    tools/contract.py openapi      the OpenAPI 3.1 description, to standard output
    tools/contract.py permissions  docs/permissions.md, to standard output
    tools/contract.py check        contract/ is sound and docs/permissions.md is up to date
    tools/contract.py describe     what the journal's events are made of, to standard output
    tools/contract.py compat       journals of each age (tests/data/journals) can still be read by this contract
"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from contractlib import c_json, c_types, compat, items, openapi, permissions, sections, typescript, visibility  # noqa: E402
from contractlib.model import Contract, ContractError  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent


def generate_c(contract, folder, depfile):
    folder.mkdir(parents=True, exist_ok=True)
    made = {**c_types.files(contract), **visibility.files(contract), **c_json.files(contract, openapi.generate(contract)),
            **sections.files(contract), **items.files(contract)}
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    # The folders too: a new file must not go unseen.
    causes = [*(ROOT / "contract").rglob("*.json"), *(path for path in (ROOT / "contract").iterdir() if path.is_dir()),
              *(ROOT / "tools" / "contractlib").glob("*.py"), Path(__file__).resolve()]
    depfile.write_text(f"{folder / next(iter(made))}: {' '.join(sorted(map(str, causes)))}\n", encoding="utf-8")


def generate_typescript(contract):
    return typescript.generate(contract) + items.typescript(contract)


def check(contract):
    page = ROOT / "docs" / "permissions.md"
    if not page.exists() or page.read_text(encoding="utf-8") != permissions.generate(contract):
        print("docs/permissions.md is out of date: tools/contract.py permissions > docs/permissions.md", file=sys.stderr)
        return 1
    generate_typescript(contract)
    openapi.generate(contract)
    return 0


def check_compat(contract):
    losses = list(compat.check(contract, ROOT / "tests" / "data" / "journals"))
    for loss in losses:
        print(loss, file=sys.stderr)
    if losses:
        print("Journals are kept for years and are never rewritten: see docs/decisions/025-the-journal-may-grow-old.md", file=sys.stderr)
    return 1 if losses else 0


def main(arguments):
    printers = {"typescript": generate_typescript, "openapi": openapi.generate, "permissions": permissions.generate,
                "describe": compat.generate}
    checks = {"check": check, "compat": check_compat}
    try:
        contract = Contract(ROOT / "contract")
        if len(arguments) == 3 and arguments[0] == "c":
            generate_c(contract, Path(arguments[1]), Path(arguments[2]))
        elif len(arguments) == 1 and arguments[0] in printers:
            sys.stdout.write(printers[arguments[0]](contract))
        elif len(arguments) == 1 and arguments[0] in checks:
            return checks[arguments[0]](contract)
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except ContractError as error:
        print(f"contract: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
