"""A second factor beside the password: enrolled, asked for, each code good once, recovery codes, what an administrator needs."""
import base64
import hmac
import os
import subprocess
import time

import aiohttp
from plenary import BINARY, Server, main, wait_ready

PASSWORD = "a long passphrase"


def code_at(secret, step):
    """RFC 6238, by other code than the server's."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1").digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at:at + 4], 'big') & 0x7fffffff) % 1_000_000:06}"


def user(server, *arguments):
    made = subprocess.run([BINARY, "user", *arguments, "--data", server.data], input=PASSWORD + "\n", capture_output=True, text=True, timeout=30)
    assert made.returncode == 0, made.stderr


async def call(server, method, path, bearer=None, **options):
    async with aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        async with http.request(method, server.url + path, headers=headers, **options) as response:
            body = await response.read()
            return response.status, await response.json(content_type=None) if body else None


async def sign_in(server, account="ada", password=PASSWORD, **more):
    return await call(server, "POST", "/api/v1/session", json={"account": account, "password": password, **more})


async def enrol(server, bearer):
    """The secret, the step whose code was used, and the recovery codes."""
    status, wish = await call(server, "POST", "/api/v1/account/totp", bearer)
    assert status == 201 and wish["address"] == f"otpauth://totp/127.0.0.1:ada?secret={wish['secret']}&issuer=127.0.0.1", wish
    step = int(time.time()) // 30
    status, body = await call(server, "PUT", "/api/v1/account/totp", bearer, json={"code": code_at(wish["secret"], step)})
    assert status == 200 and len({one["code"] for one in body["codes"]}) == 10, body
    return wish["secret"], step, [one["code"] for one in body["codes"]]


def refused(answer, reason, status=401):
    assert answer[0] == status and answer[1].get("refusal", {}).get("reason") == reason, (reason, answer)


async def test_a_code_beside_the_password(server):
    user(server, "add", "--account", "ada", "--name", "Ada")
    user(server, "place", "--account", "ada", "--meeting", "demo", "--participant", "chair")
    status, session = await sign_in(server)
    assert status == 201, session
    bearer = session["token"]
    status, state = await call(server, "GET", "/api/v1/account/totp", bearer)
    assert status == 200 and state == {"on": False, "possible": True, "needed": False, "recovery_left": 0}, state
    refused(await call(server, "PUT", "/api/v1/account/totp", bearer, json={"code": "123456"}), "code_not_begun", 409)
    await call(server, "POST", "/api/v1/account/totp", bearer)
    refused(await call(server, "PUT", "/api/v1/account/totp", bearer, json={"code": "12345"}), "code_wrong")
    # A wish is none yet: the password alone is enough, and the next wish takes its place.
    assert (await sign_in(server))[0] == 201
    secret, step, recovery = await enrol(server, bearer)
    refused(await call(server, "POST", "/api/v1/account/totp", bearer), "code_is_on", 409)

    refused(await sign_in(server), "code_needed")
    refused(await sign_in(server, password="another passphrase"), None)
    refused(await sign_in(server, password="another passphrase", code=code_at(secret, step + 1)), None)
    refused(await sign_in(server, code=code_at(secret, step)), "code_wrong")  # used to enrol
    status, session = await sign_in(server, code=f" {code_at(secret, step + 1)[:3]} {code_at(secret, step + 1)[3:]}")
    assert status == 201, session
    refused(await sign_in(server, code=code_at(secret, step + 1)), "code_wrong")
    status, _ = await sign_in(server, code=recovery[0].lower().replace("-", " "))
    assert status == 201
    refused(await sign_in(server, code=recovery[0]), "code_wrong")
    status, state = await call(server, "GET", "/api/v1/account/totp", bearer)
    assert state == {"on": True, "possible": True, "needed": False, "recovery_left": 9}, state

    refused(await call(server, "DELETE", "/api/v1/account/totp", bearer, json={"code": "000000"}), "code_wrong")
    status, _ = await call(server, "DELETE", "/api/v1/account/totp", bearer, json={"code": recovery[1]})
    assert status == 204
    assert (await sign_in(server))[0] == 201
    # Nothing at rest says the secret, or a code.
    with open(os.path.join(server.data, "plenary.db"), "rb") as file, open(os.path.join(server.data, "plenary.db-wal"), "rb") as log:
        kept = file.read() + log.read()
    assert base64.b32decode(secret) not in kept and secret.encode() not in kept and recovery[2].replace("-", "").encode() not in kept
    assert os.stat(os.path.join(server.data, "account-key")).st_mode & 0o077 == 0


async def test_guessing_codes_is_slowed_down(server):
    user(server, "add", "--account", "ada", "--administrator")
    _, session = await sign_in(server)
    await enrol(server, session["token"])
    statuses = [(await sign_in(server, code=f"{number:06}"))[0] for number in range(8)]
    assert 429 in statuses and 201 not in statuses, statuses
    user(server, "totp-reset", "--account", "ada")
    statuses = [(await call(server, "DELETE", "/api/v1/account/totp", session["token"], json={"code": "000000"}))[0]]
    assert statuses == [404], statuses


async def test_a_lost_password_is_no_way_past_it(server):
    user(server, "add", "--account", "ada", "--administrator")
    _, session = await sign_in(server)
    secret, step, _ = await enrol(server, session["token"])
    link = subprocess.run([BINARY, "user", "link", "--account", "ada", "--data", server.data], capture_output=True, text=True, timeout=30).stdout.strip()
    wish = {"token": link.partition("#")[2], "name": "Ada", "password": "another passphrase"}
    refused(await call(server, "POST", "/api/v1/account-link", json=wish), "code_needed")
    assert (await sign_in(server, password="another passphrase"))[0] == 401  # nothing has changed
    assert (await call(server, "POST", "/api/v1/account-link", json={**wish, "code": code_at(secret, step + 1)}))[0] == 201
    refused(await sign_in(server, password="another passphrase"), "code_needed")



async def test_a_link_has_no_second_factor(server):
    _, session = await call(server, "POST", "/api/v1/session", json={"token": server.links["Chair"] if "Chair" in server.links else server.token("chair")})
    for method in ("GET", "POST"):
        refused(await call(server, method, "/api/v1/account/totp", session["token"]), "account_needed", 403)


async def test_an_administrator_needs_it_where_the_operator_wishes_so():
    with Server("--set", "sign_in.totp=required_for_administrators") as server:
        await wait_ready(server)
        user(server, "add", "--account", "ada", "--administrator")
        _, session = await sign_in(server)
        assert (await call(server, "GET", "/api/v1/upkeep", session["token"]))[0] == 403
        assert (await call(server, "GET", "/api/v1/account/totp", session["token"]))[1]["needed"]
        secret, step, _ = await enrol(server, session["token"])
        assert (await call(server, "GET", "/api/v1/upkeep", session["token"]))[0] == 200
        # Also after a new control process, which has the key from the data folder.
        server.kill("control")
        await wait_ready(server)
        refused(await sign_in(server), "code_needed")
        assert (await sign_in(server, code=code_at(secret, step + 1)))[0] == 201


if __name__ == "__main__":
    main(globals())
