// Transport opens sessions to hosts and runs shell text there: SSH by libssh2, the ssh binary, a local child.
// It knows bytes, exit statuses and deadlines; it knows nothing of modules, templates or runbooks.
