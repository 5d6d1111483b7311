"""The errors that a person is meant to read."""


class MainstemError(Exception):
    """Something a person can mend; its text is one or two sentences that say what to do."""

    exit_status = 1


class CycleRunningError(MainstemError):
    """Another command holds the warehouse and did not let go in time (exit status 75)."""

    exit_status = 75
