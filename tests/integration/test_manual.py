"""docs/operating.md from the machine to the first sitting and through a day: every box marked `sh check` is run as it stands there, in order, on a bare
system (bare.py) with the package. Played are only those that need the Internet or a service manager: apt-get installs what stands beside it, certbot is an
authority of the test's own that calls its hook as the real one does, systemctl and journalctl are bare_systemctl's."""
import asyncio
import json
import os
import re
import socket
import ssl
import subprocess
import time

import aiohttp
from bare import Bare
from debian_package import Built, version_of_tree
from plenary import ROOT, join, main

NAME = "meetings.example.org"
FURTHER = ["ca-certificates", "curl", "jq", "man-db", "nftables", "openssl"]

APT_GET = """#!/bin/bash
# Stands for apt-get: packages that are files are installed by dpkg, of others it is noted that they were asked for.
set -eu
[ "$1" = install ] && shift
for package in "$@"; do
    case $package in
        ./*) dpkg -i "$package" ;;
        certbot) cp /root/certbot /usr/bin/certbot ;;
        *) exit 100 ;;
    esac
done
"""

CERTBOT = """#!/bin/bash
# Stands for certbot: the files, links and variables are those of the real one, the authority is not.
set -eu
here=/etc/letsencrypt
case $1 in
    certonly)
        while [ $# -gt 0 ]; do
            case $1 in
                --domain) name=$2 ;;
                --deploy-hook) hook=$2 ;;
            esac
            shift
        done
        mkdir -p $here/archive/$name $here/live/$name $here/renewal
        printf '%s\\n' "$name" "$hook" >$here/renewal/one
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=An authority' -keyout $here/authority.key -out $here/authority.pem 2>/dev/null
        mkdir -p /etc/ssl/certs
        cat $here/authority.pem >>/etc/ssl/certs/ca-certificates.crt
        ;;
    renew) { read -r name && read -r hook; } <$here/renewal/one ;;
    *) exit 2 ;;
esac
number=$(($(ls $here/archive/$name | wc -l) / 2 + 1))
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" -keyout $here/archive/$name/privkey$number.pem -out $here/request.pem 2>/dev/null
openssl x509 -req -in $here/request.pem -CA $here/authority.pem -CAkey $here/authority.key -set_serial $number -days 30 \\
    -extfile <(printf 'subjectAltName=DNS:%s\\n' "$name") -out $here/archive/$name/fullchain$number.pem 2>/dev/null
chmod 600 $here/archive/$name/privkey$number.pem
for file in privkey fullchain; do
    ln -sfn ../../archive/$name/$file$number.pem $here/live/$name/$file.pem
done
RENEWED_LINEAGE=$here/live/$name RENEWED_DOMAINS=$name sh -c "$hook"
"""

JOURNALCTL = """#!/bin/bash
set -eu
[[ "$*" == "--unit plenary --output cat" ]]
cat /run/journal-plenary.service
"""


def manual():
    with open(os.path.join(ROOT, "docs", "operating.md"), encoding="utf-8") as file:
        return file.read()


def boxes():
    """(heading, mark, lines) of each box that is marked, in order."""
    heading = ""
    for found in re.finditer(r"^#+ (?P<heading>[^\n]+)$|^```(?P<mark>[^\n]*)\n(?P<lines>.*?)^```$", manual(), re.M | re.S):
        heading = found["heading"] or heading
        if found["lines"] is not None and found["mark"].startswith("sh check"):
            yield heading, found["mark"].removeprefix("sh check").strip(), found["lines"]


class Machine(Bare):
    """An operator's new machine, with the packages lying in root's home."""

    def __enter__(self):
        super().__enter__()
        self.write("/etc/hosts", f"127.0.0.1 localhost {NAME}\n")
        for name, text in (("apt-get", APT_GET), ("journalctl", JOURNALCTL)):
            self.write(f"/usr/bin/{name}", text, 0o755)
        self.write("/root/certbot", CERTBOT, 0o755)
        for version in (version_of_tree(), version_of_tree() + ".1"):
            subprocess.run(["cp", Built.package(version), self.path("/root")], check=True)
        return self

    def do(self, lines):
        lines = lines.replace("_VERSION_", f"_{version_of_tree()}_").replace("_NEXT_", f"_{version_of_tree()}.1_")
        lines = lines.replace("_amd64.deb", f"_{subprocess.run(['dpkg', '--print-architecture'], capture_output=True, text=True, check=True).stdout.strip()}.deb")
        return self.run("bash", "-c", "set -euo pipefail; cd /root\n" + lines)


def serial(machine):
    """The number of the certificate that a new connection meets."""
    context = ssl.create_default_context(cafile=machine.path("/etc/letsencrypt/authority.pem"))
    with socket.create_connection(("127.0.0.1", 443), timeout=10) as plain, context.wrap_socket(plain, server_hostname=NAME) as line:
        return int(line.getpeercert()["serialNumber"], 16)


class Remote:
    """The server as the clients of plenary.py see one."""
    url = "https://127.0.0.1"

    @staticmethod
    def http():
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False))


async def the_first_sitting(meeting, people):
    """The chair of the operator's own meeting opens a sitting, and a delegate hears of it."""
    tokens = {one["capacity"]: one["link"].partition("#")[2] for one in people}
    delegate = await join(Remote, tokens["delegate"], meeting=meeting)
    chair = await join(Remote, tokens["chair"], meeting=meeting)
    await chair.command("sitting.open")
    await delegate.event("sitting.changed", state="open")
    await chair.close()
    await delegate.close()


