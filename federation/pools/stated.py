"""Kinds of value that nodes state to one another, checked where they arrive.

What is kept of a partner's word must break no page later. Numbers with a fraction travel as text:
RFC 8785 bytes hold none here.
"""

from datetime import datetime
from typing import Annotated

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Amount = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{1,6}(\.[0-9]{1,4})?\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Long = Annotated[str, msgspec.Meta(max_length=20_000)]
"""More than anybody can enter here: what is kept of a partner is shown on pages."""
Texts = Annotated[list[Short], msgspec.Meta(max_length=100)]
"""Trainings, roles and the like: far more than any pool has."""
Tags = Annotated[list[Annotated[str, msgspec.Meta(max_length=35)]], msgspec.Meta(max_length=100)]
"""Languages."""
Slug = Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?\Z")]


Topics = Annotated[list[Slug], msgspec.Meta(max_length=40)]
"""What contacts are about, in a word or two each."""


def written(amount: float) -> str:
    """Write hours or a demand as partners read them."""
    return f"{amount:.4f}".rstrip("0").rstrip(".")
