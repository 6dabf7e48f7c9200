"""SMPP 3.4, the telephone networks' own protocol, by aiosmpplib: one session kept open.

A message is written to the session or it is not: until then it may still go elsewhere, from
then on only the network's answer says what became of it. Delivery receipts come over the
same session.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import ClassVar, Final

from aiosmpplib import ESME, NPI, TON, BindMode, PhoneNumber
from aiosmpplib.broker import AbstractBroker
from aiosmpplib.hook import AbstractHook
from aiosmpplib.protocol import (
    BindTransceiverResp,
    DeliverSm,
    GenericNack,
    SmppMessage,
    SubmitSm,
    SubmitSmResp,
)
from aiosmpplib.state import SmppCommandStatus, SmppSessionState

from dauys.identity.messages.gateway import (
    NoReports,
    NotTakenError,
    PerhapsTakenError,
    Then,
)
from dauys.identity.messages.message import Message, MessageState

UCS2: Final = "ucs2"  # data_coding 8

ERRORS: Final = {
    SmppCommandStatus.ESME_RTHROTTLED: ("too_many_requests", Then.WAIT),
    SmppCommandStatus.ESME_RMSGQFUL: ("queue_full", Then.WAIT),
    SmppCommandStatus.ESME_RINVDSTADR: ("bad_phone", Then.GIVE_UP),
    SmppCommandStatus.ESME_RINVDSTTON: ("bad_phone", Then.GIVE_UP),
    SmppCommandStatus.ESME_RINVDSTNPI: ("bad_phone", Then.GIVE_UP),
    SmppCommandStatus.ESME_RINVSRCADR: ("bad_sender", Then.NEXT),
    SmppCommandStatus.ESME_RSYSERR: ("gateway_fault", Then.NEXT),
    SmppCommandStatus.ESME_RSUBMITFAIL: ("gateway_fault", Then.NEXT),
    SmppCommandStatus.ESME_RINVBNDSTS: ("not_bound", Then.NEXT),
    SmppCommandStatus.ESME_RINVPASWD: ("login_refused", Then.STOP),
    SmppCommandStatus.ESME_RINVSYSID: ("login_refused", Then.STOP),
    SmppCommandStatus.ESME_RBINDFAIL: ("login_refused", Then.STOP),
}
"""`command_status` of an answer (SMPP 3.4, section 5.1.3): what it is, and what we do."""

RECEIPTS: Final = {
    "ENROUTE": MessageState.SENT,
    "ACCEPTD": MessageState.SENT,
    "DELIVRD": MessageState.DELIVERED,
    "EXPIRED": MessageState.UNDELIVERED,
    "DELETED": MessageState.UNDELIVERED,
    "UNDELIV": MessageState.UNDELIVERED,
    "REJECTD": MessageState.UNDELIVERED,
}
"""`stat` of a receipt (SMPP 3.4, appendix B)."""


@dataclass(slots=True)
class _Submission:
    """One message on its way; `written` once it may have left."""

    pdu: SubmitSm
    answer: "asyncio.Future[SubmitSmResp | GenericNack]"
    written: bool = False


class _Queue(AbstractBroker):  # type: ignore[misc]  # untyped library
    """Gives the session what is still wanted: a message given up meanwhile is not sent late."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[_Submission] = asyncio.Queue()
        self.current: _Submission | None = None

    async def enqueue(self, message: SmppMessage) -> None:
        """Nothing comes in this way."""
        raise NotImplementedError

    async def dequeue(self) -> SmppMessage:
        """The next message that somebody still waits for."""
        while True:
            submission = await self.waiting.get()
            if not submission.answer.done():
                self.current = submission
                return submission.pdu


class _Ear(AbstractHook):  # type: ignore[misc]  # untyped library
    """Hears what the session writes and reads. Keeps no text."""

    def __init__(self, queue: _Queue) -> None:
        self.queue = queue
        self.sent: dict[int, _Submission] = {}
        self.receipts: list[tuple[str, MessageState]] = []
        self.refused: SmppCommandStatus | None = None

    async def sending(self, smpp_message: SmppMessage, pdu: bytes, client_id: str) -> None:
        """A message is about to be written."""
        del pdu, client_id
        submission = self.queue.current
        if submission is not None and smpp_message is submission.pdu:
            submission.written = True
            self.sent[smpp_message.sequence_num] = submission

    async def received(self, smpp_message: SmppMessage | None, pdu: bytes, client_id: str) -> None:
        """An answer or a receipt came."""
        del pdu, client_id
        match smpp_message:
            case BindTransceiverResp():
                ok = smpp_message.command_status is SmppCommandStatus.ESME_ROK
                self.refused = None if ok else smpp_message.command_status
            case SubmitSmResp() | GenericNack():
                submission = self.sent.pop(smpp_message.sequence_num, None)
                if submission is not None and not submission.answer.done():
                    submission.answer.set_result(smpp_message)
            case DeliverSm() if smpp_message.is_receipt():
                found = smpp_message.parse_receipt()
                state = RECEIPTS.get(str(found.get("stat", "")))
                if state is not None and found.get("id"):
                    self.receipts.append((str(found["id"]), state))
            case _:
                pass

    async def send_error(self, smpp_message: SmppMessage, error: Exception, client_id: str) -> None:
        """The connection broke while writing, or the message could not be built."""
        del error, client_id
        submission = self.queue.current
        if submission is not None and smpp_message is submission.pdu:
            self.sent.pop(smpp_message.sequence_num, None)
            if not submission.answer.done():
                submission.answer.set_exception(
                    PerhapsTakenError("connection_lost")
                    if submission.written
                    else NotTakenError("not_written", Then.NEXT)
                )


