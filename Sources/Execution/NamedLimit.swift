import Model
import Templating

extension RunState.NamedLimit {
  /// Nil where the value is none of `concurrency`: `limitMistake` says why.
  init?(_ value: Value) {
    guard Self.mistake(in: value) == nil, let key = value["key"], let limit = value["limit"]?.asNumber else { return nil }
    self.init(name: key.asText, stepsMax: Int(limit))
  }

  static func mistake(in value: Value) -> String? {
    guard let fields = value.dict else { return "'concurrency' is a mapping of 'key' and 'limit', not \(value.pythonText)" }
    if let other = fields.keys.first(where: { !["key", "limit"].contains($0.asText) }) {
      return "'concurrency' has no '\(other.asText)'; it takes 'key' and 'limit'"
    }
    guard fields["key"].map({ $0 != .null }) ?? false else { return "'concurrency' needs a 'key': what is limited together" }
    guard let limit = fields["limit"]?.asNumber, limit >= 1, limit == limit.rounded() else {
      return "'concurrency' needs a 'limit' of at least 1: how many steps run at once"
    }
    return nil
  }
}
