"""WebRTC stacks that share no line with one another publish and hear: pion (Go), libdatachannel (C++), aiortc (Python)."""
import asyncio

from doors import Door
from other_clients import Listener, Publisher, libdatachannel, pion
from plenary import main


async def crosswise(server, publishing, hearing, hertz):
    """One stack publishes French; another one, itself and aiortc hear it."""
    clients = []
    try:
        clients.append(await Publisher.start(publishing, server, "fr", server.token("publisher", source="fr"), hertz))
        for command in (hearing, publishing):
            clients.append(await Listener.start(command, server, "fr", server.token("listener", channel="fr")))
        door = await Door.listen(server, server.token("technician"), "fr")
        listeners = clients[1:]
        await asyncio.gather(*(listener.until_heard(hertz) for listener in listeners), door.ear.until(lambda: door.ear.level(hertz) > -20, 40))
        print(", ".join(f"{listener.frames} frames at {listener.level(hertz):.0f} dB" for listener in listeners))
        await door.close()
    finally:
        for client in clients:
            print(" ".join((await client.close()).split()))


async def test_pion_publishes(server):
    await crosswise(server, pion(), libdatachannel(), 440)


async def test_libdatachannel_publishes(server):
    await crosswise(server, libdatachannel(), pion(), 700)


main(globals())
