"""An empty server: the first administrator's link, accounts and their roles, the links by which passwords are set."""
import asyncio
import re
import signal
import sqlite3
import subprocess
import time
import urllib.parse

from plenary import BINARY, Live, Server, main, wait_ready

PASSWORD = "a quiet chamber 7"
LINK = re.compile(r"(https?://\S+)/begin#([A-Za-z0-9_-]{43})\n")
# What nobody may put into a name unseen, and what stands in one: Arabic, Chinese, Cyrillic, Latin with marks.
NAMES = {"<script>alert(1)</script>": "<script>alert(1)</script>", "\u202eأحمد \u200bالمنصوري": "أحمد المنصوري", "李小龍\x00": None, "王小明": "王小明",
         "Мария \"Ы\"": "Мария \"Ы\"", "Zoe\u0301 Nuñez": "Zoé Nuñez", " \u200b ": None,
         "François; DROP TABLE account": "François; DROP TABLE account"}


async def ask(server, method, path, bearer=None, body=None):
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    async with server.http() as http, http.request(method, server.url + "/api/v1" + path, headers=headers, json=body) as response:
        return response.status, await response.json(content_type=None) if response.content_type.endswith("json") else None


def first_token(server):
    found = LINK.fullmatch(line := server.process.stdout.readline())
    assert found and found.group(1) == server.url, line
    return found.group(2)


def run(server, *arguments, password=None):
    return subprocess.run([BINARY, "user", *arguments, "--data", server.data, "--port", str(server.port)], input=password, capture_output=True, text=True, timeout=30)


async def use(server, token, account=None, password=PASSWORD, name="Awa Keïta"):
    body = {"token": token, "name": name, "password": password, **({"account": account} if account else {})}
    return await ask(server, "POST", "/account-link", body=body)


def reason(body):
    return body.get("refusal", {}).get("reason")


class House:
    """An empty server with its first administrator. Use as `async with`."""

    async def __aenter__(self):
        self.server = Server(demo=False).__enter__()
        await wait_ready(self.server)
        status, session = await use(self.server, first_token(self.server), "root")
        assert status == 201, session
        self.root = session["token"]
        return self

    async def __aexit__(self, *_):
        self.server.__exit__()

    async def ask(self, method, path, body=None, bearer=None):
        return await ask(self.server, method, path, bearer or self.root, body)

    async def add(self, account, name="Somebody", administrator=False, secretariat=False):
        status, made = await self.ask("POST", "/accounts", {"account": account, "name": name, "administrator": administrator, "secretariat": secretariat})
        assert status == 201 and made["link"] == "good" and made["password"] is False, (status, made)
        return made["token"]

    async def come(self, account, **roles):
        """A new account whose holder has used the link: their session's token."""
        status, session = await use(self.server, await self.add(account, **roles))
        assert status == 201 and session["account"] == account, session
        return session["token"]


async def test_an_empty_server_makes_its_first_administrator_once():
    with Server(demo=False) as server:
        await wait_ready(server)
        before = first_token(server)
        # A restart prints another, and the one before opens nothing any more.
        server.stop()
        server.start()
        await wait_ready(server)
        token = first_token(server)
        assert token != before
        assert reason((await ask(server, "POST", "/account-link/look", body={"token": before}))[1]) == "account_link_replaced"
        status, offer = await ask(server, "POST", "/account-link/look", body={"token": token})
        assert status == 200 and offer["first"] is True and "account" not in offer, offer
        assert 6.9 < (offer["expires_at"] / 1000 - time.time()) / 86400 <= 7
        for account, password, word in (("Root!", PASSWORD, "account_name_strange"), ("root", "short", "password_short")):
            status, refused = await use(server, token, account, password)
            assert status == 422 and reason(refused) == word, refused
        # Two at once: one of them is it.
        both = await asyncio.gather(use(server, token, "one"), use(server, token, "two"))
        assert sorted(status for status, _ in both) == [201, 409], both
        session = next(body for status, body in both if status == 201)
        assert reason(next(body for status, body in both if status == 409)) == "account_link_used"
        own = (await ask(server, "GET", "/account", session["token"]))[1]
        assert own["administrator"] and own["secretariat"] and own["account"] == session["account"], own
        assert reason((await use(server, token, "three"))[1]) == "account_link_used"
        assert len((await ask(server, "GET", "/accounts", session["token"]))[1]["accounts"]) == 1
        server.stop()
        log = server.read_log()
        assert token not in log and before not in log and '"event":"security.first_account_made"' in log
        server.start()
        await wait_ready(server)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.stdout.read() == ""  # there is an account: no link


