"""`dauys serve`: the site."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Final

import typer

from dauys.cli.installation import FAILED, MISUSED, Data, stop

HOST: Final = "127.0.0.1"
WAITING: Final = 2048
"""Connections that may wait to be accepted."""

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = HOST,
    port: Port = 8000,
    data: Data = None,
) -> None:
    """Serve voters, the public and staff."""
    if os.environ.get("DAUYS_SQLITE_SYNC", "full") != "full":
        stop(
            "DAUYS_SQLITE_SYNC is for simulations; a server keeps every ballot. Unset it.", MISUSED
        )
    with listen(host, port) as listener:
        _run(listener, data)


@contextmanager
def _stand_ins(data: Path | None) -> Iterator[None]:
    """In a demonstration, a program that stands in for NCALayer; `DAUYS_DEMO_NCALAYER=0`: none."""
    if os.environ.get("DAUYS_DEMO") != "1" or os.environ.get("DAUYS_DEMO_NCALAYER") == "0":
        yield
        return
    from dauys.scenario.stand_in_ncalayer import HOST as LOCAL
    from dauys.scenario.stand_in_ncalayer import PORT, beside

    with beside((data or Path(os.environ.get("DAUYS_DATA", "var"))).resolve()) as runs:
        if runs:
            typer.echo(
                "A stand-in for NCALayer runs too. For the browser to talk to it, open\n"
                f"https://{LOCAL}:{PORT}/ once and accept its certificate."
            )
        yield


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; ends the command if the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=WAITING)
    except socket.gaierror:
        stop(f"{host} is not an address.", MISUSED)
    except OverflowError:
        stop(f"{port} is not a port.", MISUSED)
    except OSError as error:
        why = {
            errno.EADDRINUSE: f"Port {port} is taken by another program. Name another with --port.",
            errno.EACCES: f"Port {port} is for the system's own programs. Name one from 1024 on.",
            errno.EADDRNOTAVAIL: f"{host} is not an address of this machine.",
        }
        stop(
            why.get(error.errno or 0, f"Cannot listen on {host}:{port}: {error.strerror}."), MISUSED
        )


def _run(listener: socket.socket, data: Path | None) -> None:
    """Serve until stopped. One process: it alone writes the ballot box's batches.

    Headers of proxies are left alone: `web/address.py` decides whom to believe.
    """
    from dauys.store.startup import collect_static_files, make_tables, start

    start(data)
    make_tables()
    collect_static_files()
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            "dauys.web.asgi:application",
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_level="warning",
        )
    )
    host, port, *_ = listener.getsockname()
    where = f"[{host}]" if ":" in host else host
    typer.echo(f"Serving on http://{where}:{port} (stop with Ctrl-C)")
    with _stand_ins(data), suppress(KeyboardInterrupt):  # uvicorn has answered everybody by then
        server.run(sockets=[listener])
    if not server.started:
        raise typer.Exit(FAILED)
