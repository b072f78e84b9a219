"""Signed heads of the journal: they leave the machine, are checked without the program, and name a journal that was rolled back, forked or rewritten
with all its hashes."""
import asyncio
import json
import os
import shutil
import sqlite3
import subprocess

from aiohttp import web
from forgery import forge
from plenary import BINARY, Server, join, main


class Receiver:
    """A web address elsewhere. Refuses the first `refuses` times; never answers while `hold` is set."""

    def __init__(self, refuses=0, hold=False):
        self.refuses = refuses
        self.hold = asyncio.Event()
        if not hold:
            self.hold.set()
        self.asked = 0
        self.lines = []
        self.changed = asyncio.Event()

    async def take(self, request):
        body = await request.read()
        self.asked += 1
        self.changed.set()
        await self.hold.wait()
        if self.refuses > 0:
            self.refuses -= 1
            return web.Response(status=503)
        assert request.content_type == "application/x-ndjson" and body.endswith(b"\n"), body
        self.lines += body.decode().splitlines()
        self.changed.set()
        return web.Response(status=204)

    async def __aenter__(self):
        app = web.Application()
        app.router.add_post("/anchors", self.take)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/anchors"
        return self

    async def __aexit__(self, *_):
        self.hold.set()
        await self.runner.cleanup()

    async def until(self, condition, timeout=40):
        async def wait():
            while not condition():
                self.changed.clear()
                await self.changed.wait()
        await asyncio.wait_for(wait(), timeout)

    def reasons(self):
        return [json.loads(line)["why"] for line in self.lines]


def pem_of(server, folder):
    path = os.path.join(folder, "key.pem")
    subprocess.run(["openssl", "pkey", "-in", os.path.join(server.data, "report-key.pem"), "-pubout", "-out", path], check=True)
    return path


def accepted_by_openssl(line, key, folder):
    """As docs/operating.md says: jq and openssl, nothing of ours."""
    script = """printf '%s' "$LINE" | jq -cSj 'del(.signature)' > head; printf '%s' "$LINE" | jq -r .signature | base64 -d > signature
        openssl pkeyutl -verify -pubin -inkey "$KEY" -rawin -in head -sigfile signature"""
    return subprocess.run(["sh", "-c", script], cwd=folder, env={**os.environ, "LINE": line, "KEY": key}, capture_output=True).returncode == 0


def doctor(server):
    result = subprocess.run(server.command("doctor", "--json"), capture_output=True, text=True, timeout=60)
    return {finding["name"]: finding for finding in json.loads(result.stdout)["findings"]}


def report(server, *arguments):
    result = subprocess.run([BINARY, "report", "--data", server.data, *arguments], capture_output=True, timeout=60)
    return result.returncode, result.stdout, result.stderr.decode()


async def hold_a_sitting(server):
    chair = await join(server, "chair")
    items = [item["id"] for item in chair.snapshot["agenda"]]
    await chair.command("item.start", item=items[1])
    await chair.command("list.close")
    await chair.command("sitting.close")
    await chair.close()
    return chair.seq


async def use_the_ways(server_folder):
    outside = os.path.join(server_folder, "outside.jsonl")
    async with Receiver(refuses=1) as receiver:
        with Server("--set", f"anchors.file={outside}", "--set", f"anchors.webhook={receiver.url}") as server:
            # The first was refused: it comes again, and the meeting has not waited for it.
            await receiver.until(lambda: receiver.asked >= 1)
            last = await hold_a_sitting(server)
            await receiver.until(lambda: "item" in receiver.reasons() and "sitting" in receiver.reasons())
            heads = [json.loads(line) for line in receiver.lines]
            assert [head for head in heads if head["why"] == "sitting" and head["seq"] >= last], heads
            assert {head["stream"] for head in heads} == {"meeting/demo", "meeting/rehearsal"}, heads
            with open(os.path.join(server.data, "anchors.jsonl")) as file:
                kept = file.read().splitlines()
            with open(outside) as file:
                assert file.read().splitlines() == kept
            assert receiver.lines == kept
            key = pem_of(server, server_folder)
            assert all(accepted_by_openssl(line, key, server_folder) for line in kept)
            assert not accepted_by_openssl(kept[0].replace('"seq":', '"seq":1'), key, server_folder)
            assert doctor(server)["signed heads"]["verdict"] == "good", doctor(server)
            # Stopping signs what is new; after a restart it goes on where it was, nothing twice.
            moderator = await join(server, "moderator")
            await moderator.command("chat.send", room="moderator", language="fr", text="after the sitting")
            await moderator.close()
            server.stop()
            server.start()
            await receiver.until(lambda: "stop" in receiver.reasons())
            assert len(receiver.lines) == len(set(receiver.lines)), receiver.lines
            with open(outside) as file:
                assert file.read().splitlines()[:len(receiver.lines)] == receiver.lines


