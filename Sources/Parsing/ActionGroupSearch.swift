import Model
import YAML

/// What action groups hold: by `meta/runtime.yml` of collections on disk, and by the few of the language's own.
struct ActionGroupSearch {
  let parser: RunbookParser
  /// Its first is the runbook that was named on the command line.
  let chain: [String]

  struct Finding {
    var group: ActionGroup
    /// What is wrong with the group's name; it ends a run where `isError`.
    var complaint: String?
    var isError = false
    /// About the collections' descriptions.
    var warnings: [String] = []
  }

  /// Groups of the language's own, which stand for those of collections.
  private static let builtin: [String: (modules: [String], groups: [String])] = [
    "testgroup": (
      ["ping", "legacy_ping", "formerly_core_ping"],
      ["testns.testcoll.testgroup", "testns.testcoll.anothergroup", "testns.boguscoll.testgroup"]
    ),
    "testlegacy": (["ansible.legacy.legacy_ping"], []),
    "aws": ([], ["amazon.aws.aws", "community.aws.aws"]),
    "acme": ([], ["community.crypto.acme"]),
    "azure": ([], ["azure.azcollection.azure"]),
    "cpm": ([], ["wti.remote.cpm"]),
    "docker": ([], ["community.general.docker", "community.docker.docker"]),
    "gcp": ([], ["google.cloud.gcp"]),
    "k8s": (
      [],
      ["community.kubernetes.k8s", "community.general.k8s", "community.kubevirt.k8s", "community.okd.k8s", "kubernetes.core.k8s"]
    ),
    "os": ([], ["openstack.cloud.os"]),
    "ovirt": ([], ["ovirt.ovirt.ovirt", "community.general.ovirt"]),
    "vmware": ([], ["community.vmware.vmware"]),
  ]

  func find(_ name: String) -> Finding {
    var finding = Finding(group: ActionGroup(named: name))
    var pending = [finding.group.fullName]
    var isKnown = true
    while let next = pending.popLast() {
      guard finding.group.groups.insert(next).inserted else { continue }
      let members = members(of: next, warnings: &finding.warnings)
      if next == finding.group.fullName { isKnown = members != nil }
      let collection = ActionGroup.collection(of: next)
      finding.group.modules.formUnion((members?.modules ?? []).map { Self.full($0, in: collection) })
      pending += (members?.groups ?? []).map { Self.full($0, in: collection) }
    }
    judge(&finding, isKnown: isKnown)
    return finding
  }

  /// A collection that is here, or the language itself, must have the group; of another one only our modules can speak.
  private func judge(_ finding: inout Finding, isKnown: Bool) {
    let name = finding.group.fullName
    let isOurs = !finding.group.groups.isDisjoint(with: parser.modules.actionGroups)
    let isHere = runtimeFile(of: ActionGroup.collection(of: name)) != nil || name.hasPrefix("ansible.builtin.")
    if !isKnown, !isOurs, isHere {
      finding.complaint = "module_defaults: could not resolve the module_defaults group '\(name)'"
      finding.isError = true
    } else if !isOurs, !finding.group.modules.contains(where: { parser.modules.manifest(named: $0) != nil }) {
      finding.complaint = "module_defaults: no module here is in the group '\(name)', so its defaults change nothing"
    }
  }

  /// Nil if the group's collection is not here, or does not have it.
  private func members(of group: String, warnings: inout [String]) -> (modules: [String], groups: [String])? {
    let collection = ActionGroup.collection(of: group)
    let short = group.dropFirst(collection.utf8.count + 1)
    if collection == "ansible.builtin" { return Self.builtin[String(short)] }
    guard let path = runtimeFile(of: collection) else { return nil }
    var ignored = Diagnostics()
    let groups = parser.document(path, at: nil, into: &ignored)?["action_groups"]
    guard let entries = (groups?[group] ?? groups?[String(short)])?.items else { return nil }
    var members: (modules: [String], groups: [String]) = ([], [])
    var metadata = GroupMetadata(group: group)
    for entry in entries {
      if let module = entry.text { members.modules.append(module) } else { metadata.read(entry) }
    }
    members.groups = metadata.extendedGroups
    warnings += metadata.warnings
    return members
  }

  private func runtimeFile(of collection: String) -> String? {
    let folder = collection.split(separator: ".").joined(separator: "/")
    return CollectionSearch(settings: parser.settings, chain: chain).folders
      .map { SourcePath.joined($0, "\(folder)/meta/runtime.yml") }.first { parser.files.kind($0) == .file }
  }

  private static func full(_ name: String, in collection: String) -> String {
    name.split(separator: ".").count < 3 ? "\(collection).\(name)" : name
  }
}

/// The entries of a group that are no module's name: which other groups it takes in.
private struct GroupMetadata {
  let group: String
  var extendedGroups: [String] = []
  var warnings: [String] = []
  private var isRead = false

  init(group: String) { self.group = group }

  mutating func read(_ entry: YAMLNode) {
    let keys = (entry.entries ?? []).compactMap(\.key.text)
    guard let metadata = entry["metadata"], keys.count == 1 else {
      warn("The only expected key is metadata, but got keys: \(keys.sorted().joined(separator: ", "))")
      extend(entry["metadata"])
      return
    }
    if isRead { warn("The group contains multiple metadata entries.") }
    guard let entries = metadata.entries else {
      warn("The metadata is not a dictionary. Got \(metadata.value().pythonText)")
      return
    }
    let unexpected = entries.compactMap(\.key.text).filter { $0 != "extend_group" }
    if !unexpected.isEmpty { warn("The metadata contains unexpected keys: \(unexpected.joined(separator: ", "))") }
    extend(metadata)
  }

  private mutating func extend(_ metadata: YAMLNode?) {
    guard metadata?.entries != nil else { return }
    isRead = true
    guard let groups = metadata?["extend_group"] else { return extendedGroups = [] }
    if groups.items == nil, groups.string == nil {
      let type = "extend_group is \(groups.value().pythonText) (expected type list)"
      warn("The metadata contains unexpected key types: \(type)")
    }
    extendedGroups = groups.items?.compactMap(\.text) ?? groups.string.map { [$0] } ?? []
  }

  private mutating func warn(_ text: String) {
    warnings.append("Invalid metadata was found for action_group \(group) while loading module_defaults. \(text)")
  }
}

extension RunbookParser {
  /// Finds out what the groups in `module_defaults` hold.
  func resolveActionGroups(
    of keywords: inout Keywords, in context: SourceContext, into diagnostics: inout Diagnostics
  ) {
    for index in keywords.moduleDefaults.indices where keywords.moduleDefaults[index].name.hasPrefix("group/") {
      let entry = keywords.moduleDefaults[index]
      let name = String(entry.name.dropFirst("group/".count))
      let (finding, isNew) = cache.actionGroup("\(context.chain.first ?? "") \(name)") {
        ActionGroupSearch(parser: self, chain: context.chain).find(name)
      }
      keywords.moduleDefaults[index].group = finding.group
      keywords.moduleDefaults[index].name = "group/\(finding.group.fullName)"
      if finding.isError, let complaint = finding.complaint {
        diagnostics.add(.error(complaint, advice: "groups are those of a collection's meta/runtime.yml", at: entry.span))
      }
      guard isNew, !finding.isError else { continue }
      let warnings = settings.checksGroupMetadata ? finding.warnings : []
      for text in warnings + [finding.complaint].compactMap(\.self) { diagnostics.add(.warning(text, at: entry.span)) }
    }
  }
}
