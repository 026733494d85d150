// ModuleTesting runs the cases of a module on shells of this machine, each in a scratch directory, and tells what differed. It
// knows files, pipes and the shells it starts; it must never know of hosts, runbooks or who is told.
