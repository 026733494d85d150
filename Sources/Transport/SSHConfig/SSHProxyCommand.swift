/// ProxyCommands that are jump hosts in other words: `ssh [options] -W %h:%p [options] [user@]host`.
enum SSHProxyCommand {
  /// Nil where the command is anything else, or needs a shell to be understood.
  static func jumpHost(_ command: String, _ tokens: SSHTokens) -> SSHJumpHost? {
    let needsShell = command.utf8.contains { "$`;&|<>(){}*?#\\\n".utf8.contains($0) }
    guard !needsShell, var words = SSHConfigWords.arguments(command.utf8) else { return nil }
    if words.first == "exec" { words.removeFirst() }
    guard let program = words.first, program == "ssh" || program.hasSuffix("/ssh") else { return nil }
    words.removeFirst()
    var arguments: [String] = []
    var host: String?
    var isForwarding = false
    while !words.isEmpty {
      let word = words.removeFirst()
      if let target = forwardTarget(word, &words) {
        guard ["%h:%p", "[%h]:%p"].contains(target) else { return nil }
        isForwarding = true
      } else if word.hasPrefix("-") {
        arguments.append(word)
        if takesNextWord(word), !words.isEmpty { arguments.append(words.removeFirst()) }
      } else if host == nil {
        host = word
      } else {
        return nil
      }
    }
    guard isForwarding, let host else { return nil }
    return jumpHost(host, arguments: arguments, tokens)
  }

  private static func jumpHost(_ host: String, arguments: [String], _ tokens: SSHTokens) -> SSHJumpHost? {
    // An IPv6 address or a colon is the host's own in this place.
    let parts = host.split(separator: "@", maxSplits: 1)
    let (user, name) = parts.count == 2 ? (String(parts[0]), String(parts[1])) : (nil, host)
    do throws(SSHTokens.Problem) {
      var jump = SSHJumpHost(host: try tokens.expanded(name))
      if let user { jump.user = try tokens.expanded(user) }
      for argument in arguments { jump.arguments.append(try tokens.expanded(argument)) }
      return jump
    } catch {
      return nil
    }
  }

  /// The value of `-W`, in its word or the next one, also after flags without values (`-qW`).
  private static func forwardTarget(_ word: String, _ rest: inout [String]) -> String? {
    guard let letters = word.hasPrefix("-") ? word.dropFirst() : nil, let index = letters.firstIndex(of: "W"),
      letters[..<index].allSatisfy({ "qvTxa".contains($0) })
    else { return nil }
    let value = letters[letters.index(after: index)...]
    if !value.isEmpty { return String(value) }
    return rest.isEmpty ? "" : rest.removeFirst()
  }

  private static func takesNextWord(_ word: String) -> Bool {
    word.count == 2 && SSHArguments.takingValue.contains(word.last!)
  }
}
