// Vault opens and seals Ansible Vault texts (1.1 and 1.2) and gathers the passwords for them. It knows bytes, password files
// and scripts; it must never know of YAML, runbooks or hosts, and it asks nobody: prompts come in as a function.
