/// Where a role is looked for, by Ansible's rules.
struct RoleSearch {
  let files: any SourceFiles
  let settings: ParserSettings
  let context: SourceContext

  func find(_ name: String) -> SourceContext.RoleIdentity? {
    if let found = inCollections(name) { return found }
    for folder in folders {
      let directory = SourcePath.normalized(SourcePath.joined(folder, name))
      if files.kind(directory) == .folder {
        return SourceContext.RoleIdentity(name: name, directory: files.canonicalPath(directory), collection: nil)
      }
    }
    let directory = SourcePath.expanded(name)
    guard files.kind(directory) == .folder else { return nil }
    return SourceContext.RoleIdentity(
      name: SourcePath.name(of: name), directory: files.canonicalPath(directory), collection: nil)
  }

  /// Beside the runbook, in `roles_path`, beside the role that asks, and in the runbook's own folder.
  var folders: [String] {
    var folders = [SourcePath.joined(context.playDirectory, "roles")] + settings.rolesPath.map(SourcePath.expanded)
    if let role = context.role { folders.append(SourcePath.directory(of: role.directory)) }
    folders.append(context.playDirectory.isEmpty ? "." : context.playDirectory)
    return folders
  }

  /// Roles that there are, for suggestions.
  var knownNames: [String] {
    folders.dropLast().flatMap { folder in files.names(in: folder).filter { !$0.hasPrefix(".") } }
  }

  private func inCollections(_ name: String) -> SourceContext.RoleIdentity? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy(VariableName.isValid) else { return nil }
    if parts.count >= 3 {
      return collectionRole(parts[2...].joined(separator: "."), in: "\(parts[0]).\(parts[1])")
    }
    guard parts.count == 1 else { return nil }
    let collections = context.collections.filter { $0 != "ansible.builtin" && $0 != "ansible.legacy" }
    return collections.lazy.compactMap { collectionRole(name, in: $0) }.first
  }

  private func collectionRole(_ name: String, in collection: String) -> SourceContext.RoleIdentity? {
    let folder = collection.split(separator: ".").joined(separator: "/")
    let path = name.split(separator: ".").joined(separator: "/")
    for root in CollectionSearch(settings: settings, chain: context.chain).folders {
      let directory = SourcePath.normalized(SourcePath.joined(root, "\(folder)/roles/\(path)"))
      if files.kind(directory) == .folder {
        return SourceContext.RoleIdentity(
          name: "\(collection).\(name)", directory: files.canonicalPath(directory), collection: collection)
      }
    }
    return nil
  }
}

/// The folders that hold collections: `collections` beside the runbook, then `collections_path`.
struct CollectionSearch {
  let settings: ParserSettings
  /// Its first is the runbook that was named on the command line.
  let chain: [String]

  var folders: [String] {
    let beside = chain.first.map { [SourcePath.joined(SourcePath.directory(of: $0), "collections")] } ?? []
    return (beside + settings.collectionsPath.map(SourcePath.expanded)).map { base in
      SourcePath.name(of: base) == "ansible_collections" ? base : SourcePath.joined(base, "ansible_collections")
    }
  }
}
