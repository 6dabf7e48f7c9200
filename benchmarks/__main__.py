"""Every benchmark, or those named: `python -m benchmarks [NAME ...]`.

Prints one table and keeps each module's rows in `results/NAME.json`, with the machine.
"""

import pkgutil
import sys
from collections.abc import Callable
from importlib import import_module

import benchmarks
from benchmarks.rows import Row
from benchmarks.table import keep, show

USAGE_ERROR = 2


def measures() -> dict[str, Callable[[], list[Row]]]:
    """The `run` of every module here that has one, by the module's name."""
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    modules = {n: import_module(f"benchmarks.{n}") for n in sorted(names) if n != "__main__"}
    return {name: module.run for name, module in modules.items() if hasattr(module, "run")}


def main(wanted: list[str]) -> int:
    """Measure what is `wanted` (all, if empty); return the exit status."""
    known = measures()
    strange = [name for name in wanted if name not in known]
    if strange:
        print(f"No benchmark {', '.join(strange)}. There are: {', '.join(known)}.", file=sys.stderr)
        return USAGE_ERROR
    rows: list[Row] = []
    for name in wanted or known:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        measured = known[name]()
        keep(name, measured)
        rows += measured
    show(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
