"""The secretariat makes a meeting of its own: bodies, plans, delegations, people with their links, agenda; and changes it while people are in it."""
import asyncio
import json
import os
import signal
import subprocess
import tempfile

import aiohttp
from mail_server import MailServer, options, read
from plenary import BINARY, ROOT, Problem, Server, expect_problem, join, main, wait_ready

WORDS = "a long passphrase"
SIX = ("ar", "zh", "en", "fr", "ru", "es")


class House:
    """An empty server, and what an account of its secretariat asks of it."""

    def __init__(self, *settings):
        self.settings = settings

    def __enter__(self):
        self.server = Server(*self.settings, demo=False)
        self.server.start()
        for account, role in (("sec", "--secretariat"), ("admin", "--administrator"), ("nobody", None)):
            self.user("add", "--account", account, "--name", account, *([role] if role else []), words=WORDS + "\n")
        return self

    def __exit__(self, *_):
        self.server.stop()
        self.server.folder.cleanup()

    def user(self, *arguments, words=""):
        subprocess.run([BINARY, "user", *arguments, "--data", self.server.data], input=words, text=True, check=True, timeout=30)

    async def sign_in(self, account="sec", **more):
        answer = await self.call("POST", "session", {"account": account, "password": WORDS, **more}, bearer=None)
        self.bearer = answer["token"]
        return self.bearer

    async def call(self, method, path, body=None, bearer="own"):
        headers = {"Authorization": f"Bearer {self.bearer if bearer == 'own' else bearer}"} if bearer else {}
        async with aiohttp.ClientSession() as http:
            async with http.request(method, f"{self.server.url}/api/v1/{path}", headers=headers, json=body) as response:
                answer = await response.json(content_type=None) if response.status != 204 else None
                if response.status >= 400:
                    raise Problem(answer)
                return answer

    async def meeting(self, **more):
        return (await self.call("POST", "meetings", {"title": {"en": "Budget Group"}, **more}))["id"]

    async def add(self, meeting, capacity, name, **more):
        return await self.call("POST", f"meetings/{meeting}/people", {"capacity": capacity, "name": name, **more})


def with_house(test):
    async def run():
        with House() as house:
            await wait_ready(house.server)
            await house.sign_in()
            await test(house)
    run.__name__ = test.__name__
    return run


@with_house
async def test_from_an_empty_server_to_a_meeting_of_twelve(house):
    council = await house.call("POST", "bodies", {"code": "C", "name": {"en": "Council", "fr": "Conseil"}})
    assert [council["name"][language] for language in SIX] == ["Council", "Council", "Council", "Conseil", "Council", "Council"], council
    plan = await house.call("POST", "meetings", {"title": {"en": "First session"}, "body": council["id"], "first_day": "2027-03-01",
                                                 "last_day": "2027-03-05", "zone": "Europe/Paris", "form": "hybrid", "place": "Geneva"})
    meeting = plan["id"]
    assert (plan["life"], plan["form"], plan["floor_microphones_max"]) == ("planned", "hybrid", 2), plan
    for code, name in (("BRA", "Brazil"), ("FRA", "France")):
        await house.call("POST", f"meetings/{meeting}/delegations", {"id": code.lower(), "code": code, "kind": "member", "name": {"en": name}})
    for number, title in (("1", "Opening"), ("2", "Accounts"), ("3", "Other business")):
        await house.call("POST", f"meetings/{meeting}/agenda", {"number": number, "title": {"en": title}})
    people = {}
    for capacity, name, more in (("chair", "Amina", {}), ("secretary", "Jean", {}), ("moderator", "Sofía", {}), ("technician", "Li", {}),
                                 ("delegate", "Ana", {"delegation": "bra"}), ("delegate", "Paul", {"delegation": "fra"}),
                                 ("interpreter", "Claire", {"language": "fr"}), ("interpreter", "Marc", {"language": "fr"}),
                                 ("interpreter", "Diego", {"language": "es"}), ("captioner", "Olga", {}), ("observer", "Yuki", {}),
                                 ("listener", "Omar", {})):
        people[name] = await house.add(meeting, capacity, name, **more)
        assert people[name]["link"] == "good" and len(people[name]["token"]) == 43, people[name]
    lives = {name: await join(house.server, person["token"], meeting=meeting) for name, person in people.items()}
    assert all(live.me == people[name]["id"] for name, live in lives.items())
    snapshot = lives["Ana"].snapshot
    assert snapshot["body"]["fr"] == "Conseil" and [item["number"] for item in snapshot["agenda"]] == ["1", "2", "3"], snapshot["agenda"]
    assert {booth["language"] for booth in snapshot["booths"] if booth["desks"]} == {"fr", "es"}, snapshot["booths"]
    await lives["Amina"].command("sitting.open")
    await lives["Ana"].command("floor.request")
    await lives["Amina"].event("request.added")
    await lives["Amina"].command("floor.give", participant=people["Ana"]["id"])
    await lives["Paul"].event("microphone.opened", participant=people["Ana"]["id"])
    plan = await house.call("GET", f"meetings/{meeting}/plan")
    assert (plan["people"], plan["delegations"], plan["items"], plan["sitting"]) == (12, 2, 3, "open") and "unlinked" not in plan, plan
    (listed,) = (await house.call("GET", "meetings"))["plans"]
    assert (listed["people"], listed.get("unlinked", 0)) == (12, 0), listed
    # Nothing is kept of a link but what cannot open anything.
    listed = await house.call("GET", f"meetings/{meeting}/people")
    assert listed["total"] == 12 and not any("token" in one for one in listed["people"]), listed
    for live in lives.values():
        await live.close()


