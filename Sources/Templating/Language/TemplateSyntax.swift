/// The delimiters and white space rules of a template: what a `#jinja2:` header or the template action may set.
package struct TemplateSyntax: Sendable, Equatable {
  package var blockStart = "{%"
  package var blockEnd = "%}"
  package var variableStart = "{{"
  package var variableEnd = "}}"
  package var commentStart = "{#"
  package var commentEnd = "#}"
  package var lineStatementPrefix: String?
  package var lineCommentPrefix: String?
  /// The first line break after a block is dropped.
  package var trimsBlocks = true
  /// White space before a block on its line is dropped.
  package var stripsLinesBeforeBlocks = false
  package var newline = "\n"
  package var keepsTrailingNewline = false
  /// A backslash in a string between `{{ }}` is itself, as in runbooks: YAML has its own escapes.
  package var keepsBackslashes = true
  /// `{% trans %}` and its kin.
  package var translates = false
  /// Text between those loses its line breaks, unless it says `notrimmed`.
  package var trimsTranslations = false

  package init() {}

  /// As ansible-core sets up Jinja2.
  package static let ansible = TemplateSyntax()

  /// As ansible-core reads template files.
  package static var file: TemplateSyntax {
    var syntax = TemplateSyntax()
    syntax.keepsBackslashes = false
    return syntax
  }

  /// As Jinja2 is set up by itself.
  package static var jinja: TemplateSyntax {
    var syntax = file
    syntax.trimsBlocks = false
    return syntax
  }
}
