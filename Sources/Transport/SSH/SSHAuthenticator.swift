import CLibSSH2
import Glibc
import Model

/// Logs in: keys in their order, then keyboard-interactive, then the password, as OpenSSH does.
struct SSHAuthenticator {
  let connection: SSHConnection
  let target: ResolvedSSHSettings
  let keys: [SSHLoginKey]
  /// A changed host key that is tolerated (`StrictHostKeyChecking no`) must not see a password.
  let mayUsePasswords: Bool
  let threads: BlockingThreads
  let deadline: MonotonicTime
  /// Keys that could not be read, for the message when none logs in.
  let keyTroubles: [String]

  nonisolated(nonsending) func logIn() async throws(TransportError) {
    var tried: [String] = []
    do throws(TransportError) {
      try await logIn(&tried)
    } catch {
      throw withContext(error, tried)
    }
  }

  private nonisolated(nonsending) func logIn(_ tried: inout [String]) async throws(TransportError) {
    for key in target.authenticationMethods.contains(.publicKey) ? keys : [] {
      for algorithm in algorithms(of: key) {
        if try await tryKey(key, algorithm, &tried) { return }
      }
    }
    let methods = try await offeredMethods()
    if libssh2_userauth_authenticated(connection.session) == 1 { return }
    if let password = target.password?.revealed.string ?? target.password?.revealed.int.map(String.init) {
      guard mayUsePasswords else {
        throw failure("the host key has changed, so the password was not sent", tried, methods)
      }
      for method in target.authenticationMethods where methods.contains(method.rawValue) {
        switch method {
        case .publicKey: continue
        case .keyboardInteractive: if try await tryKeyboardInteractive(password) { return }
        case .password: if try await tryPassword(password) { return }
        }
        tried.append(method.rawValue)
      }
    }
    throw failure("permission denied", tried, methods)
  }

  private func algorithms(of key: SSHLoginKey) -> [SSHSignatureAlgorithm] {
    guard let wanted = target.publicKeyAlgorithms else { return key.algorithms }
    return wanted.choosing(from: key.algorithms.map(\.rawValue)).compactMap(SSHSignatureAlgorithm.init(rawValue:))
  }

