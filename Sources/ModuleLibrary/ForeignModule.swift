import Model
import OrderedCollections
import Parsing
import Transport

/// A user's own module: an executable in any language, by Ansible's conventions. It is given a file of arguments and
/// prints a JSON object. One round trip.
package struct ForeignModule: Sendable {
  /// How a module wants its arguments, told from its text.
  package enum Convention: Sendable, Equatable {
    /// A JSON file: programs, and scripts that say WANT_JSON.
    case json
    /// JSON in place of a mark in its own text.
    case embedded
    /// A file of `key=value` words.
    case words
  }

  package struct Invocation: Sendable {
    package var name: String
    package var arguments: CheckedArguments
    package var isCheck = false
    package var wantsDiff = false
    package var verbosity = 0
    package var environment: OrderedDictionary<String, String> = [:]
    /// What variables such as `ansible_python_interpreter` say, by the program's name (`python`).
    package var interpreters: [String: String] = [:]

    package init(name: String, arguments: CheckedArguments) {
      self.name = name
      self.arguments = arguments
    }
  }

  let folder: PrivateFolder

  /// `program` is the module's file.
  package init(_ invocation: Invocation, program: [UInt8]) throws(ArgumentProblem) {
    try Self.refuse(program, invocation.name)
    let convention = Self.convention(of: program), file = Self.fileName(invocation.name)
    let arguments = Self.argumentText(invocation, as: convention)
    var content = program
    if convention == .embedded { content = Self.replacing(Self.jsonMark, in: program, with: arguments) }
    let interpreter = try Self.interpreter(of: program, invocation)
    var words = interpreter
    words.append("\"$m_dir\"/\(file)")
    var files = [PrivateFolder.File(file, content)]
    if convention != .embedded {
      files.append(PrivateFolder.File("args", arguments))
      words.append("\"$m_dir\"/args")
    }
    var folder = PrivateFolder(files: files, command: words.joined(separator: " "))
    folder.environment = invocation.environment
    self.folder = folder
  }

  package var request: ShellRequest { folder.request }

  // MARK: arguments

  static let jsonMark = Array("<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>".utf8)

  package static func convention(of program: [UInt8]) -> Convention {
    if contains(jsonMark, program) { return .embedded }
    if isBinary(program) || contains(Array("WANT_JSON".utf8), program) { return .json }
    return .words
  }

  /// Modules that lean on Ansible's own Python library have nothing to lean on here.
  private static func refuse(_ program: [UInt8], _ name: String) throws(ArgumentProblem) {
    if isBinary(program) { return }
    for mark in ["from ansible.module_utils", "import ansible.module_utils", "from ansible_collections.", "<<INCLUDE_ANSIBLE_MODULE_COMMON>>"]
    where contains(Array(mark.utf8), program) {
      throw ArgumentProblem(
        "module '\(name)' is written with Ansible's Python library (ansible.module_utils), which Martlet does not have; "
          + "it runs executables that read a file of arguments and print JSON")
    }
    for mark in ["#Requires -Module", "#AnsibleRequires", "<<INCLUDE_ANSIBLE_MODULE_WINDOWS_ARGS>>"] where contains(Array(mark.utf8), program) {
      throw ArgumentProblem("module '\(name)' is a PowerShell module; Windows hosts are out of Martlet's reach")
    }
  }

  private static func argumentText(_ invocation: Invocation, as convention: Convention) -> [UInt8] {
    var all: Value.Dict = [:]
    for (name, value) in invocation.arguments { all[.string(name)] = value }
    all["_ansible_check_mode"] = .bool(invocation.isCheck)
    all["_ansible_diff"] = .bool(invocation.wantsDiff)
    all["_ansible_no_log"] = false
    all["_ansible_debug"] = false
    all["_ansible_verbosity"] = .int(invocation.verbosity)
    all["_ansible_module_name"] = .string(invocation.name)
    switch convention {
    case .json, .embedded: return JSONEncoding(revealingSecrets: true).bytes(of: .dict(all))
    case .words:
      let words = all.map { "\($0.key.revealedText)=\(quoted($0.value.revealedText))" }
      return Array(words.joined(separator: " ").utf8)
    }
  }

  /// As Python's `shlex.quote`.
  private static func quoted(_ text: String) -> String { text.isEmpty ? "''" : ShellText.quoted(text) }

  // MARK: interpreter

  /// The words before the file: what its first line names, or what a variable gives instead; none for a binary.
  private static func interpreter(of program: [UInt8], _ invocation: Invocation) throws(ArgumentProblem) -> [String] {
    if isBinary(program) { return [] }
    guard program.starts(with: Array("#!".utf8)) else {
      throw ArgumentProblem("module (\(invocation.name)) is missing interpreter line")
    }
    let line = String(decoding: program.prefix { $0 != 0x0A && $0 != 0x0D }.dropFirst(2), as: UTF8.self)
    var words = line.split(separator: " ").map(String.init)
    guard let path = words.first else {
      throw ArgumentProblem("module (\(invocation.name)) is missing interpreter line")
    }
    if path.hasSuffix("/env"), words.count > 1 { words.removeFirst() }
    let name = words[0].split(separator: "/").last.map(String.init) ?? words[0]
    let kind = name.hasPrefix("python") ? "python" : name
    let rest = words.dropFirst().map(ShellText.quoted)
    if let given = invocation.interpreters[kind], !given.isEmpty, !given.hasPrefix("auto") {
      return [ShellText.path(given)] + rest
    }
    // Many hosts have no /usr/bin/python; the reference looks for one that is there.
    if kind == "python" {
      return ["\"$(command -v \(ShellText.quoted(words[0])) || command -v python3 || echo \(ShellText.quoted(words[0])))\""] + rest
    }
    return [ShellText.quoted(words[0])] + rest
  }

  // MARK: bytes

  private static func fileName(_ name: String) -> String {
    "module_" + name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  private static func isBinary(_ program: [UInt8]) -> Bool {
    program.prefix(1024).contains { $0 < 0x20 && ![7, 8, 9, 10, 12, 13, 27].contains($0) }
  }

  private static func contains(_ part: [UInt8], _ bytes: [UInt8]) -> Bool { position(of: part, in: bytes[...]) != nil }

  private static func position(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard let first = part.first else { return nil }
    var rest = bytes
    while let index = rest.firstIndex(of: first) {
      if bytes[index...].starts(with: part) { return index }
      rest = bytes[(index + 1)...]
    }
    return nil
  }

  private static func replacing(_ part: [UInt8], in bytes: [UInt8], with other: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [], rest = bytes[...]
    while let index = position(of: part, in: rest) {
      result += rest[..<index] + other
      rest = rest[(index + part.count)...]
    }
    return result + rest
  }
}
