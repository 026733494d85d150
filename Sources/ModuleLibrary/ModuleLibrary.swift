// ModuleLibrary finds modules, checks their arguments, builds the shell text that runs one, and reads its answer.
