import Glibc
import Model

/// A directory of its own for one case on one shell; gone with the object.
package final class Scratch {
  /// What a path in it is, as far as a case may see.
  package struct Entry: Equatable, CustomStringConvertible {
    package var kind: String
    package var mode: Int
    package var content: String
    var changed: String

    package var description: String { "\(kind) \(String(mode, radix: 8)) \(content)" }
  }

  /// Commands that change more than a scratch directory: a case that needs one gives a stand-in.
  private static let refused = [
    "useradd", "usermod", "userdel", "groupadd", "groupmod", "groupdel", "chpasswd", "chage", "apt-get", "dpkg", "systemctl",
    "service", "update-rc.d", "crontab", "hostnamectl", "hostname", "sysctl", "modprobe", "mount", "umount", "timedatectl",
    "locale-gen", "update-alternatives", "ufw", "iptables", "reboot", "shutdown", "debconf-set-selections", "firewall-cmd", "setsebool",
    "setenforce", "semanage", "mkfs.ext4", "mkfs.xfs", "mkswap", "wipefs", "parted", "vgcreate", "vgremove", "lvcreate", "lvremove",
    "pvcreate", "swapon", "swapoff", "dpkg-divert", "a2enmod", "a2dismod", "setcap",
  ]

  package let root: String
  /// Where the case's files are, and `{dir}` in its arguments.
  package var files: String { root + "/files" }
  var tools: String { root + "/tools" }
  /// Stand-ins that refuse, behind `tools` on PATH.
  var refusals: String { root + "/refusals" }

  package init() throws(CaseTrouble) {
    var template = Array("/tmp/module-case.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CaseTrouble("no scratch directory in /tmp: \(CaseTrouble.systemMessage)") }
    root = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    mkdir(files, 0o755)
    mkdir(tools, 0o755)
    mkdir(refusals, 0o755)
    try LocalFile.write(Array("#!/bin/sh\necho \"a case may not call the real ${0##*/}\" >&2\nexit 99\n".utf8), to: refusals + "/refuse")
    chmod(refusals + "/refuse", 0o755)
    for name in Self.refused { symlink("refuse", "\(refusals)/\(name)") }
  }

  deinit { remove(root) }

  package func prepare(_ entries: Value.Dict, tools commands: Value.Dict) throws(CaseTrouble) {
    remove(files)
    remove(tools)
    mkdir(files, 0o755)
    mkdir(tools, 0o755)
    for (name, entry) in entries { try make(name.string ?? "", entry) }
    for (name, text) in commands { try makeTool(name.string ?? "", text.string ?? "") }
  }

  private func make(_ name: String, _ entry: Value) throws(CaseTrouble) {
    let path = "\(files)/\(name)"
    if let target = entry["link"]?.string {
      symlink(target.replacing("{dir}", with: files), path)
    } else if let text = entry["content"]?.string ?? entry.string {
      try LocalFile.write(Array((text.replacing("{dir}", with: files)).utf8), to: path)
      chmod(path, mode(entry) ?? 0o644)
    } else if let other = entry["hard"]?.string {
      link("\(files)/\(other)", path)
    } else {
      mkdir(path, 0o755)
      chmod(path, mode(entry) ?? 0o755)
    }
  }

  private func mode(_ entry: Value) -> mode_t? { entry["mode"]?.string.flatMap { mode_t($0, radix: 8) } }

  /// A command that stands in for the host's: it records its arguments and does what the case says.
  private func makeTool(_ name: String, _ text: String) throws(CaseTrouble) {
    let record = "#!/bin/sh\nDIR='\(files)'\nprintf '%s\\n' \"\(name)${*:+ $*}\" >>'\(root)/calls'\n"
    try LocalFile.write(Array((record + text.replacing("{dir}", with: files) + "\n").utf8), to: "\(tools)/\(name)")
    chmod("\(tools)/\(name)", 0o755)
  }

  package func takeCalls() -> [String] {
    let text = String(decoding: LocalFile.content(of: root + "/calls"), as: UTF8.self)
    unlink(root + "/calls")
    return text.split(separator: "\n").map(String.init)
  }

  /// Everything below `files`, with times: equal snapshots mean that nothing was touched.
  package func snapshot() -> [String: Entry] {
    var result: [String: Entry] = [:]
    walk("", into: &result)
    return result
  }

  package func entry(_ name: String) -> Entry? {
    let path = "\(files)/\(name)"
    var info = stat()
    guard lstat(path, &info) == 0 else { return nil }
    let mode = Int(info.st_mode) & 0o7777
    let changed = "\(info.st_mtim.tv_sec).\(info.st_mtim.tv_nsec) \(info.st_uid) \(info.st_gid)"
    switch info.st_mode & S_IFMT {
    case S_IFDIR: return Entry(kind: "directory", mode: mode, content: "", changed: changed)
    case S_IFLNK:
      var buffer = [CChar](repeating: 0, count: 4096)
      let count = readlink(path, &buffer, 4095)
      let target = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return Entry(kind: "link", mode: mode, content: target, changed: changed)
    default: return Entry(kind: "file", mode: mode, content: String(decoding: LocalFile.content(of: path), as: UTF8.self), changed: changed)
    }
  }

  private func walk(_ folder: String, into result: inout [String: Entry]) {
    for name in LocalFile.entries(of: "\(files)/\(folder)") {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      guard let entry = entry(path) else { continue }
      result[path] = entry
      if entry.kind == "directory" { walk(path, into: &result) }
    }
  }

  private func remove(_ path: String) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    if info.st_mode & S_IFMT == S_IFDIR {
      for name in LocalFile.entries(of: path) { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}
