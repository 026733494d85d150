import Foundation
import Support
import Testing

/// The vault commands and what uses vaults, as a user runs them.
@Suite struct VaultCommandTests {
  private func write(_ text: String, to path: String) throws { try text.write(toFile: path, atomically: false, encoding: .utf8) }

  private func prepared(_ home: String) throws -> MartletProgram {
    try write("sesame\n", to: "\(home)/pw")
    try write("other\n", to: "\(home)/pw2")
    return MartletProgram(home: home)
  }

  @Test func `what is encrypted is read back, in place, by pipe and with another password`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home)
      try write("user: ana\n", to: "\(home)/a.yml")
      #expect(try await martlet.run("vault", "encrypt", "--vault-id", "prod@pw", "a.yml").status == 0)
      let sealed = try String(contentsOfFile: "\(home)/a.yml", encoding: .utf8)
      #expect(sealed.hasPrefix("$ANSIBLE_VAULT;1.2;AES256;prod\n"))
      #expect(try await martlet.run("vault", "view", "--vault-password-file", "pw", "a.yml").stdout == "user: ana\n")
      let rekey = try await martlet.run(
        "vault", "rekey", "--vault-password-file", "pw", "--new-vault-password-file", "pw2", "a.yml")
      #expect(rekey.stderr == "Rekey successful\n")
      #expect(try await martlet.run("vault", "decrypt", "--vault-password-file", "pw2", "--output", "-", "a.yml").stdout == "user: ana\n")
      let wrong = try await martlet.run("vault", "view", "--vault-password-file", "pw", "a.yml")
      #expect(wrong.status == 1)
      #expect(wrong.stderr.hasSuffix("/a.yml: no vault secrets were found that could decrypt the vault text: tried default\n"))
      #expect(try await martlet.run("vault", "decrypt", "--vault-password-file", "pw2", "a.yml").status == 0)
      #expect(try String(contentsOfFile: "\(home)/a.yml", encoding: .utf8) == "user: ana\n")
    }
  }

  @Test func `an editor makes and changes an encrypted file, and leaves nothing behind`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home)
      let create = try await martlet.run(
        "vault", "create", "--skip-tty-check", "--vault-password-file", "pw", "new.yml",
        environment: ["EDITOR": "sh -c 'echo \"$0\" >> \(home)/drafts; echo first > \"$0\"'"])
      #expect(create.status == 0, "\(create.stderr)")
      let edit = try await martlet.run(
        "vault", "edit", "--vault-password-file", "pw", "new.yml",
        environment: ["EDITOR": "sh -c 'echo \"$0\" >> \(home)/drafts; echo second >> \"$0\"'"])
      #expect(edit.status == 0, "\(edit.stderr)")
      #expect(try await martlet.run("vault", "view", "--vault-password-file", "pw", "new.yml").stdout == "first\nsecond\n")
      for draft in try String(contentsOfFile: "\(home)/drafts", encoding: .utf8).split(separator: "\n") {
        #expect(!FileManager.default.fileExists(atPath: String(draft)))
      }
    }
  }

  @Test func `sealed sources of copy, template, script, unarchive and assemble are opened, and no diff shows them`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home)
      for (name, text) in [("a", "open barley {{ 1 + 1 }}\n"), ("s", "#!/bin/sh\necho ran\n"), ("parts/1", "part\n")] {
        try FileManager.default.createDirectory(atPath: "\(home)/parts", withIntermediateDirectories: true)
        try write(text, to: "\(home)/\(name)")
      }
      _ = try await ChildProcess.run("/bin/sh", ["-c", "tar cf t.tar a"], environment: [:], directory: home)
      for name in ["a", "s", "parts/1", "t.tar"] {
        #expect(try await martlet.run("vault", "encrypt", "--vault-password-file", "pw", name).status == 0)
      }
      try write(
        """
        - hosts: localhost
          gather_facts: false
          tasks:
            - copy: {src: a, dest: "{{ playbook_dir }}/copied"}
            - copy: {src: a, dest: "{{ playbook_dir }}/sealed", decrypt: false}
            - template: {src: a, dest: "{{ playbook_dir }}/rendered"}
            - assemble: {src: parts, dest: "{{ playbook_dir }}/assembled", remote_src: false}
            - file: {path: "{{ playbook_dir }}/unpacked", state: directory}
            - unarchive: {src: t.tar, dest: "{{ playbook_dir }}/unpacked"}
            - script: s
              register: script
            - assert:
                that:
                  - lookup('file', 'copied') == 'open barley {' ~ '{ 1 + 1 }}'
                  - lookup('file', 'rendered') == 'open barley 2'
                  - lookup('file', 'assembled') == 'part'
                  - script.stdout_lines == ['ran']
        """, to: "\(home)/play.yml")
      let ending = try await martlet.run(
        "run", "-i", "localhost,", "-c", "local", "--diff", "--vault-password-file", "pw", "play.yml")
      #expect(ending.status == 0, "\(ending.stdout)\(ending.stderr)")
      #expect(ending.stdout.contains("diff skipped: the source is sealed in a vault"))
      #expect(!ending.stdout.contains("open barley"), "\(ending.stdout)")
      #expect(try String(contentsOfFile: "\(home)/sealed", encoding: .utf8).hasPrefix("$ANSIBLE_VAULT;"))
      let locked = try await martlet.run("run", "-i", "localhost,", "-c", "local", "play.yml")
      #expect(locked.status == 2)
      #expect(locked.stdout.contains("/a: there is no vault password (Attempting to decrypt but no vault secrets found); use --vault-password-file"), "\(locked.stdout)")
    }
  }

  @Test func `a sealed file of another group's variables keeps no play from running, one of the play's hosts does`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home)
      try FileManager.default.createDirectory(atPath: "\(home)/group_vars", withIntermediateDirectories: true)
      try write("word: barley\n", to: "\(home)/group_vars/prod.yml")
      #expect(try await martlet.run("vault", "encrypt", "--vault-password-file", "pw", "group_vars/prod.yml").status == 0)
      try write("[prod]\np\n[dev]\nd\n", to: "\(home)/inventory")
      for group in ["dev", "prod"] {
        try write("- {hosts: \(group), gather_facts: false, tasks: [debug: ]}\n", to: "\(home)/\(group).yml")
      }
      let other = try await martlet.run("run", "-i", "inventory", "-c", "local", "dev.yml")
      #expect(other.status == 0, "\(other.stderr)")
      let own = try await martlet.run("run", "-i", "inventory", "-c", "local", "dev.yml", "prod.yml")
      #expect(own.status == 1)
      #expect(own.stderr.contains("group_vars/prod.yml:1:1: error: this file is encrypted"), "\(own.stderr)")
      #expect(!own.stdout.contains("PLAY ["))
    }
  }

  @Test func `an encrypted text is a value that a run reads and never prints`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home)
      let text = try await martlet.run("vault", "encrypt_string", "--vault-password-file", "pw", "--name", "word", "open barley")
      #expect(text.status == 0, "\(text.stderr)")
      #expect(text.stdout.hasPrefix("word: !vault |\n          $ANSIBLE_VAULT;1.1;AES256\n"))
      let indented = text.stdout.replacing("\n", with: "\n    ")
      try write("""
        - hosts: localhost
          gather_facts: false
          vars:
            \(indented)
          tasks:
            - debug: {msg: "it is {{ word }}"}
            - assert: {that: word == 'open barley'}
        """, to: "\(home)/site.yml")
      let run = try await martlet.run("run", "--vault-password-file", "pw", "site.yml")
      #expect(run.status == 0, "\(run.stdout)\(run.stderr)")
      #expect(!run.stdout.contains("barley"))
      let without = try await martlet.run("run", "site.yml")
      #expect(without.status == 2)
      #expect(without.stdout.contains("no vault password was given"))
    }
  }

  @Test func `nobody is asked where there is no terminal`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home)
      try write("x\n", to: "\(home)/a")
      let ending = try await martlet.run("vault", "encrypt", "a", deadlineSeconds: 20)
      #expect(ending.status == 1)
      #expect(!ending.isTimedOut)
      #expect(try String(contentsOfFile: "\(home)/a", encoding: .utf8) == "x\n")
    }
  }
}
