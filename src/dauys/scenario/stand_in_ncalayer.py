"""A stand-in for NCALayer: its protocol, with keys of a test authority.

It listens on wss://127.0.0.1:13579 as the real one does, behind a certificate of its own making,
greets with its version and answers the modules `kz.gov.pki.knca.basics` and
`kz.gov.pki.knca.commonUtils`. For tests and demonstrations.
"""

import base64
import json
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from dauys.scenario.demo_signer import sign_as_chosen

HOST: Final = "127.0.0.1"
PORT: Final = 13579
GREETING: Final = {"result": {"version": "1.4"}}
BASICS: Final = "kz.gov.pki.knca.basics"
COMMON_UTILS: Final = "kz.gov.pki.knca.commonUtils"

Sign = Callable[[bytes], bytes]
"""Makes an attached CMS (DER) of a content with the key that the person chose."""


@dataclass
class StandInNCALayer:
    """What the program does when it is asked; tests change it.

    `says` is an error that it answers instead, in its own words; `cancels` that the person
    closes its window; `hangs_up` that it is closed meanwhile; `old` that it has no basics module.
    """

    sign: Sign
    says: str = ""
    cancels: bool = False
    hangs_up: bool = False
    old: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)

    def serve(self, connection: ServerConnection) -> None:
        """Talk to one page until it leaves."""
        try:
            connection.send(json.dumps(GREETING))
            for text in connection:
                request = json.loads(text)
                self.asked.append(request)
                if self.hangs_up and request.get("module") in (BASICS, COMMON_UTILS):
                    return
                connection.send(json.dumps(self._answer(request)))
        except ConnectionClosed:
            return

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        module, method = request.get("module"), request.get("method")
        if (module, method) == (BASICS, "sign") and not self.old:
            return self._basics(request["args"])
        if (module, method) == (COMMON_UTILS, "createCMSSignatureFromBase64"):
            return self._common_utils(request["args"])
        return _error(f"Module {module} is not found")

    def _basics(self, args: dict[str, Any]) -> dict[str, Any]:
        if self.cancels:
            return {"status": True, "body": {}}
        if self.says:
            return _error(self.says)
        asked = args["signingParams"]
        if args["format"] != "cms" or not asked["encapsulate"] or not asked["decode"]:
            return _error("This stand-in makes attached signatures only")
        data = args["data"]
        contents = data if isinstance(data, list) else [data]
        try:
            signed = [_pem(self.sign(base64.b64decode(content))) for content in contents]
        except LookupError as error:
            return _error(f"No key: {error}")
        return {"status": True, "body": {"result": signed}}

    def _common_utils(self, args: list[Any]) -> dict[str, Any]:
        if self.cancels:
            return {"code": "500", "message": "action.canceled"}
        if self.says:
            return {"code": "500", "message": self.says}
        _, _, data, attached = args
        if not attached:
            return {"code": "500", "message": "This stand-in makes attached signatures only"}
        return {"code": "200", "responseObject": _pem(self.sign(base64.b64decode(data)))}


@contextmanager
def beside(folder: Path) -> Iterator[bool]:
    """Run it beside the demonstration in `folder`, with the key of whom its pages chose last.

    Tells whether it runs: the port may be taken, perhaps by the real program.
    """
    program = StandInNCALayer(lambda content: sign_as_chosen(folder, content))
    with ExitStack() as stack:
        try:
            stack.enter_context(running(program))
        except OSError:
            yield False
        else:
            yield True


@contextmanager
def running(program: StandInNCALayer, port: int = PORT) -> Iterator[None]:
    """Run it in a thread. Raises OSError when the port is taken, perhaps by the real one."""
    with serve(program.serve, HOST, port, ssl=_tls()) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def _tls() -> ssl.SSLContext:
    """A certificate for 127.0.0.1, made now and forgotten with the program."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "NCALayer (stand-in)")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HOST))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    pem = serialization.Encoding.PEM
    private = serialization.PrivateFormat.PKCS8
    with tempfile.NamedTemporaryFile() as file:
        file.write(key.private_bytes(pem, private, serialization.NoEncryption()))
        file.write(certificate.public_bytes(pem))
        file.flush()
        context.load_cert_chain(Path(file.name))
    return context


def _error(message: str) -> dict[str, Any]:
    return {"status": False, "code": "500", "message": message, "details": ""}


def _pem(cms: bytes) -> str:
    text = base64.b64encode(cms).decode()
    lines = "\n".join(text[i : i + 64] for i in range(0, len(text), 64))
    return f"-----BEGIN CMS-----\n{lines}\n-----END CMS-----\n"
