import Glibc

/// Tells a process from a later one with the same number: by when it started, on which boot of the machine.
struct ProcessIdentity: Equatable {
  var processID: Int32
  /// In clock ticks since boot, as `/proc/PID/stat` has it.
  var startTicks: Int64
  var bootID: String

  static func current() -> ProcessIdentity {
    ProcessIdentity(processID: getpid(), startTicks: startTicks(of: getpid()) ?? 0, bootID: currentBootID())
  }

  var isAlive: Bool { bootID == Self.currentBootID() && Self.startTicks(of: processID) == startTicks }

  /// Field 22 of `/proc/PID/stat`; the name before it stands in parentheses and may hold spaces.
  private static func startTicks(of processID: Int32) -> Int64? {
    guard let text = contents(of: "/proc/\(processID)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[end...].split(separator: " ")
    return fields.count > 20 ? Int64(fields[20]) : nil
  }

  private static func currentBootID() -> String {
    contents(of: "/proc/sys/kernel/random/boot_id")?.split(separator: "\n").first.map(String.init) ?? ""
  }

  private static func contents(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
