"""Signing in at the organisation's provider: all the way at a real one, and whatever a lying one says is refused, with its reason in the log."""
import asyncio
import hashlib
import re
import time

import aiohttp
from aiohttp import web
from plenary import join, main, wait_ready
from provider import SECRET, Browser, LyingProvider, RealProvider, encoded, server_for


async def read(server, path, bearer=None):
    async with aiohttp.ClientSession() as http:
        async with http.get(server.url + path, headers={"Authorization": f"Bearer {bearer}"} if bearer else {}) as response:
            return response.status, await response.json(content_type=None)


async def test_all_the_way_at_a_real_provider():
    with RealProvider() as provider, server_for(provider.issuer, "--set", "oidc.scopes=groups", "--set", "oidc.administrator_groups=operators,others") as server:
        provider.begin(server)
        await wait_ready(server)
        status, ways = await read(server, "/api/v1/sign-in")
        assert status == 200 and ways == {"password": True, "oidc": {"name": "The House"}}, ways
        browser = Browser()
        token = await browser.sign_in(server, "Ada+operators")
        assert re.fullmatch(r"[\w-]{43}", token), token
        status, _ = await Browser().session(server, token)
        assert status == 401, "another browser has used the token"
        status, session = await browser.session(server, token)
        assert status == 201 and session["account"] == "ada" and session["name"] == "Ada Lovelace", session
        assert (await browser.session(server, token))[0] == 401, "the token was good twice"
        # What the groups say: an administrator, who may look after the server.
        assert (await read(server, "/api/v1/upkeep", session["token"]))[0] == 200
        # The same person is the same account; another of that name has another one.
        status, again = await browser.session(server, await browser.sign_in(server, "Ada+operators"))
        assert status == 201 and again["account"] == "ada", again
        other = Browser()
        status, session = await other.session(server, await other.sign_in(server, "Ada+translators"))
        assert status == 201 and session["account"] == "ada-2", session
        assert (await read(server, "/api/v1/upkeep", session["token"]))[0] == 403
        log = server.read_log()
        assert '"security.signed_in"' in log and token not in log and SECRET not in log, log


async def test_without_a_provider_there_is_no_way_to_one(server):
    status, ways = await read(server, "/api/v1/sign-in")
    assert status == 200 and ways == {"password": True, "oidc": {}}, ways
    for path in ("/api/v1/sign-in/oidc", "/api/v1/sign-in/oidc/return?code=a&state=b"):
        assert (await read(server, path))[0] == 404, path


def reasons(server):
    return re.findall(r'security\.provider_refused.*?"reason":\s*"([^"]+)"', server.read_log())


class Tries:
    """Sign-ins at a provider that lies."""

    def __init__(self, server, provider):
        self.server, self.provider = server, provider

    async def once(self, **back):
        """The fragment that one ends with, and the nonce that it had."""
        browser = Browser()
        address, wish = await browser.leave(self.server)
        assert address.startswith(f"{self.provider.issuer}/authorize?realm=a&response_type=code&"), address
        assert wish["code_challenge_method"] == "S256" and wish["scope"] == "openid profile email", wish
        self.provider.nonce = self.provider.nonce or wish["nonce"]
        return await browser.come_back(self.server, **{"code": "a code", "state": wish["state"], **back}), wish

    async def refused(self, why, fragment="refused=provider_not_believed", lie=None, answer=None, **back):
        before = len(reasons(self.server))
        self.provider.honest()
        self.provider.lie = lie or self.provider.lie
        self.provider.answer = answer
        came, _ = await self.once(**back)
        assert came == fragment, (why, came)
        assert reasons(self.server)[before:] == [why], (why, reasons(self.server)[before:])


