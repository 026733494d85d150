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
    TemplateTest("uri") { object, arguments, evaluation in try isAddress(object, arguments, evaluation) },
    TemplateTest("url") { object, arguments, evaluation in
      guard try isAddress(object, arguments, evaluation) else { return false }
      let parts = SplitURL(object.plainText ?? "").parts
      return parts.contains { $0.name == "netloc" && $0.value.plainText != "" || $0.name == "scheme" && $0.value.plainText == "file" }
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

  /// As in ansible-core any text is one, unless schemes are named.
  private static func isAddress(_ object: Object, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Bool {
    guard let text = object.plainText,
      case .string(let scheme)? = SplitURL(text).parts.first(where: { $0.name == "scheme" })?.value
    else { return false }
    guard let allowed = arguments[0, "schemes"], try evaluation.isTrue(allowed) else { return true }
    return try evaluation.contains(allowed, .string(scheme))
  }
}
