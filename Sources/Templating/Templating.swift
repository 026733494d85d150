// Templating is the Jinja2-compatible language: lexer, parser, evaluator, filters, tests, the interface of lookups.
// It is pure: what it needs from outside (files, environment, other hosts) comes through the scope and the lookups that
// its caller passes. It must never turn a value into a template.
