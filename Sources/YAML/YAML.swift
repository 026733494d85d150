// YAML turns text into nodes that know their place, and values back into text. It is the only importer of CLibYAML.
// It knows nothing of runbooks, templates or hosts.
