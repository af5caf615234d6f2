from federation.errors import Refusal


class ExampleThere(Refusal):
    """One example a project: a second one would only be looked for in the first."""

    code = "example-there"
    title = "Your project has an example already. Remove it first."
    status = 409


class NoExample(Refusal):
    """What is not there cannot be looked at or removed."""

    code = "no-example"
    title = "Your project has no example."
    status = 404


class ExampleEntangled(Refusal):
    """Something of somebody else hangs on a row of the example; then nothing is removed."""

    code = "example-entangled"
    title = (
        "Something that is not of the example hangs on it, so nothing was removed. "
        "Tell whoever runs this node."
    )
    status = 409
