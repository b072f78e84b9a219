"""A session is a person, and one live connection follows several meetings."""
import asyncio
import copy
import json
import os
import subprocess

import aiohttp
import forgery
from measure import metrics
from plenary import BINARY, Live, Server, expect_problem, join, main, wait_ready
from streams import Connection
from webrtc import Client

DEMO, REHEARSAL = "meeting/demo", "meeting/rehearsal"


async def call(server, method, path, bearer=None, **options):
    async with aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        async with http.request(method, server.url + path, headers=headers, **options) as response:
            return response.status, await response.json() if response.content_type.endswith("json") else None


async def sign_in(server, **wish):
    status, body = await call(server, "POST", "/api/v1/session", json=wish)
    assert status == 201, body
    return body["token"]


def run_user(server, *arguments, words=""):
    made = subprocess.run([BINARY, "user", *arguments, "--data", server.data], input=words, capture_output=True, text=True, timeout=30)
    assert made.returncode == 0, made.stderr


def place(server, account, meeting, participant):
    run_user(server, "place", "--account", account, "--meeting", meeting, "--participant", participant)


async def account(server, name="s.laurent"):
    """An account that interprets in both meetings of the demonstration; its session names no meeting."""
    run_user(server, "add", "--account", name, "--name", "Sophie Laurent", words="a long passphrase\n")
    place(server, name, "demo", "interpreter-fr-1")
    place(server, name, "rehearsal", "interpreter-fr-1")
    return await sign_in(server, account=name, password="a long passphrase")


async def both(server, token):
    connection = await Connection(server, token).open()
    return connection, await connection.subscribe(REHEARSAL)



async def test_one_connection_is_in_two_meetings(server):
    token = await account(server)
    status, seats = await call(server, "GET", "/api/v1/seats", bearer=token)
    assert status == 200 and [seat["meeting"] for seat in seats["seats"]] == ["demo", "rehearsal"], seats
    assert seats["seats"][0]["title"]["en"] and seats["seats"][1]["capacity"] == "interpreter", seats
    demo, rehearsal = await both(server, token)
    assert (demo.hello["meeting"], rehearsal.hello["meeting"]) == ("demo", "rehearsal")
    assert demo.snapshot["id"] == "demo" and rehearsal.snapshot["id"] == "rehearsal"
    await demo.command("room.enter")
    await rehearsal.command("room.enter")
    for stream in (demo, rehearsal):  # each is told of its own meeting, and of no other
        event = await stream.event("presence.changed", participant=stream.me, presence="present")
        assert event["by"] == stream.me
    trainer = await join(server, "technician", meeting="rehearsal", name="Helen Marsh")
    await rehearsal.event("presence.changed", participant=trainer.me, presence="present")
    assert not [event for event in demo.events if event["data"].get("participant") == trainer.me]
    # What is asked by REST is asked from the seat in that meeting.
    for meeting in ("demo", "rehearsal"):
        status, state = await call(server, "GET", f"/api/v1/meetings/{meeting}", bearer=token)
        assert status == 200 and state["meeting"]["id"] == meeting, (status, state)
    await trainer.close()
    await demo.close()


async def test_a_stream_is_left_and_taken_up_again(server):
    demo, rehearsal = await both(server, await account(server))
    await rehearsal.command("room.enter")
    watcher = await join(server, "technician", meeting="rehearsal", name="Helen Marsh")
    seq = rehearsal.seq
    await rehearsal.close()
    await watcher.event("presence.changed", participant=demo.me, presence="lost")
    await expect_problem("not-found", demo.ask({"stream": REHEARSAL, "command": "room.enter", "data": {}}))
    again = await demo.subscribe(REHEARSAL, after=seq)
    assert again.hello["resumed"] and again.events[0]["seq"] == seq + 1
    # The one of the address can be left as well; its messages name it from then on.
    await demo.ask({"unsubscribe": {"stream": DEMO}})
    back = await demo.subscribe(DEMO)
    await back.command("room.enter")
    await expect_problem("not-found", demo.command("room.enter"))
    await watcher.close()
    await demo.close()


async def test_a_command_is_answered_before_its_stream_is_left(server):
    connection, rehearsal = await both(server, await account(server))
    for preselected in ("ru", "es", "zh"):
        command = await rehearsal.send("desk.preselect", position=1, channel=preselected)
        leaving = connection.next_number()
        await connection.socket.send_json({"id": leaving, "unsubscribe": {"stream": REHEARSAL}})
        await connection.until(lambda: leaving in connection.replies)
        assert command in rehearsal.replies, "left without an answer"
        assert "problem" not in connection.replies[leaving], connection.replies[leaving]
        rehearsal = await connection.subscribe(REHEARSAL)
    await connection.close()


async def test_after_nothing_means_the_same_everywhere(server):
    """From the first event on, as `?after=0` does; who names no number has the state."""
    connection, rehearsal = await both(server, await account(server))
    assert rehearsal.snapshot is not None
    await connection.unsubscribe(REHEARSAL)
    rehearsal = await connection.subscribe(REHEARSAL, after=0)
    assert rehearsal.hello["resumed"] and rehearsal.events[0]["seq"] == 1, rehearsal.hello
    await connection.close()


