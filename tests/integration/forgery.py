"""A journal as somebody with the database in hand would change it."""
import hashlib
import sqlite3
import struct


def forge(database, change, meeting="demo"):
    """Rewrites the journal of a meeting as `change` wishes, all hashes recomputed: the chain is whole, and the data are forged."""
    base = sqlite3.connect(database, isolation_level=None)
    for name, in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        base.execute(f"DROP TRIGGER {name}")
    rows = change(base.execute("SELECT seq, at, by, on_behalf, type, data FROM journal WHERE meeting = ? ORDER BY seq", (meeting,)).fetchall())
    base.execute("BEGIN")
    base.execute("DELETE FROM journal WHERE meeting = ?", (meeting,))

    def text(value):
        encoded = value.encode()
        return struct.pack(">I", len(encoded)) + encoded
    previous = bytes(32)
    for seq, at, by, on_behalf, kind, data in rows:
        row_hash = hashlib.sha256(previous + text(meeting) + struct.pack(">qq", seq, at) + text(by) + bytes([on_behalf]) + text(kind) + text(data)).digest()
        base.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (meeting, seq, at, by, on_behalf, kind, data, previous, row_hash))
        previous = row_hash
    base.execute("UPDATE journal_head SET seq = ?, hash = ? WHERE meeting = ?", (rows[-1][0], previous, meeting))
    base.execute("COMMIT")
    base.close()
