"""The live protocol: snapshot, order, resume, replies, limits, hostile messages."""
import asyncio
import json

import aiohttp
from yarl import URL

from plenary import Live, expect_problem, join, main


async def test_the_floor_goes_round(server):
    chair, delegate, watcher = await join(server, "chair"), await join(server, "delegate"), await join(server, "listener")
    await delegate.command("floor.request")
    added = await watcher.event("request.added")
    assert added["data"]["request"]["participant"] == delegate.me and added["by"] == delegate.me
    await chair.command("floor.give", participant=delegate.me)
    opened = await watcher.event("microphone.opened", participant=delegate.me)
    assert opened["by"] == chair.me and await watcher.event("request.removed")
    await delegate.command("floor.yield")
    assert (await watcher.event("microphone.closed", participant=delegate.me))["seq"] > opened["seq"]
    for live in (chair, delegate, watcher):
        await live.close()


async def test_a_moderator_acts_on_the_chairs_behalf_and_it_is_written_down(server):
    moderator, delegate = await join(server, "moderator"), await join(server, "delegate")
    await moderator.command("floor.give", participant=delegate.me)
    opened = await delegate.event("microphone.opened", participant=delegate.me)
    assert opened["on_behalf_of_chair"] is True and opened["by"] == moderator.me, opened
    await moderator.close()
    await delegate.close()


async def test_at_most_two_floor_microphones(server):
    chair = await join(server, "chair")
    delegates = [await join(server, "delegate", delegation=code) for code in ("FRA", "CHN", "BRA")]
    for delegate in delegates[:2]:
        await chair.command("floor.give", participant=delegate.me)
    await expect_problem("conflict", chair.command("floor.give", participant=delegates[2].me))
    await chair.command("floor.end", participant=delegates[0].me)
    await chair.command("floor.give", participant=delegates[2].me)
    for live in (chair, *delegates):
        await live.close()


async def test_an_interpreter_takes_the_channel_and_gives_it_back_to_the_floor(server):
    chair, delegate = await join(server, "chair"), await join(server, "delegate")
    interpreter = await join(server, "interpreter", language="fr")
    await chair.command("floor.give", participant=delegate.me)

    async def channel(state, since):
        return await interpreter.until(lambda: next((event for event in interpreter.events if event["seq"] > since and event["type"] == "channel.changed"
                                                     and event["data"]["channel"]["id"] == "fr" and event["data"]["channel"]["state"] == state), None))
    mark = interpreter.seq
    await interpreter.command("desk.microphone", state="on")
    taken = await channel("interpreted", mark)
    assert taken["data"]["channel"]["holder"] == interpreter.me
    mark = interpreter.seq
    await interpreter.command("desk.microphone", state="cough")
    await interpreter.command("desk.microphone", state="on")
    assert not [event for event in interpreter.events if event["seq"] > mark and event["type"] == "channel.changed"
                and event["data"]["channel"]["state"] == "floor"], "a cough must not let the floor burst in"
    mark = interpreter.seq
    await interpreter.command("desk.microphone", state="off")
    await channel("floor", mark)
    for live in (chair, delegate, interpreter):
        await live.close()


async def test_a_client_resumes_from_its_last_number(server):
    chair, watcher = await join(server, "chair"), await join(server, "listener")
    seen = watcher.seq
    await watcher.close()
    for _ in range(20):
        await chair.command("list.close")
        await chair.command("list.open")
    again = await Live(server, watcher.token).open(after=seen)
    assert again.hello["resumed"] is True and again.snapshot is None
    again.seq = seen if not again.events else again.seq
    await again.until(lambda: again.seq >= again.hello["seq"])
    numbers = [event["seq"] for event in again.events]
    assert numbers == list(range(seen + 1, seen + 1 + len(numbers))) and len(numbers) >= 40, numbers
    for live in (chair, again):
        await live.close()


async def test_a_newer_connection_replaces_the_older(server):
    first = await join(server, "listener")
    second = await Live(server, first.token).open()
    await first.until(lambda: any(notice["notice"] == "session.ended" and notice["data"]["reason"] == "replaced" for notice in first.notices))
    await second.command("room.enter")
    await second.close()
    await first.http.close()


