/// One reading of the configuration for one host. Pure.
struct SSHConfigEvaluation {
  let originalHost: String
  let context: SSHLocalContext
  /// What came before the files: settings and arguments.
  private(set) var options: SSHOptionSet
  private var isFinalRequested = false

  init(originalHost: String, context: SSHLocalContext, options: SSHOptionSet) {
    self.originalHost = originalHost
    self.context = context
    self.options = options
  }

  /// Reads the files, and a second time with the host's real name where a `Match final` asks for it.
  mutating func read(_ documents: [SSHConfigDocument]) {
    for document in documents { read(document, host: originalHost, isSecond: false) }
    guard isFinalRequested else { return }
    let name = hostName.asciiLowercased()
    for document in documents { read(document, host: name, isSecond: true) }
  }

  /// The name to connect to as far as it is known.
  var hostName: String {
    guard let name = options.word("hostname") else { return originalHost }
    return (try? SSHTokens.hostName(name, originalHost: originalHost)) ?? name
  }

  private mutating func read(_ document: SSHConfigDocument, host: String, isSecond: Bool, isActive: Bool = true) {
    let mayBeActive = isActive
    var isActive = isActive
    for item in document.items {
      switch item {
      case .host(let patterns): isActive = mayBeActive && patterns.matches(host)
      case .match(let rule): isActive = mayBeActive && matches(rule, host: host, isSecond: isSecond)
      case .include(let included) where isActive:
        for document in included { read(document, host: host, isSecond: isSecond) }
      case .option(let statement) where isActive: options.add(statement)
      case .invalid(let place, let reason):
        options.add(UnsupportedSSHOption(keyword: "ssh configuration", reason: reason, place: place))
      case .include, .option: continue
      }
    }
  }

  private mutating func matches(_ rule: SSHMatchRule, host: String, isSecond: Bool) -> Bool {
    for condition in rule.conditions {
      if case .secondReading(isRequested: true) = condition.criterion { isFinalRequested = true }
    }
    return rule.conditions.allSatisfy { condition in
      switch condition.criterion {
      case .all: return !condition.isNegated
      case .secondReading: return isSecond != condition.isNegated
      case .host(let patterns):
        let name = isSecond ? host : hostName
        return patterns.matches(name.asciiLowercased()) != condition.isNegated
      case .originalHost(let patterns): return patterns.matches(originalHost.asciiLowercased()) != condition.isNegated
      case .user(let patterns): return patterns.matches(options.word("user") ?? context.user) != condition.isNegated
      case .localUser(let patterns): return patterns.matches(context.user) != condition.isNegated
      case .unsupported(let name):
        let reason = "only ssh can tell whether it holds"
        options.add(UnsupportedSSHOption(keyword: "Match \(name)", reason: reason, place: rule.place))
        return false
      }
    }
  }
}
