import Model
import OrderedCollections
import Templating

/// What parsing depends on besides the files: settings, and what stands on the command line.
package struct ParserSettings: Sendable {
  /// `roles_path`, searched after the folder `roles` beside the runbook.
  package var rolesPath = ["~/.ansible/roles", "/usr/share/ansible/roles", "/etc/ansible/roles"]
  /// `collections_path`: folders that hold `ansible_collections`.
  package var collectionsPath = ["~/.ansible/collections", "/usr/share/ansible/collections"]
  /// `-e`: names of static imports may use these.
  package var extraVariables: OrderedDictionary<String, SourceValue> = [:]
  /// Names that `with_NAME` may have; nil takes any.
  package var lookupNames: Set<String>?
  /// Opens the text of a `!vault` value or of an encrypted file; nil where no password was given.
  package var decrypt: (@Sendable (_ envelope: String) throws(VaultFailure) -> String)?
  /// Told of every value that is secret because it was encrypted, so that output can be searched for it.
  package var noteSecret: (@Sendable (Secret) -> Void)?
  /// `invalid_task_attribute_failed`: false turns unknown keywords of tasks into warnings.
  package var refusesUnknownTaskKeywords = true
  /// `validate_action_group_metadata`: warns of what a collection says wrongly about its action groups.
  package var checksGroupMetadata = true
  /// `duplicate_dict_key`: what a key given twice is.
  package var duplicateKeys = DuplicateKeys.warn
  /// Renders the names of static imports.
  package var renderer = Renderer()

  package init() {}
}

/// What a mapping's key that is given twice means.
package enum DuplicateKeys: String, Sendable { case warn, error, ignore }

/// Why encrypted text cannot be read.
package struct VaultFailure: Error, Sendable {
  package var message: String
  package var advice: String?
  /// There was none to try.
  package var isWithoutPassword = false

  package init(_ message: String, advice: String? = nil) {
    self.message = message
    self.advice = advice
  }
}

extension Diagnostic {
  static func locked(_ failure: VaultFailure, at span: SourceSpan) -> Diagnostic {
    var diagnostic = error(failure.message, advice: failure.advice, at: span)
    diagnostic.isLocked = true
    return diagnostic
  }
}
