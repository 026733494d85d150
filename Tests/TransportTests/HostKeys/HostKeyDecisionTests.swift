import Testing

@testable import Transport

@Suite struct HostKeyDecisionTests {
  let old = SSHPublicKey(line: testKeyLine(1))!
  let key = SSHPublicKey(line: testKeyLine(2))!
  let name = HostKeyName(host: "web1", port: 2222)

  private func decision(
    _ verdict: HostKeyVerdict, _ checking: StrictHostKeyChecking, canAsk: Bool = false
  ) -> HostKeyDecision {
    HostKeyDecision(verdict, on: key, of: name, checking: checking, canAsk: canAsk)
  }

  @Test(arguments: StrictHostKeyChecking.allCases) func `a known key is accepted`(checking: StrictHostKeyChecking) {
    let record = HostKeyRecord(marker: .none, key: key, path: "known", line: 1)
    #expect(decision(.known(record), checking) == .accept)
  }

  @Test func `an unknown key is filed, asked about, or refused`() throws {
    #expect(decision(.unknown, .no) == .record)
    #expect(decision(.unknown, .acceptNew, canAsk: true) == .record)
    #expect(decision(.unknown, .ask, canAsk: true).question?.contains(key.fingerprint) == true)
    for refused in [decision(.unknown, .yes, canAsk: true), decision(.unknown, .ask)] {
      let reason = try #require(refused.refusal)
      #expect(reason.contains("ED25519 \(key.fingerprint)") && reason.contains("[web1]:2222"))
    }
  }

  @Test(arguments: [StrictHostKeyChecking.yes, .ask, .acceptNew])
  func `a changed key is refused with both fingerprints and the command that removes the old one`(
    checking: StrictHostKeyChecking
  ) throws {
    let record = HostKeyRecord(marker: .none, key: old, path: "/root/.ssh/known_hosts", line: 7)
    let reason = try #require(decision(.changed(record), checking, canAsk: true).refusal)
    #expect(reason.contains(old.fingerprint) && reason.contains(key.fingerprint))
    #expect(reason.contains("/root/.ssh/known_hosts line 7"))
    #expect(reason.hasSuffix("ssh-keygen -f /root/.ssh/known_hosts -R '[web1]:2222'"))
  }

  @Test func `without checking a changed key gets no password`() throws {
    let record = HostKeyRecord(marker: .none, key: old, path: "known", line: 7)
    let warning = try #require(decision(.changed(record), .no).warning)
    #expect(warning.contains(old.fingerprint))
  }

  @Test(arguments: StrictHostKeyChecking.allCases)
  func `a revoked key is refused`(checking: StrictHostKeyChecking) throws {
    let record = HostKeyRecord(marker: .revoked, key: key, path: "known", line: 3)
    let reason = try #require(decision(.revoked(record), checking, canAsk: true).refusal)
    #expect(reason.contains("known line 3"))
  }

  @Test func `an answer is yes, no, the fingerprint, or asked again`() {
    #expect(HostKeyDecision.isConsent("Yes\n", for: key) == true)
    #expect(HostKeyDecision.isConsent(key.fingerprint, for: key) == true)
    #expect(HostKeyDecision.isConsent("no", for: key) == false)
    #expect(HostKeyDecision.isConsent(old.fingerprint, for: key) == nil)
    #expect(HostKeyDecision.isConsent("", for: key) == nil)
  }

  @Test func `a fingerprint is the one that ssh-keygen prints`() {
    let printed = ShellCommand.mustRun("echo '\(key.line)' | ssh-keygen -l -f -")
    #expect(printed.split(separator: " ")[1] == key.fingerprint)
  }
}

extension HostKeyDecision {
  fileprivate var refusal: String? { if case .refuse(let reason) = self { reason } else { nil } }
  fileprivate var question: String? { if case .ask(let question) = self { question } else { nil } }
  fileprivate var warning: String? { if case .acceptWithoutPasswords(let warning) = self { warning } else { nil } }
}
