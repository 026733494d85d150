import OrderedCollections
import Model
import Templating

/// Reads an inventory in INI form: `[group]`, `[group:children]`, `[group:vars]`, and lines of hosts.
struct INIInventory {
  private enum Section { case hosts, children, variables }

  /// A group that something named before any section declared it.
  private struct Pending {
    var firstSpan: SourceSpan
    /// Groups that want it as a child; empty where only `[group:vars]` was met.
    var parents: [(group: GroupID, span: SourceSpan)]
  }

  private let file: SourceFile
  private var bytes: [UInt8]
  private var lineNumber = 0
  /// Where the line's text begins in `bytes`, leading blanks included.
  private var lineStart = 0
  private var group = GroupID.ungrouped
  private var section = Section.hosts
  private var pending: OrderedDictionary<String, Pending> = [:]
  /// One copy of each variable name that does not fit into a `String` itself.
  private var names: Set<String> = []
  private var oddNames: Set<String> = []

  init(_ file: SourceFile) {
    self.file = file
    bytes = Array(file.text.utf8)
    // A byte order mark is no part of a name.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
  }

  mutating func read(into inventory: inout Inventory, _ diagnostics: inout Diagnostics) {
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
      lineNumber += 1
      lineStart = start
      let line = trimmed(start..<end)
      if !line.isEmpty, bytes[line.lowerBound] != UInt8(ascii: "#"), bytes[line.lowerBound] != UInt8(ascii: ";") {
        readLine(line, into: &inventory, &diagnostics)
      }
      start = end + 1
    }
    for (name, wanted) in pending {
      let parent = wanted.parents.last.map { inventory[$0.group].name }
      diagnostics.add(.undeclared(name, asChildOf: parent, at: wanted.firstSpan))
    }
  }

  private mutating func readLine(_ line: Range<Int>, into inventory: inout Inventory, _ diagnostics: inout Diagnostics) {
    if bytes[line.lowerBound] == UInt8(ascii: "[") {
      if let header = sectionHeader(line) { return open(header, into: &inventory, &diagnostics) }
      let isClosed = bytes[line].contains(UInt8(ascii: "]"))
      if !isClosed || bytes[line.upperBound - 1] == UInt8(ascii: "]") { return diagnostics.add(.badSection(text(line), at: span(line))) }
    }
    switch section {
    case .hosts: readHosts(line, into: &inventory, &diagnostics)
    case .children: readChild(line, into: &inventory, &diagnostics)
    case .variables: readVariable(line, into: &inventory, &diagnostics)
    }
  }
}

extension INIInventory {
  private struct Header {
    var name: Range<Int>
    var kind: Range<Int>?
  }

  /// `[name]` or `[name:kind]`, perhaps with a comment behind it.
  private func sectionHeader(_ line: Range<Int>) -> Header? {
    let nameStart = line.lowerBound + 1
    guard let nameEnd = bytes[nameStart..<line.upperBound].firstIndex(where: { isNameEnd($0) }), nameEnd > nameStart else {
      return nil
    }
    var header = Header(name: nameStart..<nameEnd, kind: nil), place = nameEnd
    if bytes[place] == UInt8(ascii: ":") {
      let kindEnd = bytes[(place + 1)..<line.upperBound].firstIndex { !isWordByte($0) } ?? line.upperBound
      guard kindEnd > place + 1 else { return nil }
      header.kind = (place + 1)..<kindEnd
      place = kindEnd
    }
    guard place < line.upperBound, bytes[place] == UInt8(ascii: "]"), isRestComment((place + 1)..<line.upperBound) else {
      return nil
    }
    return header
  }

