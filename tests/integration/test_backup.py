"""Backups of a server at work: each is restored, opened by a server, and lacks nothing that was acknowledged before it began.

Short: 8 backups; --long: 50, one a second.
"""
import asyncio
import base64
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import tempfile
import time

from kept_folder import names, unpack
from measure import metrics
from plenary import BINARY, LONG, ROOT, Server, join, main, wait_ready

BACKUPS = 50 if LONG else 8
PASSPHRASE = "a passphrase of some length"


def plenary(*arguments, fails=False, stdin=None):
    result = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=120, input=stdin)
    assert (result.returncode != 0) == fails, (arguments, result.returncode, result.stdout, result.stderr)
    return result.stderr if fails else result.stdout


async def plenary_beside(*arguments):
    """The same, while the test goes on."""
    process = await asyncio.create_subprocess_exec(BINARY, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, errors = await process.communicate()
    assert process.returncode == 0, (arguments, out, errors)
    return out.decode()


class Place:
    """A folder for files of backups and what becomes of them. Use as `with Place() as place`."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="plenary-backup-")
        self.passphrase = self.path("passphrase")
        with open(self.passphrase, "w", encoding="utf-8") as file:
            file.write(PASSPHRASE + "\n")
        return self

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def __exit__(self, *_):
        self.folder.cleanup()


class Work:
    """Somebody at work: says the next thing as soon as the last was acknowledged. What was is known at every moment."""

    def __init__(self, live, room, language=None):
        self.live = live
        self.where = {"room": room, **({"language": language} if language else {})}
        self.said = 0  # acknowledged
        self.ended = False

    def words(self, number):
        return f"{self.live.me} {number}"

    async def run(self):
        while not self.ended:
            await self.live.command("chat.send", text=self.words(self.said), **self.where)
            self.said += 1
            await asyncio.sleep(0.06)  # the pace that one person may keep


class Papers:
    """Somebody who sends papers, one after the other."""

    def __init__(self, server, live):
        self.server = server
        self.live = live
        self.sent = []  # acknowledged
        self.ended = False

    async def run(self):
        while not self.ended:
            body = os.urandom(40_000).hex().encode()
            async with self.server.http() as http:
                headers = {"Authorization": f"Bearer {self.live.token}", "Content-Type": "text/plain"}
                async with http.post(f"{self.server.url}/api/v1/meetings/demo/documents", data=body, headers=headers) as response:
                    answer = await response.json(content_type=None)
                    assert response.status == 201, answer
            await self.live.command("document.add", document=answer["id"], kind="document", title=f"Paper {len(self.sent)}", language="en",
                                    embargoed=False)
            self.sent.append(answer["id"])
            await asyncio.sleep(0.3)


def kept(data):
    """What is in a folder's database: what was said, and the papers that are whole."""
    base = sqlite3.connect(f"file:{data}/plenary.db?mode=ro", uri=True)
    try:
        said = {json.loads(row[0])["text"] for row in base.execute("SELECT data FROM journal WHERE type = 'chat.said'")}
        papers = {row[0] for row in base.execute(
            "SELECT content FROM content AS c WHERE size = (SELECT sum(length(bytes)) FROM content_chunk AS k WHERE k.meeting = c.meeting AND k.content = c.content)")}
        return said, papers
    finally:
        base.close()


def findings(data):
    result = subprocess.run([BINARY, "doctor", "--data", data, "--json"], capture_output=True, text=True, timeout=60)
    return {finding["name"]: finding for finding in json.loads(result.stdout)["findings"]}


async def opens(data, link, seq):
    """A server is started on it, and lets in who had a link; the meeting is as far as it was."""
    with Server(data=data, demo=False) as server:
        await wait_ready(server, 30)
        live = await join(server, link, enter=False)
        assert live.seq >= seq, (live.seq, seq)
        await live.close()


async def test_backups_of_a_sitting_lack_nothing(server):
    link = server.token("observer")
    before = await metrics(server)
    assert before["plenary_backup_last_bytes"] == 0 and before["plenary_backup_last_timestamp_seconds"] == 0, "none was ever made"
    people = {"interpreter": {"language": "fr"}, "technician": {}, "moderator": {}}
    lives = {role: await join(server, role, **options) for role, options in people.items()}
    work = [Work(lives["interpreter"], "interpreters"), Work(lives["technician"], "technician", "fr"), Work(lives["moderator"], "moderator", "fr")]
    papers = Papers(server, await join(server, "secretary"))
    tasks = [asyncio.create_task(one.run()) for one in (*work, papers)]
    with Place() as place:
        taken = []
        for number in range(BACKUPS):
            began, due = time.time(), asyncio.get_running_loop().time() + 1
            said = {one.words(i) for one in work for i in range(one.said)}
            taken.append((place.path(f"{number}.backup"), said, set(papers.sent), lives["moderator"].seq))
            sealed = ["--passphrase", place.passphrase] if number % 4 == 1 else []
            await plenary_beside("backup", taken[-1][0], "--data", server.data, *sealed)
            await asyncio.sleep(max(0, due - asyncio.get_running_loop().time()))
        for one in (*work, papers):
            one.ended = True
        await asyncio.gather(*tasks)
        assert len(papers.sent) >= BACKUPS and all(one.said >= 4 * BACKUPS for one in work), [one.said for one in work]
        told = await metrics(server)
        assert told["plenary_backup_last_bytes"] == os.path.getsize(taken[-1][0])
        assert began <= told["plenary_backup_last_timestamp_seconds"] + 1 <= time.time() + 1, (began, told["plenary_backup_last_timestamp_seconds"])
        last = findings(server.data)["backup"]
        assert last["verdict"] == "good" and "0 hours ago" in last["words"], last
        for number, (file, said, sent, seq) in enumerate(taken):
            folder = place.path(f"restored-{number}")
            told = await plenary_beside("restore", file, folder, "--passphrase", place.passphrase)
            assert "every chain whole" in told, told
            there, whole = kept(folder)
            assert said <= there and sent <= whole, (number, said - there, sent - whole)
            found = findings(folder)
            assert all(found[name]["verdict"] == "good" for name in ("database", "meetings", "signed heads")), found
            await opens(folder, link, seq)
        assert len(taken[-1][1]) > len(taken[0][1])


def test_what_is_no_whole_backup_is_refused():
    with Server() as server, Place() as place:
        file, folder = place.path("a.backup"), place.path("restored")
        plenary("backup", file, "--data", server.data, "--passphrase", place.passphrase)
        key = place.path("key.pem")
        subprocess.run(["openssl", "pkey", "-in", os.path.join(server.data, "report-key.pem"), "-pubout", "-out", key], check=True)
        other = place.path("other.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", other], check=True)
        with open(file, "rb") as whole:
            data = whole.read()

        def refused(words, bytes_of, *options, to=folder, stdin=PASSPHRASE + "\n"):
            with open(place.path("b.backup"), "wb") as changed:
                changed.write(bytes_of)
            said = plenary("restore", place.path("b.backup"), to, *options, fails=True, stdin=stdin)
            assert words in said, said
            assert [name for name in os.listdir(place.folder.name) if "restor" in name] == [], os.listdir(place.folder.name)
        refused("passphrase does not open it", data, stdin="another one, as long\n")
        refused("no passphrase in standard input", data, stdin="")
        refused("does not open it", data[:-1])
        refused("does not open it", data[:100] + bytes([data[100] ^ 1]) + data[101:])
        refused("no backup", data[:40])
        refused("no backup", b"")
        refused("no backup", os.urandom(5000))
        refused("holds no Ed25519 key", data, "--key", place.passphrase)
        refused("not an empty folder", data, to=server.data)
        assert "replaces nothing" in plenary("backup", file, "--data", server.data, fails=True)
        assert "has 12 to 1023 bytes" in plenary("backup", folder, "--data", server.data, "--passphrase", "-", fails=True, stdin="short\n")
        assert "has the server ever been started" in plenary("backup", folder, "--data", place.folder.name, fails=True)
        plain = place.path("plain.backup")
        plenary("backup", plain, "--data", server.data)
        assert "another key signed it" in plenary("restore", plain, folder, "--key", other, fails=True)
        assert "signed by" in plenary("restore", plain, folder, "--key", key)


