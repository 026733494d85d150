import Foundation
import Model
import ModuleLibrary
import Templating
import Transport

/// `assemble`: one file from the files of a folder, on the host or on the controller.
package struct AssembleAction: Action {
  package static let name = "assemble"
  /// Larger fragments are refused.
  static let fragmentBytesMax = 64 << 20
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let source = step.text("src"), let path = step.text("dest") else { throw .message("src and dest are required") }
    let isOnHost = step.arguments["remote_src"]?.bool ?? true
    let choice = try FragmentChoice(step)
    let (fragments, isSecret) = isOnHost ? (try await remote(source, choice, step), false) : try local(source, choice, step)
    let content = Assembly(delimiter: step.text("delimiter")).joined(fragments)
    var install = FileInstall(step: step, path: path, content: FileContent(content))
    install.content.isSecret = isSecret
    install.source = source
    var result = try await install.run()
    result.fields["path"] = nil
    result.fields["src"] = .string(source)
    result.diffs = result.diffs.map { var diff = $0; diff.source = diff.registered.dict; return diff }
    result.fields["md5sum"] = Digest.md5Value(content)
    if isOnHost, result.status != .failed { result.fields["msg"] = "OK" }
    return ActionOutcome(result)
  }

  // MARK: fragments

  /// Also whether a vault sealed one of them.
  private func local(
    _ name: String, _ choice: FragmentChoice, _ step: ActionStep
  ) throws(ActionFailure) -> (fragments: [[UInt8]], isSecret: Bool) {
    let folder = try step.files.require(name, in: "files")
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw .message("Source (\(name)) is not a directory")
    }
    var fragments: [[UInt8]] = [], isSecret = false
    for name in try choice.chosen(names) {
      var isFolder: ObjCBool = false
      let path = "\(folder)/\(name)"
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
      fragments.append(try step.files.read(path))
      isSecret = isSecret || step.files.isSealed(path)
    }
    return (fragments, isSecret)
  }

  private func remote(
    _ folder: String, _ choice: FragmentChoice, _ step: ActionStep
  ) async throws(ActionFailure) -> [[UInt8]] {
    let names = try choice.chosen(try await remoteNames(folder, step))
    guard !names.isEmpty else { return [] }
    var query = RemoteFile.Query(names.map { "\(folder)/\($0)" })
    query.contentBytesMax = Self.fragmentBytesMax
    var fragments: [[UInt8]] = []
    for file in try await step.readFiles(query) {
      guard let content = file.content else {
        let reason = file.isUnreadable ? "may not be read by this user" : "is larger than \(Self.fragmentBytesMax) bytes"
        throw .message("\(file.path) \(reason)")
      }
      fragments.append(content)
    }
    return fragments
  }

  /// Names of the files in a folder of the host.
  private func remoteNames(_ folder: String, _ step: ActionStep) async throws(ActionFailure) -> [String] {
    let word = ShellText.path(folder)
    let request = ShellRequest(
      script: """
        [ -e \(word) ] || exit 66
        [ -d \(word) ] || exit 67
        cd -- \(word) && find -L . ! -name . -prune -type f -print0
        """)
    let response: ShellResponse
    do throws(TransportError) { response = try await step.host.run(request) } catch { throw .transport(error) }
    switch response.ending {
    case .exited(66): throw .message("Source (\(folder)) does not exist")
    case .exited(67): throw .message("Source (\(folder)) is not a directory")
    case .exited, .shellDied, .timedOut:
      if let failure = response.failure { throw .message("cannot list \(folder): \(failure)") }
    }
    return response.stdout.split(separator: 0).map { String(decoding: $0.dropFirst(2), as: UTF8.self) }
  }
}

/// Which files of the folder count, in the order of their names.
struct FragmentChoice {
  private let pattern: PythonRegex?
  private let ignoresHidden: Bool

  init(_ step: ActionStep) throws(ActionFailure) {
    ignoresHidden = step.flag("ignore_hidden")
    do throws(PythonRegexError) {
      pattern = try step.text("regexp").map { text throws(PythonRegexError) in try PythonRegex(text) }
    } catch { throw .message("Invalid Regexp (\(error)) in \"\(step.text("regexp") ?? "")\"") }
  }

  func chosen(_ names: [String]) throws(ActionFailure) -> [String] {
    do throws(PythonRegexError) {
      var result: [String] = []
      for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        if ignoresHidden, name.hasPrefix(".") { continue }
        if let pattern, try pattern.search(name) == nil { continue }
        result.append(name)
      }
      return result
    } catch { throw .message("regexp: \(error)") }
  }
}

/// How fragments become one file.
struct Assembly {
  let delimiter: String?

  func joined(_ fragments: [[UInt8]]) -> [UInt8] {
    var result: [UInt8] = []
    for (index, fragment) in fragments.enumerated() {
      if index > 0, let last = fragments[index - 1].last, last != 0x0A { result.append(0x0A) }
      if index > 0, let delimiter, !delimiter.isEmpty {
        result += Array(unescaped(delimiter).utf8)
        if result.last != 0x0A { result.append(0x0A) }
      }
      result += fragment
    }
    return result
  }

  /// `\n` and its like stand for what they stand for in Python.
  private func unescaped(_ text: String) -> String {
    var result = "", rest = text.unicodeScalars.makeIterator()
    while let scalar = rest.next() {
      guard scalar == "\\" else { result.unicodeScalars.append(scalar); continue }
      switch rest.next() {
      case "n": result += "\n"
      case "t": result += "\t"
      case "r": result += "\r"
      case "\\": result += "\\"
      case let other?: result += "\\" + String(other)
      case nil: result += "\\"
      }
    }
    return result
  }
}
