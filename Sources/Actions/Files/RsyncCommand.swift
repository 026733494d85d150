import Model
import ModuleLibrary

/// rsync's words for what `synchronize` is asked.
struct RsyncCommand {
  static let changeMark = "<<CHANGED>>"

  var arguments: Value.Dict
  var isCheck: Bool
  var program = "rsync"
  /// `ssh` and its options; empty where no host is reached.
  var shellWords: [String] = []
  var becomeWords: [String] = []

  var words: [String] {
    [program] + flags + archiveFlags + shell + texts("rsync_opts") + partial + links
      + ["--out-format=\(Self.changeMark)%i %n%L"]
  }

  private var flags: [String] {
    var words: [String] = flag("delay_updates") ? ["--delay-updates", "-F"] : []
    if flag("compress") { words.append("--compress") }
    if let seconds = arguments["rsync_timeout"]?.int, seconds > 0 { words.append("--timeout=\(seconds)") }
    if isCheck { words.append("--dry-run") }
    for (option, word) in [("delete", "--delete-after"), ("existing_only", "--existing"), ("checksum", "--checksum"), ("copy_links", "--copy-links")]
    where flag(option) {
      words.append(word)
    }
    return words
  }

  /// What `archive` implies is said only where it is to be otherwise.
  private var archiveFlags: [String] {
    let isArchive = flag("archive")
    var words = isArchive ? ["--archive"] : []
    for option in ["recursive", "links", "perms", "times", "owner", "group"] {
      guard let wanted = arguments[.string(option)]?.bool, wanted != isArchive else { continue }
      words.append(wanted ? "--\(option)" : "--no-\(option)")
    }
    return flag("dirs") ? words + ["--dirs"] : words
  }

  private var shell: [String] {
    var words: [String] = []
    if !shellWords.isEmpty, !texts("rsync_opts").contains(where: { $0.hasPrefix("--rsh") || $0 == "-e" }) {
      words.append("--rsh=" + shellWords.map(Self.quotedForRsync).joined(separator: " "))
    }
    if let path = arguments["rsync_path"]?.string {
      words.append("--rsync-path=\(path)")
    } else if !becomeWords.isEmpty {
      words.append("--rsync-path=" + (becomeWords + ["rsync"]).map(ShellText.quoted).joined(separator: " "))
    }
    return words
  }

  private var partial: [String] { flag("partial") ? ["--partial"] : [] }

  private var links: [String] {
    let folders = texts("link_dest")
    return folders.isEmpty ? [] : ["-H", "-vv"] + folders.map { "--link-dest=\($0)" }
  }

  /// rsync splits its shell's words itself: at blanks, with quotes, a quote within quotes doubled.
  static func quotedForRsync(_ word: String) -> String {
    word.contains(where: { " '\"".contains($0) }) || word.isEmpty ? "'\(word.replacing("'", with: "''"))'" : word
  }

  private func flag(_ name: String) -> Bool { arguments[.string(name)]?.bool ?? false }
  private func texts(_ name: String) -> [String] { arguments[.string(name)]?.list?.compactMap(\.string) ?? [] }
}