  private func isNameEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ":") || byte == UInt8(ascii: "]") || isBlank(byte) }

  private func isRestComment(_ rest: Range<Int>) -> Bool {
    let start = bytes[rest].firstIndex { !isBlank($0) }
    return start == nil || bytes[start!] == UInt8(ascii: "#")
  }

  private mutating func open(_ header: Header, into inventory: inout Inventory, _ diagnostics: inout Diagnostics) {
    switch header.kind.map({ text($0) }) {
    case nil, "hosts": section = .hosts
    case "children": section = .children
    case "vars": section = .variables
    case let kind?:
      let advice = nearestName(to: kind, among: ["hosts", "children", "vars"])
      diagnostics.add(.badSectionKind(kind, nearest: advice, at: span(header.kind!)))
      // What follows can't be understood; reading it as variables would only add noise.
      section = .hosts
    }
    let written = text(header.name)
    let isKnown = inventory.group(named: written) != nil
    group = inventory.addGroup(written)
    let name = inventory[group].name
    if name != written || !written.isIdentifier { warnOfName(written, header.name, inventory.options, &diagnostics) }
    if section == .variables {
      if !isKnown, pending[name] == nil { pending[name] = Pending(firstSpan: span(header.name), parents: []) }
    } else if let wanted = pending.removeValue(forKey: name) {
      for (parent, place) in wanted.parents { inventory.addChild(group, to: parent, at: place, &diagnostics) }
    }
  }

  private mutating func warnOfName(
    _ name: String, _ range: Range<Int>, _ options: InventoryOptions, _ diagnostics: inout Diagnostics
  ) {
    guard options.groupNames == .never || options.groupNames == .always, oddNames.insert(name).inserted else { return }
    diagnostics.add(.oddGroupName(name, isReplaced: options.groupNames == .always, at: span(range)))
  }
}

extension INIInventory {
  private mutating func readHosts(_ line: Range<Int>, into inventory: inout Inventory, _ diagnostics: inout Diagnostics) {
    let words: [ShellWords.Word]
    do {
      words = try ShellWords.split(bytes[line], comments: true)
    } catch {
      return diagnostics.add(.badWords(error.kind, at: span(line.lowerBound + error.offset, length: 1)))
    }
    guard let first = words.first else { return }
    let place = line.lowerBound + first.offset
    guard let (hosts, port) = expand(first.text, at: place, &diagnostics) else { return }
    var variables: OrderedDictionary<String, SourceValue> = [:]
    for word in words.dropFirst() {
      guard let equals = word.text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
        diagnostics.add(.noAssignment(word.text, at: span(line.lowerBound + word.offset, length: word.text.utf8.count)))
        continue
      }
      let name = interned(word.text[..<equals])
      let value = word.text[word.text.utf8.index(after: equals)...]
      checkName(name, at: line.lowerBound + word.offset, &diagnostics)
      variables[name] = source(String(value), at: line.lowerBound + word.offset + name.utf8.count + 1, &diagnostics)
    }
    for host in hosts {
      let id = inventory.addHost(host, to: group, port: port)
      inventory.setVariables(variables, of: id)
    }
  }

  private func expand(_ pattern: String, at place: Int, _ diagnostics: inout Diagnostics) -> ([String], Int?)? {
    let whole = span(place, length: pattern.utf8.count)
    let address = HostAddress(pattern, allowsRanges: true)
    if pattern.isEmpty { diagnostics.add(.emptyHostName(at: whole)) }
    else if pattern == "---" { diagnostics.add(.yamlMarker(at: whole)) }
    else if pattern.hasSuffix(":"), address?.port == nil { diagnostics.add(.endsInColon(pattern, at: whole)) }
    else {
      do {
        return (try HostRange.expand(address?.host ?? pattern), address?.port)
      } catch {
        diagnostics.add(.error(error.message, advice: error.advice, at: whole))
      }
    }
    return nil
  }

  private mutating func readChild(_ line: Range<Int>, into inventory: inout Inventory, _ diagnostics: inout Diagnostics) {
    let end = bytes[line].firstIndex(where: isNameEnd) ?? line.upperBound
    let isClosed = end == line.upperBound || isBlank(bytes[end])
    guard end > line.lowerBound, isClosed, isRestComment(end..<line.upperBound) else {
      return diagnostics.add(.badChild(text(line), at: span(line)))
    }
    let name = text(line.lowerBound..<end), place = span(line.lowerBound..<end)
    if let child = inventory.group(named: name), !isPendingChild(name) {
      inventory.addChild(child, to: group, at: place, &diagnostics)
    } else {
      pending[name, default: Pending(firstSpan: place, parents: [])].parents.append((group, place))
    }
  }

  /// Only children wait; a group that `[group:vars]` named exists already.
  private func isPendingChild(_ name: String) -> Bool { pending[name]?.parents.isEmpty == false }

  private mutating func readVariable(
    _ line: Range<Int>, into inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) {
    guard let equals = bytes[line].firstIndex(of: UInt8(ascii: "=")) else {
      return diagnostics.add(.noAssignment(text(line), at: span(line)))
    }
    let nameRange = trimmed(line.lowerBound..<equals), valueRange = trimmed((equals + 1)..<line.upperBound)
    let name = interned(text(nameRange)[...])
    checkName(name, at: line.lowerBound, &diagnostics)
    let value = source(text(valueRange), at: valueRange.lowerBound, &diagnostics)
    inventory.setGroupVariable(name, to: value, of: group, at: span(valueRange), &diagnostics)
  }
}

