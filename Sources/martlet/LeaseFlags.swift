import ArgumentParser
import Foundation
import Transport

/// What to do where another run is at work on a host.
struct LeaseFlags: ParsableArguments {
  @Option(name: .customLong("wait"), help: "Seconds to wait for another run that is at work on a host.")
  var waitSeconds: Double?

  @Flag(name: .customLong("steal"), help: "Work on hosts that another run holds, too.")
  var steals = false

  /// A run that has just ended, or been killed, may need a moment to be gone; one that is resumed waits for what its earlier
  /// sitting still runs on the host.
  private static let momentSeconds = 3.0, resumeSeconds = 60.0

  func lease(of run: String, isResuming: Bool) -> HostLease {
    HostLease(
      run: run, owner: "\(NSUserName())@\(ProcessInfo.processInfo.hostName)",
      sitting: String(UInt64.random(in: 0...UInt64.max), radix: 16),
      waitSeconds: waitSeconds ?? (isResuming ? Self.resumeSeconds : Self.momentSeconds), steals: steals)
  }
}