def by_the_script(machine, lines):
    said = machine.do(lines)
    made = json.loads(machine.read("/root/meeting.json"))
    assert len(made["people"]) == 12 and said.count(f"https://{NAME}/m/") == 12, said
    asyncio.run(the_first_sitting(made["meeting"], made["people"]))


CHECKS = {
    "A name": lambda machine, said, told: NAME in said,
    "A firewall": lambda machine, said, told: "dport 443" in machine.run("nft", "list", "ruleset"),
    "The package": lambda machine, said, told: f"plenary {version_of_tree()}\n" in said and said.count("/usr/share/man/") == 3,
    "The configuration": lambda machine, said, told: f"host: {NAME}" in machine.read("/etc/plenary/plenary.yaml"),
    "A certificate": lambda machine, said, told: machine.owner("/etc/plenary/tls/key.pem") == ("root", "plenary", 0o640),
    "What is missing": lambda machine, said, told: "FAILED" not in said and "expires in 29 days" in said,
    "The start, and the first administrator": lambda machine, said, told: "ready" in said or re.fullmatch(rf"https://{NAME}/begin#\S+", said.strip()),
    "The first sitting": lambda machine, said, told: told.setdefault("links", re.findall(rf"https://{NAME}/m/demo#(\S+)", said)),
    "Accounts": lambda machine, said, told: "Awa Keita" in said and f"https://{NAME}/" in said,
    "Backups each night": lambda machine, said, told: re.search(r"^plenary-\S+Z\.backup$", said, re.M),
    "Trying to restore": lambda machine, said, told: "every chain whole" in said and not os.path.exists(machine.path("/var/lib/plenary-tried")),
    "Restoring in earnest": lambda machine, said, told: machine.owner("/var/lib/plenary/plenary.db") == ("plenary", "plenary", 0o600),
    "Figures and logs": lambda machine, said, told: float(re.search(r"^plenary_backup_last_timestamp_seconds (\d+)", said, re.M).group(1)) > time.time() - 600,
    "A new version": lambda machine, said, told: "FAILED" not in said and f"{version_of_tree()}.1" in machine.run("dpkg-query", "-W", "plenary"),
}


def signs_in(machine, token):
    answer = machine.run("curl", "--fail", "--silent", f"https://{NAME}/api/v1/session", "--json", json.dumps({"token": token}))
    return json.loads(answer)


def test_from_nothing_to_the_first_sitting_and_through_a_day():
    told, done = {}, set()
    with Machine(Built.package(), *FURTHER) as machine:
        for heading, mark, lines in boxes():
            if mark == "meeting":
                by_the_script(machine, lines)
                continue
            said = machine.do(lines)
            assert heading in CHECKS and CHECKS[heading](machine, said, told), (heading, said)
            done.add(heading)
            if heading == "The first sitting":
                assert len(told["links"]) > 5 and signs_in(machine, told["links"][0])["meeting"] == "demo"
            if heading == "Backups each night":
                a_renewed_certificate_is_taken_up(machine)
        assert done == set(CHECKS), set(CHECKS) - done
        # The last box was an upgrade, after a restore: who had a link still comes in.
        assert signs_in(machine, told["links"][0])["capacity"]
        old_backups_go(machine)


def a_renewed_certificate_is_taken_up(machine):
    process = machine.read("/run/plenary.service.pid")
    assert serial(machine) == 1
    machine.run("certbot", "renew")
    deadline = time.monotonic() + 30
    while serial(machine) != 2:
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.1)  # polls an outside process's state
    assert machine.read("/run/plenary.service.pid") == process
    # Another name's certificate is none of ours.
    machine.run("/usr/lib/plenary/take-certificate", env={"RENEWED_LINEAGE": "/nowhere", "RENEWED_DOMAINS": "other.example.org"})


def old_backups_go(machine):
    """The newest stay, and what is none of ours is left alone."""
    folder = "/var/backups/plenary"
    for day in range(1, 20):
        machine.write(f"{folder}/plenary-2020-01-{day:02}T03-30-00Z.backup", "")
    machine.write(f"{folder}/by-hand.backup", "")
    before = sorted(name for name in os.listdir(machine.path(folder)) if name.startswith("plenary-2"))
    machine.run("/usr/lib/plenary/keep-backup", env={"PLENARY_BACKUPS_KEPT": "5"})
    after = sorted(os.listdir(machine.path(folder)))
    newest = [name for name in after if name not in before and name != "by-hand.backup"]
    assert len(newest) == 1 and after == ["by-hand.backup", *before[-4:], *newest], after
    machine.run("/usr/lib/plenary/keep-backup", env={"PLENARY_BACKUPS_KEPT": "0"}, fails=True)
    assert sorted(os.listdir(machine.path(folder))) == after


def test_every_finding_is_explained():
    """What `plenary doctor` can find is a row of the table."""
    with open(os.path.join(ROOT, "src", "server", "command_doctor.c"), encoding="utf-8") as file:
        names = set(re.findall(r'\badd\(\w+, "([a-z ]+)"', file.read()))
    rows = re.search(r"^\| finding \|.*?\n\n", manual(), re.M | re.S).group(0)
    explained = {name.strip() for row in re.findall(r"^\| ([a-z, ]+) \|", rows, re.M) for name in row.split(",")}
    assert len(names) > 10 and names <= explained, names - explained


def test_the_units_are_well_formed():
    """As far as systemd-analyze can say without the program in its place."""
    for unit in ("plenary.service", "plenary-backup.service", "plenary-backup.timer"):
        result = subprocess.run(["systemd-analyze", "verify", "--man=no", os.path.join(ROOT, "packaging", unit)], capture_output=True, text=True)
        wrong = [line for line in result.stderr.splitlines() if "is not executable" not in line and "plenary" in line]
        assert not wrong, (unit, wrong)


main(globals())
