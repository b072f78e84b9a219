"""Documents of an item and speeches under embargo: sent by REST, made documents by command, read by whom they are for, kept over a restart, destroyed
when they are removed."""
import asyncio
import hashlib
import os
import socket
import sqlite3

from plenary import expect_problem, join, main
from webrtc import Client

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 4096  # a megabyte, not read by anything


async def send(server, token, body, kind="text/plain", status=201, meeting="demo"):
    async with server.http() as http:
        async with http.post(f"{server.url}/api/v1/meetings/{meeting}/documents", data=body, headers={"Authorization": f"Bearer {token}",
                             "Content-Type": kind}) as response:
            answer = await response.json(content_type=None)
            assert response.status == status, (response.status, answer)
            return answer


async def read(server, token, document, status=200):
    async with server.http() as http:
        async with http.get(f"{server.url}/api/v1/meetings/demo/documents/{document}", headers={"Authorization": f"Bearer {token}"}) as response:
            assert response.status == status, (response.status, await response.read())
            return await response.read(), response.headers


async def test_embargo_until_delivered(server):
    speaker = server.token("delegate", delegation="FRA")
    other = server.token("delegate", delegation="BRA")
    interpreter = server.token("interpreter", language="fr")
    chair, moderator = await join(server, "chair"), await join(server, "moderator")
    speaks = await Client.join(server, speaker, hertz=440, listens=False)
    live = speaks.live
    sent = await send(server, speaker, "Monsieur le Président, …".encode())
    assert sent["sha256"] == hashlib.sha256("Monsieur le Président, …".encode()).hexdigest()
    await read(server, interpreter, sent["id"], 404)  # contents alone are no document
    await live.command("document.add", document=sent["id"], kind="speech", title="Déclaration générale", language="fr", embargoed=True)
    body, headers = await read(server, interpreter, sent["id"])
    assert body.decode() == "Monsieur le Président, …"
    assert headers["Content-Security-Policy"].startswith("sandbox") and headers["X-Content-Type-Options"] == "nosniff", headers
    assert "D%C3%A9claration%20g%C3%A9n%C3%A9rale.txt" in headers["Content-Disposition"], headers
    await read(server, speaker, sent["id"])
    await read(server, other, sent["id"], 404)
    await read(server, server.token("technician"), sent["id"], 404)
    await chair.command("floor.give", participant=live.me)
    await asyncio.sleep(10.5)  # what counts as delivered is a time in which one is heard on the floor
    await live.command("floor.yield")
    await read(server, other, sent["id"])
    await moderator.command("document.remove", document=sent["id"])
    await read(server, interpreter, sent["id"], 404)
    base = sqlite3.connect(f"file:{os.path.join(server.data, 'plenary.db')}?mode=ro", uri=True)
    assert base.execute("SELECT count(*) FROM content_chunk").fetchone() == (0,)
    base.close()
    for one in (speaks, chair, moderator, live):
        await one.close()


async def test_large_ones_and_who_may(server):
    moderator, chair = server.token("moderator"), server.token("chair")
    live = await join(server, moderator)
    sent = await send(server, moderator, PDF, "application/pdf")
    assert sent["size"] == len(PDF) and sent["form"] == "pdf", sent
    item = live.snapshot["agenda"][0]["id"]
    await live.command("document.add", document=sent["id"], kind="document", title="C20/5", item=item, embargoed=False)
    body, headers = await read(server, chair, sent["id"])
    assert body == PDF and headers["Content-Type"] == "application/pdf"
    server.stop()
    server.start()
    assert (await read(server, chair, sent["id"]))[0] == PDF
    await send(server, server.token("listener"), b"x", status=403)
    await send(server, "nobody", b"x", status=401)
    await send(server, chair, b"x", meeting="other", status=403)
    await send(server, chair, b"MZ", "application/pdf", 422)
    await send(server, chair, b"\xff\xfe", status=422)
    await send(server, chair, b"<html>", "text/html", 415)
    await send(server, server.token("delegate"), b"a" * (2 << 20), status=201)
    await send(server, server.token("delegate"), b"a" * ((2 << 20) + 1), status=413)
    await send(server, server.token("listener"), b"a" * 70000, status=403)


async def test_contents_that_nobody_names_go(server):
    token = server.token("delegate")
    live = await join(server, token)
    first = await send(server, token, b"first")
    second = await send(server, token, b"second")
    await expect_problem("not-found", live.command("document.add", document=first["id"], kind="speech", title="t", embargoed=False))
    stranger = await join(server, "chair")
    await expect_problem("not-found", stranger.command("document.add", document=second["id"], kind="speech", title="t", embargoed=False))
    await live.command("document.add", document=second["id"], kind="speech", title="t", embargoed=False)
    await expect_problem("conflict", live.command("document.add", document=second["id"], kind="speech", title="t", embargoed=False))
    await send(server, token, b"third")
    assert (await read(server, token, second["id"]))[0] == b"second"
    for one in (live, stranger):
        await one.close()


def files_holding(server, words):
    """The files of the data folder that hold these bytes."""
    found = []
    for folder, _, names in os.walk(server.data):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    if words in file.read():
                        found.append(name)
    return found


