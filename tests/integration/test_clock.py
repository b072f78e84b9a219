"""The wall clock of a running server is set, ahead and back: what is spoken, who is in, and who may still come in.

libfaketime sets it, for this server alone; the monotonic clock is left as it is.
"""
import asyncio
import glob
import os
import tempfile
import time

from plenary import Live, Problem, Server, join, main

FOLDER = tempfile.TemporaryDirectory(prefix="plenary-clock-")
OFFSET = os.path.join(FOLDER.name, "offset")
HOUR = 3600


def set_wall_clock(seconds):
    """By so much from the true time. Replaced whole: the server may be reading it."""
    with open(OFFSET + ".new", "w", encoding="ascii") as file:
        file.write(f"{seconds:+d}\n")
    os.replace(OFFSET + ".new", OFFSET)


set_wall_clock(0)
os.environ.update(LD_PRELOAD=glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")[0], FAKETIME_TIMESTAMP_FILE=OFFSET, FAKETIME_NO_CACHE="1",
                  FAKETIME_DONT_FAKE_MONOTONIC="1", DONT_FAKE_MONOTONIC="1", NO_FAKE_STAT="1")


def unconfined():
    """libfaketime reads the time from a file that a confined process cannot see."""
    return Server("--set", "server.confinement=off")


async def sign_in(server, link):
    async with server.http() as http, http.post(f"{server.url}/api/v1/session", json={"token": link}) as response:
        body = await response.json()
        if response.status != 201:
            raise Problem(body)
        return body["token"]


async def expires_at(server, token):
    async with server.http() as http, http.get(f"{server.url}/api/v1/session", headers={"Authorization": f"Bearer {token}"}) as response:
        return (await response.json())["expires_at"]


async def pings(live, count):
    """Waits for so many of them: the server lives, and knows the time that it is."""
    for _ in range(count):
        before = live.pings
        await live.until(lambda before=before: live.pings > before, timeout=20)


async def a_wall_clock_that_jumps_changes_no_speech_and_ends_nobody(server):
    chair, delegate = await join(server, "chair"), await join(server, "delegate")
    link = server.token("listener", lifetime_hours=2)
    listener = await Live(server, await sign_in(server, link)).open()
    try:
        for jump in (25 * HOUR, -HOUR):
            mark = chair.seq
            begun = time.monotonic()
            await chair.command("floor.give", participant=delegate.me)
            set_wall_clock(jump)
            await pings(delegate, 1)
            set_wall_clock(0 if jump < 0 else jump)
            await chair.command("floor.end_all")
            closed = await chair.event("microphone.closed", since=mark, participant=delegate.me)
            truly = (time.monotonic() - begun) * 1000
            assert truly - 1500 < closed["data"]["spoken_ms"] <= truly + 10, (jump, closed, truly)
            if jump > 0:
                # Nobody is ended; a page comes back with its session, and the door is closed to others.
                await pings(listener, 1)
                assert not [notice for live in (chair, delegate, listener) for notice in live.notices if notice["notice"] == "session.ended"]
                await listener.close()
                listener = await Live(server, listener.token).open()
                try:
                    await sign_in(server, link)
                    raise AssertionError("a link that is past its date signs in")
                except Problem as problem:
                    assert problem.slug == "expired", problem
    finally:
        set_wall_clock(0)
    for live in (chair, delegate, listener):
        await live.close()


async def whoever_is_in_is_told_and_renews(server):
    link = server.token("listener", lifetime_hours=1)
    token = await sign_in(server, link)
    first = await expires_at(server, token)
    try:
        set_wall_clock(50 * 60)
        live = await Live(server, token).open()
        await live.until(lambda: any(notice["notice"] == "session.expiring" for notice in live.notices))
        told = next(notice["data"] for notice in live.notices if notice["notice"] == "session.expiring")
        assert told["stays"] is True, told  # the demonstration's sitting is open
        await live.command("session.renew")
        assert await expires_at(server, token) > first + HOUR * 1000
        set_wall_clock(2 * HOUR)
        await live.close()
        again = await Live(server, token).open()
        assert not [notice for notice in again.notices if notice["notice"] == "session.expiring"]
        await again.close()
    finally:
        set_wall_clock(0)


def test_a_wall_clock_that_jumps_changes_no_speech_and_ends_nobody():
    with unconfined() as server:
        asyncio.run(asyncio.wait_for(a_wall_clock_that_jumps_changes_no_speech_and_ends_nobody(server), 180))


def test_whoever_is_in_is_told_and_renews():
    with unconfined() as server:
        asyncio.run(asyncio.wait_for(whoever_is_in_is_told_and_renews(server), 180))


if __name__ == "__main__":
    main(globals())
