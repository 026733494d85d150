import ArgumentParser
import Foundation
import Vault

/// `martlet vault encrypt_string`: texts as `!vault` values to paste into YAML.
struct VaultEncryptString: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encrypt_string", abstract: "Encrypt texts as !vault values to paste into YAML.",
    aliases: ["encrypt-string"])

  @OptionGroup var flags: VaultFlags
  @OptionGroup var encryption: EncryptionFlags

  @Option(help: "Write to this file.")
  var output: String?

  @Flag(name: [.short, .long], help: "Ask for the text.")
  var prompt = false

  @Flag(name: .customLong("show-input"), help: "Show the text while it is typed.")
  var showInput = false

  @Option(name: [.short, .long], parsing: .singleValue, help: "The variable's name; may be given once per text.")
  var name: [String] = []

  @Option(name: .customLong("stdin-name"), help: "The name of the variable whose text comes from standard input.")
  var stdinName: String?

  @Argument(help: "Texts; - or none is standard input.")
  var texts: [String] = []

  private struct Plain {
    var content: [UInt8]
    var origin: String
    var name: String?
  }

  private static let indent = String(repeating: " ", count: 10)

  func run() throws {
    let readsInput = texts.contains("-") || stdinName != nil || texts.isEmpty && !prompt
    if prompt, readsInput {
      throw CommandFailure(exitStatus: 5, "the --prompt option is not supported if also reading input from stdin")
    }
    let entry = try VaultAccess(flags).entry(toEncryptAs: encryption.encryptVaultID)
    let plains = try (prompt ? [asked()] : []) + (readsInput ? [input()] : []) + arguments()
    var lines: [String] = []
    for (index, plain) in plains.enumerated() {
      if plains.count > 1 { VaultAccess.tell(Self.heading(plain, number: index + 1)) }
      let sealed = try VaultAccess.seal(plain.content, with: entry, as: entry.identity, for: VaultFile("-"))
      lines.append((plain.name.map { "\($0): " } ?? "") + "!vault |")
      lines += String(decoding: sealed, as: UTF8.self).split(separator: "\n").map { Self.indent + $0 }
    }
    try VaultFile(output ?? "-").write(Array((lines.joined(separator: "\n") + "\n").utf8))
    VaultAccess.tellSuccess("Encryption successful")
  }

  private func asked() throws -> Plain {
    do throws(TerminalPrompt.Failure) {
      let name = try TerminalPrompt.ask("Variable name (enter for no name): ", isHidden: false)
      let text = try TerminalPrompt.ask(
        showInput ? "String to encrypt:" : "String to encrypt (hidden): ", isHidden: !showInput)
      guard !text.isEmpty else { throw TerminalPrompt.Failure(message: "the text is empty: it is not encrypted") }
      return Plain(content: Array(text.utf8), origin: "the interactive prompt", name: name.isEmpty ? nil : name)
    } catch {
      throw CommandFailure(exitStatus: 5, error.message)
    }
  }

  private func input() throws -> Plain {
    if isatty(STDOUT_FILENO) == 1 {
      VaultAccess.tell(
        "Reading plaintext input from stdin. (ctrl-d to end input, twice if your content does not already have a newline)")
    }
    let content = try VaultFile("-").read()
    guard !content.isEmpty else { throw CommandFailure(exitStatus: 5, "stdin was empty, not encrypting") }
    return Plain(content: content, origin: "stdin", name: stdinName)
  }

  private func arguments() throws -> [Plain] {
    let given = texts.filter { $0 != "-" }
    if !name.isEmpty, given.count > name.count {
      VaultAccess.tell("The number of --name options do not match the number of args.")
      VaultAccess.tell("The last named variable will be \"\(name[name.count - 1])\". The rest will not have names.")
    }
    return try given.enumerated().map { index, text in
      guard !text.isEmpty else { throw CommandFailure(exitStatus: 5, "a text of the command line is empty: it is not encrypted") }
      return Plain(
        content: Array(text.utf8), origin: "the command line args", name: index < name.count ? name[index] : nil)
    }
  }

  private static func heading(_ plain: Plain, number: Int) -> String {
    plain.name.map { "# The encrypted version of variable (\"\($0)\", the string #\(number) from \(plain.origin))." }
      ?? "# The encrypted version of the string #\(number) from \(plain.origin).)"
  }
}
