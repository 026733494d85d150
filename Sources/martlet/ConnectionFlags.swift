import Model
import Planning

extension RunFlags {
  /// Flags that bear on connections; passwords that are asked for come in later.
  var connectionVariables: ConnectionVariables.CommandLine {
    var given = ConnectionVariables.CommandLine()
    given.connection = connection
    given.remoteUser = user
    given.privateKeyFile = privateKey
    given.timeoutSeconds = timeout
    given.sshCommonArguments = sshCommonArgs
    given.sshExtraArguments = sshExtraArgs
    given.become = become ? true : nil
    given.becomeMethod = becomeMethod
    given.becomeUser = becomeUser
    return given
  }
}
