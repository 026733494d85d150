// Execution runs a plan's graph: a pure state machine (RunState) and one loop around it. Only Execution starts concurrency.
