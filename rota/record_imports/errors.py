from federation.errors import Refusal


class UnreadableTable(Refusal):
    """What was given is no table; nothing of it is repeated."""

    code = "unreadable-table"
    title = "This file cannot be read as a table. Save it as CSV and give it again."


class TableTooLarge(Refusal):
    """A table is larger than what is read at once; the reasons say in which way."""

    code = "table-too-large"
    title = "This table is larger than what is read at once. Nothing of it was taken."
    status = 413


class WrongChoices(Refusal):
    """What was said of columns and words does not fit the table; the reasons say why."""

    code = "wrong-import-choices"
    title = "The table cannot be read this way."


class NothingToTake(Refusal):
    """An import without a single row would only remember that somebody tried."""

    code = "nothing-to-import"
    title = "No row can be taken as it is. Say what its columns and words mean."


class AlreadyImported(Refusal):
    """The same rows are counted already, from whatever file they came."""

    code = "already-imported"
    title = "These rows were imported before, and are counted once. Nothing was changed."
    status = 409


class CannotBeTakenBack(Refusal):
    """After a time nothing says any more what one import has added to the sums."""

    code = "import-final"
    title = (
        "What this import added can no longer be told apart: it was taken in longer ago than your "
        "project keeps single records."
    )
    status = 409
