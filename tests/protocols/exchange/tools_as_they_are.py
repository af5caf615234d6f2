"""The tools' own readers, from their rules: what they refuse, split, clear and obey."""

import csv
import io
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

HEADER = (
    "id,title,explain,msg,fallback_msg,position,delay,department_id,user_id,auto_send,attr_int_1,"
    "attr_int_2,attr_int_3,languages,additional_data,html_snippet,unique_id,created_at,updated_at,"
    "active_from,active_to,repetitiveness,days_activity,disabled,delete_on_exp,activate_responder,"
    "subject,tags_plain,department_ids_front"
)
WORDS = {
    "title",
    "explain",
    "msg",
    "fallback_msg",
    "languages",
    "additional_data",
    "html_snippet",
    "days_activity",
    "subject",
    "tags_plain",
    "department_ids_front",
}
NUMBERS = [name for name in HEADER.split(",") if name not in {"id", "unique_id", *WORDS}]


def php_rows(given: bytes) -> list[list[str]]:
    """Read as `fgetcsv($file, 10000, ",")` does: with its line length and its escape character."""
    text = given.decode()
    for line in text.split("\n"):
        assert len(line.encode()) + 1 < 10_000, "PHP would cut this line in two"
    rows: list[list[str]] = []
    cells: list[str] = []
    at, end = 0, len(text)
    while at < end:
        cell, at = _php_cell(text, at)
        cells.append(cell)
        if at >= end or text[at] == "\n":
            rows.append(cells)
            cells, at = [], at + 1
        else:
            assert text[at] == ",", f"PHP finds {text[at]!r} after a closing quotation mark"
            at += 1
    return rows


def _php_cell(text: str, at: int) -> tuple[str, int]:
    if text[at : at + 1] != '"':
        ends = [found for sign in ",\n" if (found := text.find(sign, at)) >= 0]
        stop = min(ends, default=len(text))
        return text[at:stop], stop
    at, cell = at + 1, ""
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):  # whatever follows is taken as it stands
            cell, at = cell + text[at : at + 2], at + 2
        elif text[at : at + 2] == '""':
            cell, at = cell + '"', at + 2
        elif text[at] == '"':
            return cell, at + 1
        else:
            cell, at = cell + text[at], at + 1
    raise AssertionError("PHP finds no closing quotation mark")


def _put(cell: str) -> str:
    """Write as `fputcsv` does: a quotation mark behind a backslash is not doubled."""
    if not re.search(r'[,"\\\s]', cell):
        return cell
    written, escaped = "", False
    for sign in cell:
        written += '""' if sign == '"' and not escaped else sign
        escaped = sign == "\\"
    return f'"{written}"'


@dataclass
class LiveHelperChat:
    """`cannedmsg/import`: rows found by `unique_id` are replaced column by column."""

    header: str = HEADER
    messages: dict[str, dict[str, str]] = field(default_factory=dict)

    def load(self, given: bytes) -> None:
        assert not given.startswith(b"\xef\xbb\xbf"), "a mark of order stands before the header"
        header, *rows = php_rows(given)
        assert header == self.header.split(","), "Expected columns does not match!"
        for cells in rows:
            row = dict(zip(header, cells, strict=True))
            self._check(row)
            known = self.messages.get(row["unique_id"], {"id": str(len(self.messages) + 1)})
            self.messages[row["unique_id"]] = known | {
                name: value for name, value in row.items() if name != "id"
            }

    def _check(self, row: dict[str, str]) -> None:
        assert re.fullmatch("[1-9]{1,20}", row["unique_id"]), "PHP 7 takes text for the number 0"
        assert len(row["title"]) <= 250
        assert len(row["explain"]) <= 250
        assert all(row[name].isdecimal() for name in NUMBERS), "NOT NULL"
        assert row["user_id"] == "0"
        for tag in row["tags_plain"].split(", "):
            assert len(tag.encode()) <= 40
            assert not re.search(r"[\s#]", tag)
        if row["languages"]:
            for one in json.loads(row["languages"]):
                assert set(one) == {"message", "fallback_message", "languages"}

    def exported(self) -> bytes:
        names = self.header.split(",")
        rows = [names, *([one.get(name, "") for name in names] for one in self.messages.values())]
        return "".join(f"{','.join(map(_put, row))}\n" for row in rows).encode()

    def sent(self, unique_id: str, locale: str = "") -> str:
        """Give what a visitor with this language reads when an operator called Wren sends it."""
        row = self.messages[unique_id]
        text = row["msg"]
        for one in json.loads(row["languages"] or "[]"):
            if locale in one["languages"]:
                text = one["message"]
        text = text.replace("{nick}", "Visitor").replace("{operator}", "Wren")
        return row["fallback_msg"] if re.search(r"\{[a-zA-Z0-9_]+\}", text) else text


