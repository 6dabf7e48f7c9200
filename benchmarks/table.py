"""Prints measurements as a table and keeps them with a description of the machine."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.rows import Row

RESULTS = Path(__file__).parent / "results"


def show(rows: Sequence[Row]) -> None:
    """Print `rows`, aligned."""
    width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        ratio = f"{row.ratio:8.2f} × {row.peer}" if row.ratio is not None else ""
        print(f"{row.name:{width}}  {row.value:12,.1f} {row.unit:12}{ratio}")


def keep(name: str, rows: Sequence[Row]) -> None:
    """Write `rows` to `results/<name>.json` with the machine they were measured on."""
    RESULTS.mkdir(exist_ok=True)
    content = {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": machine(),
        "rows": [asdict(row) for row in rows],
    }
    text = json.dumps(content, ensure_ascii=False, indent=2)
    (RESULTS / f"{name}.json").write_text(text + "\n")


def machine() -> dict[str, str]:
    """Processor, cores, load of the last minute, memory and versions."""
    facts = {"python": platform.python_version(), "system": platform.platform()}
    facts["cores"] = str(os.cpu_count())
    facts["load"] = f"{os.getloadavg()[0]:.1f}"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        facts["processor"] = models[0].split(":")[1].strip() if models else "unknown"
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    facts["memory"] = f"{pages / 2**30:.0f} GiB"
    return facts
