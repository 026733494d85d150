// Reporting turns run events into text for terminals, pipes and files. It sees only events, which are already censored;
// it reads no clock, no environment and no file, and writes through a sink that it is given.
