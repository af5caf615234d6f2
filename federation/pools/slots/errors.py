from federation.errors import Refusal


class SlotOver(Refusal):
    """A slot that was ended is not agreed to any more."""

    code = "slot-over"
    title = "This regular time is no longer asked for. There is nothing that you need to do."
    status = 409


class SlotThere(Refusal):
    """A series has one current slot for a language."""

    code = "slot-there"
    title = "This language is proposed for these sessions already. End that first to ask anew."
    status = 409


class TooManySlots(Refusal):
    """Members read all slots of a pool at once, so they are few."""

    code = "too-many-slots"
    title = "This pool has as many regular times for languages as it can have. End one first."
    status = 409
