"""All papers of an item or of the meeting as one archive: what its reader may read, in the agenda's order, by names that are safe everywhere."""
import asyncio
import io
import os
import socket
import zipfile

from plenary import join, main

PDF = b"%PDF-1.4\n" + os.urandom(300_000)


async def add(server, live, body, media_type="text/plain", **facts):
    async with server.http() as http:
        async with http.post(f"{server.url}/api/v1/meetings/demo/documents", data=body, headers={"Authorization": f"Bearer {live.token}",
                             "Content-Type": media_type}) as response:
            assert response.status == 201, await response.text()
            document = (await response.json())["id"]
    await live.command("document.add", document=document, **{"kind": "document", "embargoed": False, **facts})
    return document


async def papers(server, token, query="", status=200, meeting="demo"):
    async with server.http() as http:
        async with http.get(f"{server.url}/api/v1/meetings/{meeting}/papers.zip{query}", headers={"Authorization": f"Bearer {token}"}) as response:
            body = await response.read()
            assert response.status == status, (response.status, body)
            if status != 200:
                return {}
            assert response.headers["Content-Type"] == "application/zip" and response.headers["Content-Disposition"].startswith("attachment")
            assert int(response.headers["Content-Length"]) == len(body)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        assert all(one.compress_type == zipfile.ZIP_STORED and one.date_time[0] > 2000 for one in archive.infolist())
        return {name: archive.read(name) for name in archive.namelist()}


async def test_each_gets_what_they_may_read(server):
    moderator, speaker, listener = await join(server, "moderator"), await join(server, "delegate"), server.token("listener")
    await papers(server, moderator.token, status=404)
    first, second = [one["id"] for one in moderator.snapshot["agenda"][:2]]
    await add(server, moderator, b"for the whole meeting", title="قائمة المصطلحات")
    await add(server, moderator, PDF, "application/pdf", title="C20/5: Report?", item=second)
    await add(server, moderator, b"of the first", title="../..\\C20/4", item=first)
    await add(server, moderator, b"the same name", title="../..\\C20/4", item=first)
    await add(server, speaker, b"not before it is spoken", kind="speech", title="Speech", item=first, embargoed=True)
    open_to_all = {"1 ..-..-C20-4.txt": b"of the first", "2 ..-..-C20-4.txt": b"the same name", "3 C20-5- Report-.pdf": PDF,
                   "4 قائمة المصطلحات.txt": b"for the whole meeting"}
    assert await papers(server, listener) == open_to_all
    assert list(await papers(server, listener)) == sorted(open_to_all)
    own = await papers(server, speaker.token)
    assert own["3 Speech.txt"] == b"not before it is spoken" and len(own) == 5, own.keys()
    assert await papers(server, listener, f"?item={second}") == {"1 C20-5- Report-.pdf": PDF}
    assert len(await papers(server, speaker.token, f"?item={first}")) == 3
    await papers(server, listener, "?item=nothing", 404)
    await papers(server, listener, f"?item={'x' * 200}", 422)
    await papers(server, "nobody", status=401)
    await papers(server, listener, status=403, meeting="other")
    for one in (moderator, speaker):
        await one.close()


def begin(server, token):
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    reader.connect(("127.0.0.1", server.port))
    reader.settimeout(10)
    reader.sendall(f"GET /api/v1/meetings/demo/papers.zip HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    assert reader.recv(4096).startswith(b"HTTP/1.1 200")
    return reader


async def test_two_at_once_and_what_is_removed_ends_it(server):
    moderator, observer = await join(server, "moderator"), await join(server, "observer")
    document = await add(server, moderator, b"%PDF-1.4\n" + os.urandom(19 << 20), "application/pdf", title="Large")
    readers = [begin(server, observer.token) for _ in range(2)]
    await papers(server, observer.token, status=429)
    await papers(server, moderator.token)  # who is another
    await moderator.command("document.remove", document=document)
    for reader in readers:
        got = 0
        while True:
            try:
                piece = reader.recv(1 << 16)
            except ConnectionResetError:
                break
            got += len(piece)
            if not piece:
                break
        assert got < 19 << 20, got
        reader.close()
    await add(server, moderator, b"small", title="Small")
    for _ in range(100):  # their places are free as soon as the server sees that the connections are gone
        async with server.http() as http:
            async with http.get(f"{server.url}/api/v1/meetings/demo/papers.zip", headers={"Authorization": f"Bearer {observer.token}"}) as response:
                if response.status == 200:
                    break
                assert response.status == 429
        await asyncio.sleep(0.1)
    else:
        raise AssertionError("the places stay taken")
    for one in (moderator, observer):
        await one.close()


main(globals())
