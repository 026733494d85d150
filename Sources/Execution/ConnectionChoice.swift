import Actions
import Model
import Parsing
import Planning
import Templating
import Transport

/// Chooses how a step reaches its host and as whom it runs: variables over keywords over flags and settings.
package struct ConnectionChoice: Sendable {
  package var commandLine: ConnectionVariables.CommandLine
  package var settings: Settings
  /// Where host keys are kept, if not in OpenSSH's own files.
  package var knownHostsFiles: [String]?

  package init(commandLine: ConnectionVariables.CommandLine = .init(), settings: Settings = Settings()) {
    self.commandLine = commandLine
    self.settings = settings
  }

  /// `scope` is the delegate's where the task is delegated; its keywords are those of the task as its own host sees them.
  func choose(
    _ keywords: StepKeywords, scope: StepScope, isDelegated: Bool
  ) throws(ActionFailure) -> (ConnectionSettings, Become?) {
    let rendered = try rendering(try Self.rendered(keywords, isDelegated: isDelegated))
    let variables: ConnectionVariables
    do {
      variables = try ConnectionVariables(
        host: scope.host.name, variable: { try Self.value($0, keywords.renderer, scope) }, keywords: rendered,
        commandLine: commandLine, settings: settings)
    } catch let problem as ConnectionVariables.Problem {
      throw .message(problem.message)
    } catch let error as TemplateError {
      throw .template(error)
    } catch {
      preconditionFailure("connection variables threw \(error): this is a bug in Martlet")
    }
    return (connection(variables), variables.become.map(become))
  }

  private static func value(_ name: String, _ renderer: Renderer, _ scope: StepScope) throws -> Value? {
    switch scope.variable(named: name) {
    case nil, .mapping: nil
    case .value(let value): value
    case .source(let source): try renderer.value(of: source, in: scope)
    case .foreign(let source, let scope): try renderer.value(of: source, in: scope)
    case .unknown(let reason): throw TemplateError(.unknown, .error(reason, at: nil))
    case .locked(let reason): throw TemplateError(.runtime, .error(reason, at: nil))
    }
  }

  private static func rendered(
    _ keywords: StepKeywords, isDelegated: Bool
  ) throws(TemplateError) -> ConnectionVariables.Keywords {
    var rendered = ConnectionVariables.Keywords()
    if !isDelegated {
      rendered.connection = try keywords.text(\.connection)
      rendered.port = try keywords.number(\.port).map { Int($0) }
    }
    rendered.remoteUser = try keywords.text(\.remoteUser)
    rendered.become = try keywords.flag(\.become)
    rendered.becomeMethod = try keywords.text(\.becomeMethod)
    rendered.becomeUser = try keywords.text(\.becomeUser)
    rendered.becomeFlags = try keywords.text(\.becomeFlags)
    rendered.becomeExecutable = try keywords.text(\.becomeExe)
    return rendered
  }

  private func connection(_ variables: ConnectionVariables) -> ConnectionSettings {
    let kind: ConnectionSettings.Kind =
      switch variables.kind {
      case .ssh: .ssh
      case .sshBinary: .sshBinary
      case .local: .local
      }
    var settings = ConnectionSettings(kind: kind, host: variables.kind == .local ? "localhost" : variables.host)
    guard kind != .local else { return settings }
    settings.port = variables.port
    settings.user = variables.user
    settings.password = variables.password
    settings.privateKeyFile = variables.privateKeyFile
    settings.privateKeyPassphrase = variables.privateKeyPassphrase
    if !variables.checksHostKeys { settings.hostKeyChecking = .no }
    settings.knownHostsFiles = knownHostsFiles
    settings.connectTimeoutSeconds = variables.connectTimeoutSeconds.map(Double.init)
    settings.extraArguments = variables.arguments
    settings.sshExecutable = variables.sshExecutable
    return settings
  }

  private func become(_ become: ConnectionVariables.Become) -> Become {
    let method: Become.Method =
      switch become.method {
      case .sudo: .sudo
      case .su: .su
      case .doas: .doas
      }
    return Become(
      method: method, user: become.user, password: become.password, flags: become.flags, executable: become.executable)
  }
}
