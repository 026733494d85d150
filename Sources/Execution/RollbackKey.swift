/// The key of what takes a task's changes back on a host; those of its steps begin with it.
struct RollbackKey {
  private static let mark = " taken back on "

  let text: String

  init(of task: String, on host: String) { text = task + Self.mark + host }

  /// The key of the task whose changes a step takes back; nil where it takes none back.
  static func origin(of key: String) -> String? { key.firstRange(of: mark).map { String(key[..<$0.lowerBound]) } }
}