@with_house
async def test_who_may_and_what_is_refused(house):
    meeting = await house.meeting()
    person = await house.add(meeting, "delegate", "Ana")
    session = await house.call("POST", "session", {"token": person["token"]}, bearer=None)
    paths = [("GET", "bodies"), ("GET", "meetings"), ("GET", f"meetings/{meeting}/plan"), ("GET", f"meetings/{meeting}/people"),
             ("DELETE", f"meetings/{meeting}/people/{person['id']}"), ("POST", f"meetings/{meeting}/people/{person['id']}/link")]
    own, other = house.bearer, {}
    for account in ("admin", "nobody"):
        other[account] = await house.sign_in(account)
    house.bearer = own
    for method, path in paths:
        body = {} if method == "POST" else None
        await expect_problem("unauthenticated", house.call(method, path, body, bearer=None))
        for bearer in (other["admin"], other["nobody"], session["token"], person["token"]):
            await expect_problem("forbidden", house.call(method, path, body, bearer=bearer))
    for body, field in (({"title": {}}, "title"), ({"title": {"de": "x"}}, "title"), ({"title": {"en": "  "}}, "title"),
                        ({"title": {"en": "x"}, "first_day": "2027-02-29"}, "first_day"),
                        ({"title": {"en": "x"}, "first_day": "2027-03-02", "last_day": "2027-03-01"}, "last_day"),
                        ({"title": {"en": "x"}, "last_day": "2027-03-01"}, "last_day"), ({"title": {"en": "x"}, "zone": "Mars/Base"}, "zone"),
                        ({"title": {"en": "x"}, "zone": "../../etc/passwd;"}, "zone"), ({"title": {"en": "x"}, "life": "open"}, "life"), ({"title": {"en": "x"}, "body": "none"}, "body"),
                        ({"title": {"en": "x"}, "id": "UPPER CASE"}, "id")):
        try:
            await house.call("POST", "meetings", body)
            raise AssertionError(f"taken: {body}")
        except Problem as problem:
            refused = problem.problem
        assert refused.get("field") == field and refused["status"] in (404, 422), (body, refused)
    taken = await expect_problem("conflict", house.call("POST", "meetings", {"id": meeting, "title": {"en": "x"}}))
    assert taken.reason == "id_taken", taken
    for wish, slug in (({"capacity": "interpreter", "name": "No language"}, "invalid"), ({"capacity": "delegate", "name": "X", "delegation": "none"}, "not_found"),
                       ({"capacity": "delegate", "name": "X", "address": "two@example.org, three@example.org"}, "invalid"),
                       ({"capacity": "delegate", "name": "X", "address": "a@example.org\r\nBcc: c@example.org"}, "invalid"),
                       ({"capacity": "delegate", "name": "X", "address": "forgotten@example"}, "invalid"),
                       ({"capacity": "delegate", "name": "X", "account": "stranger"}, "invalid"), ({"capacity": "king", "name": "X"}, "invalid")):
        await expect_problem(slug.replace("_", "-"), house.call("POST", f"meetings/{meeting}/people", wish))
    assert (await house.call("GET", f"meetings/{meeting}/people"))["total"] == 1
    # Words of any script are words, and nothing else.
    name = "<script>alert(1)</script> \u202e‮محمد 王"
    await house.add(meeting, "delegate", name)
    listed = (await house.call("GET", f"meetings/{meeting}/people?q=%E7%8E%8B"))["people"]
    assert [one["name"] for one in listed] == ["<script>alert(1)</script> محمد 王"], listed
    for path in ("plan", "people", "agenda", "delegations"):
        await expect_problem("not-found", house.call("GET", f"meetings/none/{path}"))


