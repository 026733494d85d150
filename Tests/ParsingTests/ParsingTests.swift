// Tests of Parsing.
