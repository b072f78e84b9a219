"""One meeting whose journal cannot be read is set aside and named; the other meetings run, and start and links go on."""
import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile

import aiohttp
from forgery import copy, forge
from measure import metrics
from plenary import BINARY, Live, Server, expect_problem, join, main

GONE = json.dumps({"participant": "nobody"}, separators=(",", ":"))


def change(values):
    def run(database):
        base = sqlite3.connect(database)
        base.execute("DROP TRIGGER journal_keeps_values")
        base.execute(f"UPDATE journal SET {values} WHERE stream = 'meeting/demo' AND seq = 5")
        base.commit()
        base.close()
    return run


change_a_row = change("data = '{}'")


def add_row(kind, data):
    """Chained as it should be: the hashes say nothing against it."""
    def add(database):
        forge(database, lambda rows: [*rows, (rows[-1][0] + 1, rows[-1][1], "", 0, kind, data)])
    return add


def lose_the_head(database):
    base = sqlite3.connect(database)
    base.execute("DELETE FROM journal_head WHERE stream = 'meeting/demo'")
    base.commit()
    base.close()


HARMS = [("a row was changed", change_a_row),
         ("a row stands after the last one that was written", lose_the_head),
         ("an event whose data were destroyed", change("data = '', salt = x''")),
         ("an event that this server cannot read", add_row("gong.struck", "{}")),
         ("an event that cannot be", add_row("participant.removed", GONE))]


def logged(server, event):
    lines = [json.loads(line) for line in server.read_log().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


def doctor(server):
    result = subprocess.run(server.command("doctor", "--json"), capture_output=True, text=True, timeout=60)
    return [finding for finding in json.loads(result.stdout)["findings"] if finding["name"] in ("meeting", "meetings")]


async def nobody_is_let_in(server, link, session):
    """Neither by a link nor by the session of before; the refusal says why, and the words can be asked for."""
    problem = await expect_problem("set-aside", join(server, link))
    assert problem.status == 503 and "set aside" in problem.problem["title"], problem.problem
    async with server.http() as http:
        for path in ("/api/v1/session", "/api/v1/meetings/demo"):
            async with http.get(server.url + path, headers={"Authorization": f"Bearer {session}"}) as response:
                body = await response.json(content_type=None)
                assert response.status == 503 and body["type"] == "/problems/set-aside", (path, body)
        async with http.get(f"{server.url}/problems/set-aside") as response:
            assert response.status == 200 and "set aside" in await response.text()
    try:
        await Live(server, session).open()
        raise AssertionError("the live connection was opened")
    except aiohttp.WSServerHandshakeError as error:
        assert error.status == 503, error


async def the_other_runs(server, teacher, name):
    live = await join(server, teacher, meeting="rehearsal")
    assert live.snapshot["id"] == "rehearsal"
    await live.close()
    assert (await metrics(server))["plenary_meetings_set_aside"] == 1, name


def one_is_set_aside(name, harm):
    with Server() as server:
        link = server.token("delegate")
        teacher = server.token("technician", meeting="rehearsal")
        live = asyncio.run(sign_in(server, link))
        server.stop()
        assert doctor(server) == [{"name": "meetings", "verdict": "good", "words": "2, each can be read"}], doctor(server)
        harm(os.path.join(server.data, "plenary.db"))
        os.unlink(os.path.join(server.data, "anchors.jsonl"))
        found = doctor(server)
        assert len(found) == 1 and found[0]["verdict"] == "failed" and found[0]["words"].startswith("demo is set aside"), found
        assert name in found[0]["words"], found
        server.start()
        assert [line["meeting"] for line in logged(server, "meeting.set_aside")] == ["demo"]
        assert name in logged(server, "journal.broken")[0]["reason"]
        asyncio.run(nobody_is_let_in(server, link, live))
        asyncio.run(the_other_runs(server, teacher, name))
        refused = subprocess.run([BINARY, "token", "--data", server.data, "--meeting", "demo", "--role", "listener"], capture_output=True, text=True)
        assert refused.returncode != 0 and "set aside" in refused.stderr, refused.stderr
        server.stop()
        with open(os.path.join(server.data, "anchors.jsonl"), encoding="utf-8") as file:
            signed = {json.loads(line)["stream"] for line in file}
        assert "meeting/rehearsal" in signed, signed
        assert ("meeting/demo" in signed) == (harm not in (change_a_row, lose_the_head)), signed  # of a broken chain nobody vouches for the head


async def sign_in(server, link):
    live = await join(server, link)
    token = live.token
    await live.close()
    return token


def test_a_row_that_was_changed():
    one_is_set_aside(*HARMS[0])


def test_a_head_that_is_gone():
    one_is_set_aside(*HARMS[1])


def test_an_event_whose_data_were_destroyed():
    """The chain holds, so its head is still vouched for; what happened cannot be told any more."""
    one_is_set_aside(*HARMS[2])


def test_an_event_of_a_later_server():
    one_is_set_aside(*HARMS[3])


def test_an_event_that_cannot_be():
    one_is_set_aside(*HARMS[4])


def test_doctor_on_a_database_of_an_older_server():
    """It is good: the next start brings it up to date, which doctor does not."""
    journals = os.path.join(os.path.dirname(__file__), "..", "data", "journals")
    for name in ("001", "002"):
        [journal] = [one for one in os.listdir(journals) if one.startswith(name) and one.endswith(".db")]
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(os.path.join(journals, journal), os.path.join(folder, "plenary.db"))
            result = subprocess.run([BINARY, "doctor", "--data", folder, "--json"], capture_output=True, text=True, timeout=60)
            found = {one["name"]: one for one in json.loads(result.stdout)["findings"]}
            assert found["database"]["verdict"] == "good" and "of an older server" in found["database"]["words"], found
            assert found["meetings"]["verdict"] == "good", found


def test_doctor_names_each_of_many():
    with Server() as server:
        server.stop()
        copy(os.path.join(server.data, "plenary.db"), [f"m{number}" for number in range(40)])
        base = sqlite3.connect(os.path.join(server.data, "plenary.db"))
        base.execute("DROP TRIGGER journal_keeps_values")
        base.execute("UPDATE journal SET data = '{}' WHERE stream LIKE 'meeting/m%' AND seq = 1")
        base.commit()
        base.close()
        result = subprocess.run(server.command("doctor", "--json"), capture_output=True, text=True, timeout=60)
        found = json.loads(result.stdout)["findings"]
        named = {one["words"].split()[0] for one in found if one["name"] == "meeting"}
        assert named == {f"m{number}" for number in range(40)}, named
        assert {"signed heads", "confinement"} <= {one["name"] for one in found}, found


main(globals())
