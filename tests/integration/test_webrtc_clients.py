"""Independent WebRTC stacks take part and are heard: aiortc (Python) and GStreamer's webrtcbin."""
import asyncio
import os

from plenary import ROOT, join, main
from webrtc import Client


async def test_aiortc_speaks_is_interpreted_and_heard(server):
    chair = await join(server, "chair")
    speaker = await Client.join(server, "delegate", hertz=440)
    interpreter = await Client.join(server, "interpreter", language="fr", hertz=1000)
    on_french = await Client.join(server, "listener")
    on_floor = await Client.join(server, "delegate", delegation="CHN")
    await chair.command("floor.give", participant=speaker.me)
    await on_french.live.command("listen.set", slot="language", channel="fr")
    # French has no interpreter yet: it carries the floor.
    await on_french.ears["language"].until(lambda: on_french.ears["language"].level(440) > -20)
    await on_floor.ears["floor_1"].until(lambda: on_floor.ears["floor_1"].level(440) > -20)
    await interpreter.ears["floor_1"].until(lambda: interpreter.ears["floor_1"].level(440) > -20)

    await interpreter.live.command("desk.microphone", state="on")
    ear = on_french.ears["language"]
    await ear.until(lambda: ear.level(1000) > -20 and ear.level(440) < ear.level(1000) - 40)
    floor = on_floor.ears["floor_1"]
    assert floor.level(1000) < floor.level(440) - 40, (floor.level(440), floor.level(1000))

    # One never hears oneself.
    assert speaker.ears["floor_1"].level(440) < -60, speaker.ears["floor_1"].level(440)

    began = asyncio.get_running_loop().time()
    await interpreter.live.command("desk.microphone", state="off")
    await ear.until(lambda: ear.level(440, 0.05) > -20 and ear.level(1000, 0.05) < -30)
    print(f"French carries the floor {1000 * (asyncio.get_running_loop().time() - began):.0f} ms after the microphone went off")
    for client in (speaker, interpreter, on_french, on_floor):
        await client.close()
    await chair.close()


async def test_sound_goes_on_while_control_is_dead(server):
    chair = await join(server, "chair")
    speaker = await Client.join(server, "delegate", hertz=440)
    listener = await Client.join(server, "listener")
    await chair.command("floor.give", participant=speaker.me)
    ear = listener.ears["floor_1"]
    await ear.until(lambda: ear.level(440) > -20)

    async def inbound():
        """RTP statistics of the slot that carries the floor."""
        reports = [report for receiver in listener.peer.getReceivers() for report in (await receiver.getStats()).values()
                   if report.type == "inbound-rtp" and report.packetsReceived > 0]
        return max(reports, key=lambda report: report.packetsReceived)
    before = await inbound()
    server.kill("control")
    heard = ear.frames
    await ear.until(lambda: ear.frames > heard + 100, timeout=5)  # two seconds of sound
    after = await inbound()
    assert after.packetsReceived - before.packetsReceived >= 95, (before, after)
    assert after.packetsLost == before.packetsLost, (before.packetsLost, after.packetsLost)
    assert ear.level(440) > -20, ear.level(440)
    for client in (speaker, listener):
        await client.peer.close()


async def test_gstreamer_webrtcbin_hears_the_floor(server):
    chair = await join(server, "chair")
    speaker = await Client.join(server, "delegate", hertz=440)
    await chair.command("floor.give", participant=speaker.me)
    token = server.token("listener")
    process = await asyncio.create_subprocess_exec("/usr/bin/python3", os.path.join(ROOT, "tests", "integration", "gstreamer_listener.py"), server.url,
                                                   token, "440", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    text = output.decode(errors="replace")
    assert process.returncode == 0, text[-3000:]
    print(text.strip().splitlines()[-1])
    await speaker.close()
    await chair.close()


main(globals())
