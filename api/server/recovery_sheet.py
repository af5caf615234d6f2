"""The root key on paper: words to type, and the same as a picture for who would rather scan."""

from datetime import date
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from joserfc.jwk import OKPKey

from api.dates import full_date
from federation.partners.keys import Node
from federation.partners.rules.recovery import words_for

HERE = Path(__file__).parent


def recovery_sheet(node: Node, root: OKPKey, today: date) -> str:
    """Write the sheet as one page of HTML that asks for nothing from anywhere."""
    words = words_for(root)
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("recovery-sheet.html").render(
        node=node,
        fingerprint=root.thumbprint(),
        words=words,
        picture=segno.make(" ".join(words)).svg_data_uri(scale=4, dark="#000", light="#fff"),
        day=full_date(today),
    )
