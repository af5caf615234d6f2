"""Kinds of value that nodes state to one another, checked where they arrive.

What is kept of a partner's word must break no page later. Numbers with a fraction travel as text:
RFC 8785 bytes hold none here.
"""

from datetime import datetime
from typing import Annotated

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Amount = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,6}(\.[0-9]{1,4})?$")]
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Texts = Annotated[list[str], msgspec.Meta(max_length=100)]
"""Languages, trainings and the like: far more than any pool has."""
Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")]


Topics = Annotated[list[Slug], msgspec.Meta(max_length=40)]
"""What contacts are about, in a word or two each."""


def written(amount: float) -> str:
    """Write hours or a demand as partners read them."""
    return f"{amount:.4f}".rstrip("0").rstrip(".")