@dataclass
class Chatwoot:
    """Its API of canned responses; Liquid obeys what stands in two braces."""

    responses: dict[int, dict[str, str]] = field(default_factory=dict)
    last: int = 0

    def ask(self, asked: dict[str, Any]) -> None:
        assert set(asked) == {"method", "path", "body"}
        assert set(asked["body"]) == {"canned_response"}
        body = asked["body"]["canned_response"]
        assert set(body) == {"short_code", "content"}
        assert 0 < len(body["short_code"]) <= 255
        assert 0 < len(body["content"]) <= 20_000
        base = "/api/v1/accounts/{account_id}/canned_responses"
        if asked["method"] == "POST":
            assert asked["path"] == base
            self.last += 1
            number = self.last
        else:
            assert asked["method"] == "PATCH"
            number = int(asked["path"].removeprefix(f"{base}/"))
            assert number in self.responses
        taken = {one["short_code"] for other, one in self.responses.items() if other != number}
        assert body["short_code"] not in taken, "short_code has already been taken"
        self.responses[number] = body

    def listed(self) -> bytes:
        return json.dumps(
            [{"id": number, "account_id": 3, **one} for number, one in self.responses.items()]
        ).encode()

    def sent(self, short_code: str) -> str:
        [text] = [
            one["content"] for one in self.responses.values() if one["short_code"] == short_code
        ]
        known = {"contact.name": "Visitor", "agent.name": "Wren"}
        assert "{%" not in text
        return re.sub(r"\{\{(.*?)\}\}", lambda found: known.get(found[1].strip(), ""), text)


@dataclass
class RocketChat:
    """Its API of canned responses: no unknown keys, and tags that are left out are cleared."""

    responses: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ask(self, asked: dict[str, Any]) -> None:
        assert (asked["method"], asked["path"]) == ("POST", "/api/v1/canned-responses")
        body = asked["body"]
        assert set(body) <= {"_id", "shortcut", "text", "scope", "departmentId", "tags"}
        assert {"shortcut", "text", "scope"} <= set(body)
        assert body["scope"] in {"global", "department", "user"}
        number = body.get("_id", f"id{len(self.responses) + 1}")
        assert "_id" not in body or number in self.responses
        taken = {one["shortcut"] for other, one in self.responses.items() if other != number}
        assert body["shortcut"] not in taken, "error-invalid-shortcut"
        self.responses[number] = {"tags": [], **body, "_id": number}

    def listed(self) -> bytes:
        found = list(self.responses.values())
        return json.dumps(
            {"cannedResponses": found, "count": len(found), "total": len(found), "success": True}
        ).encode()


@dataclass
class Zammad:
    """`text_modules/import`: found by id, then by name; one bad row undoes everything."""

    modules: list[dict[str, Any]] = field(default_factory=list)

    def load(self, given: bytes) -> None:
        header, *rows = csv.reader(io.StringIO(given.decode(), newline=""), strict=True)
        after = [dict(one) for one in self.modules]
        touched: list[int] = []
        for cells in rows:
            filled = {
                name: _split(cell.strip())
                for name, cell in zip(header, cells, strict=True)
                if cell != ""
            }
            number = self._number(after, filled)
            assert number not in touched, "duplicate record found"
            touched.append(number)
            after[number - 1] |= filled | {"id": str(number)}
            self._check(after[number - 1])
        self.modules = after

    def _number(self, after: list[dict[str, Any]], filled: dict[str, Any]) -> int:
        if "id" in filled:
            assert int(filled["id"]) <= len(after), "unknown TextModule"
            return int(filled["id"])
        for number, one in enumerate(after, 1):
            if one["name"] == filled["name"]:
                return number
        after.append({"note": "", "active": "true", "keywords": ""})
        return len(after)

    def _check(self, one: dict[str, Any]) -> None:
        assert all(isinstance(value, str) for value in one.values()), "~~~ has split a cell"
        assert 0 < len(one["name"]) <= 250
        assert len(one["keywords"]) <= 500
        assert "<" in one["content"], "plain text would be laid out anew"
        assert one["active"] in {"true", "false"}

    def exported(self) -> bytes:
        written = io.StringIO()
        names = ["id", "name", "keywords", "content", "note", "active", "groups"]
        rows = csv.DictWriter(written, names, restval="")
        rows.writeheader()
        rows.writerows(self.modules)
        return written.getvalue().encode()


def _split(cell: str) -> str | list[str]:
    return cell.split("~~~") if "~~~" in cell else cell


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(html: str) -> str:
    """Give the words that somebody sees of some HTML."""
    reader = _Html()
    reader.feed(html)
    reader.close()
    return reader.text
