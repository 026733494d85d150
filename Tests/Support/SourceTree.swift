import Glibc

/// The tree that the tests were built from.
package enum SourceTree {
  /// Its top folder, without a slash at the end.
  package static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

  /// Paths, relative to the top, of the files that git tracks or would track; ignored ones are left out.
  package static func files() async throws -> [String] {
    let listing = try await ChildProcess.run(
      "git", ["-c", "core.quotePath=off", "ls-files", "--cached", "--others", "--exclude-standard"], directory: root)
    guard listing.status == 0 else { throw ChildProcess.Failure(description: "git ls-files: \(listing.stderr)") }
    return listing.stdout.split(separator: "\n").map(String.init).filter { access("\(root)/\($0)", R_OK) == 0 }
  }

  /// The folder of the products that stand beside the running test, where the `martlet` binary is, too.
  package static let products: String = {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard readlink("/proc/self/exe", &buffer, buffer.count - 1) > 0 else { return "\(root)/.build/debug" }
    let path = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }()
}