async def test_heads_leave_the_machine(server):
    await use_the_ways(server.folder.name)


def test_a_web_address_that_never_answers_holds_nobody_up():
    async def use():
        async with Receiver(hold=True) as receiver:
            with Server("--set", f"anchors.webhook={receiver.url}") as server:
                await receiver.until(lambda: receiver.asked >= 1)
                await hold_a_sitting(server)
                assert receiver.lines == []
                server.stop()
                assert server.process.returncode == 0
    asyncio.run(use())


def test_a_forged_journal_is_found():
    with Server() as server:
        asyncio.run(hold_a_sitting(server))
        early = os.path.join(server.folder.name, "early.db")
        subprocess.run(["sqlite3", f"{server.data}/plenary.db", f".backup {early}"], check=True)
        asyncio.run(hold_a_sitting_again(server))
        code, good_report, errors = report(server, "demo")
        assert code == 0, errors
        server.stop()
        folder = server.folder.name
        anchors, honest = os.path.join(folder, "elsewhere.jsonl"), os.path.join(folder, "honest.db")
        shutil.copy(os.path.join(server.data, "anchors.jsonl"), anchors)
        shutil.copy(os.path.join(server.data, "plenary.db"), honest)
        report_file, key = os.path.join(folder, "report.json"), pem_of(server, folder)
        with open(report_file, "wb") as file:
            file.write(good_report)
        for arguments in (("--verify", report_file), ("--verify", report_file, "--anchors", anchors), ("--anchors", anchors),
                          ("--verify", report_file, "--anchors", anchors, "--journal", honest, "--key", key)):
            code, words, errors = report(server, *arguments)
            assert code == 0 and b"good: the journal" in words, (arguments, words, errors)

        def is_found(words, rest=()):
            """By the doctor, by the check with what was kept elsewhere, and by the next start."""
            found = doctor(server)
            assert found["database"]["verdict"] == "good", found  # the chain alone says nothing
            assert found["signed heads"]["verdict"] == "failed" and words in found["signed heads"]["words"], found
            for arguments in (("--verify", report_file), ("--anchors", anchors),
                              ("--anchors", anchors, "--journal", os.path.join(server.data, "plenary.db"), "--key", key)):
                code, _, errors = report(server, *arguments)
                assert code == 1 and words in errors, (arguments, errors)
            server.start()
            server.stop()
            assert '"journal.contradicted"' in server.read_log() and words in server.read_log(), server.read_log()[-3000:]

        def put(database):
            for name in ("plenary.db", "plenary.db-wal", "plenary.db-shm"):
                if os.path.exists(os.path.join(server.data, name)):
                    os.unlink(os.path.join(server.data, name))
            shutil.copy(database, os.path.join(server.data, "plenary.db"))
            shutil.copy(anchors, os.path.join(server.data, "anchors.jsonl"))
            open(os.path.join(server.folder.name, "server.log"), "w").close()

        put(honest)
        forge(os.path.join(server.data, "plenary.db"), lambda rows: [
            (seq, at, by, on_behalf, kind, data.replace('"closed"', '"open"') if kind == "list.changed" else data)
            for seq, at, by, on_behalf, kind, data in rows])
        is_found("another than the one that was signed")
        put(early)
        is_found("was rolled back")
        # Rolled back, and gone on with other events until it is longer than it was.
        put(honest)
        forge(os.path.join(server.data, "plenary.db"), lambda rows: rows[:len(rows) - 3] + [
            (seq, at + 1, by, on_behalf, kind, data) for seq, at, by, on_behalf, kind, data in rows[-3:]])
        is_found("another than the one that was signed")
        # Who rewrites the heads here too, without the key, is found by them; who takes them away, by those elsewhere.
        put(honest)
        local = os.path.join(server.data, "anchors.jsonl")
        with open(local) as file:
            lines = file.read()
        with open(local, "w") as file:
            file.write(lines.replace('"why":"sitting"', '"why":"item"'))
        assert "was changed" in doctor(server)["signed heads"]["words"]
        put(early)
        os.unlink(local)
        code, _, errors = report(server, "--anchors", anchors)
        assert code == 1 and "rolled back" in errors, errors
        # The honest one is good again, also where a full disk has torn a line whose head follows whole; half a head alone is one that was changed.
        put(honest)
        whole = lines.splitlines(keepends=True)
        torn = os.path.join(folder, "torn.jsonl")
        for kept, good in (([whole[0], whole[1][:99] + "\n", *whole[1:]], True), ([whole[0], whole[1][:99] + "\n", *whole[2:]], False)):
            with open(torn, "w") as file:
                file.writelines(kept)
            code, _, errors = report(server, "--anchors", torn)
            assert (code == 0) == good and ("was changed" in errors) != good, (code, errors)
        assert doctor(server)["signed heads"]["verdict"] == "good"


