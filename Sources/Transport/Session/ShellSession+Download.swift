import Model

extension ShellSession {
  package func download(path: String, become: Become?, bytesMax: Int) async throws(TransportError) -> [UInt8] {
    let limit = max(0, min(bytesMax, Self.downloadBytesMax))
    var request = ShellRequest(script: Self.downloadText(path, limit: limit))
    request.become = become
    request.outputBytesMax = max(limit + 1, Self.complaintBytesMax)
    for _ in 0..<Self.attemptsMax {
      let response = try await run(request)
      try refuseUnlessRead(response, path, limit)
      if await isWhole(response) { return response.stdout }
    }
    throw TransportError(.download, host: host, "\(path) keeps changing while it is read")
  }

  private func refuseUnlessRead(_ response: ShellResponse, _ path: String, _ limit: Int) throws(TransportError) {
    switch response.ending {
    case .exited(0) where response.stdout.count <= limit: return
    case .exited(0): throw TransportError(.download, host: host, "\(path) is larger than \(limit) bytes")
    case .exited: throw TransportError(.download, host: host, failureText(path, response.stderr))
    case .shellDied(let reason): throw TransportError(.download, host: host, "\(path): the shell died: \(reason)")
    case .timedOut(let seconds):
      throw TransportError(.download, host: host, "\(path): not read in \(shortSeconds(seconds)) s")
    }
  }

  /// The host's checksum, on stderr, is that of what came; a host without `cksum` is taken at its word.
  private func isWhole(_ response: ShellResponse) async -> Bool {
    let words = String(decoding: response.stderr, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count >= 2, words.allSatisfy({ $0.utf8.allSatisfy(isDigit) }) else { return true }
    let checksum = await UploadContent.open(response.stdout, threads: threads).checksum()
    return words[0] + " " + words[1] == checksum.text
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// Sends as many bytes as the file has now, and beside that their checksum, read at the same time.
  private static func downloadText(_ path: String, limit: Int) -> String {
    let file = shellQuoted(path.hasPrefix("-") ? "./" + path : path)
    // Longer numbers are more than some shells count to.
    let refusal = limit >= 1_000_000_000 ? "" : """
      if [ ${#n} -gt 9 ] || [ "$n" -gt \(limit) ]; then echo \(file) is larger than \(limit) bytes >&2; exit 1; fi

      """
    return """
      if [ -d \(file) ]; then echo \(file) is a folder >&2; exit 1; fi
      n=$(wc -c <\(file)) || exit 1
      n=${n##* }
      \(refusal)head -c "$n" <\(file) | cksum >&2 &
      head -c "$n" <\(file)
      s=$?
      wait
      exit $s
      """
  }

  private static let attemptsMax = 3
  private static let complaintBytesMax = 64 << 10
  private static let downloadBytesMax = 1 << 40
}
