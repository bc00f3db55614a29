"""Idle: what the daemon takes while a wristband sends one heart rate a second."""

import asyncio
import json
import os
import re
import time
from pathlib import Path

from agent.app.clocks import WorldClock
from agent.bench.stage import staged
from agent.errors import ConfigError
from agent.figures import Table, at_most, shown, table
from agent.mqtt import Link, publishing

LONG_S = 60
SHORT_S = 10
SETTLE_S = 3  # the start is no idling
PSS_MB_MAX = 80
CPU_MAX = 0.01


def run(short: bool) -> Table:
    """Return memory and processor time of an idle daemon; raise ConfigError without /proc."""
    if not Path("/proc/self/smaps_rollup").exists():
        raise ConfigError("NAME", "idle", "needs Linux: memory is read from /proc")
    spent_s = SHORT_S if short else LONG_S
    pss_mb, cpu, peak_mb = asyncio.run(_measure(spent_s))
    return table(
        "idle",
        f"a daemon with 1 Hz heart rate over MQTT for {spent_s} s, no model loaded",
        spent_s,
        [
            at_most("idle pss", pss_mb, PSS_MB_MAX, unit="MB", n=spent_s),
            at_most("idle cpu", cpu, CPU_MAX, unit="of one core", n=spent_s),
            shown("peak rss", peak_mb, unit="MB", n=spent_s),
        ],
    )


async def _measure(spent_s: int) -> tuple[float, float, float]:
    async with staged("") as (stage, daemon):
        await daemon.start()
        async with publishing(stage.device("p"), client_id="band") as link:
            await _beat(link, SETTLE_S, first=0)
            begun_s, used_s = time.monotonic(), processor_s(daemon.pid)
            await _beat(link, spent_s, first=SETTLE_S)
            used_s = processor_s(daemon.pid) - used_s
            cpu = used_s / (time.monotonic() - begun_s)
            memory = memory_mb(daemon.pid, "smaps_rollup", "Pss")
            return memory, cpu, memory_mb(daemon.pid, "status", "VmHWM")


async def _beat(link: Link, seconds: int, *, first: int) -> None:
    for number in range(first, first + seconds):
        content = {
            "time": WorldClock().now().isoformat(),
            "value": 60 + number % 20,
            "unit": "1/min",
            "sequence": number,
        }
        await (await link.post("carpal/me/band/heart_rate", json.dumps(content).encode()))
        await asyncio.sleep(1)


def memory_mb(pid: int, file: str, name: str) -> float:
    """Return the line *name* of /proc/PID/*file*, in megabytes."""
    text = Path(f"/proc/{pid}/{file}").read_text()
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def processor_s(pid: int) -> float:
    """Return the processor seconds that a process has used, its own and the kernel's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