async def hold_a_sitting_again(server):
    chair = await join(server, "chair")
    await chair.command("sitting.open")
    await chair.command("list.open")
    await chair.command("list.close")
    await chair.command("sitting.close")
    await chair.close()


def test_the_report_carries_a_head():
    with Server() as server:
        asyncio.run(hold_a_sitting(server))
        code, body, errors = report(server, "demo")
        assert code == 0, errors
        whole = json.loads(body)
        folder = server.folder.name
        key = pem_of(server, folder)
        line = json.dumps(whole["anchor"], sort_keys=True, separators=(",", ":"))
        assert whole["anchor"]["seq"] == whole["report"]["seq"] and accepted_by_openssl(line, key, folder)
        # On paper, in a language that is written the other way too.
        for language in ("en", "ar"):
            code, pdf, errors = report(server, "demo", "--pdf", "--language", language)
            assert code == 0, errors
            path = os.path.join(folder, "report.pdf")
            with open(path, "wb") as file:
                file.write(pdf)
            subprocess.run(["pdftoppm", "-r", "150", "-png", path, os.path.join(folder, f"page-{language}")], check=True)
            read = []
            for name in sorted(os.listdir(folder)):
                if name.startswith(f"page-{language}"):
                    result = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", os.path.join(folder, name)],
                                            capture_output=True, text=True)
                    read += result.stdout.splitlines()
            assert len(read) == 1 and accepted_by_openssl(read[0], key, folder), read
            printed = json.loads(read[0])
            base = sqlite3.connect(f"file:{server.data}/plenary.db?mode=ro", uri=True)
            row = base.execute("SELECT lower(hex(hash)) FROM journal WHERE stream = 'meeting/demo' AND seq = ?", (printed["seq"],)).fetchone()
            base.close()
            assert row == (printed["hash"],), printed
        # A report whose head is another's is refused.
        changed = {**whole, "anchor": {**whole["anchor"], "seq": whole["anchor"]["seq"] + 1}}
        path = os.path.join(folder, "changed.json")
        with open(path, "w") as file:
            json.dump(changed, file)
        code, _, errors = report(server, "--verify", path)
        assert code == 1 and "head of the journal" in errors, errors


main(globals())
