from federation.errors import Refusal


class ImportIsRunning(Refusal):
    """Reading a table takes a processor; one of a project at a time is enough."""

    code = "import-is-running"
    title = "An import of your project is running. Wait until it has ended."
    status = 409


class ImportIsOver(Exception):
    """What is read belongs to an import that was erased or called interrupted meanwhile."""
