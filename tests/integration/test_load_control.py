"""Three hundred live connections at once: everybody joins within seconds and gets every event in order."""
import asyncio
import concurrent.futures
import json

import aiohttp
from measure import cpu_seconds, memory_bytes, metrics
from plenary import Heartbeat, Server, main

CROWD = 300
COMMANDS = 100


class Member:
    """A live connection that keeps no more than it must: three hundred of them share this one process."""

    async def open(self, server, http, token):
        async with http.post(f"{server.url}/api/v1/session", json={"token": token}) as response:
            body = await response.json()
            assert response.status == 201, body
        self.socket = await http.ws_connect(f"{server.url}/api/v1/live?meeting=demo", headers={"Authorization": f"Bearer {body['token']}"}, max_msg_size=0)
        self.seq = None
        self.seen = {}  # number → when it came
        self.failed = None
        self.waiting = {}
        self.number = 0
        self.ready = asyncio.get_running_loop().create_future()
        self.reader = asyncio.create_task(self.read())
        await self.ready
        return self

    async def read(self):
        loop = asyncio.get_running_loop()
        async for message in self.socket:
            data = json.loads(message.data)
            if "ping" in data:
                await self.socket.send_json({"pong": data["ping"]})
            elif "snapshot" in data:
                self.seq = data["seq"]
                self.ready.set_result(None)
            elif "events" in data:
                for event in data["events"]:
                    if event["seq"] != self.seq + 1:
                        self.failed = f"{self.seq} then {event['seq']}"
                    self.seq = event["seq"]
                    self.seen[self.seq] = loop.time()
            elif "reply" in data:
                self.waiting.pop(data["reply"]).set_result(data)
        self.failed = self.failed or f"closed with {self.socket.close_code}"

    async def command(self, name, **data):
        self.number += 1
        reply = self.waiting[self.number] = asyncio.get_running_loop().create_future()
        await self.socket.send_json({"id": self.number, "command": name, "data": data})
        answer = await asyncio.wait_for(reply, 20)
        assert "problem" not in answer, answer
        return answer

    async def until(self, seq, timeout=20):
        deadline = asyncio.get_running_loop().time() + timeout
        while self.seq < seq and not self.failed:
            assert asyncio.get_running_loop().time() < deadline, f"has {self.seq}, awaits {seq}"
            await asyncio.sleep(0.005)  # lets the reader run


def make_tokens(server, count, role):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda _: server.token(role), range(count)))


async def crowd(server):
    loop = asyncio.get_running_loop()
    tokens = await loop.run_in_executor(None, make_tokens, server, CROWD, "listener")
    chair_token = server.token("chair")
    pid = server.pid_of("control")
    memory, used = memory_bytes(pid), cpu_seconds(pid)
    async with server.http() as http:
        beat = Heartbeat().__enter__()
        began = loop.time()
        members = await asyncio.gather(*(Member().open(server, http, token) for token in tokens))
        opened = loop.time() - began
        await asyncio.gather(*(member.command("room.enter") for member in members))
        joined = loop.time() - began
        used = cpu_seconds(pid) - used
        grown = memory_bytes(pid) - memory
        print(f"{CROWD} opened in {opened:.1f} s, in the room after {joined:.1f} s: {1000 * used / CROWD:.1f} ms of control's CPU each, "
              f"{grown / CROWD / 1024:.0f} KiB each")
        beat.promise(joined < 20, 20, f"{joined:.1f} s")
        assert grown / CROWD < 256 * 1024, f"{grown / CROWD:.0f} bytes for a connection"

        chair = await Member().open(server, http, chair_token)
        last = chair.seq
        await asyncio.gather(*(member.until(last) for member in members))
        used, began, slowest = cpu_seconds(pid), loop.time(), []
        for number in range(COMMANDS):
            sent = loop.time()
            first = chair.seq + 1
            await chair.command("list.close" if number % 2 == 0 else "list.open")
            await asyncio.gather(*(member.until(first) for member in members))
            slowest.append(max(member.seen[first] for member in members) - sent)
            if number >= 35:
                await asyncio.sleep(max(0, began + (number - 30) / 20 - loop.time()))  # keeps to the allowed rate
        used = cpu_seconds(pid) - used
        last = chair.seq
        await asyncio.gather(*(member.until(last) for member in members))
        failed = [member.failed for member in members if member.failed]
        assert not failed, f"{len(failed)}: {failed[0]}"
        assert all(member.seq == last for member in members)
        slowest.sort()
        print(f"{COMMANDS} commands to {CROWD} connections: the last has it after {1000 * slowest[COMMANDS // 2]:.0f} ms (median), "
              f"{1000 * slowest[int(COMMANDS * 0.99) - 1]:.0f} ms (p99); {1e6 * used / COMMANDS / CROWD:.1f} us of control's CPU for each delivery; "
              f"control has {memory_bytes(pid) >> 20} MiB")
        beat.__exit__()
        beat.promise(slowest[int(COMMANDS * 0.99) - 1] < 2, 2, f"{slowest[int(COMMANDS * 0.99) - 1]:.1f} s")

        # All at once: nobody waits for the slowest of the crowd.
        busiest = members[:40]
        began = loop.time()
        await asyncio.gather(*(member.command("help.ask") for member in busiest))
        await asyncio.gather(*(member.command("help.cancel") for member in busiest))
        await asyncio.gather(*(member.until(chair.seq) for member in members))
        print(f"80 commands of 40 people at once: {1000 * (loop.time() - began):.0f} ms until everybody has everything")
        assert not [member.failed for member in members if member.failed]

        # Everybody vanishes and nothing is kept.
        for member in members:
            member.socket._response.connection.transport.abort()
        began = loop.time()
        while (await metrics(server))["plenary_live_open"] > 1:
            assert loop.time() - began < 10
            await asyncio.sleep(0.05)  # polls an outside process's state
        await chair.until(last)
        assert chair.failed is None
        await chair.socket.close()


async def test_three_hundred_live_connections(server):
    await crowd(server)


def test_three_hundred_live_connections_over_tls():
    with Server("--set", "http.tls=on") as server:
        asyncio.run(asyncio.wait_for(crowd(server), 170))


async def test_more_connections_than_one_address_may_have():
    with Server("--set", "http.connections_per_address_max=20") as server:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            token = server.token("chair")
            chair = await Member().open(server, http, token)
            opened = []
            for _ in range(60):
                opened.append(await asyncio.open_connection("127.0.0.1", server.port))
            ended = 0
            for reader, _ in opened:
                try:
                    ended += await asyncio.wait_for(reader.read(), 0.2) == b""
                except (asyncio.TimeoutError, ConnectionError) as error:
                    ended += isinstance(error, ConnectionError)
            assert ended >= 40, ended
            await chair.command("list.close")
            for _, writer in opened:
                writer.close()
            await chair.socket.close()


main(globals())
