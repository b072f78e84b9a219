"""Every line of docs/operating.md that starts a client is run as it stands there, as far as Debian has the client."""
import asyncio
import os
import re
import subprocess

from plenary import BINARY, ROOT, join, main

DOOR = ["/usr/bin/python3", os.path.join(ROOT, "tests", "integration", "gstreamer_door.py")]
HERTZ = 440  # audiotestsrc's own


def documented(program):
    """The lines that start a program, without the marks of continued lines."""
    with open(os.path.join(ROOT, "docs", "operating.md"), encoding="utf-8") as file:
        text = file.read().replace("\\\n", " ")
    lines = [line.strip() for block in re.findall(r"^```[^\n]*\n(.*?)^```", text, re.M | re.S) for line in block.split("\n") if line.strip().startswith(program + " ")]
    assert lines, program
    return lines


def element_exists(name):
    return subprocess.run(["gst-inspect-1.0", name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


async def start(*command):
    return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)


def gstreamer(line, server, token):
    """The line's own program where its element can be had; else its elements around webrtcbin."""
    element, kind = ("whipsink", "whip") if "whipsink" in line else ("whepsrc", "whep")
    endpoint = re.search(rf"{kind}-endpoint=https://HOST:8443(\S+)", line).group(1)
    if element_exists(element):
        # It ends by itself when nothing comes; the sound card is the one thing that a test has not.
        pipeline = line.replace(f"https://HOST:8443{endpoint}", server.url + endpoint).replace("TOKEN", token).replace("autoaudiosink", "fakesink num-buffers=50")
        return ["sh", "-c", f"exec {pipeline}"]
    print(f"{element} is not in Debian 12: the elements of its line run around webrtcbin")
    elements = [part.strip() for part in line.removeprefix("gst-launch-1.0 ").split(" ! ") if not part.strip().startswith((element, "autoaudiosink"))]
    return [*DOOR, server.url, endpoint, token, str(HERTZ), "elements", " ! ".join(elements)]


async def test_the_lines_of_gstreamer(server):
    lines = documented("gst-launch-1.0")
    assert ["whipsink" in line for line in lines] == [True, False], lines
    moderator = await join(server, "moderator")
    publisher = await start(*gstreamer(lines[0], server, server.token("publisher", source="stage")))
    try:
        await moderator.event("feed.added", timeout=60)
        await moderator.command("feed.put", feed="stage", target="fr")
        listener = await start(*gstreamer(lines[1], server, server.token("listener", channel="fr")))
        output, _ = await asyncio.wait_for(listener.communicate(), 60)
        assert listener.returncode == 0, output.decode(errors="replace")[-2000:]
        print(output.decode(errors="replace").strip().splitlines()[-1])
    finally:
        if publisher.returncode is None:
            publisher.terminate()
        print((await publisher.stdout.read()).decode(errors="replace"))
        await publisher.wait()
    await moderator.close()


async def test_the_line_of_ffmpeg(server):
    line, = documented("ffmpeg -re")
    try:
        knows = subprocess.run(["ffmpeg", "-hide_banner", "-h", "muxer=whip"], capture_output=True, text=True).stdout
    except FileNotFoundError:
        knows = ""
    if "dtls_active" not in knows:
        print("no ffmpeg here whose whip muxer lists dtls_active (Debian 12 has 5.1): the line is not run")
        return
    moderator = await join(server, "moderator")
    film = os.path.join(server.folder.name, "speech.mp4")
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=r=30", "-f", "lavfi", "-i", f"sine={HERTZ}", "-t", "30", film], check=True, timeout=120)
    command = line.replace("speech.mp4", film).replace("TOKEN", server.token("technician")).replace("https://HOST:8443", server.url)
    publisher = await start("sh", "-c", f"exec {command}")
    await moderator.event("feed.added", timeout=60)
    await moderator.event("feed.changed", timeout=60)
    publisher.terminate()
    await publisher.wait()
    await moderator.close()


async def test_the_line_of_the_load_generator(server):
    line, = documented("plenary load")
    # As many listeners as a test has room for; whose process it is, is known.
    line = line.replace("https://HOST", server.url).replace("--listeners 1000", "--listeners 30").replace("--duration 30", "--duration 3")
    line = line.replace("$(pgrep -f 'plenary media')", str(server.pid_of("media")))
    program = f"plenary() {{ '{BINARY}' \"$@\"; }}\n{line}"
    load = await asyncio.create_subprocess_exec("bash", "-c", program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
                                                env={**os.environ, "PLENARY_SERVER_DATA": server.data})
    output, _ = await asyncio.wait_for(load.communicate(), 120)
    assert load.returncode == 0, output.decode(errors="replace")[-2000:]


main(globals())
