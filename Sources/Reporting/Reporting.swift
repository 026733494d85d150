// Reporting turns run events into text for terminals, pipes and files. It sees only events, which are already censored.
