import json

LONGEST = 100


def shown(name: str) -> str:
    """Write an id as it may stand in one line of a sentence."""
    if len(name) > LONGEST:
        name = name[:LONGEST] + "…"
    return name if name.isprintable() and " " not in name else json.dumps(name)
