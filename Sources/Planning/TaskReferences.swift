import Model
import Parsing
import Templating

/// The variables that a task uses, and those that it sets, as far as its source tells: what makes one task come after another
/// without being told.
///
/// Used is every word in its templates and conditions, and in the variables of its play, roles and blocks that those words
/// name. What inventories and template files use is not seen: a `template` task, and one that looks into `hostvars` or `vars`,
/// counts as using everything.
struct TaskReferences {
  private(set) var used: Set<String> = []
  private var usesAll = false
  private var set: Set<String> = []
  private var setsAll = false

  /// Modules whose result is facts, whatever they are called.
  private static let factSources: Set<String> = ["setup", "gather_facts", "include_vars", "add_host", "group_by"]
  private static let everything: Set<String> = ["hostvars", "vars", "lookup", "query", "q"]

  init(_ task: PlannedTask) {
    noteSet(task)
    var words: Set<String> = []
    for source in task.sources { source.collectWords(into: &words) }
    for condition in task.allConditions { Self.collect(condition.text, into: &words) }
    used = words
    follow(words, in: task.context, own: task.task.keywords)
    usesAll = task.module == "template" || !used.isDisjoint(with: Self.everything)
  }

  func mustSee(_ earlier: TaskReferences) -> Bool {
    if earlier.setsAll { return usesAll || !used.isEmpty }
    return usesAll ? !earlier.set.isEmpty : !used.isDisjoint(with: earlier.set)
  }

  private mutating func noteSet(_ task: PlannedTask) {
    if let register = task.task.register {
      if let name = register.constant?.string { set.insert(name) } else { setsAll = true }
    }
    if task.module == "set_fact" {
      set.formUnion(task.task.arguments.values.keys)
      if !task.task.arguments.keyTemplates.isEmpty || task.task.arguments.variable != nil { setsAll = true }
    }
    if Self.factSources.contains(task.module) || task.module.hasSuffix("_facts") { setsAll = true }
  }

  /// Variables that stand for templates use what those use.
  private mutating func follow(_ words: Set<String>, in context: TaskContext, own: Keywords) {
    let layers = [own.vars] + context.chain.map(\.keywords.vars) + context.variables + context.parameters + context.defaults
    var waiting = words
    while let name = waiting.popFirst() {
      var found: Set<String> = []
      for layer in layers { layer[name]?.collectWords(into: &found) }
      waiting.formUnion(found.subtracting(used))
      used.formUnion(found)
    }
  }

  /// Every name in a text: more than the variables, never less.
  fileprivate static func collect(_ text: String, into words: inout Set<String>) {
    var word = ""
    for scalar in text.unicodeScalars {
      if scalar == "_" || scalar.properties.isAlphabetic || (!word.isEmpty && ("0"..."9").contains(scalar)) {
        word.unicodeScalars.append(scalar)
      } else if !word.isEmpty {
        words.insert(word)
        word = ""
      }
    }
    if !word.isEmpty { words.insert(word) }
  }
}

extension SourceValue {
  fileprivate func collectWords(into words: inout Set<String>) {
    switch self {
    case .value: break
    case .template(let template): TaskReferences.collect(template.source, into: &words)
    case .list(let elements): for element in elements { element.collectWords(into: &words) }
    case .dict(let entries): for (_, value) in entries { value.collectWords(into: &words) }
    }
  }
}

extension PlannedTask {
  /// All that is rendered for a step of the task.
  fileprivate var sources: [SourceValue] {
    let arguments = task.arguments
    var sources = Array(arguments.values.values) + [arguments.freeForm, arguments.variable].compactMap(\.self)
    sources += arguments.keyTemplates.values.map(SourceValue.template)
    sources += task.moduleTemplate.map { [.template($0)] } ?? []
    sources += [
      task.retries, task.delaySeconds, task.asyncSeconds, task.pollSeconds, task.retrySafe, task.concurrency, task.register,
    ].compactMap(\.self)
    switch task.loop?.source {
    case .loop(let source)?, .lookup(_, let source)?: sources.append(source)
    case nil: break
    }
    for keywords in [task.keywords] + context.chain.map(\.keywords) {
      sources += keywords.environment + keywords.moduleDefaults.map(\.values) + keywords.notify
      sources += [
        keywords.become, keywords.becomeUser, keywords.becomeMethod, keywords.becomeFlags, keywords.becomeExe,
        keywords.connection, keywords.remoteUser, keywords.port, keywords.checkMode, keywords.diff, keywords.noLog,
        keywords.ignoreErrors, keywords.ignoreUnreachable, keywords.anyErrorsFatal, keywords.runOnce, keywords.throttle,
        keywords.timeoutSeconds, keywords.delegateTo, keywords.delegateFacts,
      ].compactMap(\.self)
    }
    return sources
  }

  fileprivate var allConditions: [Condition] {
    conditions + (task.changedWhen ?? []) + (task.failedWhen ?? []) + (task.until ?? []) + (task.loop?.breakWhen ?? [])
  }
}
