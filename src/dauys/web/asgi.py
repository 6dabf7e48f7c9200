"""The server's entry: the cast endpoint by itself, everything else through Django."""

import asyncio
import os
import sys
import warnings

import django
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.web.settings")
# WhiteNoise hands short files to Django's streaming, which would rather have them in async.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous iterators")
django.setup(set_prefix=False)

from dauys.crypto.checking import prepare  # noqa: E402 -- after setup
from dauys.web.api.cast import PATH, CastEndpoint  # noqa: E402 -- likewise
from dauys.web.bodies import App, Limited, Receive, Scope, Send  # noqa: E402 -- likewise
from dauys.wiring import caretaker, delivery, patrol  # noqa: E402 -- likewise

CHECKERS = (os.cpu_count() or 2) + 1
"""One more than cores: while one waits for Python's lock, the others keep the cores busy."""
SWITCH_S = 0.001
"""After so long a thread hands Python's lock on; the writer of a batch would keep it for 5 ms."""


class Application:
    """Sends casts to the ballot box and all else to Django."""

    def __init__(self) -> None:
        """Build both."""
        self._django: App = Limited(get_asgi_application())
        self._cast = CastEndpoint(CHECKERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or see the server start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and PATH.fullmatch(scope["path"]):
            await self._cast(scope, receive, send)
        else:
            await self._django(as_sent(scope), receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        threads = caretaker(), patrol(), delivery()
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                sys.setswitchinterval(SWITCH_S)
                for thread in threads:
                    thread.start()
                self._warm = asyncio.create_task(asyncio.to_thread(prepare))
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._cast.close()
                for thread in threads:
                    await asyncio.to_thread(thread.stop)
                await send({"type": "lifespan.shutdown.complete"})
                return


def as_sent(scope: Scope) -> Scope:
    """The request as the voter's browser sent it, before a proxy took TLS off ($DAUYS_HTTPS).

    Else Django refuses every form, whose origin is https, and leaves out
    Strict-Transport-Security. No header of the request is asked.
    """
    return {**scope, "scheme": "https"} if settings.HTTPS else scope


application = Application()
