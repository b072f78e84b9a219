"""Journals as somebody with the database in hand would write them."""
import hashlib
import os
import sqlite3
import struct


def text(value):
    encoded = value.encode()
    return struct.pack(">I", len(encoded)) + encoded


def sealed(stream, row, previous):
    """What the columns after `data` are (form, salt, commitment, previous, hash), as src/store/journal.h states it."""
    seq, at, by, on_behalf, kind, data = row
    salt = os.urandom(16)
    commitment = hashlib.sha256(salt + data.encode()).digest()
    facts = text(stream) + struct.pack(">qq", seq, at) + text(by) + bytes([on_behalf]) + text(kind)
    return 2, salt, commitment, previous, hashlib.sha256(text("plenary journal 2") + previous + facts + commitment).digest()


def write(base, meeting, rows):
    """The rows (seq, at, by, on_behalf, type, data) as the meeting's journal, with their hashes."""
    stream, previous = f"meeting/{meeting}", bytes(32)
    for row in rows:
        seal = sealed(stream, row, previous)
        base.execute(f"INSERT INTO journal VALUES ({', '.join('?' * 12)})", (stream, *row, *seal))
        previous = seal[-1]
    base.execute("INSERT OR REPLACE INTO journal_head VALUES (?, ?, ?)", (stream, rows[-1][0], previous))


def read(base, meeting):
    return base.execute("SELECT seq, at, by, on_behalf, type, data FROM journal WHERE stream = ? ORDER BY seq", (f"meeting/{meeting}",)).fetchall()


def forge(database, change):
    """Rewrites the journal of `demo` as `change` wishes, all hashes recomputed: the chain is whole, and the data are forged."""
    base = sqlite3.connect(database, isolation_level=None)
    for name, in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        base.execute(f"DROP TRIGGER {name}")
    rows = change(read(base, "demo"))
    base.execute("BEGIN")
    base.execute("DELETE FROM journal WHERE stream = 'meeting/demo'")
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
