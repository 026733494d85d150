import Foundation
import Model
import Templating
import Transport

/// Signatures in the format of `ssh-keygen -Y`, made and checked by that program: keys, agents and hardware tokens are its business.
struct PlanSignature {
  let file: String
  private var signatureFile: String { "\(file).sig" }

  /// What the signature is for: one made for something else does not count.
  private static let namespace = "martlet-plan"
  /// A passphrase or a touch of a token may be asked for.
  private static let signSeconds = 300
  private static let verifySeconds = 30

  init(of file: String) { self.file = file }

  func sign(withKey key: String) throws {
    unlink(signatureFile)
    let result = try run(["-Y", "sign", "-f", key, "-n", Self.namespace, file], Self.signSeconds)
    guard result.status == 0 else { throw CommandFailure(exitStatus: 1, "the plan was not signed: \(result.output)") }
  }

  /// Who signed these bytes, of those that the file of allowed signers names; anything else ends the command.
  func signer(of bytes: [UInt8], allowedBy signers: String) throws -> String {
    guard FileManager.default.fileExists(atPath: signatureFile) else {
      throw CommandFailure(exitStatus: 3, "refused: \(file) has no signature (\(signatureFile) is not there)")
    }
    guard FileManager.default.isReadableFile(atPath: signers) else {
      throw CommandFailure(exitStatus: 3, "refused: the file of allowed signers \(signers) can't be read or is not there")
    }
    let copy = try PrivateCopy(of: bytes)
    defer { copy.remove() }
    let found = try run(["-Y", "find-principals", "-s", signatureFile, "-f", signers], Self.verifySeconds)
    guard found.status == 0, let principal = found.output.split(separator: "\n").first.map(String.init) else {
      throw CommandFailure(exitStatus: 3, "refused: \(file) is signed by none of \(signers): \(found.output)")
    }
    let words = ["-Y", "verify", "-f", signers, "-I", principal, "-n", Self.namespace, "-s", signatureFile]
    let verified = try run(words, Self.verifySeconds, input: copy.path)
    guard verified.status == 0 else {
      throw CommandFailure(exitStatus: 3, "refused: the signature of \(file) does not hold: \(verified.output)")
    }
    return principal
  }

  private func run(_ words: [String], _ seconds: Int, input: String = "/dev/null") throws -> (status: Int32, output: String) {
    let command = (["timeout", "--foreground", String(seconds), "ssh-keygen"] + words).map(shellQuoted).joined(separator: " ")
    do {
      let ended = try ControllerAccess.local.run("\(command) <\(shellQuoted(input)) 2>&1", nil)
      let output = String(decoding: ended.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      return (ended.status, output)
    } catch {
      throw CommandFailure(exitStatus: 1, "\(error)")
    }
  }
}

/// The bytes that were read, where nobody can exchange them while they are checked.
private struct PrivateCopy {
  let path: String

  init(of bytes: [UInt8]) throws {
    var template = Array("\(NSTemporaryDirectory())/martlet-plan-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw CommandFailure(exitStatus: 1, "no temporary file: \(String(cString: strerror(errno)))") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(bytes))
  }

  func remove() { unlink(path) }
}
