"""A mail server that keeps what it is sent, and servers of a test on ports of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@contextmanager
def listening(server: ThreadingTCPServer | ThreadingHTTPServer) -> Iterator[int]:
    """A server on a port of its own, for a while."""
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Mailbox(StreamRequestHandler):
    """Just enough of RFC 5321 to take a letter; refuses every recipient named `nobody`."""

    letters: list[str] = []  # noqa: RUF012 -- what all connections of a test brought

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            match line.split(":")[0].split()[0].upper():
                case "RCPT" if "nobody" in line:
                    self.say("550 no such person")
                case "DATA":
                    self.say("354 go on")
                    lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
                    self.letters.append("\n".join(lines))
                    self.say("250 taken")
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 yes")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
