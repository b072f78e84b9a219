"""Who may come in: links, expiry, other meetings' tokens, accounts, sign-out, revocation."""
import subprocess

import aiohttp
from plenary import BINARY, Live, Problem, expect_problem, join, main


async def call(server, method, path, bearer=None, **options):
    async with aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        async with http.request(method, server.url + path, headers=headers, **options) as response:
            body = await response.json(content_type=None) if response.content_type.endswith("json") else await response.text()
            return response.status, body, response.headers


async def test_every_link_of_the_demonstration_enters(server):
    assert len(server.links) >= 12, server.links
    capacities = set()
    for token in server.links.values():
        live = await join(server, token)
        capacities.add(live.hello["capacity"])
        await live.close()
    assert capacities >= {"chair", "secretary", "moderator", "technician", "delegate", "interpreter", "listener"}, capacities


async def test_a_strangers_token_is_refused(server):
    status, body, _ = await call(server, "POST", "/api/v1/session", json={"token": "A" * 43})
    assert status == 401 and body["type"].endswith("/unauthenticated"), body
    status, _, headers = await call(server, "GET", "/api/v1/session", bearer="A" * 43)
    assert status == 401 and headers["WWW-Authenticate"] == "Bearer"


async def test_an_expired_token_is_refused(server):
    token = server.token("delegate", lifetime_hours="0")
    status, body, _ = await call(server, "POST", "/api/v1/session", json={"token": token})
    assert status == 401 and body["type"].endswith("/expired"), body


async def test_another_meetings_token_is_refused(server):
    live = await join(server, "listener")
    status, body, _ = await call(server, "GET", "/api/v1/meetings/another", bearer=live.token)
    assert status in (403, 404), (status, body)
    try:
        await Live(server, live.token).open(meeting="another")
        raise AssertionError("entered another meeting")
    except aiohttp.WSServerHandshakeError as refusal:
        assert refusal.status in (403, 404), refusal
    await live.close()


async def test_signing_out_ends_the_session(server):
    live = await join(server, "delegate")
    status, body, _ = await call(server, "GET", "/api/v1/session", bearer=live.token)
    assert status == 200 and body["capacity"] == "delegate", body
    status, _, _ = await call(server, "DELETE", "/api/v1/session", bearer=live.token)
    assert status in (200, 204), status
    await live.until(lambda: any(notice["notice"] == "session.ended" for notice in live.notices) or live.closed)
    status, _, _ = await call(server, "GET", "/api/v1/session", bearer=live.token)
    assert status == 401, status
    await live.http.close()


async def test_an_account_signs_in_with_its_password_alone(server):
    made = subprocess.run([BINARY, "user", "add", "--data", server.data, "--account", "a.keita", "--name", "Awa Keita"], input="a long passphrase\n",
                          capture_output=True, text=True, timeout=30)
    assert made.returncode == 0, made.stderr
    placed = subprocess.run([BINARY, "user", "place", "--data", server.data, "--account", "a.keita", "--meeting", "demo", "--participant", "chair"],
                            capture_output=True, text=True, timeout=30)
    assert placed.returncode == 0, placed.stderr
    status, body, _ = await call(server, "POST", "/api/v1/session", json={"account": "a.keita", "password": "a long passphrase", "meeting": "demo"})
    assert status == 201 and body["participant"] == "chair" and body["name"] == "Awa Keita", body
    for account, password in (("a.keita", "another"), ("nobody", "a long passphrase")):
        status, body, _ = await call(server, "POST", "/api/v1/session", json={"account": account, "password": password, "meeting": "demo"})
        assert status == 401, (status, body)


async def test_guessing_passwords_is_slowed_down(server):
    statuses = []
    for _ in range(14):
        status, _, headers = await call(server, "POST", "/api/v1/session", json={"account": "nobody", "password": "x"})
        statuses.append(status)
    assert statuses[0] == 401 and statuses[-1] == 429 and int(headers["Retry-After"]) > 0, statuses


async def test_a_delegate_may_not_do_the_chairs_work(server):
    delegate = await join(server, "delegate")
    for command, data in (("sitting.close", {}), ("floor.give", {"participant": delegate.me}), ("floor.end_all", {}),
                          ("participant.remove", {"participant": delegate.me}), ("channel.auto_floor", {"channel": "fr", "on": False}),
                          ("desk.microphone", {"state": "on"})):
        await expect_problem("forbidden", delegate.command(command, **data))
    assert not [event for event in delegate.events if event["by"] == delegate.me and event["type"] != "presence.changed"]
    await delegate.close()


async def test_a_removed_participant_is_out_at_once(server):
    moderator = await join(server, "moderator")
    delegate = await join(server, "delegate")
    await moderator.command("participant.remove", participant=delegate.me)
    await delegate.until(lambda: any(notice["notice"] == "session.ended" for notice in delegate.notices) or delegate.closed)
    try:
        again = await Live(server, delegate.token).open()
        raise AssertionError(f"came back as {again.hello}")
    except (aiohttp.WSServerHandshakeError, Problem):
        pass
    await moderator.close()
    await delegate.http.close()


main(globals())
