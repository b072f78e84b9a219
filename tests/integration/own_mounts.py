"""Namespaces of a test's own: what it mounts, nobody else sees, and it ends with the test."""
import ctypes
import os
import subprocess

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x00020000, 0x10000000, 0x40000000


def own_mounts(network=False):
    """This process sees mounts of its own from now on, and with `network` a network of its own with nothing but loopback; why not, otherwise."""
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNS | (CLONE_NEWNET if network else 0) | (0 if uid == 0 else CLONE_NEWUSER)) != 0:
        return os.strerror(ctypes.get_errno())
    if uid != 0:
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
    for command in (["mount", "--make-rprivate", "/"], *([["ip", "link", "set", "lo", "up"]] if network else [])):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            return done.stderr.strip()
    return None