def test_a_broken_chain_is_named_and_kept_only_when_wished():
    with Server() as server, Place() as place:
        server.stop()
        base = sqlite3.connect(os.path.join(server.data, "plenary.db"))
        base.execute("DROP TRIGGER journal_keeps_values")
        base.execute("UPDATE journal SET by = 'somebody' WHERE stream = 'meeting/demo' AND seq = 5")
        base.commit()
        base.close()
        file, folder = place.path("a.backup"), place.path("restored")
        plenary("backup", file, "--data", server.data)
        said = plenary("restore", file, folder, fails=True)
        assert "the journal of meeting demo is broken at event 5: a row was changed" in said and "--even-broken" in said, said
        assert not os.path.exists(folder)
        assert "meeting demo will be set aside" in plenary("restore", file, folder, "--even-broken")
        assert sorted(os.listdir(folder)) == ["account-key", "anchors.jsonl", "plenary.db", "report-key.pem"]


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def forge_backup(data, file, version):
    """A backup of a folder as a server with tables of that version would make it, by openssl and tar."""
    key = os.path.join(data, "report-key.pem")
    public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout
    der = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
    files = []
    for name in ("report-key.pem", "plenary.db"):
        with open(os.path.join(data, name), "rb") as member:
            content = member.read()
        files.append({"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)})
    manifest = {"at": 1, "database": version, "files": files, "form": 1, "key": hashlib.sha256(der).hexdigest(), "made_by": "forged", "public_key": public}
    text, signature = os.path.join(data, "text"), os.path.join(data, "signature")
    with open(text, "w", encoding="utf-8") as signed:
        signed.write(canonical(manifest))
    subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", text, "-out", signature], check=True)
    with open(signature, "rb") as made:
        manifest["signature"] = base64.b64encode(made.read()).decode()
    with open(os.path.join(data, "manifest.json"), "w", encoding="utf-8") as written:
        written.write(canonical(manifest))
    subprocess.run(["tar", "--format=pax", "--zstd", "-cf", file, "-C", data, "manifest.json", "report-key.pem", "plenary.db"], check=True)


def tables(data):
    base = sqlite3.connect(f"file:{data}/plenary.db?mode=ro", uri=True)
    try:
        return base.execute("SELECT max(version) FROM schema_version").fetchone()[0]
    finally:
        base.close()


def test_another_versions_backup():
    """An older server's tables are brought up to date; a newer one's are refused in words, at both ends."""
    with Server(demo=False) as server, Place() as place:
        asyncio.run(wait_ready(server, 30))
        server.stop()
        newest = tables(server.data)
        old = place.path("old")
        facts = unpack(names()[0], old)
        base = sqlite3.connect(os.path.join(old, "plenary.db"))
        base.execute("PRAGMA journal_mode = DELETE")
        base.close()
        file, folder = place.path("a.backup"), place.path("restored")
        if facts["tables"] < newest:
            assert "another version of the server" in plenary("backup", file, "--data", old, fails=True)
        forge_backup(old, file, facts["tables"])
        told = plenary("restore", file, folder)
        assert f"version {newest}, " in told and "every chain whole" in told, told
        newer = place.path("newer.backup")
        forge_backup(old, newer, newest + 1)
        assert f"a newer server made it (forged, tables of version {newest + 1}; this one knows {newest})" in plenary("restore", newer, place.path("more"), fails=True)
        assert sorted(os.listdir(place.folder.name)) == ["a.backup", "newer.backup", "old", "passphrase", "restored"]


def documented():
    """The lines of the section in docs/operating.md: with the server, and without this program."""
    with open(os.path.join(ROOT, "docs", "operating.md"), encoding="utf-8") as file:
        section = re.search(r"^## Backup and restore\n(.*?)^## ", file.read(), re.M | re.S).group(1)
    return re.findall(r"^```\n(.*?)^```", section, re.M | re.S)


def test_the_lines_of_the_manual():
    with_server, without = documented()
    with Server() as server, Place() as place:
        for folder in ("var/backups/plenary", "var/lib", "etc/plenary", "elsewhere"):
            os.makedirs(place.path(folder))
        os.rename(place.passphrase, place.path("etc/plenary/passphrase"))
        script = 'set -euo pipefail\nplenary() { "$BINARY" "$@"; }\n'
        environment = {**os.environ, "BINARY": BINARY, "PLENARY_SERVER_DATA": server.data, "PLENARY_HTTP_PORT": str(server.port)}

        def run(lines, cwd):
            lines = re.sub(r"/(var|etc)/", rf"{place.folder.name}/\1/", lines)
            result = subprocess.run(["bash", "-c", script + lines], capture_output=True, text=True, timeout=60, cwd=cwd, env=environment)
            assert result.returncode == 0, (lines, result.stdout, result.stderr)
            return result.stdout
        told = run(with_server, place.folder.name)
        assert "sealed" in told and "every chain whole" in told, told
        assert os.path.exists(place.path("var/lib/plenary-restored/plenary.db"))
        plenary("backup", place.path("elsewhere/plain.backup"), "--data", server.data)
        told = run(without, place.path("elsewhere"))
        assert "Signature Verified Successfully" in told and "plenary.db: OK" in told, told


main(globals())
