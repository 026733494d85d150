/// Tests of a text's form: addresses, encrypted text, paths.
extension TemplateTest {
  static let textFormTests: [TemplateTest] = [
    TemplateTest("vault_encrypted", acceptsUndefined: true) { object, _, _ in
      // A vault's value is opened when it is read; that it is a secret is what is left to see.
      if case .secret = object { true } else { isEncrypted(object.plainText ?? "") }
    },
    TemplateTest("tagged_with", acceptsUndefined: true) { object, arguments, evaluation in
      guard try evaluation.text(arguments.required(0, "tag_name", of: "tagged_with")) == "TrustedAsTemplate" else { return false }
      if case .source = object { return true } else { return false }
    },
    TemplateTest("uri") { object, arguments, evaluation in try address(object, arguments, evaluation) != nil },
    TemplateTest("url") { object, arguments, evaluation in
      guard let parts = try address(object, arguments, evaluation) else { return false }
      return parts["netloc"] != "" || parts["scheme"] == "file"
    },
    TemplateTest("urn") { object, _, evaluation in
      try evaluation.text(object).lowercased().hasPrefix("urn:")
    },
    TemplateTest("abs") { object, _, evaluation in try evaluation.text(object).hasPrefix("/") },
    path("exists"), path("vaulted_file"), path("file"), path("directory"), path("link"), path("link_exists"), path("mount"),
    TemplateTest("same_file") { object, arguments, evaluation in
      let other = try arguments.required(0, "path2", of: "same_file")
      return try evaluation.isTrue(
        evaluation.outsideLookup("path_test", [.string("same_file"), object, other]).first ?? .bool(false))
    },
  ]

  /// The header of a vault text, with what follows it.
  private static func isEncrypted(_ text: String) -> Bool {
    let lines = PythonString.lines(text)
    return text.hasPrefix("$ANSIBLE_VAULT;") && lines.count > 1 && lines[1].allSatisfy(\.isHexDigit)
  }

  /// A test of a path of the controller, which those who know the outside answer.
  private static func path(_ name: String) -> TemplateTest {
    TemplateTest(name) { object, _, evaluation in
      try evaluation.isTrue(evaluation.outsideLookup("path_test", [.string(name), object]).first ?? .bool(false))
    }
  }

  /// The parts of an address that are text; nil for what is none. As in ansible-core any text is one, unless schemes are named.
  private static func address(_ object: Object, _ arguments: Arguments, _ evaluation: Evaluation) throws -> [String: String]? {
    guard let text = object.plainText else { return nil }
    var parts: [String: String] = [:]
    for part in SplitURL(text).parts { parts[part.name] = part.value.plainText }
    guard let allowed = arguments[0, "schemes"], try evaluation.isTrue(allowed) else { return parts }
    return try evaluation.contains(allowed, .string(parts["scheme"] ?? "")) ? parts : nil
  }
}
