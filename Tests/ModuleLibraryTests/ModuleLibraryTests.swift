// Tests of ModuleLibrary.
