"""The tables of offers and requests (tests/data/offers.txt, door-requests.txt) by HTTP: each gets its status, and why not in the words of
whoever refused it. What is taken must carry sound as well: that is tried in tests/unit/media/test_offers.c, from the same table of offers."""
import asyncio
import json
import os

from plenary import ROOT, Server, main, wait_ready

DATA = os.path.join(ROOT, "tests", "data")
ESCAPES = {"\\n": "\r\n", "\\r": "\r", "\\t": "\t", "\\s": " ", "\\e": "", "\\B": "\ufeff"}
DIRECTION = {"whip": "sendonly", "whep": "recvonly"}


def unescape(text):
    for escape, meant in ESCAPES.items():
        text = text.replace(escape, meant)
    return text


def table():
    """The offers, each with its name, door, SDP and expectations."""
    offers = []
    with open(os.path.join(DATA, "offers.txt"), encoding="utf-8") as file:
        for line in file.read().split("\n"):
            word, _, rest = line.partition(" ")
            if word == "==":
                offers.append({"name": rest, "answer": []})
            elif not line or line.startswith("#"):
                continue
            elif word in DIRECTION:
                offers[-1]["door"] = word
            elif word == "from":
                with open(os.path.join(DATA, "offers", f"{rest}.sdp"), encoding="utf-8", newline="") as base:
                    offers[-1]["sdp"] = base.read()
            elif word == "edit":
                offers[-1]["sdp"] = offers[-1]["sdp"].replace(*(unescape(part) for part in rest.split(" => ")))
            elif word == "lf":
                offers[-1]["sdp"] = offers[-1]["sdp"].replace("\r\n", "\n")
            elif word == "repeat":
                count, _, text = rest.partition(" ")
                offers[-1]["sdp"] += "".join(text.replace("%d", str(i + 1)) + "\r\n" for i in range(int(count)))
            elif word == "answer":
                offers[-1]["answer"].append(rest)
            else:
                offers[-1][word] = rest
    return offers


async def post_all(server, offers):
    await wait_ready(server, 20)
    token = server.token("technician")
    async with server.http() as http:
        for number, one in enumerate(offers):
            sdp = one["sdp"].replace("DIRECTION", DIRECTION[one["door"]])
            path = f"/whip/demo/feed-{number}" if one["door"] == "whip" else "/whep/demo/fr"
            bearer = {"Authorization": f"Bearer {token}"}
            async with http.post(server.url + path, data=sdp.encode(), headers={**bearer, "Content-Type": "application/sdp"}) as response:
                text = await response.text()
            if "taken" in one:
                assert response.status == 201, (one["name"], response.status, text)
                kinds = [line.split(" ")[0] for line in text.split("\r\n") if line.startswith("m=") and line.split(" ")[1] != "0"]
                assert [name for kind, name in (("m=audio", "sound"), ("m=video", "picture")) if kind in kinds] == one["taken"].split(), (one["name"], text)
                async with http.delete(server.url + response.headers["Location"], headers=bearer) as deleted:
                    assert deleted.status == 200, (one["name"], deleted.status)
            else:
                status, _, words = one["refused"].partition(" ")
                problem = json.loads(text)
                assert response.status == problem["status"] == int(status) and words in problem["detail"], (one["name"], text)


FRAGMENTS = {
    "fragment": "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n",
    "candidates": "a=ice-ufrag:pLay\r\na=ice-pwd:0123456789abcdefghijkl\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
                  "a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\n",
    "end": "a=ice-ufrag:pLay\r\na=ice-pwd:0123456789abcdefghijkl\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=end-of-candidates\r\n",
    "session": "a=ice-ufrag:pLay\r\na=ice-pwd:0123456789abcdefghijkl\r\na=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\n",
    "empty": "",
}


def requests():
    made = []
    with open(os.path.join(DATA, "door-requests.txt"), encoding="utf-8") as file:
        for line in file.read().split("\n"):
            word, _, rest = line.partition(" ")
            if word == "==":
                made.append({"name": rest, "line": "POST /whep/demo/fr HTTP/1.1", "headers": {}, "without": [], "body": "offer", "has": [], "lacks": []})
            elif word == "header":
                made[-1]["headers"].update([rest.split(": ", 1)])
            elif word in ("without", "has", "lacks"):
                made[-1][word].append(rest)
            elif word in ("body", "status"):
                made[-1][word] = rest
            elif line and not line.startswith("#"):
                made[-1]["line"] = line
    return made


async def exchange(server, data):
    """The answer's status and headers, in lower case."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 15)).decode()
    writer.close()
    status, *lines = head.split("\r\n")
    return int(status.split(" ")[1]), dict(line.lower().split(": ", 1) for line in lines if line)


async def test_the_table_of_requests(server):
    with open(os.path.join(DATA, "offers", "sound.sdp"), encoding="utf-8", newline="") as file:
        offer = file.read().replace("DIRECTION", "recvonly")
    known = {"{token}": server.token("technician")}
    await wait_ready(server, 20)

    async def ask(one):
        body = offer if one["body"] in ("offer", "chunked") else FRAGMENTS[one["body"]]
        patch = one["line"].startswith("PATCH")
        headers = {"Host": f"127.0.0.1:{server.port}", "Connection": "close", "Authorization": "Bearer {token}",
                   "Content-Type": "application/trickle-ice-sdpfrag" if patch else "application/sdp"}
        if one["body"] == "chunked":
            headers["Transfer-Encoding"] = "chunked"
            body = f"{len(body):x}\r\n{body}\r\n0\r\n\r\n"
        else:
            headers["Content-Length"] = str(len(body))
        headers.update(one["headers"])
        text = "\r\n".join([one["line"], *(f"{name}: {value}" for name, value in headers.items() if name not in one["without"])]) + "\r\n\r\n"
        for name, value in known.items():
            text = text.replace(name, value)
        return await exchange(server, (text + body).encode())

    made = requests()
    assert len(made) > 35, len(made)
    _, headers = await ask(made[0])
    known.update({"{session}": headers["location"], "{etag}": headers["etag"], "{bare etag}": headers["etag"].strip('"')})
    for one in made:
        status, headers = await ask(one)
        assert status == int(one["status"]), (one["name"], status, headers)
        for header in one["has"]:
            name, value = header.lower().split(": ", 1)
            assert value in headers.get(name, ""), (one["name"], header, headers)
        for name in one["lacks"]:
            assert name.lower() not in headers, (one["name"], name, headers)


async def test_the_table_of_offers(server):
    offers = [one for one in table() if "lenient" not in one]
    assert len(offers) > 90, len(offers)
    await post_all(server, offers)
    log = server.read_log()
    for reason in ("H.265 is not taken: VP8 or H.264", "it is in no BUNDLE with the sound"):
        assert reason in log, reason


async def test_the_sound_will_do():
    with Server("--set", "media.sound_without_picture=on") as server:
        offers = [one for one in table() if "lenient" in one]
        assert len(offers) >= 3, len(offers)
        await post_all(server, offers)


main(globals())
