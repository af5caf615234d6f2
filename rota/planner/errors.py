class ScenarioRefusedError(Exception):
    """The scenario cannot be planned; each line says where and why."""

    code = "scenario-refused"

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class BrokenPlanError(Exception):
    """The plan that was made breaks a rule, so it is not given out."""

    code = "plan-breaks-a-rule"
