"""How the command says things: plain words, nothing that could steer a terminal."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from netreach_client.bundle_files import Verified
from netreach_client.errors import NetreachError, Reason, RefusedError
from netreach_client.protocol_files import Manifest
from netreach_client.structs import Calendar, Claim, ExportReport, Me, Shift, WrittenText


def plain(text: str) -> str:
    """Keep what can be read; a node's text may not move the cursor or hide a line."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def zone_of(name: str) -> tzinfo:
    """Find a zone, or use UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def when(start: datetime, end: datetime, zone: str) -> str:
    """Write a span as the people of the zone read it: `Tue 12 Jan 2027 19:00-21:00 GMT`."""
    there = zone_of(zone)
    first, last = start.astimezone(there), end.astimezone(there)
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%a %d %b %H:%M}"
    return f"{first:%a %d %b %Y %H:%M}-{until} {last:%Z}"


def shift_lines(shift: Shift) -> Iterable[str]:
    """Describe a shift in one line, and each of its seats in one more."""
    facts = [
        when(shift.start, shift.end, shift.zone),
        shift.channel,
        ", ".join(shift.languages),
        shift.theme or "",
        "open hours" if shift.open else "not staffed yet",
    ]
    yield "  ".join(plain(fact) for fact in facts if fact)
    for seat in shift.seats:
        holder = f"  {seat.holder.handle} ({seat.holder.project})" if seat.holder else ""
        yield plain(f"    {seat.id}  {seat.role:<11} {seat.state}{holder}")


def person(me: Me) -> str:
    """Say whose token it is, by handle, never by name."""
    roles = ", ".join(me.roles) or "without a role"
    handles = [f"{each.handle} in {each.pool}" for each in me.handles]
    return plain("; ".join([f"project {me.project}, {roles}", *handles]))


def claim_sentence(claim: Claim) -> str:
    """Say how a claim stands and what can be done about it."""
    give_back = f"netreach release {claim.id}"
    if claim.state == "held":
        return f"The seat is yours. To give it back: {give_back}"
    if claim.state == "requested":
        by = f" by {claim.answer_by.astimezone(UTC):%a %d %b %H:%M} UTC" if claim.answer_by else ""
        return f"The seat is requested; the pool's node answers{by}. To withdraw: {give_back}"
    return {
        "refused": "The seat was refused.",
        "lapsed": "The pool's node did not answer in time. You are free again.",
        "released": "This claim was released before.",
    }.get(claim.state, plain(f"The claim is now: {claim.state}."))


def calendar_line(calendar: Calendar) -> str:
    """Describe one feed address without its secret."""
    used = f"last used {calendar.last_used_on}" if calendar.last_used_on else "not used yet"
    return plain(f"{calendar.id}  {calendar.label}  made {calendar.made_at:%Y-%m-%d}, {used}")


def protocol_line(manifest: Manifest) -> str:
    """Say what holds of a protocol, and in which languages it was written down."""
    languages = ", ".join(manifest.texts) or "nothing has arrived yet"
    facts = [str(manifest.id), manifest.number or "-", manifest.title, f"({languages})"]
    if manifest.withdrawn_because:
        facts.append(f"withdrawn: {manifest.withdrawn_because}")
    if manifest.pending:
        facts.append(f"{manifest.pending} waits to be adopted")
    return plain("  ".join(facts))


def text_line(text: WrittenText) -> str:
    """Describe a text that is being written, and who acts next."""
    facts = [str(text.id), text.state, text.number or "-", text.title]
    if text.yours:
        facts.append("(waits for you)")
    if text.review_overdue:
        facts.append(f"(review overdue since {text.review_by})")
    if text.stale_languages:
        facts.append(f"(not up to date: {', '.join(text.stale_languages)})")
    if text.open_comments:
        facts.append(f"({text.open_comments} open comments)")
    return plain("  ".join(facts))


def bundle_lines(verified: Verified) -> Iterable[str]:
    """Say who made a bundle and until when it counts, then what holds of each text."""
    until = f"{verified.expires.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    yield plain(f"Good until {until}: {len(verified.texts)} texts from {verified.name}.")
    yield plain(f"Root key: {verified.root}. Compare it with what the node's people told you.")
    for text in verified.texts:
        facts = [text.number or "-", text.title]
        if text.withdrawn_because:
            held = "holds meanwhile" if text.number else "an emergency text holds"
            facts.append(f"(withdrawn: {text.withdrawn_because} {held})")
        if text.parts_withdrawn:
            facts.append(f"(parts withdrawn: {len(text.parts_withdrawn)})")
        if text.expired:
            facts.append("(expired: not to be taken up anew)")
        yield plain("  ".join(facts))


def reason_lines(reasons: Iterable[Reason]) -> list[str]:
    """Write each reason on a line of its own."""
    return [f"  - {plain(reason.text)}" for reason in reasons]


def error_lines(error: NetreachError) -> list[str]:
    """Say what went wrong in one sentence, then every reason that rules gave."""
    reasons = error.reasons if isinstance(error, RefusedError) else ()
    return [plain(str(error)), *reason_lines(reasons)]


FATES = {
    "conflict": "changed here and in the tool, left out",
    "drift": "edited in the tool, left as it is there",
    "gone": "deleted in the tool, left out",
    "unknown": "went out before, left out",
}


def export_lines(report: ExportReport) -> Iterator[str]:
    """Say everything about an export that whoever loads it should know before."""
    for note in report.notes:
        yield plain(f"Note: {note}")
    if not report.compared:
        yield (
            "Note: what was edited in the tool is not known, so what went out before stays out;"
            " give the tool's own export with --holds, or --again to write over it."
        )
    for entry in report.entries:
        said = [remark.text for remark in entry.remarks]
        if entry.fate in FATES:
            said.insert(0, f"{FATES[entry.fate]} (as it is here: --ours {entry.key}).")
        for remark in said:
            yield plain(f"{entry.title} ({entry.language}): {remark}")
    for left in report.left:
        yield plain(f"{left.title} ({left.language}) stays out: {left.reason.text}")
    for one in report.remove:
        yield plain(f"Take out of the tool by hand: {one.key}")