@with_house
async def test_what_is_changed_is_seen_by_who_is_in_the_room(house):
    meeting = await house.meeting()
    for code in ("bra", "fra"):
        await house.call("POST", f"meetings/{meeting}/delegations", {"id": code, "code": code.upper(), "kind": "member", "name": {"en": code}})
    chair, ana = await house.add(meeting, "chair", "Amina"), await house.add(meeting, "delegate", "Ana", delegation="bra")
    first = await house.call("POST", f"meetings/{meeting}/agenda", {"number": "1", "title": {"en": "Opening"}})
    second = await house.call("POST", f"meetings/{meeting}/agenda", {"number": "2", "title": {"en": "Accounts"}})
    live, other = await join(house.server, chair["token"], meeting=meeting), await join(house.server, ana["token"], meeting=meeting)
    await house.call("PUT", f"meetings/{meeting}/plan", {"title": {"en": "Budget Group, second edition"}, "life": "postponed"})
    renamed = await live.event("meeting.renamed")
    assert renamed["data"]["title"]["es"] == "Budget Group, second edition", renamed
    wish = {"capacity": "delegate", "name": "Ana Souza", "delegation": "fra", "address": "ana@example.org"}
    changed = await house.call("PUT", f"meetings/{meeting}/people/{ana['id']}", wish)
    assert (changed["name"], changed["delegation"], changed["address"], changed["link"]) == ("Ana Souza", "fra", "ana@example.org", "good"), changed
    event = await live.event("participant.changed", participant=ana["id"])
    assert event["data"]["delegation"] == "fra", event
    stays = await expect_problem("conflict", house.call("PUT", f"meetings/{meeting}/people/{ana['id']}", {**wish, "capacity": "observer"}))
    assert stays.reason == "capacity_stays", stays
    await expect_problem("conflict", house.call("DELETE", f"meetings/{meeting}/delegations/fra"))
    await house.call("DELETE", f"meetings/{meeting}/delegations/bra")
    await house.call("POST", f"meetings/{meeting}/agenda/{second['id']}/place", {"before": first["id"]})
    await house.call("PUT", f"meetings/{meeting}/agenda/{first['id']}", {"number": "3", "title": {"en": "Closing"}})
    agenda = (await house.call("GET", f"meetings/{meeting}/agenda"))["items"]
    assert [(item["number"], item["title"]["en"]) for item in agenda] == [("2", "Accounts"), ("3", "Closing")], agenda
    await house.call("DELETE", f"meetings/{meeting}/agenda/{first['id']}")
    # A new link ends the old one and who came by it; a removal ends everything.
    again = await house.call("POST", f"meetings/{meeting}/people/{ana['id']}/link", {"days": 3})
    await other.until(lambda: other.closed is not None or any(n["notice"] == "session.ended" for n in other.notices))
    await expect_problem("forbidden", join(house.server, ana["token"], meeting=meeting))
    other = await join(house.server, again["token"], meeting=meeting)
    await house.call("DELETE", f"meetings/{meeting}/people/{ana['id']}/link")
    await expect_problem("forbidden", join(house.server, again["token"], meeting=meeting))
    await house.call("DELETE", f"meetings/{meeting}/people/{ana['id']}")
    await live.event("participant.removed", participant=ana["id"])
    await expect_problem("not-found", house.call("PUT", f"meetings/{meeting}/people/{ana['id']}", wish))
    # What was acknowledged is there after the process is killed.
    house.server.kill("control", signal.SIGKILL)
    await wait_ready(house.server)
    plan = await house.call("GET", f"meetings/{meeting}/plan")
    assert (plan["title"]["fr"], plan["life"], plan["people"], plan["items"]) == ("Budget Group, second edition", "postponed", 1, 1), plan
    await live.close()


