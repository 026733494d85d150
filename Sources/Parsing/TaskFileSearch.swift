/// Where the file of an `include_tasks` or `import_tasks` is looked for, by Ansible's rules.
struct TaskFileSearch {
  let files: any SourceFiles
  let context: SourceContext

  /// The first file there is, or the places looked at.
  func find(_ name: String) -> (path: String?, places: [String]) {
    if name.hasPrefix("/") || name.hasPrefix("~") {
      let path = SourcePath.expanded(name)
      return (files.kind(path) == .file ? path : nil, [path])
    }
    var places: [String] = []
    for place in candidates(name).map(SourcePath.normalized) where !places.contains(place) {
      places.append(place)
      if files.kind(place) == .file { return (place, places) }
    }
    return (nil, places)
  }

  private func candidates(_ name: String) -> [String] {
    var found: [String] = []
    var cumulative: String?
    for directory in context.includeDirectories {
      let folder = cumulative.map { SourcePath.joined(directory, $0) } ?? directory
      cumulative = folder
      found += context.role.map { roleCandidates(name, in: $0, folder: folder) } ?? playCandidates(name, folder: folder)
    }
    guard let role = context.role else { return found + [SourcePath.joined(context.playDirectory, name)] }
    return found + [
      SourcePath.joined(role.directory, "\(subfolder)/\(name)"), SourcePath.joined(role.directory, "tasks/\(name)"),
      "\(subfolder)/\(name)", SourcePath.joined(role.directory, name),
      SourcePath.joined(context.playDirectory, "\(subfolder)/\(name)"), SourcePath.joined(context.playDirectory, name),
    ]
  }

  private func playCandidates(_ name: String, folder: String) -> [String] {
    let inFolder = SourcePath.joined(folder, name)
    return [
      SourcePath.joined(context.playDirectory, inFolder), inFolder, SourcePath.joined(context.playDirectory, name),
    ]
  }

  /// A file beside the including one, before those of the role at large.
  private func roleCandidates(_ name: String, in role: SourceContext.RoleIdentity, folder: String) -> [String] {
    let base = SourcePath.joined(SourcePath.joined(role.directory, subfolder), folder)
    let roleFirst = folder.isEmpty ? [SourcePath.joined(role.directory, "\(subfolder)/\(name)")] : []
    return [SourcePath.joined(base, "\(subfolder)/\(name)")] + roleFirst + [
      SourcePath.joined(base, name), SourcePath.joined(context.playDirectory, "\(subfolder)/\(name)"),
      SourcePath.joined(context.playDirectory, name),
    ]
  }

  private var subfolder: String { context.isHandlerList ? "handlers" : "tasks" }
}
