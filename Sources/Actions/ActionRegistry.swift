/// Which actions there are, by short name.
package struct ActionRegistry: Sendable {
  private let actions: [String: any Action.Type]

  package init(_ actions: [any Action.Type] = Self.all) {
    self.actions = Dictionary(uniqueKeysWithValues: actions.map { ($0.name, $0) })
  }

  package func action(named name: String) -> (any Action)? { actions[name]?.init() }

  /// Arguments that the action looks at as written, and renders itself.
  package func unrenderedArguments(of name: String) -> Set<String> { actions[name]?.unrenderedArguments ?? [] }

  package static let all: [any Action.Type] = [
    DebugAction.self, AssertAction.self, FailAction.self, SetFactAction.self, MetaTaskAction.self, AddHostAction.self,
    GroupByAction.self, SetStatsAction.self, PauseAction.self, IncludeTasksAction.self, IncludeRoleAction.self,
    IncludeVarsAction.self, GatherFactsAction.self, TemplateAction.self, CopyAction.self, LineInFileAction.self,
    BlockInFileAction.self, ReplaceAction.self, FetchAction.self, ScriptAction.self, WaitForConnectionAction.self,
    RebootAction.self, AssembleAction.self, UnarchiveAction.self, ValidateArgumentSpecAction.self,
    AsyncStatusAction.self, SynchronizeAction.self, PatchAction.self,
  ]
}
