"""Mails leave the machine by the operator's mail server: over TLS, once, again after a refusal for now, and never with a personal link left behind."""
import asyncio
import email
import email.policy
import email.utils
import glob
import json
import os
import sqlite3
import subprocess
import tempfile
import time

import aiohttp

from mail_server import MailServer, options, read
from plenary import BINARY, Server, main

SUBJECTS = {
    "en": "Your place in the fifty-eighth session of the Assemblies of the Member States, which begins on Monday",
    "fr": "Votre place à la cinquante-huitième session des assemblées des États membres, à Genève",
    "es": "Su lugar en la quincuagésima octava serie de reuniones de las Asambleas: ¿qué sigue?",
    "ru": "Ваше место на пятьдесят восьмой серии заседаний Ассамблей государств-членов",
    "ar": "مكانكم في السلسلة الثامنة والخمسين لاجتماعات جمعيات الدول الأعضاء",
    "zh": "您在成员国大会第五十八届系列会议上的席位：请使用您的个人链接登录并在会前测试麦克风",
}
PLAIN = "AHBsZW5hcnkAc3dvcmRmaXNo"  # "\0plenary\0swordfish"
SECRET = "https://meet.example.org/m/council#A-PERSONAL-LINK-OF-THE-TEST"


def database(server):
    return sqlite3.connect(os.path.join(server.data, "plenary.db"), timeout=10, isolation_level=None)


def put(server, name, address, language="en", text="The hall has changed.\n", secret=0, calendar="", method=""):
    """Into the queue, as the server itself does it."""
    with database(server) as queue:
        queue.execute("INSERT INTO mail (id, address, name, language, subject, text, calendar, method, secret, created_at, next_try_at)"
                      " VALUES (?, ?, 'Amina Diallo', ?, ?, ?, ?, ?, ?, ?, 0)",
                      (name, address, language, SUBJECTS[language], text, calendar, method, secret, int(time.time() * 1000)))


def rows(server):
    result = subprocess.run([BINARY, "mail", "list", "--json", "--data", server.data], capture_output=True, text=True, timeout=20, check=True)
    return {row["id"]: row for row in json.loads(result.stdout)}


async def row_when(server, name, condition, timeout=30):
    deadline = time.monotonic() + timeout
    while not condition(row := rows(server)[name]):
        assert time.monotonic() < deadline, row
        await asyncio.sleep(0.05)  # polls another process's table
    return row


def run(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60)


def on_disk(server, text):
    return [path for path in glob.glob(os.path.join(server.data, "plenary.db*")) if text.encode() in open(path, "rb").read()]


async def run_beside(*arguments):
    return await asyncio.get_running_loop().run_in_executor(None, run, *arguments)


async def metrics(server):
    async with aiohttp.ClientSession() as http, http.get(f"{server.url}/metrics") as response:
        return dict(line.split(" ") for line in (await response.text()).splitlines() if not line.startswith("#"))


async def put_off_and_refused(server, mails):
    """451 is for now, 550 for ever."""
    mails.answers, mails.refused = ["451 4.7.1 greylisted"], {"nobody@example.org"}
    before = time.time() * 1000
    put(server, "later", "later@example.org")
    row = await row_when(server, "later", lambda row: row["tries"] == 1)
    assert row["state"] == "waiting" and row["error"] == "451 4.7.1 greylisted", row
    assert row["next_try_at"] - before >= 60_000, row
    put(server, "never", "nobody@example.org")
    row = await row_when(server, "never", lambda row: row["state"] == "failed")
    assert row["tries"] == 1 and row["error"] == "550 5.1.1 nobody of that name", row
    with database(server) as queue:  # the minute has passed
        queue.execute("UPDATE mail SET next_try_at = 0 WHERE id = 'later'")
    await mails.until(lambda: [mail for mail in mails.mails if mail["to"] == "later@example.org"])
    assert (await row_when(server, "later", lambda row: row["state"] == "sent"))["tries"] == 2
    figures = await metrics(server)
    assert (figures["plenary_mails_failed"], figures["plenary_mails_put_off_total"], figures["plenary_mail_server_answers"]) == ("1", "1", "1")


