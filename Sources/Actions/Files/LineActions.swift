import Model
import ModuleLibrary
import Templating
import Transport

/// `lineinfile`: a line is there, or is not.
package struct LineInFileAction: Action {
  package static let name = "lineinfile"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    let editing = TextEditing(step: step)
    let isPresent = step.text("state") != "absent"
    let before = try await editing.look()
    if before.kind == .absent {
      guard isPresent else { return ActionOutcome(StepResult(.ok, ["changed": false, "msg": "file not present"])) }
      guard step.flag("create") else {
        throw .failed(StepResult(.failed, ["changed": false, "msg": .string("Destination \(before.path) does not exist !"), "rc": 257]))
      }
    }
    let edit = try edit(step, isPresent: isPresent)
    let text = try editing.text(of: before)
    let edited = try editing.regex { () throws(PythonRegexError) in
      try isPresent ? edit.present(in: text) : edit.absent(in: text)
    }
    var result = try await editing.put(edited.text, over: before, message: edited.message)
    if !isPresent { result.fields["found"] = .int(edited.found) }
    result.fields["backup"] = result.fields.removeValue(forKey: "backup_file") ?? ""
    if let warning = step.emptyPatternWarning { result.fields["warnings"] = [.string(warning)] }
    return ActionOutcome(result)
  }

  private func edit(_ step: ActionStep, isPresent: Bool) throws(ActionFailure) -> LineEdit {
    let line = step.arguments["line"].flatMap { $0 == .null ? nil : $0.pythonText }
    if isPresent, line == nil { throw .message("line is required with state=present") }
    if !isPresent, line == nil, step.text("regexp") == nil, step.text("search_string") == nil {
      throw .message("one of line, search_string, or regexp is required with state=absent")
    }
    if step.flag("backrefs"), step.text("regexp") == nil { throw .message("regexp is required with backrefs=true") }
    var edit = LineEdit(line: line ?? "")
    edit.regexp = step.text("regexp")
    edit.searchString = step.text("search_string")
    edit.expandsBackReferences = step.flag("backrefs")
    edit.firstMatch = step.flag("firstmatch")
    edit.place = step.insertionPlace
    return edit
  }
}

/// `blockinfile`: a block of lines between markers.
package struct BlockInFileAction: Action {
  package static let name = "blockinfile"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    let editing = TextEditing(step: step)
    let before = try await editing.look()
    let isPresent = step.text("state") != "absent"
    if before.kind == .absent {
      if !isPresent { return ActionOutcome(StepResult(.ok, ["changed": false, "msg": .string("File \(before.path) not present")])) }
      guard step.flag("create") else {
        throw .failed(StepResult(.failed, ["changed": false, "msg": .string("Path \(before.path) does not exist !"), "rc": 257]))
      }
    }
    var edit = BlockEdit(block: step.text("block") ?? "")
    edit.marker = step.text("marker") ?? edit.marker
    edit.beginWord = step.text("marker_begin") ?? edit.beginWord
    edit.endWord = step.text("marker_end") ?? edit.endWord
    edit.place = step.insertionPlace
    edit.isPresent = isPresent
    edit.prependsBlankLine = step.flag("prepend_newline")
    edit.appendsBlankLine = step.flag("append_newline")
    let text = try editing.text(of: before)
    let edited = try editing.regex { [edit] () throws(PythonRegexError) in try edit.edited(text) }
    let message = before.kind == .absent ? "File created" : !isPresent || edit.block.isEmpty ? "Block removed" : "Block inserted"
    return ActionOutcome(
      try await editing.put(edited, over: before, message: edited.isSame(as: text) && before.kind != .absent ? "" : message))
  }
}

/// `replace`: every match of a regular expression, or those of a section.
package struct ReplaceAction: Action {
  package static let name = "replace"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    let editing = TextEditing(step: step)
    try check(step)
    let before = try await editing.look()
    guard before.kind != .absent else {
      throw .failed(StepResult(.failed, ["changed": false, "msg": .string("Path \(before.path) does not exist !"), "rc": 257]))
    }
    let text = try editing.text(of: before)
    let pattern = step.text("regexp") ?? "", replacement = step.text("replace") ?? ""
    let section = try section(step)
    let edited = try editing.regex { () throws(PythonRegexError) -> (text: String, count: Int)? in
      guard let range = try section.range(in: text) else { return nil }
      let regex = try PythonRegex(pattern, flags: .multiline)
      let inner = String(decoding: Array(text.utf8)[range], as: UTF8.self)
      let bytes = Array(text.utf8)
      let (new, count) = try regex.replacing(in: inner, with: replacement)
      let whole = bytes[..<range.lowerBound] + Array(new.utf8) + bytes[range.upperBound...]
      return (String(decoding: whole, as: UTF8.self), count)
    }
    guard let edited else {
      let message = "Pattern for before/after params did not match the given file: \(section.pattern ?? "")"
      return ActionOutcome(StepResult(.ok, ["changed": false, "msg": .string(message), "rc": 0]))
    }
    var result = try await editing.put(
      edited.text, over: before, message: edited.text.isSame(as: text) ? "" : "\(edited.count) replacements made")
    result.fields["rc"] = 0
    return ActionOutcome(result)
  }

  /// What is wrong with the expressions themselves is said whatever the file holds.
  private func check(_ step: ActionStep) throws(ActionFailure) {
    do throws(PythonRegexError) {
      _ = try PythonRegex(step.text("regexp") ?? "", flags: .multiline).replacing(in: "", with: step.text("replace") ?? "")
    } catch { throw .message("Unable to process replace due to error: \(error)") }
  }

  private func section(_ step: ActionStep) throws(ActionFailure) -> ReplaceSection {
    ReplaceSection(after: step.text("after"), before: step.text("before"))
  }
}

