"""Microphones that cost next to nothing: a tone that was encoded once (voice.py), whose packets aiortc sends as they are."""
import aiortc.rtcrtpsender
import av
import voice
import webrtc

LEVEL = -voice.level_of(voice.AMPLITUDE)
SILENT_LEVEL = -voice.level_of(0)


class EncodedTone(webrtc.Tone):
    """Costs next to nothing while it plays."""
    level = LEVEL

    def __init__(self, hertz, amplitude=voice.AMPLITUDE):
        super().__init__(hertz, amplitude)
        self.packets = voice.loop_of(hertz, amplitude)

    def frame(self):
        packet = av.Packet(self.packets[self.sent // webrtc.FRAME % voice.LOOP_PACKETS])
        packet.pts, packet.time_base = self.sent, webrtc.TIME_BASE
        self.sent += webrtc.FRAME
        return packet


async def next_encoded_frame(self, codec, before=aiortc.rtcrtpsender.RTCRtpSender._next_encoded_frame):
    """In the place of aiortc's, which measures the level (RFC 6464) of what it encodes itself alone."""
    frame = await before(self, codec)
    frame.audio_level = getattr(self.track, "level", LEVEL)
    return frame


aiortc.rtcrtpsender.RTCRtpSender._next_encoded_frame = next_encoded_frame
