"""A real Dask cluster on this machine."""

import subprocess
import sys
import time
from pathlib import Path

from tests.server import free_port

Process = subprocess.Popen[bytes]
_REGISTERED = b"Register worker"
"""What the scheduler says of a worker that it can use."""


class Cluster:
    """A scheduler and one worker, each a process, and ready."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        port = free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self._start("scheduler", "--port", str(port))
        options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
        self.worker = self._start("worker", self.address, *options)
        while _REGISTERED not in (folder / "scheduler.log").read_bytes():
            if (self.scheduler.poll(), self.worker.poll()) != (None, None):
                self.stop()
                raise RuntimeError((folder / "worker.log").read_text())
            time.sleep(0.05)

    def _start(self, *arguments: str) -> Process:
        dask = str(Path(sys.executable).with_name("dask"))
        with (self.folder / f"{arguments[0]}.log").open("wb") as log:
            return subprocess.Popen(
                [dask, *arguments, "--host", "127.0.0.1", "--no-dashboard"],
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        for process in (self.worker, self.scheduler):
            process.kill()
            process.wait()
