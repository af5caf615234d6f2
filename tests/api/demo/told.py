"""`.netreach/demo.json` field by field, as the contract has it: any other is refused."""

import msgspec


class ToldNode(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    base_url: str
    projects: list[str]


class ToldPool(msgspec.Struct, forbid_unknown_fields=True):
    slug: str
    host: str


class ToldPublic(msgspec.Struct, forbid_unknown_fields=True):
    page: str
    json: str
    ics: str
    widget: str


class ToldPerson(msgspec.Struct, forbid_unknown_fields=True):
    handle: str
    project: str
    roles: list[str]
    node: str
    sign_in_url: str
    api_token: str
    calendar_url: str


class Told(msgspec.Struct, forbid_unknown_fields=True):
    """`.netreach/demo.json`, as the contract has it."""

    nodes: list[ToldNode]
    pool: ToldPool
    public: ToldPublic
    people: list[ToldPerson]
