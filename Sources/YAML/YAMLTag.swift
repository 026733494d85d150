/// The tags that Ansible's files know.
package enum YAMLTag: String, Sendable {
  case null = "tag:yaml.org,2002:null"
  case bool = "tag:yaml.org,2002:bool"
  case int = "tag:yaml.org,2002:int"
  case float = "tag:yaml.org,2002:float"
  case str = "tag:yaml.org,2002:str"
  case binary = "tag:yaml.org,2002:binary"
  case timestamp = "tag:yaml.org,2002:timestamp"
  case seq = "tag:yaml.org,2002:seq"
  case map = "tag:yaml.org,2002:map"
  case set = "tag:yaml.org,2002:set"
  case omap = "tag:yaml.org,2002:omap"
  case pairs = "tag:yaml.org,2002:pairs"
  /// `<<`.
  case merge = "tag:yaml.org,2002:merge"
  /// `=`.
  case value = "tag:yaml.org,2002:value"
  /// A text to decrypt.
  case vault = "!vault"
  /// A value that is never a template; the mark holds for everything below it.
  case unsafe = "!unsafe"

  /// The tag that libyaml reports under a name; nil if nothing reads it.
  init?(written: String) {
    switch written {
    case "!vault-encrypted": self = .vault
    case "tag:yaml.org,2002:python/unicode": self = .str
    case "tag:yaml.org,2002:python/dict": self = .map
    default: self.init(rawValue: written)
    }
  }
}
