"""Providers that people sign in at: a real one (oidc-provider, in web/node_modules), and one that lies as it is told."""
import base64
import hashlib
import html
import hmac
import json
import os
import re
import subprocess
import time
import urllib.parse

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from plenary import ROOT, Server, free_port

NODE = os.path.join(ROOT, "web", "node_modules", ".bin", "node")
SECRET = "a secret: of + the/test"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value):
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def server_for(issuer, *options):
    """A server whose people sign in at this provider."""
    return Server("--set", f"oidc.issuer={issuer}", "--set", "oidc.client_id=plenary", "--set", f"oidc.client_secret={SECRET}",
                  "--set", "oidc.name=The House", "--set", "oidc.create_accounts=on", *options)


class RealProvider:
    """Use as `with RealProvider() as provider`; then provider.begin(server)."""

    def __init__(self):
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.process = None

    def begin(self, server):
        self.process = subprocess.Popen([NODE, os.path.join(ROOT, "web", "tests", "provider", "provider.mjs"), str(self.port),
                                         f"{server.url}/api/v1/sign-in/oidc/return"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        while (line := self.process.stdout.readline()).strip() != "ready":
            assert line, "the provider did not start: is web/node_modules there?"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()


class Browser:
    """Keeps the cookies of each port, also those that go over TLS alone: browsers take this machine for safe."""

    def __init__(self):
        self.cookies = {}

    async def ask(self, http, method, url, data=None):
        place = urllib.parse.urlsplit(url)
        jar = self.cookies.setdefault(place.netloc, {})
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())} if jar else {}
        async with http.request(method, url, data=data, headers=headers, allow_redirects=False) as response:
            for line in response.headers.getall("Set-Cookie", []):
                name, _, value = line.split(";")[0].partition("=")
                jar.pop(name, None)
                if value and "1970" not in line:
                    jar[name] = value
            return response.status, response.headers, await response.text()

    async def session(self, server, token):
        """POST /api/v1/session with what stood behind #."""
        jar = self.cookies.get(f"127.0.0.1:{server.port}", {})
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())} if jar else {}
        async with aiohttp.ClientSession() as http, http.post(f"{server.url}/api/v1/session", json={"token": token}, headers=headers) as response:
            return response.status, await response.json()

    async def leave(self, server, meeting=""):
        """To the provider: the address that it is sent to, and what it says."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            status, headers, body = await self.ask(http, "GET", f"{server.url}/api/v1/sign-in/oidc" + (f"?meeting={meeting}" if meeting else ""))
        assert status == 302, (status, body)
        return headers["Location"], {name: values[0] for name, values in urllib.parse.parse_qs(urllib.parse.urlsplit(headers["Location"]).query).items()}

    async def come_back(self, server, **query):
        """From it: what stands behind # of the page's address."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            status, headers, body = await self.ask(http, "GET", f"{server.url}/api/v1/sign-in/oidc/return?" + urllib.parse.urlencode(query))
        assert status == 302, (status, body)
        place, _, fragment = headers["Location"].partition("#")
        assert place == "/sign-in" and fragment, headers["Location"]
        return fragment

    async def sign_in(self, server, login, meeting=""):
        """All the way, as a person does: the fragment that it ends with."""
        url, _ = await self.leave(server, meeting)
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            method, data = "GET", None
            for _ in range(20):
                status, headers, body = await self.ask(http, method, url, data)
                method, data = "GET", None
                if status in (302, 303):
                    url = urllib.parse.urljoin(url, headers["Location"])
                    if url.startswith(server.url) and "#" in url:
                        return url.partition("#")[2]
                    continue
                form = re.search(r'<form[^>]*action="([^"]+)"', body)
                assert status == 200 and form, (status, url, body[:2000])
                fields = {html.unescape(name): html.unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body)}
                if 'name="login"' in body:
                    fields |= {"login": login, "password": "anything"}
                url, method, data = urllib.parse.urljoin(url, html.unescape(form.group(1))), "POST", fields
        raise AssertionError("the provider does not let go")


class LyingProvider:
    """Use as `async with LyingProvider() as provider`. `provider.lie` is what it does to what it would have said: a function of the claims and the
    head, which returns a token; `provider.answer` replaces the answer of the token endpoint."""

    def __init__(self):
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.asked = {"keys": 0, "token": 0}
        self.honest()

    def honest(self):
        self.lie = self.signed
        self.answer = None
        self.nonce = ""
        self.forms = []

    async def __aenter__(self):
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self.discovery)
        app.router.add_get("/keys", self.keys)
        app.router.add_post("/token", self.token)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", self.port, shutdown_timeout=0.1).start()
        return self

    async def __aexit__(self, *_):
        await self.runner.cleanup()

    async def discovery(self, _):
        return web.json_response({"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize?realm=a", "token_endpoint": f"{self.issuer}/token",
                                  "jwks_uri": f"{self.issuer}/keys"})

    async def keys(self, _):
        self.asked["keys"] += 1
        public = self.key.public_key().public_numbers()
        return web.json_response({"keys": [{"kty": "oct", "kid": "secret", "k": "AAAA"},
                                           {"kty": "RSA", "use": "sig", "kid": "one", "n": number(public.n), "e": number(public.e)}]})

    async def token(self, request):
        self.asked["token"] += 1
        self.forms.append((dict(await request.post()), request.headers.get("Authorization", "")))
        if self.answer:
            return await self.answer(request)
        claims = {"iss": self.issuer, "aud": "plenary", "sub": "liar", "exp": int(time.time()) + 300, "iat": int(time.time()), "nonce": self.nonce,
                  "name": "A Liar", "preferred_username": "liar"}
        return web.json_response({"access_token": "an access token", "token_type": "Bearer", "id_token": self.lie(claims, {"alg": "RS256", "kid": "one"})})

    def signed(self, claims, head, key=None):
        text = encoded(json.dumps(head).encode()) + "." + encoded(json.dumps(claims).encode())
        return text + "." + encoded((key or self.key).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))

    def by_secret(self, claims, head):
        """HS256 with the public key, as PEM, for the secret."""
        text = encoded(json.dumps({**head, "alg": "HS256"}).encode()) + "." + encoded(json.dumps(claims).encode())
        secret = self.key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        return text + "." + encoded(hmac.new(secret, text.encode(), hashlib.sha256).digest())

    def unsigned(self, claims, head):
        return encoded(json.dumps({**head, "alg": "none"}).encode()) + "." + encoded(json.dumps(claims).encode()) + "."

    def saying(self, **changed):
        """Signed as it should be, but saying something else."""
        return lambda claims, head: self.signed({**claims, **changed}, head)
