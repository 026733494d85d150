/// The transport's limits; every wait has one.
package struct TransportOptions: Sendable {
  /// The POSIX shell that steps run in, as a command line of the login shell.
  package var remoteShell = "/bin/sh"
  /// TCP connect, over all addresses of a host.
  package var connectTimeoutSeconds = 10.0
  /// From the TCP connection to agreed keys; a jump host's time isn't counted.
  package var handshakeTimeoutSeconds = 15.0
  package var authenticationTimeoutSeconds = 30.0
  /// From the login to the shell's first answer; login scripts run in this time.
  package var openShellTimeoutSeconds = 30.0
  /// A login that has said nothing for so long is looked into: its scripts may be reading what is meant for the shell.
  package var silentLoginSeconds = 5.0
  /// From calling sudo, su or doas to the shell that it starts.
  package var becomeTimeoutSeconds = 30.0
  /// What a command has to end itself after TERM, before KILL.
  package var killGraceSeconds = 3.0
  /// A silent peer is asked for a sign of life after this, as long as someone waits for it.
  package var keepaliveSeconds = 2.0
  /// A peer that has sent nothing for so long, though asked, is dead.
  package var deadPeerSeconds = 8.0
  /// A peer nobody waits for is asked now and then, so that firewalls keep the connection.
  package var idleKeepaliveSeconds = 30.0
  /// Shells of one session at a time; servers allow ten channels by default, and transfers and kills need some.
  package var shellsPerSessionMax = 7
  /// Connections being set up at a time, to one address and in all. sshd drops beyond ten (MaxStartups).
  package var connectsPerAddressMax = 8
  package var connectsMax = 64
  /// Tries for a connection that the server drops before it says a word, as MaxStartups does.
  package var connectAttemptsMax = 6

  /// The run's lease on each host that its shells take; nil for none.
  package var lease: HostLease?
  /// Hears of a wait for another run's lease, and of a host that can't hold one, once for each.
  package var onLeaseNotice: @Sendable (String) -> Void = { _ in }

  package init() {}
}
