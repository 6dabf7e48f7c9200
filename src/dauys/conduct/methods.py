"""Ways in which voters prove who they are; a manifest orders those it has by strength."""

from typing import Final

from dauys.core.ids import MethodId

DESK: Final = MethodId("desk")
"""The weakest method: two people's word, and nothing of the voter's own."""
EMAIL: Final = MethodId("email")
SMS: Final = MethodId("sms")
EDS: Final = MethodId("eds")

BY_CODE: Final = (EMAIL, SMS)
"""Those that send a code to an address on the register, the weaker first."""
