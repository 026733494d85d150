// Store keeps the journal, the history of runs and the facts cache in SQLite. It is the only importer of GRDB. It knows
// events and values, never hosts or runbooks. Nothing in it is a secret: events come censored, secrets are written as `***`,
// and what is written is scanned for known secrets once more.
