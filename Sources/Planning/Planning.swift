// Planning resolves hosts and variables and compiles plays into the task graph. It is pure: no I/O, no clock, no random.