async def test_who_may_not_is_refused(server):
    delegate = await join(server, "delegate")
    connection = await Connection(server, delegate.token).open()
    await delegate.until(lambda: delegate.closed)
    await expect_problem("forbidden", connection.subscribe(REHEARSAL))
    await expect_problem("forbidden", connection.subscribe("meeting/nowhere"))
    await expect_problem("not-found", connection.subscribe("register/demo"))
    await expect_problem("conflict", connection.subscribe(DEMO))
    await expect_problem("conflict", connection.ask({"unsubscribe": {"stream": DEMO}}))
    await expect_problem("malformed", connection.ask({"subscribe": {"stream": REHEARSAL, "after": "x"}}))
    await connection.command("help.ask")  # and it goes on
    # A link that is used as it is has the one seat.
    bare = await Connection(server, server.token("interpreter", language="ru")).open()
    await expect_problem("forbidden", bare.subscribe(REHEARSAL))
    await bare.close()
    await connection.close()


async def test_subscribing_twice_and_a_thousand_times(server):
    demo, rehearsal = await both(server, await account(server))
    await expect_problem("conflict", demo.subscribe(REHEARSAL))
    assert rehearsal.ended is None and demo.streams[REHEARSAL] is rehearsal
    refused, carried = 0, 0
    for number in range(1000):
        try:
            await demo.socket.send_json({"id": 1000 + number, "subscribe": {"stream": f"meeting/m{number}"}})
        except ConnectionResetError:
            break
    await demo.until(lambda: demo.closed, timeout=30)
    assert demo.closed == 1008, demo.closed
    for reply in demo.replies.values():
        refused += "problem" in reply
        carried += "problem" not in reply
    assert refused > 100 and carried == 0, (refused, carried)
    # The server is well, and nobody is left in either meeting.
    chair = await join(server, "chair")
    await chair.close()


async def peers_are(server, count):
    for _ in range(200):
        now = (await metrics(server))["plenary_media_peers"]
        if now == count:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{now} peers, not {count}")


async def test_leaving_while_media_runs_ends_that_media_alone(server):
    demo, rehearsal = await both(server, await account(server))
    await demo.command("room.enter")
    await rehearsal.command("room.enter")
    there, here = Client(), Client()
    here.live, there.live = demo, rehearsal
    await here.join_media(listens=True)
    await there.join_media()
    speaker = await Client.join(server, "chair", hertz=440)
    await speaker.live.command("floor.take")
    await here.ears["floor_1"].until(lambda: here.ears["floor_1"].level(440) > -30)
    await peers_are(server, 3)
    await demo.unsubscribe(REHEARSAL)
    await peers_are(server, 2)
    heard = here.ears["floor_1"].frames
    await here.ears["floor_1"].until(lambda: here.ears["floor_1"].frames > heard + 50)
    assert here.ears["floor_1"].level(440) > -30
    await there.peer.close()
    await speaker.close()
    await here.close()


async def test_a_seat_that_is_withdrawn_ends_its_stream(server):
    token = await account(server)
    demo, rehearsal = await both(server, token)
    moderator = await join(server, "moderator")
    # Removed from one meeting: its stream ends, the connection goes on with the other.
    await moderator.command("participant.remove", participant="interpreter-fr-1")
    await demo.until(lambda: demo.ended)
    assert demo.ended == "removed" and demo.closed is None
    await rehearsal.command("room.enter")
    status, seats = await call(server, "GET", "/api/v1/seats", bearer=token)
    assert status == 200 and [seat["meeting"] for seat in seats["seats"]] == ["rehearsal"], seats
    await expect_problem("forbidden", demo.subscribe(DEMO))
    # Signed out: the last stream, and with it the connection.
    status, _ = await call(server, "DELETE", "/api/v1/session", bearer=token)
    assert status in (200, 204), status
    await demo.until(lambda: demo.closed)
    assert rehearsal.ended == "signed-out" and demo.closed == 4001, (rehearsal.ended, demo.closed)
    await moderator.close()
    await demo.http.close()


async def test_what_the_command_line_takes_away_ends_within_two_seconds(server):
    token = await account(server)
    demo, rehearsal = await both(server, token)
    await demo.command("room.enter")
    await rehearsal.command("room.enter")
    here, there = Client(), Client()
    here.live, there.live = demo, rehearsal
    await here.join_media()
    await there.join_media()
    bystander = await join(server, "delegate")
    await peers_are(server, 2)
    # Its place: that stream and its sound, and no way in any more.
    place(server, "s.laurent", "rehearsal", "")
    await demo.until(lambda: rehearsal.ended, timeout=2)
    assert rehearsal.ended == "withdrawn" and demo.closed is None, (rehearsal.ended, demo.closed)
    await peers_are(server, 1)
    status, seats = await call(server, "GET", "/api/v1/seats", bearer=token)
    assert status == 200 and [seat["meeting"] for seat in seats["seats"]] == ["demo"], seats
    await expect_problem("forbidden", demo.subscribe(REHEARSAL))
    # The account: all that is left, and nobody else's.
    run_user(server, "disable", "--account", "s.laurent")
    await demo.until(lambda: demo.closed, timeout=2)
    assert demo.ended == "withdrawn" and demo.closed == 4001, (demo.ended, demo.closed)
    await peers_are(server, 0)
    status, _ = await call(server, "GET", "/api/v1/session", bearer=token)
    assert status == 401, status
    assert '"event":"security.access_withdrawn"' in server.read_log()
    await bystander.command("room.enter")
    for client in (here, there):
        await client.peer.close()
    await bystander.close()
    await demo.http.close()


