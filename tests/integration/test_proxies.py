"""Behind the reverse proxies of docs/operating.md, as they stand there: the page, people who speak and hear, a player; whose address counts; and the page over IPv6."""
import asyncio
import datetime
import ipaddress
import json
import os
import re
import socket
import ssl
import subprocess

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from doors import Door
from plenary import BINARY, ROOT, Server, free_port, join, main
from proxies import Caddy, Haproxy, Nginx
from webrtc import Client

PREFIX = "/plenary"


def recipe(language):
    with open(os.path.join(ROOT, "docs", "operating.md"), encoding="utf-8") as file:
        return re.search(rf"^```{language}\n(.*?)^```", file.read(), re.M | re.S).group(1)


def write_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a proxy of the tests")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
                   .not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(days=1))
                   .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
                   .sign(key, hashes.SHA256()))
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for path, data in (("meet.pem", pem), ("meet.key", secret), ("meet-and-key.pem", pem + secret)):
        with open(os.path.join(folder, path), "wb") as file:
            file.write(data)


class Behind:
    """A server as clients see it through a proxy."""

    def __init__(self, server, proxy):
        self.server, self.proxy = server, proxy

    @property
    def origin(self):
        return f"https://localhost:{self.proxy.port}"

    @property
    def url(self):
        return self.origin + PREFIX

    def token(self, *arguments, **options):
        return self.server.token(*arguments, **options)

    def http(self, source=None):
        context = ssl.create_default_context(cafile=os.path.join(self.proxy.folder.name, "meet.pem"))
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context, limit=0, local_addr=(source, 0) if source else None, family=socket.AF_INET))


def made_for(proxy_class, text, server):
    """The recipe with the test's names, ports and files."""
    text = text.replace("meet.example.org {", "localhost:{port} {").replace("meet.example.org", "localhost")
    text = text.replace("listen 443 ssl", "listen {port} ssl").replace("bind :443", "bind :{port}")
    text = text.replace("/etc/ssl/", "{folder}/").replace("127.0.0.1:8443", f"127.0.0.1:{server.port}")
    if proxy_class is Caddy:
        text = "{\n    admin off\n    auto_https disable_redirects\n}\n" + text
    proxy = proxy_class(text, "https")
    write_certificate(proxy.folder.name)
    return proxy


async def the_page_is_whole(behind, link):
    async with behind.http() as http:
        async with http.get(f"{behind.url}/m/demo") as response:
            page = await response.text()
            assert response.status == 200 and response.headers["Strict-Transport-Security"] == "max-age=15552000", response.headers
        paths = re.findall(r'(?:src|href|content)="(/[^"]+)"', page)
        assert {f"{PREFIX}/", f"{PREFIX}/icon.svg"} < set(paths) and any(path.endswith(".js") for path in paths), page
        assert all(path.startswith(PREFIX + "/") for path in paths), page
        for path in (path for path in paths if not path.endswith("/")):
            async with http.get(behind.origin + path) as response:
                body = await response.text()
                assert response.status == 200, path
            for inner in re.findall(r"url\((\./[^)]+)\)", body)[:2]:
                async with http.get(f"{behind.url}/assets/{inner}") as response:
                    assert response.status == 200, inner
        # Figures are for this machine, and a proxy on it is somebody else.
        async with http.get(f"{behind.url}/metrics") as response:
            assert response.status == 401, response.status
    assert link.startswith(behind.url + "/m/demo#"), link


async def people_speak_and_hear(behind):
    chair = await join(behind, "chair")
    speaker = await Client.join(behind, "delegate", hertz=440)
    listener = await Client.join(behind, "listener")
    await chair.command("floor.give", participant=speaker.me)
    await listener.ears["floor_1"].until(lambda: listener.ears["floor_1"].level(440) > -20)
    player = await Door.listen(behind, behind.token("listener", channel="floor"), "floor")
    await player.ear.until(lambda: player.ear.level(440) > -20)
    assert player.location.startswith(f"{PREFIX}/whep/demo/floor/"), player.location
    async with behind.http() as http, http.delete(behind.origin + player.location, headers=player.bearer) as response:
        assert response.status == 200, response.status
    player.ear.task.cancel()
    await player.peer.close()
    for client in (speaker, listener):
        await client.close()
    await chair.close()


async def addresses_are_apart(behind):
    """Wrong tokens of one address keep out that address alone."""
    async def tries(source, times):
        statuses = []
        async with behind.http(source) as http:
            for number in range(times):
                async with http.post(f"{behind.url}/api/v1/session", json={"token": f"{number:032d}"},
                                     headers={"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"}) as response:
                    statuses.append(response.status)
        return statuses
    statuses = await tries("127.0.0.2", 13)
    assert statuses[0] == 401 and statuses[-1] == 429, f"what the client itself said was believed: {statuses}"
    assert await tries("127.0.0.3", 1) == [401], "another's mistakes were counted as one's own"


def behind_a_proxy(proxy_class, language):
    # The port is known to the server before the proxy is there: links name it.
    with Server() as probe:
        proxy = made_for(proxy_class, recipe(language), probe)
    with Server("--set", f"http.url=https://localhost:{proxy.port}{PREFIX}", "--set", "http.trusted_proxies=127.0.0.1") as server:
        proxy.configuration = proxy.configuration.replace(f"127.0.0.1:{probe.port}", f"127.0.0.1:{server.port}")
        link = server.printed["Chair"] if "Chair" in server.printed else next(iter(server.printed.values()))
        with proxy:
            behind = Behind(server, proxy)

            async def all_of_it():
                await the_page_is_whole(behind, link)
                await people_speak_and_hear(behind)
                await addresses_are_apart(behind)
            asyncio.run(asyncio.wait_for(all_of_it(), 150))