async def test_what_is_removed_stands_nowhere(server):
    words = b"Nobody but the booths may read this sentence before it is spoken."
    token = server.token("delegate", delegation="FRA")
    live, moderator = await join(server, token), await join(server, "moderator")
    # One that fits into a page, one of many chunks, and a new version of it: each is destroyed in its own way.
    for text in (words, (words + b"\n" + b"x" * 3000) * 250):
        sent = await send(server, token, text)
        await live.command("document.add", document=sent["id"], kind="speech", title="t", embargoed=True)
        assert files_holding(server, words)
        newer = await send(server, token, b"another text")
        await live.command("document.add", document=newer["id"], kind="speech", title="t", embargoed=True, replaces=sent["id"])
        assert files_holding(server, words) == []
        again = await send(server, token, text)
        await live.command("document.add", document=again["id"], kind="speech", title="t", embargoed=True, replaces=newer["id"])
        # Somebody reads the database: what stands in its log has to stay, and nobody is told that it is destroyed.
        reader = sqlite3.connect(f"file:{os.path.join(server.data, 'plenary.db')}?mode=ro", uri=True, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM content").fetchone()
        seen = live.seq  # the moderator may be told of the same a little later
        removal = asyncio.ensure_future(live.command("document.remove", document=again["id"]))
        await moderator.command("chat.send", room="moderator", language="fr", text="the meeting goes on")
        await read(server, token, again["id"], 404)
        assert not removal.done() and files_holding(server, words)
        assert not [event for event in moderator.events if event["type"] == "document.removed" and event["seq"] > seen], moderator.events[-3:]
        reader.execute("COMMIT")
        reader.close()
        await removal
        assert files_holding(server, words) == []
    for one in (live, moderator):
        await one.close()


async def test_a_removal_that_was_cut_off_is_finished(server):
    words = b"This sentence is removed while somebody reads and the process ends."
    token = server.token("delegate", delegation="FRA")
    live = await join(server, token)
    sent = await send(server, token, words)
    await live.command("document.add", document=sent["id"], kind="speech", title="t", embargoed=True)
    reader = sqlite3.connect(f"file:{os.path.join(server.data, 'plenary.db')}?mode=ro", uri=True, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM content").fetchone()
    removal = asyncio.ensure_future(live.command("document.remove", document=sent["id"]))
    await read(server, token, sent["id"], 404)
    server.kill("control")
    await asyncio.gather(removal, return_exceptions=True)
    # The next process starts while that reading lasts.
    again = await join(server, token)
    assert files_holding(server, words)
    reader.execute("COMMIT")
    reader.close()
    await again.until(lambda: any(event["type"] == "document.removed" for event in again.events)
                      or not again.snapshot.get("documents"), timeout=20)
    assert files_holding(server, words) == []
    await again.close()


async def test_who_is_removed_reads_no_further(server):
    moderator, observer = await join(server, "moderator"), await join(server, "observer")
    sent = await send(server, moderator.token, b"%PDF-1.4\n" + os.urandom(19 << 20), "application/pdf")
    await moderator.command("document.add", document=sent["id"], kind="document", title="Large", embargoed=False)
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    reader.connect(("127.0.0.1", server.port))
    reader.settimeout(10)
    reader.sendall(f"GET /api/v1/meetings/demo/documents/{sent['id']} HTTP/1.1\r\nHost: localhost\r\n"
                   f"Authorization: Bearer {observer.token}\r\n\r\n".encode())
    assert reader.recv(4096).startswith(b"HTTP/1.1 200")
    await moderator.command("participant.remove", participant=observer.me)
    got = 0
    while True:  # what is on its way already, and then the end
        try:
            piece = reader.recv(1 << 16)
        except ConnectionResetError:
            break
        got += len(piece)
        if not piece:
            break
    assert got < 12 << 20, got
    reader.close()
    for one in (moderator, observer):
        await one.close()


async def title_of(server, token, document):
    """What stands under this id: None, or its title when it can be read whole."""
    live = await join(server, token)
    listed = {one["id"]: one for one in live.snapshot.get("documents", [])}
    await live.close()
    if document["id"] not in listed:
        return None
    body, _ = await read(server, token, document["id"])
    assert hashlib.sha256(body).hexdigest() == document["sha256"]
    return listed[document["id"]]["title"]


async def test_a_new_version_and_the_old_are_never_both_lost(server):
    token = server.token("secretary")
    body = b"%PDF-1.4\n" + os.urandom(12 << 20)
    for round_ in range(2):
        live = await join(server, token)
        old = await send(server, token, body, "application/pdf")
        await live.command("document.add", document=old["id"], kind="document", title="Old", embargoed=False)
        new = await send(server, token, body + b"2", "application/pdf")
        answer = asyncio.ensure_future(live.command("document.add", document=new["id"], kind="document", title="New", embargoed=False, replaces=old["id"]))
        if round_ == 0:
            await live.until(lambda: any(event["type"] == "document.added" and event["data"]["document"]["title"] == "New" for event in live.events))
        else:  # it has hardly been sent
            await asyncio.sleep(0)
        server.kill("control")
        await asyncio.gather(answer, return_exceptions=True)
        await live.close()
        if round_ == 0:  # it was told, so it stands
            assert await title_of(server, token, new) == "New"
        else:
            assert await title_of(server, token, new) == "New" or await title_of(server, token, old) == "Old"


main(globals())
