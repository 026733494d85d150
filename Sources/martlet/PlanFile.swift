import Foundation
import Model
import Parsing

/// A plan on disk, for its owner's eyes alone: diffs show what hosts hold.
struct PlanFile {
  let path: String

  init(_ path: String) { self.path = path }

  /// The plan, and the bytes that it was read from: what a signature must be of.
  func read() throws -> (plan: Plan, bytes: [UInt8]) {
    do {
      let bytes = try TextFile.bytes(of: path)
      return (try Plan(value: JSONDecoding().value(from: String(decoding: bytes, as: UTF8.self))), bytes)
    } catch let problem as TextFile.Problem {
      throw CommandFailure(exitStatus: 1, "\(path): \(problem.reason)")
    } catch let error as JSONError {
      throw CommandFailure(
        exitStatus: 1, "\(path) is no plan, or not a whole one: \(error)\n  `martlet plan RUNBOOK -o FILE` makes one")
    } catch {
      throw CommandFailure(exitStatus: 1, "\(path): \(error)")
    }
  }

  /// A plan as it reads once it was written: secrets are gone from its diffs.
  static func asSaved(_ plan: Plan, _ scrubber: SecretScrubber) throws -> Plan {
    do { return try Plan(value: JSONDecoding().value(from: text(of: plan, scrubber))) } catch {
      throw CommandFailure(exitStatus: 1, "the plan made again can't be compared: \(error)")
    }
  }

  private static func text(of plan: Plan, _ scrubber: SecretScrubber) -> String {
    scrubber.scrub(plan.value.json(JSONEncoding(ensureASCII: false, indent: 1))) + "\n"
  }

  /// Written beside and renamed. Known secrets are `***` in it.
  func write(_ plan: Plan, _ scrubber: SecretScrubber) throws {
    let text = Self.text(of: plan, scrubber)
    let temporary = "\(path).new-\(getpid())"
    let isMade = FileManager.default.createFile(atPath: temporary, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    guard isMade, rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno)).lowercased()
      unlink(temporary)
      throw CommandFailure(exitStatus: 1, "the plan could not be written to \(path): \(reason)")
    }
  }
}
