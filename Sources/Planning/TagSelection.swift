/// `--tags` and `--skip-tags`, with the special tags `always`, `never`, `tagged`, `untagged` and `all`.
package struct TagSelection: Sendable {
  package var only: Set<String>
  package var skip: Set<String>

  package init(only: some Sequence<String> = [], skip: some Sequence<String> = []) {
    self.only = Set(only)
    self.skip = Set(skip)
    if self.only.isEmpty { self.only = ["all"] }
  }

  /// Whether a task with these tags runs. Rules as in ansible-core's `evaluate_tags`.
  package func includes(_ tags: Set<String>) -> Bool {
    let tags = tags.isEmpty ? ["untagged"] : tags
    return isChosen(tags) && !isSkipped(tags)
  }

  private func isChosen(_ tags: Set<String>) -> Bool {
    if tags.contains("always") { return true }
    if only.contains("all") && !tags.contains("never") { return true }
    if !only.isDisjoint(with: tags) { return true }
    return only.contains("tagged") && tags != ["untagged"] && !tags.contains("never")
  }

  private func isSkipped(_ tags: Set<String>) -> Bool {
    if skip.contains("all") { return !tags.contains("always") || skip.contains("always") }
    if !skip.isDisjoint(with: tags) { return true }
    return skip.contains("tagged") && tags != ["untagged"]
  }
}
