"""A small mail server of the tests' own, which speaks RFC 5321 by hand and answers as each test wishes."""
import asyncio
import email
import email.policy
import os
import re
import ssl
import subprocess


class MailServer:
    """`answers` are given to the content of mails, one after the other, then 250; `refused` recipients get 550. Use as `async with`."""

    def __init__(self, folder, *, starttls=True, smtputf8=False, password=None):
        self.starttls, self.smtputf8, self.password = starttls, smtputf8, password
        self.answers, self.refused, self.hold = [], set(), None
        self.mails, self.commands, self.port = [], [], 0
        self.changed = asyncio.Condition()
        self.certificate = os.path.join(folder, "mail.pem")
        key = os.path.join(folder, "mail.key")
        if not os.path.exists(key):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3", "-subj",
                            "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.certificate],
                           check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    async def serve(self, reader, writer):
        try:
            await self.speak(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def speak(self, reader, writer):
        mail, tls = {}, False

        async def say(text):
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        await say("220 mail.example.org ESMTP")
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            word = line.split(" ")[0].upper()
            await self.note(self.commands, line)
            if word == "EHLO":
                offers = ["mail.example.org", "SIZE 1000000", *(["STARTTLS"] if self.starttls and not tls else []),
                          *(["SMTPUTF8"] if self.smtputf8 else []), *(["AUTH PLAIN"] if self.password and tls else [])]
                await say("\r\n".join(f"250{'-' if offer is not offers[-1] else ' '}{offer}" for offer in offers))
            elif word == "STARTTLS":
                await say("220 go ahead")
                await writer.start_tls(self.context)
                tls = True
            elif word == "AUTH":
                await say("334 ")
                given = (await reader.readline()).decode().strip()
                await say("235 welcome" if given == self.password else "535 5.7.8 wrong")
            elif word == "MAIL":
                mail = {"from": line, "tls": tls}
                await say("250 ok")
            elif word == "RCPT":
                mail["to"] = re.search("<(.*)>", line).group(1)
                await say("550 5.1.1 nobody of that name" if mail["to"] in self.refused else "250 ok")
            elif word == "DATA":
                await say("354 go on")
                lines = []
                while (line := await reader.readline()) != b".\r\n":
                    if not line:
                        return
                    assert line.endswith(b"\r\n") and len(line) <= 1000, line
                    lines.append(line[1:] if line.startswith(b".") else line)
                if self.hold:
                    await self.note(self.commands, "held")
                    await self.hold.wait()
                answer = self.answers.pop(0) if self.answers else "250 2.0.0 taken"
                if answer.startswith("250"):
                    await self.note(self.mails, {**mail, "content": b"".join(lines)})
                else:
                    await self.note(self.commands, answer)
                await say(answer)
            else:
                await say("221 bye" if word == "QUIT" else "250 ok")
                if word == "QUIT":
                    return

    async def note(self, place, what):
        async with self.changed:
            place.append(what)
            self.changed.notify_all()

    async def until(self, condition, timeout=30):
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(condition), timeout)


def read(mail):
    """The message as a mail program reads it."""
    message = email.message_from_bytes(mail["content"], policy=email.policy.default)
    assert not message.defects and not any(part.defects for part in message.walk()), message.defects
    return message


def options(mails, *more):
    return [part for key, value in {"server": mails.url, "from": "plenary@meet.example.org", "from_name": "Secrétariat",
                                    "authorities": mails.certificate}.items() for part in ("--set", f"mail.{key}={value}")] + list(more)