@with_house
async def test_accounts_sit_in_many_meetings_and_copies_begin_as_the_other_did(house):
    house.user("add", "--account", "marie", "--name", "Marie", words=WORDS + "\n")
    meeting = await house.meeting(first_day="2027-05-01")
    await house.call("POST", f"meetings/{meeting}/delegations", {"id": "fra", "code": "FRA", "kind": "member", "name": {"en": "France"}})
    marie = await house.add(meeting, "delegate", "Marie", delegation="fra", account="marie", address="marie@example.org")
    assert "token" not in marie and marie["account"] == "marie", marie
    await house.add(meeting, "interpreter", "Claire", language="fr")
    await house.call("POST", f"meetings/{meeting}/agenda", {"number": "1", "title": {"en": "Opening"}})
    sits = await expect_problem("conflict", house.add(meeting, "delegate", "Second", account="marie"))
    assert sits.reason == "account_sits", sits
    copy = await house.call("POST", f"meetings/{meeting}/copy", {"title": {"en": "Second session"}, "first_day": "2027-09-01"})
    assert (copy["people"], copy["delegations"], copy["items"], copy["unlinked"]) == (2, 1, 1, 1), copy
    people = (await house.call("GET", f"meetings/{copy['id']}/people"))["people"]
    assert [(one["name"], one["link"], one.get("account"), one.get("address")) for one in people] == \
        [("Marie", "none", "marie", "marie@example.org"), ("Claire", "none", None, None)], people
    own = house.bearer
    await house.sign_in("marie")
    seats = (await house.call("GET", "seats"))["seats"]
    assert {seat["meeting"] for seat in seats} == {meeting, copy["id"]}, seats
    await expect_problem("forbidden", house.call("GET", "meetings"))
    house.bearer = own
    listed = (await house.call("GET", "meetings"))["plans"]
    assert [plan["title"]["en"] for plan in listed] == ["Second session", "Budget Group"], listed
    assert [plan["title"]["en"] for plan in (await house.call("GET", "meetings?q=budg"))["plans"]] == ["Budget Group"]


@with_house
async def test_a_meeting_lives_and_ends(house):
    meeting = await house.meeting()
    chair = await join(house.server, (await house.add(meeting, "chair", "Amina"))["token"], meeting=meeting)
    title = {"title": {"en": "Budget Group"}}

    async def becomes(life):
        return (await house.call("PUT", f"meetings/{meeting}/plan", {**title, "life": life}))["life"]

    assert await becomes("cancelled") == "cancelled"
    await chair.event("life.changed", life="cancelled")
    refused = await expect_problem("conflict", chair.command("sitting.open"))
    assert refused.reason == "meeting_is_over", refused
    refused = await expect_problem("conflict", becomes("closed"))
    assert refused.reason == "life_goes_not_there", refused
    assert await becomes("planned") == "planned"
    await chair.command("sitting.open")
    for _ in range(200):  # the plan follows the journal, a moment later
        if (plan := await house.call("GET", f"meetings/{meeting}/plan"))["life"] == "open":
            break
        await asyncio.sleep(0.01)
    assert (plan["life"], plan["sitting"]) == ("open", "open"), plan
    await chair.command("sitting.close")
    assert await becomes("closed") == "closed"
    assert await becomes("archived") == "archived"
    refused = await expect_problem("conflict", becomes("open"))
    assert refused.reason == "life_goes_not_there", refused
    await chair.close()


