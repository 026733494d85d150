/// How to print YAML; the names and defaults are those of `to_yaml`'s arguments.
package struct YAMLStyle: Sendable {
  /// True: `{a: 1}` everywhere; false: one entry per line; nil: lists and mappings that hold only scalars go on one line.
  package var defaultFlowStyle: Bool?
  /// Libyaml takes 2 to 9; anything else is 2.
  package var indent = 2
  package var width = 80
  package var sortsKeys = true
  package var allowsUnicode = true
  /// Nil: as the text needs it.
  package var defaultStyle: YAMLNode.ScalarStyle?
  package var hasExplicitStart = false
  package var hasExplicitEnd = false
  package var isCanonical = false

  package init() {}

  /// `to_nice_yaml`'s.
  package static var nice: YAMLStyle {
    var style = YAMLStyle()
    style.defaultFlowStyle = false
    style.indent = 4
    return style
  }
}
