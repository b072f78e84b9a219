"""What a process uses, read from /proc."""
import collections
import os
import re

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """User and system time of all its threads since it began."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_bytes(pid):
    """Resident memory."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        return int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1)) * 1024


def private_bytes(pid):
    """Resident memory that is its own, not a file's."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        return int(re.search(r"RssAnon:\s+(\d+) kB", file.read()).group(1)) * 1024


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def metrics_of(text):
    """The values of a Prometheus page without labels, by name; 0 for what media has not told yet."""
    return collections.defaultdict(float, {name: float(value) for name, value in re.findall(r"^([a-z0-9_]+) ([-0-9.e+]+)$", text, re.M)})


async def metrics(server):
    async with server.http() as http, http.get(f"{server.url}/metrics") as response:
        return metrics_of(await response.text())