async def in_six_languages(server, mails):
    for language in SUBJECTS:
        put(server, f"in-{language}", f"{language}@example.org", language, f"{SUBJECTS[language]}\n.\n\nFrom {SECRET}\n", secret=1)
    await mails.until(lambda: len({mail["to"] for mail in mails.mails} & {f"{language}@example.org" for language in SUBJECTS}) == 6)
    for language, subject in SUBJECTS.items():
        mail, = [mail for mail in mails.mails if mail["to"] == f"{language}@example.org"]
        message = read(mail)
        assert mail["tls"] and message["Subject"] == subject and message["Content-Language"] == language, message["Subject"]
        assert str(message["From"]) == "Secrétariat <plenary@meet.example.org>" and message["Auto-Submitted"] == "auto-generated"
        assert message["Message-ID"] == f"<in-{language}@meet.example.org>"
        assert abs(email.utils.parsedate_to_datetime(message["Date"]).timestamp() - time.time()) < 600
        text = message.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n")
        assert text == f"{subject}\n.\n\nFrom {SECRET}", text
        html = message.get_body(("html",)).get_content()
        assert f'href="{SECRET}"' in html and f'dir="{"rtl" if language == "ar" else "ltr"}"' in html, html
        assert all(len(line) <= 78 and line.isascii() for line in mail["content"].split(b"\r\n")), mail["content"]
        await row_when(server, f"in-{language}", lambda row: row["state"] == "sent")


