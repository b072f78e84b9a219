#!/usr/bin/python3
"""Writes the manual's pages of what the program says of itself, and of packaging/man/: packaging/manual.py BINARY VERSION FOLDER

A page for `plenary`, one for each command that `plenary --help` lists, and plenary.yaml(5). Names, synopses, options and keys are those of `--help`, so
no page can say another than the program. packaging/man/COMMAND.man has what `--help` has no room for: sections in roff, put behind the options.
"""
import os
import re
import subprocess
import sys
import time

WORDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "man")
OPTION = re.compile(r"^  (--[a-z0-9-]+)(?: ([A-Z][A-Z.=]*))? +(\S.*)$")
KEY = re.compile(r"^  ([a-z_]+\.[a-z_0-9]+) +(\(empty\)|\S+) +(\S.*)$")
COMMAND = re.compile(r"^  ([a-z]+) +(\S.*)$")

FILES = """.SH FILES
.TP
.I /etc/plenary/plenary.yaml
The configuration; see
.BR plenary.yaml (5).
.TP
.I /var/lib/plenary
The data folder of an installed server: database, keys, signed heads of the journals.
"""


def said_by(binary, *arguments):
    # Defaults, whatever this machine's own configuration says.
    result = subprocess.run([binary, *arguments], capture_output=True, text=True, timeout=30, check=True, stdin=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]})
    return result.stdout


def roff(text):
    """Words as they are: nothing of them is taken for a request or an escape."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq").replace("^", "\\(ha").replace("~", "\\(ti")
    text = "".join(letter if ord(letter) < 128 else f"\\[u{ord(letter):04X}]" for letter in text)
    return re.sub(r"^\.", r"\\&.", text, flags=re.M)


def head(name, section, version):
    day = time.strftime("%Y-%m-%d", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))
    return f'.TH {name.upper()} {section} {day} "Plenary {version}" "Plenary"\n'


def more(name):
    path = os.path.join(WORDS, f"{name}.man")
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def split_help(text):
    """(usage lines, words, options, keys) of a command's --help."""
    top, _, rest = text.partition("\nOptions:\n")
    options, _, keys = rest.partition("\nKeys of the configuration")
    lines = top.strip().splitlines()
    usage = [line for line in lines if re.match(r"(Usage:|      ) plenary ", line)]
    words = [line for line in lines if line not in usage]
    if not usage or not options:
        raise SystemExit(f"manual.py: this is no help as the commands print it:\n{text}")
    return [re.sub(r"^(Usage:|      ) ", "", line) for line in usage], words, options.rstrip().splitlines(), keys.splitlines()[1:]


def options_page(lines):
    for line in lines:
        found = OPTION.match(line)
        if not found:
            raise SystemExit(f"manual.py: this is no line of an option: {line!r}")
        value = f" \\fI{roff(found.group(2))}\\fR" if found.group(2) else ""
        yield f".TP\n\\fB{roff(found.group(1))}\\fR{value}\n{roff(found.group(3))}\n"


def command_page(binary, version, command, meaning, names):
    usage, words, options, _ = split_help(said_by(binary, command, "--help"))
    page = head(f"plenary-{command}", 1, version)
    page += f".SH NAME\nplenary\\-{command} \\- {roff(meaning)}\n.SH SYNOPSIS\n"
    page += "".join(f"{'.br' + chr(10) if number else ''}\\fBplenary {command}\\fR{roff(line.removeprefix('plenary ' + command))}\n" for number, line in enumerate(usage))
    page += ".SH DESCRIPTION\n" + "".join(roff(line) + "\n" for line in words)
    page += ".SH OPTIONS\n" + "".join(options_page(options))
    page += more(command) + ("" if ".SH FILES" in more(command) else FILES)
    page += ".SH EXIT STATUS\n0: it was done.  1: it could not be done, and why was said.  2: the command line cannot be understood.\n"
    return page + ".SH SEE ALSO\n.BR plenary (1),\n.BR plenary.yaml (5),\n" + see(name for name in names if name != command)


def see(names):
    names = list(names)
    return "".join(f".BR plenary\\-{name} (1){',' if name != names[-1] else ''}\n" for name in names)


def main_page(version, commands):
    page = head("plenary", 1, version) + ".SH NAME\nplenary \\- multilingual formal meetings on one server\n"
    page += ".SH SYNOPSIS\n.B plenary\n.I COMMAND\n[OPTIONS]\n.br\n.B plenary \\-\\-help\n|\n.B \\-\\-version\n" + more("plenary")
    page += ".SH COMMANDS\n" + "".join(f".TP\n.BR plenary\\-{name} (1)\n{roff(meaning)}\n" for name, meaning in commands)
    return page + FILES + ".SH SEE ALSO\n.BR plenary.yaml (5),\n" + see(name for name, _ in commands)


def keys_page(binary, version):
    _, _, _, keys = split_help(said_by(binary, "serve", "--help"))
    page = head("plenary.yaml", 5, version) + ".SH NAME\nplenary.yaml \\- configuration of Plenary\n" + more("plenary.yaml") + ".SH KEYS\n"
    for line in keys:
        found = KEY.match(line)
        if not found:
            raise SystemExit(f"manual.py: this is no line of a key: {line!r}")
        name, initial, meaning = found.groups()
        page += f".TP\n\\fB{roff(name)}\\fR (default: {roff('empty' if initial == '(empty)' else initial)})\n{roff(meaning)}\n"
    return page + ".SH SEE ALSO\n.BR plenary (1),\n.BR plenary\\-serve (1),\n.BR plenary\\-doctor (1)\n"


def main():
    binary, version, folder = sys.argv[1:]
    commands = [found.groups() for found in map(COMMAND.match, said_by(binary, "--help").splitlines()) if found]
    names = [name for name, _ in commands]
    pages = {"man1/plenary.1": main_page(version, commands), "man5/plenary.yaml.5": keys_page(binary, version)}
    pages.update((f"man1/plenary-{name}.1", command_page(binary, version, name, meaning, names)) for name, meaning in commands)
    for name, text in pages.items():
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text)


if __name__ == "__main__":
    main()
