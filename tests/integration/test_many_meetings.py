"""More meetings than are in memory at once: a start is a start, and whoever comes to one that is not there finds it."""
import asyncio
import json
import os
import subprocess

import aiohttp
import forgery
from measure import metrics
from plenary import BINARY, Server, expect_problem, join, main

NAMES = [f"m{number}" for number in range(40)]


async def visit(server, name):
    """To a meeting and away again; what it is, as it was seen."""
    live = await join(server, "moderator", meeting=name)
    assert live.snapshot["id"] == name
    await live.command("list.close")
    await live.event("list.changed", state="closed")
    await live.close()


def loaded_ever(server):
    return {json.loads(line)["meeting"] for line in server.read_log().splitlines() if '"meeting.loaded"' in line}


async def all_can_be_visited(server):
    before = await metrics(server)
    assert before["plenary_meetings"] == 16 and before["plenary_meetings_set_aside"] == 0, before
    started = [json.loads(line) for line in server.read_log().splitlines() if '"meetings.loaded"' in line]
    assert (started[-1]["meetings"], started[-1]["left"]) == (16, len(NAMES) + 2 - 16), started
    loaded = loaded_ever(server)
    asleep = [name for name in NAMES if name not in loaded]
    for name in asleep[:10]:
        await visit(server, name)
    assert (await metrics(server))["plenary_meetings"] == 16


def make_account(server, names):
    def user(*arguments, words=""):
        subprocess.run([BINARY, "user", *arguments, "--data", server.data], input=words, text=True, check=True, timeout=30)

    user("add", "--account", "k.many", "--name", "Many Seats", words="a long passphrase\n")
    for name in names:
        user("place", "--account", "k.many", "--meeting", name, "--participant", "interpreter-fr-1")


async def listing_takes_no_place(server, names):
    """All of one's seats are listed, also of meetings that are asleep, and whoever comes to another finds place."""
    loaded = loaded_ever(server)
    async with aiohttp.ClientSession() as http:
        wish = {"account": "k.many", "password": "a long passphrase"}
        async with http.post(server.url + "/api/v1/session", json=wish) as response:
            bearer = {"Authorization": f"Bearer {(await response.json())['token']}"}
        for _ in range(2):
            seats, after = [], ""
            while after is not None:
                async with http.get(server.url + "/api/v1/seats" + after, headers=bearer) as response:
                    part = await response.json()
                seats += part["seats"]
                after = f"?after={part['next']}" if "next" in part else None
            listed = [seat["meeting"] for seat in seats]
            assert listed == sorted(names), listed
            assert all(seat["title"]["en"] and seat["capacity"] == "interpreter" for seat in seats)
    assert loaded_ever(server) == loaded
    for name in [name for name in NAMES if name not in loaded][:3]:
        await visit(server, name)


async def places_are_kept(server):
    """Who is there stays; where nobody is, there is place for one more, and else it is said that there is none."""
    there = [await join(server, "chair", meeting=name) for name in NAMES[:2]]
    problem = await expect_problem("full", join(server, "chair", meeting=NAMES[2]))
    assert problem.status == 503
    for live in there:
        await live.command("list.close")
        await live.close()


def test_more_meetings_than_places():
    with Server() as server:
        server.stop()
        forgery.copy(os.path.join(server.data, "plenary.db"), NAMES)
        server.start()
        asyncio.run(all_can_be_visited(server))


def test_a_list_of_seats():
    with Server() as server:
        server.stop()
        forgery.copy(os.path.join(server.data, "plenary.db"), NAMES)
        server.start()
        make_account(server, NAMES)
        asyncio.run(listing_takes_no_place(server, NAMES))


def test_no_place_is_said():
    with Server() as server:
        server.stop()
        forgery.copy(os.path.join(server.data, "plenary.db"), NAMES[:3])
        server.options = ("--set", "meeting.meetings_max=2")
        server.start()
        asyncio.run(places_are_kept(server))


main(globals())
