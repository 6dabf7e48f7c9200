"""`dauys serve`: the site."""

from pathlib import Path
from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    data: Annotated[Path | None, typer.Option(help="Data folder (else $DAUYS_DATA, var/).")] = None,
) -> None:
    """Serve voters, the public and staff."""
    from dauys.store.startup import make_tables, start

    start(data)
    make_tables()
    run(port, host)


def run(port: int, host: str = "127.0.0.1") -> None:
    """Serve until stopped. One process: it alone writes the ballot box's batches.

    Headers of proxies are left alone: `web/address.py` decides whom to believe.
    """
    import uvicorn

    typer.echo(f"Serving on http://{host}:{port} (stop with Ctrl-C)")
    uvicorn.run(
        "dauys.web.asgi:application",
        host=host,
        port=port,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
    )
