"""A renewed certificate is taken up while the server runs: who comes gets it, who is there notices nothing, and a broken one changes nothing."""
import asyncio
import json
import os
import re
import socket
import ssl
import subprocess
import tempfile

from plenary import Server, join, main


class Certificates:
    """An authority of one's own, and a certificate and key of it as a renewing program leaves them. Use as `with Certificates() as files`."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="plenary-certificates-")
        self.names = {name: os.path.join(self.folder.name, "live", f"{name}.pem") for name in ("chain", "key")}
        self.authority = os.path.join(self.folder.name, "authority")
        os.makedirs(os.path.dirname(self.names["chain"]))
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=An authority",
                     "-keyout", self.authority + ".key", "-out", self.authority + ".pem")
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def make(self, name, days=30):
        """A pair (paths of certificate and key) with this common name; not yet in its place."""
        base = os.path.join(self.folder.name, name)
        with open(base + ".names", "w", encoding="ascii") as file:
            file.write("subjectAltName=IP:127.0.0.1\n")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", base + ".key",
                     "-out", base + ".request")
        self.openssl("x509", "-req", "-in", base + ".request", "-CA", self.authority + ".pem", "-CAkey", self.authority + ".key", "-CAcreateserial",
                     "-days", str(days), "-extfile", base + ".names", "-out", base + ".pem")
        return base + ".pem", base + ".key"

    def put(self, pair, by_link=False):
        """Into its place, as certbot does: by a link that points elsewhere, or by a file that takes the other's name."""
        for target, name in zip(pair, ("chain", "key")):
            new = self.names[name] + ".new"
            if by_link:
                os.symlink(os.path.relpath(target, os.path.dirname(new)), new)
            else:
                with open(target, "rb") as source, open(new, "wb") as file:
                    file.write(source.read())
            os.rename(new, self.names[name])


class RenewedServer(Server):
    def __init__(self, files):
        self.files = files
        super().__init__("--set", "http.tls=on", "--set", f"http.certificate={files.names['chain']}", "--set", f"http.key={files.names['key']}")

    def certificate_context(self):
        return ssl.create_default_context(cafile=self.files.authority + ".pem")


def shown(server):
    """The common name of the certificate that a new connection meets."""
    context = server.certificate_context()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as line:
        return dict(part[0] for part in line.getpeercert()["subject"])["commonName"]


def logged(server, event):
    return [line for line in (json.loads(line) for line in server.read_log().splitlines() if line.startswith("{")) if line["event"] == event]


async def until(condition, seconds=30):
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "not in time"
        await asyncio.sleep(0.1)  # polls an outside process's state


async def figures(server):
    async with server.http() as http, http.get(f"{server.url}/metrics") as response:
        text = await response.text()
    return {name: int(value) for name, value in re.findall(r"^plenary_certificate_(\w+) (\d+)$", text, re.M)}


async def upkeep(server, token):
    async with server.http() as http, http.get(f"{server.url}/api/v1/upkeep", headers={"Authorization": f"Bearer {token}"}) as response:
        return response.status, await response.json(content_type=None)


def doctor(server):
    result = subprocess.run(server.command("doctor", "--json", *server.options), capture_output=True, text=True, timeout=60)
    return {finding["name"]: finding for finding in json.loads(result.stdout)["findings"]}["certificate"]


async def renewals(files, server):
    assert shown(server) == "first"
    live = await join(server, "technician")
    status, told = await upkeep(server, live.token)
    assert status == 200 and told["certificate_refused"] is False and "backup_at" not in told, told
    assert (await upkeep(server, (await join(server, "delegate", delegation="FRA")).token))[0] == 403
    first_ends = told["certificate_expires_at"]
    for number, (name, by_link) in enumerate((("second", False), ("third", True), ("fourth", True))):
        files.put(files.make(name, days=60 + number), by_link)
        await until(lambda name=name: shown(server) == name)
        assert (await figures(server))["renewed_total"] == number + 1
    assert doctor(server)["verdict"] == "good", doctor(server)
    status, told = await upkeep(server, live.token)
    assert told["certificate_expires_at"] > first_ends
    # A key that is another's, no certificate at all, one that is past: each is told once, and nothing changes.
    certificate, key = files.make("fifth")
    for number, (pair, doctors) in enumerate((((certificate, files.make("sixth")[1]), "cannot be used together"), ((key, key), "cannot be read"),
                                              (files.make("past", days=0), "expires in"))):
        files.put(pair)
        await until(lambda number=number: len(logged(server, "certificate.refused")) == number + 1)
        assert shown(server) == "fourth"
        found = doctor(server)
        assert found["verdict"] != "good" and doctors in found["words"], found
        now = await figures(server)
        assert now["refused"] == 1 and now["renewed_total"] == 3 and now["expires_timestamp_seconds"] == told["certificate_expires_at"] // 1000, now
    assert (await upkeep(server, live.token))[1]["certificate_refused"] is True
    files.put((certificate, key))
    await until(lambda: shown(server) == "fifth")
    assert (await figures(server))["refused"] == 0
    # The connection that began with the first certificate has gone on all the while.
    assert live.closed is None
    await live.command("chat.send", room="technician", language="fr", text="still here")
    await live.close()


def test_a_renewed_certificate_is_taken_up():
    with Certificates() as files:
        files.put(files.make("first", days=10), by_link=True)
        with RenewedServer(files) as server:
            asyncio.run(asyncio.wait_for(renewals(files, server), 170))


main(globals())