async def test_coming_twice_counts_in_each_meeting(server):
    token = await account(server)
    demo, rehearsal = await both(server, token)
    other = await Live(server, token).open(meeting="rehearsal")
    await demo.until(lambda: rehearsal.ended)
    assert rehearsal.ended == "replaced" and demo.closed is None
    await demo.command("room.enter")
    again = await demo.subscribe(REHEARSAL)
    await other.until(lambda: other.closed)
    assert other.closed == 4001 and again.ended is None
    await other.http.close()
    await demo.close()


async def test_another_link_brings_another_seat(server):
    link = server.token("interpreter", language="fr", participant="interpreter-fr-1")
    token = await sign_in(server, token=link)
    other = server.token("interpreter", meeting="rehearsal", language="fr", participant="interpreter-fr-2")
    assert (await call(server, "POST", "/api/v1/seats", json={"token": other}))[0] == 401
    status, seat = await call(server, "POST", "/api/v1/seats", bearer=token, json={"token": other})
    assert status == 201 and (seat["meeting"], seat["participant"]) == ("rehearsal", "interpreter-fr-2"), seat
    demo, rehearsal = await both(server, token)
    assert (demo.me, rehearsal.me) == ("interpreter-fr-1", "interpreter-fr-2")
    third = server.token("interpreter", meeting="rehearsal", language="ru", participant="interpreter-ru-1")
    status, problem = await call(server, "POST", "/api/v1/seats", bearer=token, json={"token": third})
    assert status == 409, (status, problem)
    status, problem = await call(server, "POST", "/api/v1/seats", bearer=token, json={"token": "A" * 43})
    assert status == 404, (status, problem)
    await demo.close()


async def test_both_meetings_go_on_after_a_new_control_process(server):
    token = await account(server)
    demo, rehearsal = await both(server, token)
    server.kill("control")
    await demo.until(lambda: demo.closed)
    seq = rehearsal.seq
    await wait_ready(server)
    connection = await Connection(server, token).open(after=demo.seq)
    again = await connection.subscribe(REHEARSAL, after=seq)
    assert again.hello["resumed"], again.hello
    await again.command("room.enter")
    await demo.http.close()
    await connection.close()


COUNCILS = [f"council-{number}" for number in range(5)]
NAME = "Постоянная делегация государства-члена номер {} при Организации и её учреждениях"


def grown(rows):
    """The meeting with nine hundred delegations more, whose state is then of hundreds of thousands of bytes."""
    like, at, by = json.loads(next(row[5] for row in rows if row[4] == "delegation.added")), rows[-1][1], rows[0][2]
    for number in range(900):
        data = copy.deepcopy(like)
        data["delegation"].update(id=f"d{number}", code=f"X{number}", name={key: NAME.format(number) for key in data["delegation"]["name"]})
        rows.append((len(rows) + 1, at, by, 0, "delegation.added", json.dumps(data, ensure_ascii=False)))
    return rows


async def five_full_meetings(server):
    await wait_ready(server)
    token = await sign_in(server, token=server.token("observer", meeting=COUNCILS[0], name="Ana Lima"))
    for meeting in COUNCILS[1:]:
        status, _ = await call(server, "POST", "/api/v1/seats", bearer=token, json={"token": server.token("observer", meeting=meeting, name="Ana Lima")})
        assert status == 201, status
    connection = await Connection(server, token).open(meeting=COUNCILS[0])
    size = len(json.dumps(connection.snapshot, ensure_ascii=False).encode())
    assert size > 1 << 19, size  # two of them are more than a connection may have unread
    streams = await asyncio.gather(*(connection.subscribe(f"meeting/{meeting}") for meeting in COUNCILS[1:]))
    assert [stream.snapshot["id"] for stream in streams] == COUNCILS[1:]
    assert (await metrics(server))["plenary_live_slow_closed_total"] == 0
    await connection.close()


def test_who_reads_at_once_may_ask_for_all_at_once():
    with Server() as server:
        server.stop()
        database = os.path.join(server.data, "plenary.db")
        forgery.forge(database, grown)
        os.remove(os.path.join(server.data, "anchors.jsonl"))
        forgery.copy(database, COUNCILS)
        server.start()
        asyncio.run(five_full_meetings(server))


main(globals())
