import Transport

/// The sessions of a run: one per host and login.
actor Sessions {
  private let loops = EventLoops()
  private var local: (any HostSession)?

  func session(for settings: ConnectionSettings) throws(TransportError) -> any HostSession {
    guard settings.kind == .local else {
      throw TransportError(.connect, host: settings.host, "ssh connections are not supported yet")
    }
    if let local { return local }
    let made = LocalSession.make(loop: loops.next())
    local = made
    return made
  }

  func close(_ settings: ConnectionSettings) async {
    await local?.close()
    local = nil
  }

  func closeAll() async { await local?.close() }
}