async def test_the_command_line_ends_the_first_link_and_finds_a_lost_password():
    with Server(demo=False) as server:
        await wait_ready(server)
        token = first_token(server)
        made = run(server, "add", "--account", "operator", "--administrator", password=PASSWORD + "\n")
        assert made.returncode == 0, made
        assert reason((await use(server, token, "root"))[1]) == "first_account_made"
        printed = run(server, "link", "--account", "operator")
        found = LINK.fullmatch(printed.stdout)
        assert printed.returncode == 0 and found and printed.stderr == "", printed
        status, session = await use(server, found.group(2), password="another password")
        assert status == 201 and session["account"] == "operator", session
        assert (await ask(server, "POST", "/session", body={"account": "operator", "password": PASSWORD}))[0] == 401
        assert (await ask(server, "POST", "/session", body={"account": "operator", "password": "another password"}))[0] == 201
        assert run(server, "link", "--account", "nobody").returncode == 1
        assert run(server, "add", "--account", ".dots", password=PASSWORD + "\n").returncode == 1


async def test_roles_are_kept_apart_and_nobody_locks_themselves_out():
    async with House() as house:
        secretary = await house.come("secretary", secretariat=True)
        plain = await house.come("plain")
        for bearer in (secretary, plain):
            for method, path, body in (("GET", "/accounts", None), ("GET", "/accounts/root", None), ("DELETE", "/accounts/root", None), ("POST", "/accounts/root/link", None),
                                       ("POST", "/accounts", {"account": "x", "name": "X", "administrator": True, "secretariat": True}),
                                       ("PUT", "/accounts/plain", {"name": "P", "administrator": True, "secretariat": True, "disabled": False})):
                status, refused = await house.ask(method, path, body, bearer)
                assert status == 403 and reason(refused) == "administrators_alone", (path, refused)
        assert (await house.ask("GET", "/upkeep", bearer=secretary))[0] == 403
        status, upkeep = await house.ask("GET", "/upkeep")
        assert status == 200 and upkeep["store"] == "well" and upkeep["version"] and upkeep["free_bytes"] > 0, upkeep
        less = {"name": "Root", "administrator": False, "secretariat": True, "disabled": False}
        assert reason((await house.ask("PUT", "/accounts/root", less))[1]) == "administrator_last"
        assert reason((await house.ask("DELETE", "/accounts/root"))[1]) == "administrator_last"
        second = await house.come("second", administrator=True)
        assert reason((await house.ask("PUT", "/accounts/root", {**less, "administrator": True, "disabled": True}))[1]) == "not_your_own_account"
        assert reason((await house.ask("DELETE", "/accounts/root"))[1]) == "not_your_own_account"
        # Another may, and then the one who did is the last.
        assert (await house.ask("PUT", "/accounts/root", less, second))[0] == 200
        assert (await house.ask("GET", "/accounts"))[0] == 403
        assert reason((await house.ask("DELETE", "/accounts/second", bearer=second))[1]) == "administrator_last"
        assert (await house.ask("GET", "/accounts/none", bearer=second))[0] == 404
        log = house.server.read_log()
        for event in ("account_added", "account_roles_changed", "password_set_by_link"):
            assert f'"event":"security.{event}"' in log, event
        acts = sqlite3.connect(house.server.data + "/plenary.db").execute("SELECT by, act, subject FROM house_act ORDER BY number").fetchall()
        assert ("root", "account.added", "plain") in acts and ("second", "account.roles_changed", "root") in acts, acts


async def test_links_replaced_used_and_guessed():
    async with House() as house:
        first = await house.add("awa")
        status, made = await house.ask("POST", "/accounts/awa/link")
        assert status == 201, made
        assert reason((await use(house.server, first))[1]) == "account_link_replaced"
        assert (await use(house.server, made["token"]))[0] == 201
        assert (await house.ask("GET", "/accounts/awa"))[1]["link"] == "used"
        # Its date has come.
        late = await house.add("late")
        base = sqlite3.connect(house.server.data + "/plenary.db", timeout=20)
        base.execute("UPDATE account_link SET expires_at = 1 WHERE account = 'late'")
        base.commit()
        base.close()
        assert reason((await use(house.server, late))[1]) == "account_link_expired"
        assert (await house.ask("GET", "/accounts/late"))[1]["link"] == "expired"
        again = (await house.ask("POST", "/accounts/late/link"))[1]["token"]
        guesses = [(await ask(house.server, "POST", "/account-link/look", body={"token": f"{number:043}"}))[0] for number in range(15)]
        assert guesses[0] == 404 and guesses[-1] == 429, guesses
        assert guesses.index(429) <= 10, guesses
        # A bearer is held up by nobody's guesses.
        assert (await house.ask("GET", "/account"))[0] == 200
        assert (await use(house.server, again))[0] == 429
        log = house.server.read_log()
        assert '"event":"security.account_link_refused"' in log and again not in log


async def test_whoever_is_disabled_or_removed_is_out_at_once():
    async with House() as house:
        awa = await house.come("awa")
        change = {"name": "Awa", "administrator": False, "secretariat": False, "disabled": True}
        assert (await house.ask("PUT", "/accounts/awa", change))[0] == 200
        assert (await house.ask("GET", "/account", bearer=awa))[0] == 401
        assert (await ask(house.server, "POST", "/session", body={"account": "awa", "password": PASSWORD}))[0] == 401
        assert reason((await house.ask("POST", "/accounts/awa/link"))[1]) == "account_disabled"
        assert (await house.ask("PUT", "/accounts/awa", {**change, "disabled": False}))[0] == 200
        status, session = await ask(house.server, "POST", "/session", body={"account": "awa", "password": PASSWORD})
        assert status == 201, session
        assert (await house.ask("DELETE", "/accounts/awa"))[0] == 204
        assert (await house.ask("GET", "/account", bearer=session["token"]))[0] == 401
        assert (await house.ask("GET", "/accounts/awa"))[0] == 404