@with_house
async def test_ten_meetings_in_session_at_once(house):
    async def session(number):
        """A meeting of its own: opened, somebody has the floor, and nothing of another meeting is told."""
        meeting = await house.meeting(title={"en": f"Group {number}"})
        people = [await house.add(meeting, capacity, f"{capacity} {number}") for capacity in ("chair", "delegate")]
        chair, delegate = [await join(house.server, person["token"], meeting=meeting) for person in people]
        await chair.command("sitting.open")
        await delegate.command("floor.request")
        await chair.event("request.added", since=0)
        await chair.command("floor.give", participant=people[1]["id"])
        await delegate.event("microphone.opened", participant=people[1]["id"])
        return meeting, {person["id"] for person in people}, (chair, delegate)

    sessions = await asyncio.gather(*(session(number) for number in range(10)))
    for meeting, own, lives in sessions:
        assert {one["sitting"] for one in [await house.call("GET", f"meetings/{meeting}/plan")]} == {"open"}
        for live in lives:
            told = {event["data"]["participant"] for event in live.events if "participant" in event["data"] and isinstance(event["data"]["participant"], str)}
            assert told <= own, (told, own)
    for _, _, lives in sessions:
        for live in lives:
            await live.close()


@with_house
async def test_bodies_are_a_tree_and_lists_come_in_pages(house):
    council = (await house.call("POST", "bodies", {"id": "council", "code": "C", "name": {"en": "Council"}}))["id"]
    group = (await house.call("POST", "bodies", {"code": "A1", "name": {"en": "Group"}, "parent": council}))["id"]
    await house.call("POST", "bodies", {"code": "B", "name": {"en": "Board"}})
    assert [body["code"] for body in (await house.call("GET", "bodies"))["bodies"]] == ["B", "C", "A1"]
    circle = await expect_problem("conflict", house.call("PUT", f"bodies/{council}", {"code": "C", "name": {"en": "Council"}, "parent": group}))
    assert circle.reason == "body_of_itself", circle
    assert (await expect_problem("conflict", house.call("DELETE", f"bodies/{council}"))).reason == "body_in_use"
    meeting = await house.meeting(body=group)
    assert (await expect_problem("conflict", house.call("DELETE", f"bodies/{group}"))).reason == "body_in_use"
    rows = "".join(f"Person {number:03},delegate\n" for number in range(150))
    assert (await send_table(house, meeting, "people", ("Name,Capacity\n" + rows).encode()))["added"] == 150
    seen, after = [], ""
    while after is not None:
        page = await house.call("GET", f"meetings/{meeting}/people?after={after}")
        assert page["total"] == 150 and len(page["people"]) <= 64, page["total"]
        seen += [one["id"] for one in page["people"]]
        after = page.get("next")
    assert len(set(seen)) == len(seen) == 150, len(seen)
    found = await house.call("GET", f"meetings/{meeting}/people?q=PERS%C3%93N%20149")
    assert [one["name"] for one in found["people"]] == ["Person 149"], found


CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def send_table(house, meeting, table, body, kind=CSV, dry=False):
    headers = {"Authorization": f"Bearer {house.bearer}", "Content-Type": kind}
    url = f"{house.server.url}/api/v1/meetings/{meeting}/tables/{table}" + ("?dry=1" if dry else "")
    async with aiohttp.ClientSession() as http, http.post(url, headers=headers, data=body) as response:
        answer = await response.json()
        if response.status != 200:
            raise Problem(answer)
        return answer


