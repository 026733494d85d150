// Store keeps journal, history, facts and plans in SQLite. It is the only importer of GRDB. Nothing in it is a secret.