async def test_broken_messages_are_refused_and_the_meeting_goes_on(server):
    chair, hostile = await join(server, "chair"), await join(server, "delegate")
    deep = '{"id":1,"command":"floor.request","data":' + "[" * 5000 + "]" * 5000 + "}"
    for text in ("", "{", "[]", "null", deep, '{"id":1}', '{"id":1,"command":"no.such","data":{}}', '{"id":1,"command":"floor.give","data":{"participant":7}}',
                 '{"id":1,"command":"floor.request","data":{"more":1}}'):
        before = len(hostile.replies)
        await hostile.socket.send_str(text)
        await hostile.until(lambda: len(hostile.replies) > before)
        problem = hostile.replies.popitem()[1].get("problem")
        assert problem and problem["status"] in (400, 403, 404, 413, 422), (text[:60], problem)
    before = chair.seq
    await chair.command("list.close")
    assert chair.seq > before
    await chair.close()
    await hostile.close()


async def test_an_oversized_message_ends_the_connection_alone(server):
    chair, hostile = await join(server, "chair"), await join(server, "delegate")
    await hostile.socket.send_str(json.dumps({"id": 1, "command": "media.join", "data": {"sdp": "x" * 200000}}))
    await hostile.until(lambda: hostile.closed is not None or hostile.replies)
    await chair.command("list.close")
    await chair.close()
    await hostile.http.close()


async def test_a_flood_from_one_client_is_capped(server):
    chair, hostile = await join(server, "chair"), await join(server, "delegate")
    before = chair.seq
    for number in range(300):
        await hostile.socket.send_json({"id": 1000 + number, "command": "floor.request", "data": {}})
        if hostile.closed is not None:
            break
    def refused():
        return [reply for reply in hostile.replies.values() if reply.get("problem", {}).get("status") == 429]
    await hostile.until(lambda: len(refused()) >= 20 or hostile.closed is not None)
    assert len(refused()) >= 20
    began = asyncio.get_running_loop().time()
    await chair.command("list.close")
    assert asyncio.get_running_loop().time() - began < 1.0, "the flood must not delay others"
    added = [event for event in chair.events if event["seq"] > before and event["type"] == "request.added"]
    assert len(added) <= 1, "one request a participant, however often it is asked"
    await chair.close()
    await hostile.http.close()


async def test_an_oversized_body_and_a_deep_one_are_refused(server):
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{server.url}/api/v1/session", data=b"x" * 200000, headers={"Content-Type": "application/json"}) as response:
            assert response.status == 413 and response.content_type == "application/problem+json", response.status
        async with http.post(f"{server.url}/api/v1/session", data=b"[" * 5000, headers={"Content-Type": "application/json"}) as response:
            assert response.status in (400, 422), response.status
        async with http.get(URL(f"{server.url}/%2e%2e/%2e%2e/etc/passwd", encoded=True)) as response:
            assert response.status == 404, response.status
        async with http.get(f"{server.url}/") as response:
            assert response.status == 200 and "default-src 'none'" in response.headers["Content-Security-Policy"]
        async with http.get(f"{server.url}/healthz") as response:
            assert response.status == 200
        async with http.get(f"{server.url}/metrics") as response:
            text = await response.text()
            assert response.status == 200 and "# TYPE" in text and "plenary_" in text
        async with http.get(f"{server.url}/api/v1/openapi.json") as response:
            document = await response.json()
            assert document["openapi"].startswith("3.1") and "/api/v1/session" in document["paths"]


async def test_a_lost_speakers_microphone_closes_by_itself(server):
    chair, delegate = await join(server, "chair"), await join(server, "delegate")
    await chair.command("floor.give", participant=delegate.me)
    delegate.socket._response.connection.transport.abort()  # the line is cut: no close frame
    assert await chair.event("microphone.closed", timeout=15, participant=delegate.me)
    lost = await chair.event("presence.changed", participant=delegate.me, presence="lost")
    assert lost
    await chair.close()
    await delegate.http.close()


main(globals())