async def get_table(house, meeting, table, query=""):
    headers = {"Authorization": f"Bearer {house.bearer}"}
    async with aiohttp.ClientSession() as http, http.get(f"{house.server.url}/api/v1/meetings/{meeting}/tables/{table}{query}", headers=headers) as response:
        assert response.status == 200, await response.text()
        return await response.read(), response.content_type


@with_house
async def test_tables_come_in_whole_or_not_at_all_and_go_out_again(house):
    house.user("add", "--account", "marie", "--name", "Marie", words=WORDS + "\n")
    meeting = await house.meeting()
    # Semicolons, and headings in French, as a spreadsheet there writes it.
    report = await send_table(house, meeting, "delegations", "Code;Type;Nom en français\r\nFRA;member;France\r\nBRA;;Brésil\r\n".encode())
    assert (report["rows"], report["added"], report["fault_count"]) == (2, 2, 0), report
    bad = ("Name,Capacity,Delegation,Language,E-mail,Account\n"
           "Ana,delegate,Brésil,,ana@example.org,\n"
           "Paul,king,FRA,,,\n"
           "Claire,interpreter,,,,\n"
           "Marc,interpreter,,fr,two@example.org three@example.org,\n"
           "Ana,Delegate,bra,,,\n"
           "Olga,delegate,Utopia,,,\n"
           ",delegate,,,,\n"
           "Omar,listener,,,,stranger\n")
    faults = (await send_table(house, meeting, "people", bad.encode()))
    assert (faults["rows"], faults["added"], faults["fault_count"]) == (8, 0, 7), faults
    assert [(fault["row"], fault["why"], fault.get("field")) for fault in sorted(faults["faults"], key=lambda fault: fault["row"])] == [
        (3, "capacity_unknown", "capacity"), (4, "refused", None), (5, "address_unfit", "address"), (6, "listed_already", "name"),
        (7, "delegation_unknown", "delegation"), (8, "cell_missing", "name"), (9, "account_unknown", "account")], faults
    assert faults["faults"][1].get("reason") == "interpreter_needs_language" or any(
        fault.get("reason") == "interpreter_needs_language" for fault in faults["faults"]), faults
    assert (await house.call("GET", f"meetings/{meeting}/plan")).get("people") is None
    good = ("\ufeffИмя,Роль,Делегация,Язык,Эл. почта,Учётная запись\n"
            "Ана,делегат,BRA,,ana@example.org,\n"
            "محمد,مندوب,FRA,,,marie\n"
            "=SUM(A1),interpreter,,fr,,\n".replace("делегат,", "delegate,"))
    dry = await send_table(house, meeting, "people", good.encode("utf-8"), dry=True)
    assert (dry["rows"], dry["added"], dry["fault_count"]) == (3, 0, 0), dry
    done = await send_table(house, meeting, "people", good.encode("utf-8"))
    assert done["added"] == 3, done
    people = {one["name"]: one for one in (await house.call("GET", f"meetings/{meeting}/people"))["people"]}
    assert people["محمد"]["account"] == "marie" and people["Ана"]["address"] == "ana@example.org", people
    again = await send_table(house, meeting, "people", good.encode("utf-8"))
    assert again["fault_count"] == 3 and again["added"] == 0, again
    # Out, and into another meeting: the same people. Nothing that a spreadsheet reckons with.
    text, kind = await get_table(house, meeting, "people", "?language=es")
    assert kind == CSV and text.startswith("\ufeff".encode()) and b"'=SUM(A1)" in text and "Correo electrónico" in text.decode(), text
    book, kind = await get_table(house, meeting, "people", "?form=xlsx&language=ar")
    assert kind == XLSX and book.startswith(b"PK\x03\x04"), book[:8]
    other = await house.meeting()
    await send_table(house, other, "delegations", (await get_table(house, meeting, "delegations", "?form=xlsx"))[0], XLSX)
    assert (await send_table(house, other, "people", book, XLSX))["added"] == 3
    names = {one["name"] for one in (await house.call("GET", f"meetings/{other}/people"))["people"]}
    assert names == set(people), names
    report = await send_table(house, meeting, "agenda", "Number,Title in English,Purpose,Minutes\n1,Opening,information,10\n2,Budget,decision,90\n".encode("utf-16"))
    assert report["added"] == 2, report
    items = (await house.call("GET", f"meetings/{meeting}/agenda"))["items"]
    assert [(item["title"]["ru"], item["purpose"], item["minutes"]) for item in items] == [("Opening", "information", 10), ("Budget", "decision", 90)], items
    # What is no table.
    for body in (b"", b"\xff\xfe\x00", b"PK\x03\x04 but no archive", "Имя;Роль".encode("cp1251"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"):
        report = await send_table(house, meeting, "people", body)
        assert report["added"] == 0 and report["faults"][0]["why"] in ("file", "column_missing"), (body, report)
    await expect_problem("too-large", send_table(house, meeting, "people", b"a" * (4 * 1024 * 1024 + 1)))
    await expect_problem("not-found", send_table(house, meeting, "kings", b"a"))
    many = await send_table(house, meeting, "people", ("Name,Capacity\n" + "x,delegate\n" * 5000).encode())
    assert many["faults"][0]["reason"] == "rows-many" and many["added"] == 0, many


@with_house
async def test_a_table_is_in_whole_or_not_at_all_whenever_control_is_killed(house):
    table = ("Name,Capacity\n" + "".join(f"Person {number},delegate\n" for number in range(1400))).encode()
    for wait in (0, 0.02, 0.04, 0.08):
        meeting = await house.meeting()
        sending = asyncio.create_task(send_table(house, meeting, "people", table))
        await asyncio.sleep(wait)  # somewhere within it: whenever that is, the answer is the same
        house.server.kill("control", signal.SIGKILL)
        try:
            added = (await sending)["added"]
        except (aiohttp.ClientError, OSError):
            added = None
        await wait_ready(house.server)
        people = (await house.call("GET", f"meetings/{meeting}/plan")).get("people", 0)
        assert people in ((1400,) if added else (0, 1400)), (wait, added, people)


@with_house
async def test_links_for_all_who_have_none(house):
    meeting = await house.meeting()
    rows = "".join(f"Person {number},delegate\n" for number in range(1200))
    report = await send_table(house, meeting, "people", ("Name,Capacity\n" + rows).encode())
    assert report["added"] == 1200, report
    plan = await house.call("GET", f"meetings/{meeting}/plan")
    assert (plan["people"], plan["unlinked"]) == (1200, 1200), plan
    made = (await house.call("POST", f"meetings/{meeting}/links", {"days": 3}))["links"]
    assert len({link["token"] for link in made}) == 1200
    assert (await house.call("POST", f"meetings/{meeting}/links", {}))["links"] == []
    live = await join(house.server, made[600]["token"], meeting=meeting)
    assert live.me == made[600]["participant"]
    await live.close()


async def test_letters_bring_links_and_tell_of_changes():
    with tempfile.TemporaryDirectory() as folder:
        async with MailServer(folder) as mails:
            with House(*options(mails)) as house:
                await wait_ready(house.server)
                await house.sign_in()
                await letters(house, mails)
    with House() as house:
        await wait_ready(house.server)
        await house.sign_in()
        refused = await expect_problem("unavailable", house.call("POST", f"meetings/{await house.meeting()}/letters", {"kind": "link"}))
        assert refused.reason == "no_mail_server", refused


async def letters(house, mails):
    meeting = await house.meeting(title={"en": "Budget Group", "fr": "Groupe du budget"}, first_day="2027-03-01", last_day="2027-03-02", zone="Europe/Paris",
                                  form="hybrid", place="Geneva")
    people = [("Ana", "ana@example.org", "en"), ("محمد", "m@example.org", "ar"), ("Claire", "claire@example.org", "fr"), ("No Address", "", "en")]
    table = "Name,Capacity,E-mail,Language\n" + "".join(f"{name},delegate,{address},{language}\n" for name, address, language in people)
    assert (await send_table(house, meeting, "people", table.encode()))["added"] == 4
    assert await house.call("POST", f"meetings/{meeting}/letters", {"kind": "link"}) == {"posted": 3, "without_address": 1}
    await mails.until(lambda: len(mails.mails) == 3)
    found = {}
    for mail in mails.mails:
        message = read(mail)
        text = message.get_body(("plain",)).get_content()
        link = next(line for line in text.splitlines() if "/m/" in line)
        assert link.startswith(f"{house.server.url}/m/{meeting}#"), link
        found[message["to"].addresses[0].addr_spec] = (message["subject"], link.rpartition("#")[2], text)
    assert found["claire@example.org"][0] == "Groupe du budget : votre lien personnel" and "Geneva" in found["ana@example.org"][2], found
    live = await join(house.server, found["m@example.org"][1], meeting=meeting)
    # To one person again: the link of before ends, and who came by it.
    listed = {one["name"]: one["id"] for one in (await house.call("GET", f"meetings/{meeting}/people"))["people"]}
    assert (await house.call("POST", f"meetings/{meeting}/letters", {"kind": "link", "participant": listed["محمد"]}))["posted"] == 1
    await expect_problem("forbidden", join(house.server, found["m@example.org"][1], meeting=meeting))
    refused = await expect_problem("conflict", house.call("POST", f"meetings/{meeting}/letters", {"kind": "link", "participant": listed["No Address"]}))
    assert refused.reason == "address_first", refused
    await expect_problem("not-found", house.call("POST", f"meetings/{meeting}/letters", {"kind": "link", "participant": "stranger"}))
    assert (await house.call("POST", f"meetings/{meeting}/letters", {"kind": "link"}))["posted"] == 0
    # What changes is told to all, with a calendar's entry.
    await house.call("PUT", f"meetings/{meeting}/plan", {"title": {"en": "Budget Group"}, "first_day": "2027-03-01", "zone": "Europe/Paris", "life": "cancelled"})
    assert (await house.call("POST", f"meetings/{meeting}/letters", {"kind": "plan"}))["posted"] == 3
    await mails.until(lambda: len(mails.mails) == 7)
    message = read(next(mail for mail in mails.mails[4:] if "claire" in str(read(mail)["to"])))
    calendar = next(part for part in message.walk() if part.get_content_type() == "text/calendar").get_content()
    assert "annulée" in message.get_body(("plain",)).get_content(), message
    assert "METHOD:CANCEL" in calendar and "TZID=Europe/Paris:20270301T000000" in calendar and "STATUS:CANCELLED" in calendar, calendar
    await live.close()


async def test_the_documented_script_makes_a_meeting_that_its_links_open():
    with Server(demo=False) as server:
        link = server.process.stdout.readline().strip()
        await wait_ready(server)
        script = [os.path.join(ROOT, "docs", "examples", "own-meeting.sh"), server.url, link]
        made = await asyncio.to_thread(subprocess.run, script, capture_output=True, text=True, timeout=60)
        assert made.returncode == 0, made.stderr
        answer = json.loads(made.stdout)
        assert len(answer["people"]) == 12 and len({person["capacity"] for person in answer["people"]}) == 9, answer
        lives = []
        for person in answer["people"]:
            assert person["link"].startswith(f"{server.url}/m/{answer['meeting']}#"), person
            lives.append(await join(server, person["link"].rpartition("#")[2], meeting=answer["meeting"]))
            assert lives[-1].hello["capacity"] == person["capacity"], person
        await lives[0].command("sitting.open")
        await lives[4].event("sitting.changed", state="open")
        await lives[4].command("floor.request")
        await lives[0].event("request.added")
        again = await asyncio.to_thread(subprocess.run, script, capture_output=True, text=True, timeout=60)
        assert again.returncode != 0 and again.stdout == "" and "account-link" in again.stderr, again
        for live in lives:
            await live.close()


main(globals())