  private nonisolated(nonsending) func tryKey(
    _ key: SSHLoginKey, _ algorithm: SSHSignatureAlgorithm, _ tried: inout [String]
  ) async throws(TransportError) -> Bool {
    let request = SSHSignatureRequest(key, algorithm, connection: connection, threads: threads)
    let context = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: 1)
    context.initialize(to: Unmanaged.passUnretained(request).toOpaque())
    defer {
      context.deallocate()
      withExtendedLifetime(request) {}
    }
    let blob = key.publicKey.blob(named: algorithm)
    let session = connection.session
    do {
      _ = try await connection.drive(.authenticate, until: deadline) {
        Int(libssh2_userauth_publickey(session, target.user, blob, blob.count, Self.signCallback, context))
      }
      return true
    } catch where isRefusal(error) {
      tried.append("\(key.label) (\(algorithm.rawValue)\(request.failure.map { ": \($0)" } ?? ""))")
      return false
    }
  }

  private nonisolated(nonsending) func tryPassword(_ password: String) async throws(TransportError) -> Bool {
    let session = connection.session
    let (user, word) = (Array(target.user.utf8CString), Array(password.utf8CString))
    do {
      _ = try await connection.drive(.authenticate, until: deadline) {
        Int(
          libssh2_userauth_password_ex(
            session, user, UInt32(user.count - 1), word, UInt32(word.count - 1), nil))
      }
      return true
    } catch where error.code == LIBSSH2_ERROR_PASSWORD_EXPIRED {
      throw TransportError(.authenticate, host: target.originalHost, "the password of \(target.user) has expired", code: error.code)
    } catch where isRefusal(error) {
      return false
    }
  }

  private nonisolated(nonsending) func tryKeyboardInteractive(_ password: String) async throws(TransportError) -> Bool {
    let session = connection.session
    let user = Array(target.user.utf8CString)
    connection.wire.hiddenAnswer = Array(password.utf8)
    defer { connection.wire.hiddenAnswer = nil }
    do {
      _ = try await connection.drive(.authenticate, until: deadline) {
        Int(
          libssh2_userauth_keyboard_interactive_ex(session, user, UInt32(user.count - 1), Self.interactiveCallback))
      }
      return true
    } catch where isRefusal(error) {
      return false
    }
  }

  /// Asks what the server takes; where it takes "none", we are in.
  private nonisolated(nonsending) func offeredMethods() async throws(TransportError) -> [String] {
    let session = connection.session
    let user = Array(target.user.utf8CString)
    var list: UnsafeMutablePointer<CChar>?
    _ = try await connection.drive(.authenticate, until: deadline) {
      list = libssh2_userauth_list(session, user, UInt32(user.count - 1))
      if list != nil || libssh2_userauth_authenticated(session) == 1 { return 0 }
      return Int(libssh2_session_last_errno(session))
    }
    return list.map { String(cString: $0).split(separator: ",").map(String.init) } ?? []
  }

  private func isRefusal(_ error: TransportError) -> Bool {
    // libssh2 also says so of a connection that is closed instead of an answer.
    connection.wire.sourceFailure == nil
      && [LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED].contains(error.code ?? 0)
  }

  private func failure(_ what: String, _ tried: [String], _ methods: [String]) -> TransportError {
    let attempts = tried.isEmpty ? "there was nothing to try" : "tried \(tried.joined(separator: ", "))"
    let offers = methods.isEmpty ? "" : "; the server takes \(methods.joined(separator: ", "))"
    let troubles = keyTroubles.isEmpty ? "" : "; " + keyTroubles.joined(separator: "; ")
    return TransportError(
      .authenticate, host: target.originalHost, "\(what) for \(target.user): \(attempts)\(offers)\(troubles)",
      code: LIBSSH2_ERROR_AUTHENTICATION_FAILED)
  }

  private func withContext(_ error: TransportError, _ tried: [String]) -> TransportError {
    guard let code = error.code, LibSSH2.isDisconnect(code) || connection.wire.sourceFailure != nil else { return error }
    let context =
      tried.count > 1
      ? " after \(tried.count) keys were refused; name the right one and set IdentitiesOnly"
      : " while \(target.user) logged in; its log says why: an account that has expired or is locked, PAM, its limits?"
    return TransportError(.authenticate, host: error.host, error.reason + context, code: code)
  }

  // MARK: - libssh2's callbacks

  private static let signCallback:
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, UnsafeMutablePointer<Int>?,
      UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> Int32 = { _, signature, length, content, count, context in
      guard let request = context?.pointee, let content else { return -1 }
      let answer = Unmanaged<SSHSignatureRequest>.fromOpaque(request)._withUnsafeGuaranteedRef { request in
        (request.signature(of: Array(UnsafeBufferPointer(start: content, count: count))), request.isPending)
      }
      // libssh2 repeats the call after EAGAIN with the same content.
      if answer.1 { return LIBSSH2_ERROR_EAGAIN }
      guard let bytes = answer.0, let copy = malloc(bytes.count) else { return -1 }
      bytes.withUnsafeBytes { copy.copyMemory(from: $0.baseAddress!, byteCount: bytes.count) }
      signature?.pointee = copy.assumingMemoryBound(to: UInt8.self)
      length?.pointee = bytes.count
      return 0
    }

  /// Answers prompts that hide what is typed; others (a token's number, a question) stay empty and so are refused.
  private static let interactiveCallback:
    @convention(c) (
      UnsafePointer<CChar>?, Int32, UnsafePointer<CChar>?, Int32, Int32,
      UnsafePointer<LIBSSH2_USERAUTH_KBDINT_PROMPT>?, UnsafeMutablePointer<LIBSSH2_USERAUTH_KBDINT_RESPONSE>?,
      UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> Void = { _, _, _, _, count, prompts, responses, abstract in
      guard let wire = abstract?.pointee, let prompts, let responses else { return }
      let answer = Unmanaged<SSHWire>.fromOpaque(wire)._withUnsafeGuaranteedRef { $0.hiddenAnswer } ?? []
      for index in 0..<Int(count) {
        let text = prompts[index].echo == 0 ? answer : []
        guard let copy = malloc(max(1, text.count)) else { return }
        text.withUnsafeBytes { if let start = $0.baseAddress { copy.copyMemory(from: start, byteCount: text.count) } }
        responses[index].text = copy.assumingMemoryBound(to: CChar.self)
        responses[index].length = UInt32(text.count)
      }
    }
}
