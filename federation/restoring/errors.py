from federation.errors import Refusal


class NodeRestoring(Refusal):
    """The node came back from a backup, and does not know yet what it has granted since."""

    code = "node-restoring"
    title = (
        "This node was restored from a backup and still asks its partners who has which seat. "
        "Until they have answered it gives no seats; giving one back works. Try again later, or "
        "ask your coordinator which partner is waited for."
    )
    status = 503


class NotRestoring(Refusal):
    """Nothing is waited for."""

    code = "not-restoring"
    title = "This node is not restoring: it waits for nobody."
    status = 409


class NotWaitedFor(Refusal):
    """The partner has answered, or is not asked at all."""

    code = "not-waited-for"
    title = "This node does not wait for that partner. See whom it waits for."
    status = 404
