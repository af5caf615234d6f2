"""Days as sentences of rules have them: in English, for pages to say in each language."""

from datetime import date


def written_day(day: date) -> str:
    """Write a day such as "5 January"."""
    return f"{day.day} {day:%B}"


def written_weekday(day: date) -> str:
    """Write a day with its weekday, such as "Tuesday 5 January"."""
    return f"{day:%A} {written_day(day)}"


def written_full_day(day: date) -> str:
    """Write a day with its weekday and year, such as "Tuesday 5 January 2027"."""
    return f"{written_weekday(day)} {day.year}"
