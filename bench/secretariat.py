#!/usr/bin/env python3
"""How long the secretariat's pages wait: a table, then one line of JSON. No pass or fail.

    /usr/bin/python3 bench/secretariat.py [--people 1200] [--delegations 193] [--meetings 200] [--rounds 200]

On an empty server, over plain HTTP on the loopback and one connection: a meeting of so many people and delegations comes in as tables; lists and searches are asked for many
times, first on a quiet server, then with ten meetings in session in which somebody commands all the time. A time is from the request to the last byte of the answer, here; what
a change costs has the disk in it. `longest` of ten meetings' replies while the tables come in says how long the import kept everybody else waiting.
"""
import argparse
import asyncio
import json
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
sys.argv, ARGUMENTS = sys.argv[:1], sys.argv[1:]
import aiohttp  # noqa: E402
from plenary import BINARY, Server, join, wait_ready  # noqa: E402

WORDS = "a long passphrase"


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


class House:
    def __init__(self, server, http, bearer):
        self.server, self.http, self.headers = server, http, {"Authorization": f"Bearer {bearer}"}

    async def call(self, method, path, kind=None, data=None, **options):
        headers = {**self.headers, **({"Content-Type": kind} if kind else {})}
        began = time.perf_counter()
        async with self.http.request(method, f"{self.server.url}/api/v1/{path}", headers=headers, data=data, **options) as response:
            body = await response.read()
            assert response.status < 300, (method, path, response.status, body[:300])
        return json.loads(body) if body[:1] == b"{" else body, 1000 * (time.perf_counter() - began)


async def session(house, number):
    """A meeting in session, with a chair and somebody who will command."""
    meeting = (await house.call("POST", "meetings", json={"title": {"en": f"Group {number}"}}))[0]["id"]
    people = [(await house.call("POST", f"meetings/{meeting}/people", json={"capacity": capacity, "name": capacity}))[0] for capacity in ("chair", "delegate")]
    chair, delegate = [await join(house.server, person["token"], meeting=meeting) for person in people]
    await chair.command("sitting.open")
    return chair, delegate


async def busy(delegate, delays, ended):
    while not ended.is_set():
        for command in ("floor.request", "floor.withdraw"):
            began = time.perf_counter()
            await delegate.command(command)
            delays.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(0.05)


async def measure(house, meeting, rounds, delegations):
    asked = {
        "meetings, first page": lambda n: "meetings", "meetings, search": lambda n: f"meetings?q=meeting%20{n % 100}", "plan": lambda n: f"meetings/{meeting}/plan",
        "people, first page": lambda n: f"meetings/{meeting}/people", "people, search for a name": lambda n: f"meetings/{meeting}/people?q=person%20{n}",
        "people, search for a delegation": lambda n: f"meetings/{meeting}/people?q=country%20{n % delegations}",
        "delegations": lambda n: f"meetings/{meeting}/delegations", "agenda": lambda n: f"meetings/{meeting}/agenda", "bodies": lambda n: "bodies",
        "people as CSV": lambda n: f"meetings/{meeting}/tables/people"}
    return {name: [(await house.call("GET", path(number)))[1] for number in range(rounds)] for name, path in asked.items()}


def show(title, times):
    print(f"\n{title:<36}{'p50 ms':>9}{'p95 ms':>9}{'longest':>9}")
    for name, values in times.items():
        print(f"{name:<36}{percentile(values, 0.5):>9.2f}{percentile(values, 0.95):>9.2f}{max(values):>9.2f}")


async def run(server, options):
    await wait_ready(server)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as http:
        async with http.post(f"{server.url}/api/v1/session", json={"account": "sec", "password": WORDS}) as response:
            house = House(server, http, (await response.json())["token"])
        for number in range(options.meetings):
            await house.call("POST", "meetings", json={"title": {"en": f"Meeting {number}"}, "first_day": f"20{27 + number // 300}-01-{1 + number % 28:02}"})
        meeting = (await house.call("POST", "meetings", json={"title": {"en": "Council"}}))[0]["id"]
        sessions = [await session(house, number) for number in range(10)]
        ended, delays = asyncio.Event(), []
        tasks = [asyncio.create_task(busy(delegate, delays, ended)) for _, delegate in sessions]
        delegations = "Code,Name in English\n" + "".join(f"D{n},Country {n}\n" for n in range(options.delegations))
        people = "Name,Capacity,Delegation,E-mail\n" + "".join(f"Person {n},delegate,D{n % options.delegations},p{n}@example.org\n" for n in range(options.people))
        changes = {}
        changes["delegations come in"] = [(await house.call("POST", f"meetings/{meeting}/tables/delegations", "text/csv", delegations.encode()))[1]]
        changes["people come in"] = [(await house.call("POST", f"meetings/{meeting}/tables/people", "text/csv", people.encode()))[1]]
        changes["links for all"] = [(await house.call("POST", f"meetings/{meeting}/links", json={}))[1]]
        changes["ten meetings' replies meanwhile"] = delays
        for number in range(30):
            await house.call("POST", f"meetings/{meeting}/agenda", json={"number": str(number), "title": {"en": f"Item {number}"}})
        changes["one person more"] = [(await house.call("POST", f"meetings/{meeting}/people", json={"capacity": "observer", "name": f"One more {n}"}))[1] for n in range(50)]
        show("changes, ten meetings in session", changes)
        in_session = await measure(house, meeting, options.rounds, options.delegations)
        show("lists, ten meetings in session", in_session)
        ended.set()
        await asyncio.gather(*tasks)
        for lives in sessions:
            for live in lives:
                await live.close()
        quiet = await measure(house, meeting, options.rounds, options.delegations)
        show("lists, quiet", quiet)
    print(json.dumps({title: {name: {"p50_ms": round(percentile(values, 0.5), 2), "p95_ms": round(percentile(values, 0.95), 2), "longest_ms": round(max(values), 2)}
                              for name, values in times.items()}
                      for title, times in (("changes", changes), ("in_session", in_session), ("quiet", quiet))}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("people", 1200), ("delegations", 193), ("meetings", 200), ("rounds", 200)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args(ARGUMENTS)
    with Server(demo=False) as server:
        subprocess.run([BINARY, "user", "add", "--account", "sec", "--name", "Secretary", "--secretariat", "--data", server.data], input=WORDS + "\n", text=True,
                       check=True, timeout=30)
        asyncio.run(run(server, options))


main()
