import Model
import Transport

/// What a path on a host is: the state that `read` reports and that actions compute from.
package struct RemoteFile: Sendable, Equatable {
  package enum Kind: String, Sendable { case absent, file, directory, link, block, char, fifo, socket }

  package var path: String
  package var kind: Kind
  /// Permission bits; 0 where absent, as all numbers.
  package var mode = 0
  package var uid = 0
  package var gid = 0
  package var owner = ""
  package var group = ""
  package var size = 0
  /// Seconds since 1970.
  package var modified = 0
  package var accessed = 0
  package var linkCount = 0
  /// The path is a link with this text; with `follow` the other fields are of what it leads to.
  package var linkTarget: String?
  /// Where a followed link leads in the end.
  package var realPath: String?
  /// The whole content, of a file no larger than asked for.
  package var content: [UInt8]?
  /// Only where there is no `content`: compute it from that.
  package var sha1: String?
  package var isUnreadable = false
  /// Only for an absent path: is the directory there that would hold it?
  package var hasParent = true

  package init(path: String, kind: Kind) {
    self.path = path
    self.kind = kind
  }

  /// What actions ask of the files of one host.
  package struct Query: Sendable {
    package var paths: [String]
    package var follow = true
    /// Contents up to this size come along; 0 for states only.
    package var contentBytesMax = 0
    /// Larger files come with their SHA-1.
    package var wantsChecksum = false
    /// Without them a path's kind, link and content are all that is told; the size is the content's. Spares the host a process.
    package var wantsAttributes = true
    package var become: Become?
    package var timeoutSeconds: Double?

    package init(_ paths: [String]) { self.paths = paths }
  }

  /// One request for the state of all paths, in order. `~` and `$NAME` in them are the host's.
  package static func read(_ query: Query, catalog: ModuleCatalog) throws(ModuleCatalogError) -> RemoteCall<[RemoteFile]> {
    let call = RemoteScript(
      lookingQuickly: "remote_read",
      words: "\(query.follow) \(query.contentBytesMax) \(query.wantsChecksum) \(query.wantsAttributes) "
        + query.paths.map(ShellText.path).joined(separator: " "))
    var request = try call.request(catalog: catalog)
    request.become = query.become
    request.timeoutSeconds = query.timeoutSeconds
    let count = query.paths.count
    return RemoteCall(request: request) { response in
      let records = AnswerRecords(response.stdout, mark: call.mark)
      let answer = ModuleAnswer(records.records)
      var files = Self.files(records.records)
      // Cut behind the limit: larger than that.
      for index in files.indices where files[index].size > query.contentBytesMax { files[index].content = nil }
      guard case .exited = response.ending, answer.ending == .ok, files.count == count, !response.isTruncated else {
        return .failure(StepFailure(call.result(of: response)))
      }
      return .success(files)
    }
  }

  private static func files(_ records: [AnswerRecords.Record]) -> [RemoteFile] {
    var files: [RemoteFile] = []
    for record in records {
      if record.type == UInt8(ascii: "p") {
        files.append(RemoteFile(path: record.text, kind: .absent))
      } else if !files.isEmpty {
        files[files.count - 1].take(record)
      }
    }
    return files
  }

  private mutating func take(_ record: AnswerRecords.Record) {
    var number: Int { Int(record.text) ?? 0 }
    switch record.key {
    case "type": kind = Kind(rawValue: record.text) ?? .socket
    case "bits": mode = number
    case "uid": uid = number
    case "gid": gid = number
    case "owner": owner = record.text
    case "group": group = record.text
    case "size": size = number
    case "mtime": modified = number
    case "atime": accessed = number
    case "nlink": linkCount = number
    case "target": linkTarget = record.text
    case "real": realPath = record.text
    case "content":
      content = Array(record.value)
      size = record.value.count
    case "sha1": sha1 = record.text
    case "unreadable": isUnreadable = true
    case "parent": hasParent = record.text == "true"
    default: break
    }
  }
}