class _Session(ESME):  # type: ignore[misc]  # untyped library
    """Closes its connections, which the library leaves to the garbage collector."""

    async def connect(self) -> None:
        """Connect anew; the connection before is over."""
        self.let_go()
        await super().connect()

    def let_go(self) -> None:
        """Close the connection."""
        if self._writer is not None:
            self._writer.close()


@dataclass(slots=True)
class SmppGateway(NoReports):
    """A session at `host`:`port`. Times are seconds."""

    name: str
    host: str
    port: int
    login: str
    secret: str = field(repr=False)
    sender: str = ""
    timeout_s: float = 10.0
    connect_s: float = 4.0
    channel: ClassVar[str] = "sms"
    _queue: _Queue | None = field(default=None, repr=False)
    _ear: _Ear | None = field(default=None, repr=False)
    _esme: _Session | None = field(default=None, repr=False)
    _session: "asyncio.Task[None] | None" = field(default=None, repr=False)

    async def send(self, message: Message) -> str:
        """Submit; the reference is the network's `message_id` (see `Gateway.send`)."""
        queue = await self._bound()
        submission = _Submission(self._submit(message), asyncio.get_running_loop().create_future())
        queue.waiting.put_nowait(submission)
        try:
            answer = await asyncio.wait_for(submission.answer, self.timeout_s)
        except TimeoutError as error:
            if submission.written:
                raise PerhapsTakenError("timeout") from error
            raise NotTakenError("not_written", Then.NEXT) from error
        status = answer.command_status
        if isinstance(answer, GenericNack) or status is not SmppCommandStatus.ESME_ROK:
            raise NotTakenError(*ERRORS.get(status, (f"status_{status.value:x}", Then.NEXT)))
        return str(answer.message_id)

    def heard(self) -> tuple[tuple[str, MessageState], ...]:
        """Receipts since the last call."""
        if self._ear is None:
            return ()
        found, self._ear.receipts = tuple(self._ear.receipts), []
        return found

    async def close(self) -> None:
        """End the session."""
        if self._session is None:
            return
        if self._esme is not None:
            self._esme.let_go()
        self._session.cancel()
        await asyncio.gather(self._session, return_exceptions=True)
        self._queue = self._ear = self._esme = self._session = None

    async def _bound(self) -> _Queue:
        """The queue of a session that is bound. Raises NotTakenError."""
        if self._session is None or self._session.done():
            self._open()
        if self._queue is None or self._ear is None or self._esme is None:
            raise NotTakenError("unreachable", Then.NEXT)
        deadline = asyncio.get_running_loop().time() + self.connect_s
        while self._esme.session_state is not SmppSessionState.BOUND_TRX:
            if self._ear.refused is not None:
                status = self._ear.refused
                await self.close()
                raise NotTakenError(*ERRORS.get(status, ("login_refused", Then.STOP)))
            if asyncio.get_running_loop().time() > deadline:
                raise NotTakenError("unreachable", Then.NEXT)
            await asyncio.sleep(0.02)
        return self._queue

    def _open(self) -> None:
        self._queue = _Queue()
        self._ear = _Ear(self._queue)
        self._esme = _Session(
            self.host,
            self.port,
            self.login,
            self.secret,
            bind_mode=BindMode.TRANSCEIVER,
            client_id=self.name,
            # The library's log holds whole messages: nothing of it is kept.
            log_level=logging.CRITICAL,
            log_handler=logging.NullHandler(),
            hook=self._ear,
            broker=self._queue,
            socket_timeout=self.connect_s,
        )
        self._session = asyncio.create_task(self._esme.start(), name=f"smpp {self.name}")

    def _submit(self, message: Message) -> SubmitSm:
        return SubmitSm(
            short_message=message.text,
            source=PhoneNumber(self.sender, TON.ALPHANUMERIC, NPI.UNKNOWN),
            destination=PhoneNumber(message.address.lstrip("+"), TON.INTERNATIONAL, NPI.ISDN),
            encoding=UCS2,
            registered_delivery=1,
            log_id=message.id,
        )
