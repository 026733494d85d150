// Parsing turns nodes into typed runbooks, roles, inventories and module manifests, and reports all mistakes with their place.
// It never throws, touches no host, and runs nothing but an inventory script that the user named.