async def test_whoever_sits_in_a_meeting_by_an_account_is_out_of_it(server):
    """In the demonstration, where an account has a place: stream and seat end together."""
    assert run(server, "add", "--account", "root", "--administrator", password=PASSWORD + "\n").returncode == 0
    root = (await ask(server, "POST", "/session", body={"account": "root", "password": PASSWORD}))[1]["token"]
    status, made = await ask(server, "POST", "/accounts", root, {"account": "fatou", "name": "Fatou", "administrator": False, "secretariat": False})
    assert status == 201, made
    assert (await use(server, made["token"]))[0] == 201
    assert run(server, "place", "--account", "fatou", "--meeting", "demo", "--participant", "delegate-fra").returncode == 0
    status, session = await ask(server, "POST", "/session", body={"account": "fatou", "password": PASSWORD, "meeting": "demo"})
    assert status == 201, session
    live = await Live(server, session["token"]).open()
    assert (await ask(server, "DELETE", "/accounts/fatou", root))[0] == 204
    await live.until(lambda: any(notice["notice"] == "session.ended" for notice in live.notices) or live.closed)
    await live.http.close()


async def test_a_password_is_changed_and_the_other_pages_end():
    async with House() as house:
        here = await house.come("awa")
        status, there = await ask(house.server, "POST", "/session", body={"account": "awa", "password": PASSWORD})
        assert status == 201
        change = {"before": PASSWORD, "password": "a new password"}
        status, refused = await house.ask("POST", "/account/password", {**change, "before": "not that one"}, here)
        assert status == 403 and reason(refused) == "password_before_wrong" and refused["field"] == "before", refused
        assert reason((await house.ask("POST", "/account/password", {**change, "password": "short"}, here))[1]) == "password_short"
        assert (await house.ask("POST", "/account/password", change, here))[0] == 204
        assert (await house.ask("GET", "/account", bearer=here))[0] == 200
        assert (await house.ask("GET", "/account", bearer=there["token"]))[0] == 401
        assert (await ask(house.server, "POST", "/session", body={"account": "awa", "password": PASSWORD}))[0] == 401
        assert (await ask(house.server, "POST", "/session", body={"account": "awa", "password": "a new password"}))[0] == 201
        status, own = await house.ask("PUT", "/account", {"name": "Awa K.", "address": "awa@example.org"}, here)
        assert status == 200 and own == {"account": "awa", "name": "Awa K.", "address": "awa@example.org", "administrator": False, "secretariat": False}, own


async def test_names_in_six_scripts_are_cleaned_found_and_kept():
    async with House() as house:
        kept = {}
        for number, (given, wanted) in enumerate(NAMES.items()):
            status, made = await house.ask("POST", "/accounts", {"account": f"n{number}", "name": given, "administrator": False, "secretariat": False})
            assert (status == 201) == (wanted is not None), (given, made)
            if wanted is not None:
                assert made["name"] == wanted, (ascii(given), ascii(made["name"]))
                kept[wanted] = made["account"]
        for words, name in (("المنص", "أحمد المنصوري"), ("王小", "王小明"), ("小明", "王小明"), ("мария", "Мария \"Ы\""), ("nunez zoe", "Zoé Nuñez"),
                            ("drop francois", "François; DROP TABLE account")):
            found = (await house.ask("GET", f"/accounts?{urllib.parse.urlencode({'q': words})}"))[1]["accounts"]
            assert [one["account"] for one in found] == [kept[name]], (words, found)
        for account in ("", "A", "a b", "a/b", "-a", "é", "x" * 64, "a\n"):
            status, _ = await house.ask("POST", "/accounts", {"account": account, "name": "N", "administrator": False, "secretariat": False})
            assert status == 422, (account, status)
        # A sign of an account's name is that sign in an address, too.
        assert await house.add("plus+one@example.org")
        listed = (await house.ask("GET", "/accounts?after=plus%2Bone%40example.org"))[1]["accounts"]
        assert [one["account"] for one in listed] == ["root"], listed
        assert (await house.ask("GET", "/accounts/plus%2Bone%40example.org"))[1]["account"] == "plus+one@example.org"
        longest = "x" * 63
        assert await house.add(longest)
        assert (await house.ask("GET", f"/accounts/{longest}"))[1]["account"] == longest
        assert (await house.ask("DELETE", "/accounts/a.b%40c+d_e-f"))[0] == 404
        for address in ("no", "a@b\r\nBcc: all@example.org", "<a@b>"):
            status, refused = await house.ask("PUT", "/account", {"name": "Root", "address": address})
            assert status == 422 and refused["field"] == "address", (address, refused)


main(globals())
