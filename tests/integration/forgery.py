"""Journals as somebody with the database in hand would write them."""
import hashlib
import sqlite3
import struct


def text(value):
    encoded = value.encode()
    return struct.pack(">I", len(encoded)) + encoded


def write(base, meeting, rows):
    """The rows (seq, at, by, on_behalf, type, data) as the meeting's journal, with their hashes."""
    previous = bytes(32)
    for seq, at, by, on_behalf, kind, data in rows:
        row_hash = hashlib.sha256(previous + text(meeting) + struct.pack(">qq", seq, at) + text(by) + bytes([on_behalf]) + text(kind) + text(data)).digest()
        base.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (meeting, seq, at, by, on_behalf, kind, data, previous, row_hash))
        previous = row_hash
    base.execute("INSERT OR REPLACE INTO journal_head VALUES (?, ?, ?)", (meeting, rows[-1][0], previous))


def read(base, meeting):
    return base.execute("SELECT seq, at, by, on_behalf, type, data FROM journal WHERE meeting = ? ORDER BY seq", (meeting,)).fetchall()


def forge(database, change):
    """Rewrites the journal of `demo` as `change` wishes, all hashes recomputed: the chain is whole, and the data are forged."""
    base = sqlite3.connect(database, isolation_level=None)
    for name, in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        base.execute(f"DROP TRIGGER {name}")
    rows = change(read(base, "demo"))
    base.execute("BEGIN")
    base.execute("DELETE FROM journal WHERE meeting = 'demo'")
    write(base, "demo", rows)
    base.execute("COMMIT")
    base.close()


def copy(database, names):
    """As many meetings that begin as `demo` did."""
    base = sqlite3.connect(database, isolation_level=None)
    rows = read(base, "demo")
    base.execute("BEGIN")
    for name in names:
        write(base, name, rows)
    base.execute("COMMIT")
    base.close()
