"""A listener made of GStreamer's webrtcbin: joins with a link token, waits until a tone is heard on some slot, ends with 0.

    gstreamer_listener.py URL TOKEN HERTZ
"""
import asyncio
import math
import sys
import threading

import aiohttp
import gi
import numpy

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

RATE = 48000
CAPS = {"audio": "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2",
        "video": "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000"}


def level(samples, hertz):
    window = numpy.hanning(len(samples))
    phase = numpy.exp(-2j * math.pi * hertz * numpy.arange(len(samples)) / RATE)
    return 20 * math.log10(max(2 * abs((samples * window * phase).sum()) / window.sum(), 1e-7))


class Listener:
    def __init__(self, loop, hertz):
        self.loop = loop
        self.hertz = hertz
        self.heard = loop.create_future()
        self.offered = loop.create_future()
        self.pipeline = Gst.Pipeline.new(None)
        self.webrtc = Gst.ElementFactory.make("webrtcbin", "webrtc")
        self.webrtc.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.pipeline.add(self.webrtc)
        self.webrtc.connect("pad-added", self.pad_added)
        self.samples = numpy.zeros(0, dtype=numpy.float32)

    def start(self, plan):
        for section in plan["sections"]:
            direction = GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY if section["direction"] == "send" else \
                GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
            self.webrtc.emit("add-transceiver", direction, Gst.Caps.from_string(CAPS[section["kind"]]))
        self.pipeline.set_state(Gst.State.PLAYING)
        self.webrtc.emit("create-offer", None, Gst.Promise.new_with_change_func(self.offer_made, None))

    def offer_made(self, promise, _):
        reply = promise.get_reply()  # owns the offer: must outlive it
        offer = reply.get_value("offer")
        self.webrtc.emit("set-local-description", offer, Gst.Promise.new())
        self.loop.call_soon_threadsafe(self.offered.set_result, offer.sdp.as_text())

    def answer(self, sdp):
        _, message = GstSdp.SDPMessage.new()
        GstSdp.sdp_message_parse_buffer(sdp.encode(), message)
        description = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
        self.webrtc.emit("set-remote-description", description, Gst.Promise.new())

    def pad_added(self, _, pad):
        if "audio" not in (pad.get_current_caps() or pad.query_caps()).to_string():
            sink = Gst.parse_bin_from_description("fakesink sync=false", True)
        else:
            sink = Gst.parse_bin_from_description("rtpopusdepay ! opusdec ! audioconvert ! audio/x-raw,format=F32LE,channels=1,rate=48000 ! "
                                                  "appsink name=ear emit-signals=true sync=false", True)
            sink.get_by_name("ear").connect("new-sample", self.new_sample)
        self.pipeline.add(sink)
        sink.sync_state_with_parent()
        pad.link(sink.get_static_pad("sink"))

    def new_sample(self, ear):
        buffer = ear.emit("pull-sample").get_buffer()
        part = numpy.frombuffer(buffer.extract_dup(0, buffer.get_size()), dtype=numpy.float32)
        self.samples = numpy.concatenate([self.samples, part])[-RATE // 5:]
        if len(self.samples) == RATE // 5 and level(self.samples, self.hertz) > -20:
            self.loop.call_soon_threadsafe(lambda: self.heard.done() or self.heard.set_result(level(self.samples, self.hertz)))
        return Gst.FlowReturn.OK


async def run(url, token, hertz):
    loop = asyncio.get_running_loop()
    threading.Thread(target=GLib.MainLoop().run, daemon=True).start()
    listener = Listener(loop, hertz)
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{url}/api/v1/session", json={"token": token}) as response:
            session = await response.json()
        async with http.ws_connect(f"{url}/api/v1/live?meeting=demo", headers={"Authorization": f"Bearer {session['token']}"}, max_msg_size=0) as live:
            async for message in live:
                data = message.json()
                if "hello" in data:
                    listener.start(data["hello"]["plan"])
                    offer = await listener.offered
                    await live.send_json({"id": 1, "command": "room.enter", "data": {}})
                    await live.send_json({"id": 2, "command": "media.join", "data": {"sdp": offer}})
                if data.get("reply") == 2:
                    assert "problem" not in data, data
                    listener.answer(data["data"]["sdp"])
                    break
            decibels = await asyncio.wait_for(listener.heard, 30)
            print(f"webrtcbin hears {hertz} Hz at {decibels:.0f} dB")
    listener.pipeline.set_state(Gst.State.NULL)


Gst.init(None)
asyncio.run(run(sys.argv[1], sys.argv[2], float(sys.argv[3])))
