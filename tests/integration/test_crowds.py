"""Tables that are full: of connections that say nothing, of bodies that never end, of people; and the honest client who comes then."""
import asyncio
import json
import re
import resource

from measure import metrics
from plenary import Live, Server, join, main
from proxies import Nginx

resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)


async def connect(server, source="127.0.0.1", say=b""):
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, local_addr=(source, 0))
    writer.write(say)
    return reader, writer


async def ended(connection):
    """Waits for the end of a connection; what came before it is returned."""
    try:
        return await connection[0].read()
    except ConnectionError:
        return b""


async def request(connection, target, method="GET", headers="", body=b""):
    """One request on a connection that stays open: (status, head, body)."""
    reader, writer = connection
    length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
    writer.write(f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{headers}{length}\r\n".encode() + body)
    head = await reader.readuntil(b"\r\n\r\n")
    size = int(re.search(rb"(?i)content-length: (\d+)", head).group(1))
    return int(head.split(b" ")[1]), head, await reader.readexactly(size)


async def is_served(server):
    """Comes for the first time, loads the page, signs in, enters and does something."""
    connection = await connect(server)
    assert (await request(connection, "/m/demo"))[0] == 200
    connection[1].close()
    live = await join(server, "delegate")
    await live.command("floor.request")
    await live.command("floor.withdraw")
    return live


def with_places(count, *options):
    """Gives the test a server with so many places for connections."""
    def wrap(test):
        def run():
            with Server("--set", f"http.connections_max={count}", *options) as server:
                asyncio.run(asyncio.wait_for(test(server), 170))
        run.__name__ = test.__name__
        return run
    return wrap


@with_places(130)
async def test_nobody_waits_for_half_a_request(server):
    served = await connect(server)
    assert (await request(served, "/healthz"))[0] == 200
    crowd = [await connect(server, say=b"GET /healthz HTTP/1.1\r\n") for _ in range(100)]
    body = await connect(server, say=b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n")
    again = await connect(server)
    assert (await request(again, "/healthz"))[0] == 200
    again[1].write(b"GET /health")
    slow = [body, again, *crowd[-3:]]

    async def drip():
        while True:
            for _, writer in slow:
                if not writer.is_closing():
                    writer.write(b"x")
            await asyncio.sleep(0.3)  # the pace of whoever keeps a timer from running out
    dripping = asyncio.create_task(drip())
    # Of those of one address that have sent no head, all but a few have to hurry when half of the places are taken: the oldest go first.
    ends = [asyncio.create_task(ended(connection)) for connection in crowd]
    await asyncio.wait_for(asyncio.gather(*ends[:36]), 20)
    assert sum(end.done() for end in ends) < 90, "all of them had to hurry"
    await asyncio.wait_for(asyncio.gather(*ends, ended(body), ended(again)), 40)
    dripping.cancel()
    # Who only says nothing between two requests is not yet meant.
    assert (await request(served, "/healthz"))[0] == 200
    assert (await metrics(server))["plenary_http_connections_slow_total"] >= 102
    served[1].close()


ATTACKERS = [f"127.0.0.{number}" for number in range(2, 7)]


async def crowd_of(server, say, each=40, takes=True):
    """So many connections from each of five addresses; they come again as soon as they are ended, until the task is cancelled."""
    async def one(source):
        while True:
            try:
                connection = await connect(server, source, say)
                while not takes and not connection[1].transport.is_closing():
                    await asyncio.sleep(0.5)  # takes nothing of what is said
                await ended(connection)
            except OSError:
                await asyncio.sleep(0.05)  # refused: comes again
    tasks = [asyncio.create_task(one(source)) for source in ATTACKERS for _ in range(each)]
    await asyncio.sleep(0.5)  # let them come
    return tasks


async def stays_open_for_others(server, say, takes=True):
    before = await join(server, "chair")
    idle = await connect(server)
    assert (await request(idle, "/healthz"))[0] == 200
    crowd = await crowd_of(server, say, takes=takes)
    for _ in range(5):
        live = await is_served(server)
        since = live.seq
        await before.command("list.close")
        await before.command("list.open")
        await live.event("list.changed", since=since)
        await live.close()
    assert (await metrics(server))["plenary_http_connections_gave_way_total"] >= 5
    assert before.closed is None
    for task in crowd:
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    await before.close()
    idle[1].close()


@with_places(64)
async def test_a_table_full_of_silence_has_room(server):
    await stays_open_for_others(server, b"")


@with_places(64)
async def test_a_table_full_of_heads_without_end_has_room(server):
    await stays_open_for_others(server, b"GET / HTTP/1.1\r\nHost: a\r\nX: ")


@with_places(64)
async def test_a_table_full_of_bodies_without_end_has_room(server):
    await stays_open_for_others(server, b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{")


@with_places(64)
async def test_a_table_full_of_idle_connections_has_room(server):
    await stays_open_for_others(server, b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")


@with_places(64)
async def test_a_table_full_of_answers_that_nobody_takes_has_room(server):
    await stays_open_for_others(server, b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n" * 50, takes=False)


@with_places(64, "--set", "http.tls=on")
async def test_a_table_full_of_handshakes_has_room(server):
    before = await join(server, "chair")
    crowd = await crowd_of(server, bytes.fromhex("160301020001"))
    for _ in range(3):
        live = await join(server, "delegate")
        await live.command("floor.request")
        await live.close()
    assert before.closed is None
    for task in crowd:
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    await before.close()


@with_places(20)
async def test_full_of_people_there_is_room_for_people_and_for_health(server):
    """18 of 20 places for anybody, two for who has a session and for the question whether the server lives."""
    people = [await join(server, "listener", enter=False) for _ in range(18)]
    stranger = await connect(server)
    status, head, body = await request(stranger, "/m/demo")
    assert status == 503 and b"Retry-After:" in head and json.loads(body)["type"] == "/problems/full", head
    assert await ended(stranger) == b""
    health = await connect(server)
    assert (await request(health, "/healthz"))[0] == 200
    person = await connect(server)
    assert (await request(person, "/api/v1/session", headers=f"Authorization: Bearer {people[0].token}\r\n"))[0] == 200
    again = await Live(server, people[0].token).open()  # the health check's connection gives way
    assert await ended(health) == b""
    await people[0].until(lambda: people[0].closed is not None)  # replaced
    for live in (*people[1:], again):
        await live.close()
    await people[0].http.close()
    person[1].close()


async def sign_in(server, role):
    connection = await connect(server)
    status, _, body = await request(connection, "/api/v1/session", "POST", "Content-Type: application/json\r\n", json.dumps({"token": server.token(role)}).encode())
    connection[1].close()
    assert status == 201, body
    return json.loads(body)["token"]


@with_places(20)
async def test_full_of_live_connections_the_server_says_that_it_lives(server):
    """19 of 20 places for people: one more is told so, and health is answered."""
    tokens = [await sign_in(server, "listener") for _ in range(20)]
    people = [await Live(server, token).open() for token in tokens[:19]]
    for _ in range(3):
        health = await connect(server)
        assert (await request(health, "/healthz"))[0] == 200
    bearer = f"Authorization: Bearer {tokens[19]}\r\n"
    late = await connect(server)
    status, head, _ = await request(late, "/api/v1/live?meeting=demo", headers=bearer + UPGRADE)
    assert status == 503 and b"Retry-After:" in head, head
    again = await Live(server, tokens[0]).open()  # instead of the own one
    await people[0].until(lambda: people[0].closed is not None)
    for live in (*people[1:], again):
        await live.close()
    await people[0].http.close()


UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"


@with_places(130, "--set", "http.connections_per_address_max=65")
async def test_one_link_does_not_shut_everybody_out(server):
    """One listener's session, shown on as many connections as three addresses may have, again and again."""
    chair = await join(server, "chair")
    delegate = await join(server, "delegate")
    thief = await join(server, "listener", enter=False)
    say = f"GET /api/v1/session HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {thief.token}\r\n\r\n".encode()
    answered = 0

    async def one(source):
        nonlocal answered
        while True:
            try:
                connection = await connect(server, source, say)
                answered += (await connection[0].readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
                await ended(connection)
            except (OSError, asyncio.IncompleteReadError):
                pass
            await asyncio.sleep(0.3)
    crowd = [asyncio.create_task(one(f"127.0.0.{2 + number // 65}")) for number in range(195)]
    async with asyncio.timeout(30):
        while answered < 100:
            await asyncio.sleep(0.05)
    for _ in range(5):
        health = await connect(server, "127.0.0.9")
        assert (await request(health, "/healthz"))[0] == 200
        health[1].close()
        live = await is_served(server)
        await live.close()
        await delegate.close()
        delegate = await Live(server, delegate.token).open()  # cut off, and back by the session
        await chair.command("list.close")
        await chair.command("list.open")
    assert thief.closed is None and chair.closed is None
    for task in crowd:
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    for live in (chair, delegate, thief):
        await live.close()


async def load_page(server, paths, link, source="127.0.0.1"):
    """As a browser does: the page, then what it names over six connections, then the sign-in. `server` is whoever listens on its port."""
    first = await connect(server, source)
    assert (await request(first, "/m/demo"))[0] == 200
    connections = [first]

    async def some(number):
        connection = first if number == 0 else await connect(server, source)
        connections.append(connection)
        for path in paths[number::6]:
            status, _, body = await request(connection, path, headers="Accept-Encoding: gzip\r\n")
            assert status == 200 and body, path
    await asyncio.gather(*(some(number) for number in range(6)))
    try:
        status, _, body = await request(first, "/api/v1/session", "POST", "Content-Type: application/json\r\n", json.dumps({"token": link}).encode())
    except (asyncio.IncompleteReadError, ConnectionError):  # ended between two requests, as any server may: a browser comes again
        first = await connect(server, source)
        connections.append(first)
        status, _, body = await request(first, "/api/v1/session", "POST", "Content-Type: application/json\r\n", json.dumps({"token": link}).encode())
    assert status == 201, body
    return connections


async def three_hundred_pages(server, port_server):
    links = [server.token("listener") for _ in range(30)]  # of a hall; each opens on several devices
    connection = await connect(server)
    _, _, page = await request(connection, "/m/demo")
    paths = [path for path in re.findall(r'(?:src|href)="([^"]+)"', page.decode()) if "/assets/" in path] + ["/icon.svg", "/wordmark.svg"] * 2
    assert len(paths) >= 5  # the script and what else the page names
    pages = await asyncio.gather(*(load_page(port_server, paths, links[i % len(links)]) for i in range(300)))
    connection[1].close()
    for connections in pages:
        for _, writer in connections:
            writer.close()


async def test_three_hundred_pages_load_at_once_behind_one_address(server):
    await three_hundred_pages(server, server)
    assert (await metrics(server))["plenary_http_connections_refused_total"] == 0


def test_three_hundred_pages_load_at_once_behind_a_trusted_proxy():
    """Most of what the proxy opens here has said nothing for a moment; all of it is one address."""
    with Server("--set", "http.trusted_proxies=127.0.0.1", "--set", "http.connections_per_address_max=8") as server:
        with Nginx("server { listen 127.0.0.1:{port} backlog=4096; location / { proxy_pass http://127.0.0.1:%d; "
                   "proxy_set_header X-Forwarded-For $remote_addr; } }" % server.port) as proxy:
            asyncio.run(asyncio.wait_for(three_hundred_pages(server, proxy), 120))
        assert asyncio.run(metrics(server))["plenary_http_connections_refused_total"] == 0


main(globals())