async def test_lies_are_refused_with_their_reason():
    async with LyingProvider() as liar:
        with server_for(liar.issuer) as server:
            await wait_ready(server)
            tries = Tries(server, liar)
            now = int(time.time())
            await tries.refused("other-audience", lie=liar.saying(aud="somebody else"))
            await tries.refused("other-audience", lie=liar.saying(aud=["plenary", "somebody else"]))
            await tries.refused("other-audience", lie=liar.saying(azp="somebody else"))
            await tries.refused("other-issuer", lie=liar.saying(iss="https://another.example"))
            await tries.refused("other-issuer", iss="https://another.example")
            await tries.refused("token-expired", lie=liar.saying(exp=now - 120))
            await tries.refused("token-too-early", lie=liar.saying(nbf=now + 3600))
            await tries.refused("token-too-early", lie=liar.saying(iat=now + 3600))
            await tries.refused("token-unreadable", lie=lambda claims, head: liar.signed({**claims, "exp": "never"}, head))
            await tries.refused("algorithm-not-allowed", lie=liar.unsigned)
            await tries.refused("algorithm-not-allowed", lie=liar.by_secret)
            await tries.refused("algorithm-not-allowed", lie=lambda claims, head: liar.signed(claims, {**head, "alg": "RS512"}))
            await tries.refused("token-unreadable", lie=lambda claims, head: liar.signed(claims, {**head, "crit": ["b64"], "b64": False}))
            await tries.refused("signature-wrong", lie=lambda claims, head: liar.signed(claims, head, liar.other_key))
            await tries.refused("signature-wrong", lie=lambda claims, head: liar.signed(claims, head).rsplit(".", 1)[0] + ".")
            await tries.refused("other-nonce", lie=liar.saying(nonce="of another time"))
            await tries.refused("other-access-token", lie=liar.saying(at_hash=encoded(hashlib.sha256(b"another").digest()[:16])))
            await tries.refused("no-subject", lie=liar.saying(sub=""))
            for _ in range(3):
                await tries.refused("key-unknown", lie=lambda claims, head: liar.signed(claims, {**head, "kid": "two"}))
            assert liar.asked["keys"] == 1, "keys that are not known are looked for once a minute"
            await tries.refused("token-missing", answer=lambda _: asyncio.sleep(0, web.json_response({"access_token": "a"})))
            await tries.refused("code-refused", answer=lambda _: asyncio.sleep(0, web.json_response({"error": "invalid_grant"}, status=400)))
            await tries.refused("answer-unreadable", answer=lambda _: asyncio.sleep(0, web.Response(text="<html>")))
            await tries.refused("answer-too-large", answer=lambda _: asyncio.sleep(0, web.Response(body=b" " * 10_000_000)))
            await tries.refused("declined", "refused=provider_declined", error="access_denied")
            # It leads elsewhere: nobody follows.
            asked = liar.asked["keys"]
            await tries.refused("unreachable", "refused=provider_silent",
                                answer=lambda _: asyncio.sleep(0, web.Response(status=307, headers={"Location": f"{liar.issuer}/keys"})))
            assert liar.asked["keys"] == asked
            await the_honest_are_let_in(server, liar, tries)


async def the_honest_are_let_in(server, liar, tries):
    """Nothing is harmed; each state is good once, and in its own browser."""
    liar.honest()
    browser, stranger = Browser(), Browser()
    await stranger.leave(server)
    _, wish = await browser.leave(server)
    liar.nonce = wish["nonce"]
    assert await stranger.come_back(server, code="a code", state=wish["state"]) == "refused=sign_in_begun_elsewhere"
    assert await Browser().come_back(server, code="a code", state=wish["state"]) == "refused=sign_in_begun_elsewhere"
    token = await browser.come_back(server, code="a code", state=wish["state"])
    assert await browser.come_back(server, code="a code", state=wish["state"]) == "refused=sign_in_begun_elsewhere"
    status, session = await browser.session(server, token)
    assert status == 201 and session["account"] == "liar", session
    form, authorization = liar.forms[-1]
    verifier = form["code_verifier"]
    assert encoded(hashlib.sha256(verifier.encode()).digest()) == wish["code_challenge"], "PKCE"
    assert form["grant_type"] == "authorization_code" and "client_secret" not in form and authorization.startswith("Basic "), form
    # A token that was made for another visit is no good for this one.
    first = wish["nonce"]
    liar.honest()
    liar.nonce = first
    fragment, _ = await tries.once()
    assert fragment == "refused=provider_not_believed" and reasons(server)[-1] == "other-nonce"
    log = server.read_log()
    assert not any(secret in log for secret in (SECRET, "an access token", verifier, token, first)), "a secret stands in the log"


async def test_a_provider_that_hangs_holds_up_nobody_else():
    async with LyingProvider() as liar:
        with server_for(liar.issuer) as server:
            await wait_ready(server)
            tries = Tries(server, liar)
            hung, ended = asyncio.Event(), asyncio.Event()

            async def hang(_):
                hung.set()
                await ended.wait()
                return web.Response()
            trying = asyncio.create_task(tries.refused("unreachable", "refused=provider_silent", answer=hang))
            await asyncio.wait_for(hung.wait(), 30)
            delegate = await join(server, "delegate")
            await delegate.close()
            assert not trying.done(), "it was not waited for"
            await trying
            ended.set()
            liar.honest()
            fragment, _ = await tries.once()
            assert "refused" not in fragment, fragment


if __name__ == "__main__":
    main(globals())