def test_nginx_as_documented():
    behind_a_proxy(Nginx, "nginx")


def test_caddy_as_documented():
    behind_a_proxy(Caddy, "caddy")


def test_haproxy_as_documented():
    behind_a_proxy(Haproxy, "haproxy")


def test_a_proxy_that_cuts_the_path_off():
    port = free_port()
    with Server("--set", f"http.url=http://127.0.0.1:{port}/a/b", "--set", "http.trusted_proxies=127.0.0.1", "--set", "http.proxy_field=forwarded") as server:
        proxy = Nginx("server { listen 127.0.0.1:{port}; location /a/b/ { proxy_pass http://127.0.0.1:%d/; "
                      "proxy_set_header Forwarded \"for=$remote_addr\"; proxy_set_header X-Forwarded-For 127.0.0.9; } }" % server.port)
        proxy.port = port
        with proxy:
            async def look():
                async with aiohttp.ClientSession() as http:
                    for path, at in (("/a/b/m/demo", port), ("/a/b", server.port), ("/a/b/sign-in", server.port), ("/m/demo", server.port)):
                        async with http.get(f"http://127.0.0.1:{at}{path}") as response:
                            page = await response.text()
                            assert response.status == 200 and 'src="/a/b/assets/' in page, (path, page)
                    async with http.get(f"http://127.0.0.1:{server.port}/a/bc/m/demo") as response:
                        assert response.status == 404
                    async with http.post(f"http://127.0.0.1:{port}/a/b/api/v1/session", json={"token": server.token("listener")}) as response:
                        assert response.status == 201 and response.headers["Location"] == "/a/b/api/v1/session", response.headers
                        assert "Strict-Transport-Security" not in response.headers
            asyncio.run(look())


def test_without_trust_nobody_is_believed():
    with Server() as server:
        async def look():
            async with aiohttp.ClientSession() as http:
                for number in range(12):
                    async with http.post(f"{server.url}/api/v1/session", json={"token": f"{number:032d}"},
                                         headers={"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"}) as response:
                        last = response.status
                assert last == 429, last
                # Who comes through somebody, or calls this machine by another name, is not on this machine.
                for headers in ({"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}, {"Via": "1.1 x"}, {"X-Forwarded-Proto": "https"},
                                *({"Host": host} for host in ("meet.example.org", "127.evil.example", "127.0.0.1.nip.io", "127.0.0.1.evil.example:80", "localhost.evil.example"))):
                    async with http.get(f"{server.url}/metrics", headers=headers) as response:
                        assert response.status == 401, headers
                async with http.get(f"{server.url}/metrics", headers={"Host": "localhost:1.evil"}) as response:
                    assert response.status == 400, "no port, no host"
                for host in ("localhost:1", "127.0.0.1", "[::1]"):
                    async with http.get(f"{server.url}/metrics", headers={"Host": host}) as response:
                        assert response.status == 200, host
        asyncio.run(look())


def test_the_bearer_of_the_figures():
    with Server("--set", "http.metrics_token=figures-and-nothing-else") as server:
        async def look():
            async with aiohttp.ClientSession() as http:
                for token, expected in (("figures-and-nothing-else", 200), ("figures", 403), (server.token("technician"), 403)):
                    async with http.get(f"{server.url}/metrics", headers={"Via": "1.1 x", "Authorization": f"Bearer {token}"}) as response:
                        assert response.status == expected, token
        asyncio.run(look())


def findings(*options):
    result = subprocess.run([BINARY, "doctor", "--json", "--data", "/nonexistent", "--port", str(free_port()), *options], capture_output=True, text=True, timeout=60)
    return [(each["name"], each["verdict"], each["words"]) for each in json.loads(result.stdout)["findings"]]


def test_the_doctor_knows_a_proxy():
    front = ("--set", "http.url=https://127.0.0.1.example/plenary", "--set", "media.candidates=192.0.2.1")
    assert ("certificate", "good") in [found[:2] for found in findings(*front)]
    assert [found[:2] for found in findings(*front) if found[0] == "proxy"] == [("proxy", "warning")]
    trusting = [*front, "--set", "http.trusted_proxies=127.0.0.1"]
    assert [found[:2] for found in findings(*trusting) if found[0] == "proxy"] == [("proxy", "good")]
    open_to_all = findings(*trusting, "--set", "http.listen=0.0.0.0")
    assert [found[1] for found in open_to_all if found[0] == "proxy"] == ["good", "warning"], open_to_all
    deaf = findings(*trusting, "--set", "media.listen=127.0.0.1")
    assert ("media address", "failed") in [found[:2] for found in deaf], deaf
    assert not [found for found in findings() if found[0] == "proxy"]


def test_everything_over_ipv6():
    """On ::1 alone: the page, the API, live, and sound."""
    with Server("--host", "::1") as server:
        assert all(link.startswith(f"http://[::1]:{server.port}/m/") for link in server.printed.values()), server.printed

        class Six(Behind):
            url = origin = f"http://[::1]:{server.port}"

            def http(self, source=None):
                return aiohttp.ClientSession()

        async def all_of_it():
            behind = Six(server, None)
            async with behind.http() as http:
                async with http.get(f"{behind.url}/m/demo") as response:
                    assert response.status == 200
                async with http.get(f"{behind.url}/metrics") as response:
                    assert response.status == 200
            chair = await join(behind, "chair")
            speaker = await Client.join(behind, "delegate", hertz=440)
            listener = await Client.join(behind, "listener")
            await chair.command("floor.give", participant=speaker.me)
            await listener.ears["floor_1"].until(lambda: listener.ears["floor_1"].level(440) > -20)
            for client in (speaker, listener):
                await client.close()
            await chair.close()
        asyncio.run(asyncio.wait_for(all_of_it(), 60))


main(globals())