async def with_a_calendar(server, mails):
    calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:CANCEL\r\nBEGIN:VEVENT\r\nSUMMARY:Comité: séance annulée\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    put(server, "calendar", "calendar@example.org", "fr", calendar=calendar, method="CANCEL")
    await mails.until(lambda: [mail for mail in mails.mails if mail["to"] == "calendar@example.org"])
    parts = [part.get_content_type() for part in read(mails.mails[-1]).walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html", "text/calendar"], parts
    part = list(read(mails.mails[-1]).walk())[-1]
    assert part.get_param("method") == "CANCEL" and part.get_content().splitlines() == calendar.splitlines(), part.get_content()


async def nothing_is_left_of_the_link(server):
    with database(server) as queue:
        assert queue.execute("SELECT count(*), sum(length(text)) FROM mail WHERE secret").fetchone() == (6, 0)
    deadline = time.monotonic() + 30
    while left := on_disk(server, SECRET):
        assert time.monotonic() < deadline, left
        await asyncio.sleep(0.05)  # polls what another process does with its files


async def kill_while_it_is_sent(server, mails):
    """The mail server has the whole mail and has not said so."""
    mails.hold = asyncio.Event()
    put(server, "killed", "killed@example.org")
    await mails.until(lambda: "held" in mails.commands)
    server.kill("control")
    mails.hold.set()
    mails.hold = None
    await mails.until(lambda: len([mail for mail in mails.mails if mail["to"] == "killed@example.org"]) == 2)
    first, second = [mail["content"] for mail in mails.mails if mail["to"] == "killed@example.org"]
    assert first == second  # with one Message-ID, so that whoever gets both can tell
    await row_when(server, "killed", lambda row: row["state"] == "sent")


async def stop_while_it_is_sent(server, mails):
    """The mail server never answers, which keeps nobody from stopping; nothing is written of a try that was cut off."""
    mails.commands.clear()
    mails.hold = asyncio.Event()
    put(server, "stopped", "stopped@example.org")
    await mails.until(lambda: "held" in mails.commands)
    await asyncio.get_running_loop().run_in_executor(None, server.stop)
    assert server.process.returncode == 0
    row = rows(server)["stopped"]
    assert (row["state"], row["tries"], row["error"]) == ("waiting", 0, ""), row
    mails.hold.set()


async def the_way_of_a_mail():
    with tempfile.TemporaryDirectory() as folder:
        password = os.path.join(folder, "password")
        with open(password, "w", encoding="ascii") as file:
            file.write("swordfish\n")
        signs_in = ("--set", "mail.user=plenary", "--set", f"mail.password_file={password}")
        async with MailServer(folder, password=PLAIN) as mails:
            with Server(*options(mails, *signs_in)) as server:
                result = await run_beside("mail", "test", "queue@example.org", "--queued", "--data", server.data, *options(mails))
                name = result.stdout.strip()
                assert result.returncode == 0 and name.startswith("mail-"), result
                await mails.until(lambda: mails.mails)
                assert read(mails.mails[0])["Message-ID"] == f"<{name}@meet.example.org>" and mails.mails[0]["tls"]
                await put_off_and_refused(server, mails)
                await in_six_languages(server, mails)
                await nothing_is_left_of_the_link(server)
                await with_a_calendar(server, mails)
                await kill_while_it_is_sent(server, mails)
                await stop_while_it_is_sent(server, mails)
                log = server.read_log()
                assert not [secret for secret in ("A-PERSONAL-LINK", "swordfish", PLAIN) if secret in log] and '"mail.not_taken"' in log, log[-2000:]


def test_mails_arrive_once():
    asyncio.run(asyncio.wait_for(the_way_of_a_mail(), 180))


async def what_the_commands_say():
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        os.mkdir(data)
        password = os.path.join(folder, "password")
        with open(password, "w", encoding="ascii") as file:
            file.write("swordfish\n")
        signs_in = ("--set", "mail.user=plenary", "--set", f"mail.password_file={password}")

        async def tried(mails, address, *more):
            result = await run_beside("mail", "test", address, "--data", data, *options(mails, *more))
            return result.returncode, result.stdout + result.stderr

        async with MailServer(folder, password=PLAIN) as mails:
            assert (await tried(mails, "a@example.org", *signs_in))[0] == 0
            assert mails.mails[-1]["tls"] and [line for line in mails.commands if line.startswith("AUTH PLAIN")]
            doctor = await run_beside("doctor", "--json", "--data", data, "--port", "1", *options(mails, *signs_in))
            finding, = [finding for finding in json.loads(doctor.stdout)["findings"] if finding["name"] == "mail"]
            assert finding["verdict"] == "good" and "it answers" in finding["words"], finding
            mails.password = "another"
            code, words = await tried(mails, "a@example.org", *signs_in)
            assert code == 1 and "swordfish" not in words and "c3dvcmRmaXNo" not in words, words
            # In the clear a password goes to nobody.
            assert "mail.tls=required" in (await tried(mails, "a@example.org", *signs_in, "--set", "mail.tls=opportunistic"))[1]
            assert "is no address" in (await tried(mails, "a@example.org\r\nBcc: b@example.org"))[1]
            # Addresses that are not ASCII, where they are not offered.
            count = len(mails.mails)
            code, words = await tried(mails, "амина@пример.рф")
            assert code == 1 and "SMTPUTF8" in words and len(mails.mails) == count, words
            mails.smtputf8 = True
            code, words = await tried(mails, "амина@example.org")
            assert code == 0 and "SMTPUTF8" in mails.mails[-1]["from"] and mails.mails[-1]["to"] == "амина@example.org", words
            # Nobody vouches for it.
            code, words = await tried(mails, "a@example.org", "--set", "mail.authorities=")
            assert code == 1 and "certificate" in words, words
        async with MailServer(folder, starttls=False) as mails:
            assert (await tried(mails, "a@example.org"))[0] == 1 and not mails.mails
            assert not [line for line in mails.commands if line.startswith("MAIL")], mails.commands
            assert (await tried(mails, "a@example.org", "--set", "mail.tls=opportunistic"))[0] == 0
            assert not mails.mails[-1]["tls"]


def test_what_the_commands_say():
    asyncio.run(asyncio.wait_for(what_the_commands_say(), 120))


main(globals())
