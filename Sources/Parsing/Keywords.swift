import Model
import OrderedCollections
import Templating

/// Keywords that plays, roles, blocks and tasks share and that children inherit. Nil is "not given": inherited.
///
/// A keyword may be a template that renders to `omit`: then it counts as not given, too.
package struct Keywords: Sendable {
  package var name: SourceValue?
  /// Own conditions only; a child is subject to its parents' as well, outermost first.
  package var when: [Condition] = []
  /// Own tags only; children add their parents'. A tag may be a template.
  package var tags: [SourceValue] = []
  package var vars: OrderedDictionary<String, SourceValue> = [:]
  /// Dicts, or templates that come to dicts, merged in order; children's entries win.
  package var environment: [SourceValue] = []
  /// In written order; of those for one module or group the last counts.
  package var moduleDefaults: [ModuleDefaults] = []
  package var collections: [String]?

  package var become: SourceValue?
  package var becomeUser: SourceValue?
  package var becomeMethod: SourceValue?
  package var becomeFlags: SourceValue?
  package var becomeExe: SourceValue?

  package var connection: SourceValue?
  package var remoteUser: SourceValue?
  package var port: SourceValue?

  package var checkMode: SourceValue?
  package var diff: SourceValue?
  package var noLog: SourceValue?
  package var ignoreErrors: SourceValue?
  package var ignoreUnreachable: SourceValue?
  package var anyErrorsFatal: SourceValue?
  package var runOnce: SourceValue?
  package var throttle: SourceValue?
  package var timeoutSeconds: SourceValue?
  package var delegateTo: SourceValue?
  package var delegateFacts: SourceValue?
  package var debugger: SourceValue?
  /// Handlers to notify; blocks hand theirs down to their tasks.
  package var notify: [SourceValue] = []

  package init() {}
}

/// One entry of `when`, `changed_when`, `failed_when`, `until` or `assert: that:`: an expression, or a literal.
package struct Condition: Sendable {
  package var source: SourceValue
  /// As written, for messages and for `assert`'s result.
  package var text: String
  package var span: SourceSpan

  package init(source: SourceValue, text: String, span: SourceSpan) {
    self.source = source
    self.text = text
    self.span = span
  }
}
