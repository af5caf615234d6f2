"""Everything that a project works by in one file, for places without network."""

from typing import Annotated, Literal

from litestar import Response, get
from litestar.datastructures import State
from litestar.params import QueryParameter

from api.parts import Now, Session, Signed
from api.peers.own_node import own_node
from protocols.bundles.queries import bundle_for
from protocols.bundles.rules import PURPOSE

Kind = Annotated[
    Literal["protocol", "answer"] | None,
    QueryParameter(name="kind", description="Only protocols, or only answers."),
]


@get(
    "/bundle",
    tags=["protocols"],
    summary="All releases and recalls of your texts in one file",
    media_type="application/octet-stream",
)
async def download_bundle(
    session: Session, asker: Signed, now: Now, state: State, kind: Kind = None
) -> Response[bytes]:
    """Give a file that anybody can verify without network: `netreach protocols verify FILE`."""
    node = own_node(state)
    written = await bundle_for(
        session,
        asker,
        node_id=node.node_id,
        document=node.document,
        kind=kind,
        sign=lambda head: node.keys.sign("head", head, purpose=PURPOSE),
        now=now,
    )
    name = f"netreach-{now:%Y-%m-%d}.bundle"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(written, media_type="application/octet-stream", headers=headers)
