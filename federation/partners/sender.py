from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sender:
    """The partner whose event is applied, and in which of its feeds: that decides what it may say.

    In a private feed `subject` is this node's own id.
    """

    node_id: str
    name: str
    feed_kind: str
    subject: str
