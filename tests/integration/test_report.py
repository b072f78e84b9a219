"""The report of a meeting: signed JSON and PDF, for those it is for; checked without the program's own code."""
import base64
import json
import os
import subprocess
import tempfile

from plenary import BINARY, join, main
from webrtc import Client


async def fetch(server, token, path, status=200):
    async with server.http() as http, http.get(f"{server.url}/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}) as response:
        body = await response.read()
        assert response.status == status, (response.status, body[:300])
        return body, response.headers.get("Content-Type")


async def hold_a_short_meeting(server):
    """A delegate speaks, the French booth works; gives the interpreter's id."""
    chair, delegate = await join(server, "chair"), await join(server, "delegate")
    sender = await Client.join(server, "interpreter", language="fr", hertz=1000, listens=False)
    interpreter = sender.live
    await chair.command("floor.give", participant=delegate.me)
    await interpreter.command("desk.microphone", state="on")
    await interpreter.event("desk.changed", participant=interpreter.me, microphone="on")
    await interpreter.command("desk.sound_report", limiter_hits=2, level_db=24, bandwidth_hz=14000)
    await interpreter.command("desk.microphone", state="off")
    await chair.command("floor.end", participant=delegate.me)
    me = interpreter.me
    for live in (chair, delegate, sender):
        await live.close()
    return me


def canonical(value):
    """RFC 8785 for whole numbers and plain keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def openssl_accepts(folder, data, signature, pem):
    paths = {name: os.path.join(folder, name) for name in ("data", "signature", "key.pem")}
    for name, content in (("data", data), ("signature", signature), ("key.pem", pem)):
        with open(paths[name], "wb") as file:
            file.write(content)
    return subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", paths["key.pem"], "-rawin", "-in", paths["data"], "-sigfile",
                           paths["signature"]], capture_output=True, timeout=20).returncode == 0


async def test_json_is_signed_and_a_changed_one_is_refused(server):
    me = await hold_a_short_meeting(server)
    body, kind = await fetch(server, server.token("moderator"), "meetings/demo/report.json")
    assert kind == "application/json", kind
    whole = json.loads(body)
    person = next(person for person in whole["report"]["persons"] if person["id"] == me)
    assert person["turns"] == 1 and person["booth"] == "fr", person
    pem, _ = await fetch(server, "", "report/key")
    signature = base64.b64decode(whole["signature"]["value"])
    with tempfile.TemporaryDirectory() as folder:
        assert openssl_accepts(folder, canonical(whole["report"]), signature, pem)
        whole["report"]["persons"][0]["spoken_ms"] += 1
        assert not openssl_accepts(folder, canonical(whole["report"]), signature, pem)
        for content, code in ((body, 0), (json.dumps(whole).encode(), 1)):
            path = os.path.join(folder, "report.json")
            with open(path, "wb") as file:
                file.write(content)
            result = subprocess.run([BINARY, "report", "--verify", path, "--data", server.data], capture_output=True, text=True, timeout=20)
            assert result.returncode == code, result
    assert os.stat(os.path.join(server.data, "report-key.pem")).st_mode & 0o777 == 0o600


async def test_pdf_has_names_in_every_script(server):
    await hold_a_short_meeting(server)
    token = server.token("technician")
    for language, words in (("en", ["Report on interpretation", "Interpreters"]), ("zh", ["口译报告", "口译员"]), ("ru", ["Отчет об устном переводе"]),
                            ("ar", ["المترجمون"])):
        body, kind = await fetch(server, token, f"meetings/demo/report.pdf?language={language}")
        assert kind == "application/pdf" and body.startswith(b"%PDF-"), kind
        text = subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, timeout=20, check=True).stdout.decode()
        text = "".join(text.split())  # joined letters come out apart
        for wanted in words:
            assert "".join(wanted.split()) in text, (language, wanted, text[:600])
    await fetch(server, token, "meetings/demo/report.pdf?language=xx", 422)


async def test_others_do_not_get_it(server):
    await fetch(server, server.token("delegate"), "meetings/demo/report.json", 403)
    await fetch(server, server.token("listener"), "meetings/demo/report.pdf", 403)
    await fetch(server, server.token("chair"), "meetings/other/report.json", 403)
    await fetch(server, "stranger", "meetings/demo/report.json", 401)


main(globals())
