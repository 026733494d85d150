// Model is the vocabulary: values, places in source files, diagnostics, secrets, results and events.
// It knows no file format, no host and no clock, does no I/O, and imports nothing of the house.
