"""Another version's data folder: an older one is opened with its meetings, people and documents; a newer one is refused in words and not touched.

    tests/integration/test_versions.py --write=NAME     keeps a folder of today's server in tests/data/folders
"""
import asyncio
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from kept_folder import KEPT, names, unpack
from plenary import BINARY, ROOT, Server, join, main, wait_ready

PASSWORD = "a password of some length"
PAPER = "The draft decision on items 4 and 5.\nПроект решения.\nمشروع مقرر.\n"
SAID = "The booth of French has no light."
YEAR_2100 = 4_102_444_800_000


def command(*arguments, stdin="", fails=False):
    result = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60, input=stdin)
    assert (result.returncode != 0) == fails, (arguments, result.returncode, result.stdout, result.stderr)
    return result.stderr if fails else result.stdout


def findings(data):
    result = subprocess.run([BINARY, "doctor", "--data", data, "--json"], capture_output=True, text=True, timeout=60)
    return {finding["name"]: finding for finding in json.loads(result.stdout)["findings"]}


# ---- A folder of another age

async def fill(server):
    """A meeting in which something has happened, an account, a link, a document."""
    command("user", "add", "--data", server.data, "--account", "zoe", "--name", "Zoé Nguyễn", "--administrator", stdin=PASSWORD + "\n")
    command("user", "place", "--data", server.data, "--account", "zoe", "--meeting", "demo", "--participant", "chair")
    link = server.token("delegate", delegation="SEN", name="Awa Keita")
    moderator = await join(server, "moderator")
    await moderator.command("chat.send", room="moderator", language="fr", text=SAID)
    delegate = await join(server, link)
    async with server.http() as http:
        headers = {"Authorization": f"Bearer {moderator.token}", "Content-Type": "text/plain"}
        async with http.post(f"{server.url}/api/v1/meetings/demo/documents", data=PAPER.encode(), headers=headers) as response:
            document = (await response.json())["id"]
    await moderator.command("document.add", document=document, kind="document", title="Draft decision", language="en", embargoed=False)
    await moderator.command("sitting.close")
    facts = {"link": link, "document": document, "seq": moderator.seq, "delegate": delegate.me}
    await delegate.close()
    await moderator.close()
    return facts


def write(name):
    with Server() as server:
        facts = asyncio.run(fill(server))
        server.stop()
        base = sqlite3.connect(os.path.join(server.data, "plenary.db"))
        # The one thing that ages by itself.
        base.execute("UPDATE token SET expires_at = ?", (YEAR_2100,))
        base.commit()
        facts["tables"] = base.execute("SELECT max(version) FROM schema_version").fetchone()[0]
        with open(os.path.join(KEPT, f"{name}.sql"), "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in base.iterdump())
        base.close()
        for kept, place in (("key.pem", "report-key.pem"), ("anchors.jsonl", "anchors.jsonl")):
            shutil.copy(os.path.join(server.data, place), os.path.join(KEPT, f"{name}.{kept}"))
        with open(os.path.join(KEPT, f"{name}.json"), "w", encoding="utf-8") as file:
            json.dump(facts, file, indent=2)
            file.write("\n")


async def is_all_there(server, facts):
    await wait_ready(server, 30)
    live = await join(server, facts["link"], enter=False)
    assert live.seq >= facts["seq"] and live.me == facts["delegate"], (live.seq, live.me, facts)
    assert any(one["name"] == "Awa Keita" and one["id"] == facts["delegate"] for one in live.snapshot["participants"])
    async with server.http() as http:
        async with http.get(f"{server.url}/api/v1/meetings/demo/documents/{facts['document']}", headers={"Authorization": f"Bearer {live.token}"}) as response:
            assert response.status == 200 and await response.text() == PAPER, response.status
        wish = {"account": "zoe", "password": PASSWORD, "meeting": "demo"}
        async with http.post(f"{server.url}/api/v1/session", json=wish) as response:
            session = await response.json()
            assert response.status == 201 and session["participant"] == "chair" and session["name"] == "Zoé Nguyễn", session
    # And it goes on: an event after those of the older server, on the disk.
    chair = await join_with(server, session["token"])
    before = chair.seq
    await chair.command("sitting.open")
    assert chair.seq > before
    await chair.close()
    await live.close()


async def join_with(server, session):
    from plenary import Live
    live = await Live(server, session).open()
    await live.command("room.enter")
    return live


def test_a_folder_of_each_age_is_opened_with_all_that_is_in_it():
    assert names()
    for name in names():
        with tempfile.TemporaryDirectory(prefix="plenary-age-") as folder:
            data = os.path.join(folder, "data")
            facts = unpack(name, data)
            with Server(data=data, demo=False) as server:
                asyncio.run(is_all_there(server, facts))
            found = findings(data)
            assert all(found[one]["verdict"] == "good" for one in ("database", "meetings", "signed heads")), (name, found)
            base = sqlite3.connect(f"file:{data}/plenary.db?mode=ro", uri=True)
            version, = base.execute("SELECT max(version) FROM schema_version").fetchone()
            said = [json.loads(row[0])["text"] for row in base.execute("SELECT data FROM journal WHERE type = 'chat.said'")]
            base.close()
            assert SAID in said and version >= facts["tables"], (name, said, version)
            print(f"{name}: tables of version {facts['tables']}, now {version}; {facts['seq']} events of then")


# ---- A newer one

def hashes(data):
    return {name: hashlib.sha256(open(os.path.join(data, name), "rb").read()).hexdigest() for name in sorted(os.listdir(data)) if name in ("plenary.db", "report-key.pem", "anchors.jsonl")}


def made_newer(data):
    """As a server of tables to come would leave it, stopped."""
    base = sqlite3.connect(os.path.join(data, "plenary.db"))
    base.execute("INSERT INTO schema_version VALUES (1000)")
    base.execute("INSERT INTO setting VALUES ('tables.made_by', '7.5.3') ON CONFLICT (key) DO UPDATE SET value = excluded.value")
    base.execute("CREATE TABLE of_times_to_come (x INTEGER)")
    base.commit()
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()


def test_a_newer_folder_is_refused_in_words():
    with Server() as server, tempfile.TemporaryDirectory(prefix="plenary-newer-") as folder:
        server.stop()
        this = command("--version").split()[1]
        made_newer(server.data)
        before = hashes(server.data)
        words = ["a newer Plenary, 7.5.3, made the tables of the database (version 1000)", f"this is {this}", "Start 7.5.3 again", "restore a backup"]
        options = ["--data", server.data, "--port", str(server.port)]
        for attempt in (["serve"], ["serve", "--demo"], ["demo"], ["token", "--meeting", "demo", "--role", "listener"], ["user", "list"], ["report", "demo"],
                        ["backup", os.path.join(folder, "a.backup")]):
            said = command(*attempt, *options, fails=True)
            assert all(one in said for one in words) and said.count("\n") == 1, (attempt, said)
        found = findings(server.data)
        assert found["database"]["verdict"] == "failed" and all(one in found["database"]["words"] for one in words), found["database"]
        assert {found[one]["words"] for one in ("meetings", "signed heads", "backup")} == {"not looked at: see the database"}, found
        assert hashes(server.data) == before and os.listdir(folder) == []


def test_it_says_which_version_it_is():
    with open(os.path.join(ROOT, "meson.build"), encoding="utf-8") as file:
        version = re.search(r"version: '([^']+)'", file.read()).group(1)
    assert command("--version") == f"plenary {version}\n"


wanted = [argument.partition("=")[2] for argument in sys.argv[1:] if argument.startswith("--write=")]
if wanted:
    write(wanted[0])
else:
    main(globals())
