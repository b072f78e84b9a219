"""A live connection on a blocking socket, for what a WebSocket library hides: pieces, frames, and not reading at all."""
import base64
import json
import os
import socket
import struct


class RawLive:
    """A live connection on a blocking socket that reads only when it is told to."""

    def __init__(self, server, token, after=None, receive_buffer=4096):
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plain.settimeout(20)
        plain.connect(("127.0.0.1", server.port))
        self.socket = server.certificate_context().wrap_socket(plain, server_hostname="127.0.0.1") if server.tls else plain
        path = "/api/v1/live?meeting=demo" + (f"&after={after}" if after is not None else "")
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            f"Sec-WebSocket-Key: {key}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        assert b" 101 " in head.split(b"\r\n")[0], head

    def more(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def piece(self):
        """The messages of what one read brings: with TLS one record, else what stands in the kernel."""
        assert not self.buffer, "a message was cut in two"
        self.more()
        messages = []
        while self.buffer:
            messages.append(self.message())
        return messages

    def message(self):
        """The next text message, decoded; EOFError at the end of the connection, ConnectionError at a close frame."""
        while True:
            if len(self.buffer) >= 2:
                length, at = self.buffer[1] & 127, 2
                if length >= 126:
                    at = 4 if length == 126 else 10
                    length = int.from_bytes(self.buffer[2:at], "big") if len(self.buffer) >= at else 1 << 62
                if len(self.buffer) >= at + length:
                    opcode, payload = self.buffer[0] & 15, self.buffer[at:at + length]
                    self.buffer = self.buffer[at + length:]
                    if opcode == 8:
                        raise ConnectionError(payload)
                    if opcode == 1:
                        return json.loads(payload)
                    continue
            self.more()

    def frame(self, opcode, payload, final=True):
        mask = os.urandom(4)
        size = len(payload)
        head = struct.pack("!BB", final << 7 | opcode, 0x80 | size) if size < 126 else struct.pack("!BBH", final << 7 | opcode, 0x80 | 126, size)
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)) if size < 4096 else \
            (int.from_bytes(payload, "big") ^ int.from_bytes((mask * (size // 4 + 1))[:size], "big")).to_bytes(size, "big")
        return head + mask + body

    def send(self, message):
        self.socket.sendall(self.frame(1, json.dumps(message).encode()))

    def close(self):
        self.socket.close()