extension INIInventory {
  /// A value as Ansible takes it: a Python literal where it is one, else its own text; perhaps a template.
  private func source(_ text: String, at place: Int, _ diagnostics: inout Diagnostics) -> SourceValue {
    let value = PythonLiteral.value(of: text) ?? .string(text)
    guard value.holdsTemplate else { return .value(value) }
    return SourceValue(trusting: value, at: span(place, length: text.utf8.count), &diagnostics)
  }

  private mutating func interned(_ name: Substring) -> String {
    let name = String(name)
    return name.utf8.count <= 15 ? name : names.insert(name).memberAfterInsert
  }

  private mutating func checkName(_ name: String, at place: Int, _ diagnostics: inout Diagnostics) {
    guard !name.isIdentifier, oddNames.insert(name).inserted else { return }
    diagnostics.add(.oddVariableName(name, at: span(place, length: max(1, name.utf8.count))))
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    guard let first = bytes[range].firstIndex(where: { !isBlank($0) }) else { return range.upperBound..<range.upperBound }
    return first..<(bytes[range].lastIndex { !isBlank($0) }! + 1)
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  private func span(_ range: Range<Int>) -> SourceSpan { span(range.lowerBound, length: range.count) }

  private func span(_ place: Int, length: Int) -> SourceSpan {
    let before = bytes[lineStart..<place]
    let column = before.reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
    return SourceSpan(file: file, line: lineNumber, column: column, length: max(1, length))
  }
}

extension Diagnostic {
  fileprivate static func undeclared(_ name: String, asChildOf parent: String?, at span: SourceSpan) -> Diagnostic {
    guard let parent else {
      return .error(
        "variables for group '\(name)', which no section declares", advice: "add a section [\(name)]", at: span)
    }
    return .error(
      "group '\(parent)' has a child '\(name)', which no section declares",
      advice: "add a section [\(name)]; hosts stand in [\(parent)], not in [\(parent):children]", at: span)
  }

  fileprivate static func badSection(_ text: String, at span: SourceSpan) -> Diagnostic {
    .error(
      "'\(text)' is no section", advice: "a section is [group], [group:children] or [group:vars], without spaces",
      at: span)
  }

  fileprivate static func badSectionKind(_ kind: String, nearest: String?, at span: SourceSpan) -> Diagnostic {
    .error(
      "unknown kind of section '\(kind)'",
      advice: nearest.map { "did you mean '\($0)'?" } ?? "it is hosts, children or vars", at: span)
  }

  fileprivate static func badWords(_ kind: ShellWords.Problem.Kind, at span: SourceSpan) -> Diagnostic {
    switch kind {
    case .openQuote: .error("this quote is never closed", advice: "close it, or put a backslash before it", at: span)
    case .trailingBackslash: .error("nothing follows this backslash", advice: "remove it, or double it", at: span)
    }
  }

  fileprivate static func noAssignment(_ text: String, at span: SourceSpan) -> Diagnostic {
    .error(
      "expected key=value, got '\(text)'",
      advice: "quote values that hold spaces: key='two words'; hosts stand on lines of their own", at: span)
  }

  fileprivate static func emptyHostName(at span: SourceSpan) -> Diagnostic {
    .error("this host has an empty name", advice: "a line begins with a host's name", at: span)
  }

  fileprivate static func yamlMarker(at span: SourceSpan) -> Diagnostic {
    .error(
      "'---' begins a YAML file, but this is read as INI", advice: "name the file .yml, or remove the line", at: span)
  }

  fileprivate static func endsInColon(_ pattern: String, at span: SourceSpan) -> Diagnostic {
    .error("host '\(pattern)' ends in a colon", advice: "a port goes behind it, as in web1:2222", at: span)
  }

  fileprivate static func badChild(_ text: String, at span: SourceSpan) -> Diagnostic {
    .error("expected the name of a group, got '\(text)'", advice: "one group to a line, nothing else", at: span)
  }
}

extension Inventory {
  /// An inventory of one text in INI form.
  package init(
    reading file: SourceFile, options: InventoryOptions = InventoryOptions(), into diagnostics: inout Diagnostics
  ) {
    self.init(options: options)
    open(path: file.path, isFile: true)
    var reader = INIInventory(file)
    reader.read(into: &self, &diagnostics)
    currentOrigin = nil
    reconcile(into: &diagnostics)
  }
}