/// The part of a text that `after` and `before` enclose.
struct ReplaceSection: Sendable {
  var after: String?
  var before: String?

  var pattern: String? {
    switch (after.flatMap(\.nonEmpty), before.flatMap(\.nonEmpty)) {
    case (let after?, let before?): "\(after)(?P<subsection>.*?)\(before)"
    case (let after?, nil): "\(after)(?P<subsection>.*)"
    case (nil, let before?): "(?P<subsection>.*)\(before)"
    case (nil, nil): nil
    }
  }

  /// Byte offsets; the whole text where there is no section to look for, nil where it is not found.
  func range(in text: String) throws(PythonRegexError) -> Range<Int>? {
    guard let pattern else { return 0..<text.utf8.count }
    let regex = try PythonRegex(pattern, flags: .dotAll)
    guard let match = try regex.search(text), let group = regex.groupNames["subsection"] else { return nil }
    return match.ranges[group]
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}

extension ActionStep {
  fileprivate var emptyPatternWarning: String? {
    let empty = ["regexp", "search_string"].first { text($0) == "" }
    guard let empty = empty?.string else { return nil }
    let isPattern = empty == "regexp"
    return "The \(isPattern ? "regular expression" : "search string") is an empty string, which will match every line in the file. "
      + "This may have unintended consequences, such as replacing the last line in the file rather than appending."
      + (isPattern ? " If this is desired, use '^' to match every line in the file and avoid this warning." : "")
  }

  /// `insertbefore` and `insertafter` as the line editors take them.
  fileprivate var insertionPlace: LineEdit.Place {
    if let before = text("insertbefore") { return before == "BOF" ? .beginning : .before(before) }
    switch text("insertafter") {
    case nil, "EOF": return .end
    case "BOF": return .beginning
    case let pattern?: return .after(pattern)
    }
  }
}

/// What the editors of text files share: look, decode, and put back what changed.
struct TextEditing: Sendable {
  /// Files larger than this are not edited on the controller.
  static let bytesMax = 64 << 20

  let step: ActionStep

  func look() async throws(ActionFailure) -> RemoteFile {
    guard let path = step.text("path") ?? step.text("dest") else { throw .message("path is required") }
    let file = try await read(path)
    switch file.kind {
    case .directory: throw .failed(StepResult(.failed, ["msg": .string("Path \(path) is a directory !"), "rc": 256]))
    case .absent, .file: return file
    case .link, .block, .char, .fifo, .socket: throw .message("\(path) is not a file but a \(file.kind.rawValue)")
    }
  }

  /// Owner, mode and size come along only where they matter.
  private func read(_ path: String) async throws(ActionFailure) -> RemoteFile {
    var query = RemoteFile.Query([path])
    query.contentBytesMax = Self.bytesMax
    query.wantsAttributes = (["owner", "group", "mode"] as [Value]).contains { (step.arguments[$0] ?? .null) != .null }
    let file = try await step.readFiles(query)[0]
    if query.wantsAttributes || file.kind != .file || file.content != nil || file.isUnreadable { return file }
    query.wantsAttributes = true
    return try await step.readFiles(query)[0]
  }

  func text(of file: RemoteFile) throws(ActionFailure) -> String {
    guard file.kind != .absent else { return "" }
    if file.isUnreadable { throw .message("\(file.path) may not be read by this user; become: true may help") }
    guard let content = file.content else {
      throw .message("\(file.path) has \(file.size) bytes; files up to \(Self.bytesMax) can be edited")
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw .message("\(file.path) is not valid UTF-8; it can't be edited as text")
    }
    return text
  }

  func regex<Made>(_ body: () throws(PythonRegexError) -> Made) throws(ActionFailure) -> Made {
    do throws(PythonRegexError) { return try body() } catch { throw .message("invalid regular expression: \(error)") }
  }

  func put(_ text: String, over before: RemoteFile, message: String) async throws(ActionFailure) -> StepResult {
    var install = FileInstall(step: step, path: before.path, content: FileContent(Array(text.utf8)), source: nil)
    install.makesFolders = true
    let isUntouched = message.isEmpty && before.kind == .absent
    var result = isUntouched ? StepResult(.ok) : try await install.run(seen: before)
    if result.status == .failed { throw .failed(result) }
    let isOnlyAttributes = message.isEmpty && result.status == .changed
    result.fields["msg"] = .string(isOnlyAttributes ? "ownership, perms or SE linux context changed" : message)
    for name in ["dest", "checksum", "path", "uid", "gid", "owner", "group", "mode", "state", "size"] as [Value] {
      result.fields[name] = nil
    }
    let header = before.path + FileDiff.contentMark
    result.diffs = result.diffs.map { FileDiff(beforeHeader: header, afterHeader: header, body: $0.body) }
    return result
  }
}
