/// What is done about each keyword of ssh_config(5).
enum SSHKeyword {
  enum Treatment: Sendable, Hashable {
    /// The settings have a field for it.
    case honoured
    /// It means nothing to a run without a terminal, or to a connection of ours.
    case harmless
    /// Only these values can be honoured: what they switch off isn't there.
    case only([String])
    /// Not a keyword that we know; a newer ssh may.
    case unknown
  }

  /// Older names of the same keyword.
  static func canonical(_ keyword: String) -> String { synonyms[keyword] ?? keyword }

  static func treatment(of keyword: String) -> Treatment {
    if honoured.contains(keyword) { return .honoured }
    if let values = values[keyword] { return .only(values) }
    return harmless.contains(keyword) ? .harmless : .unknown
  }

  /// Each further line adds a value, where other keywords keep their first.
  static let accumulating: Set<String> = [
    "identityfile", "certificatefile", "localforward", "remoteforward", "dynamicforward", "sendenv",
  ]

  /// Keywords whose value is the rest of the line.
  static let takesRest: Set<String> = [
    "proxycommand", "localcommand", "remotecommand", "knownhostscommand", "proxyjump",
  ]

  /// Keywords that take several words.
  static let takesMany: Set<String> = [
    "userknownhostsfile", "globalknownhostsfile", "sendenv", "setenv", "ipqos", "canonicaldomains",
    "canonicalizepermittedcnames", "localforward", "remoteforward", "permitremoteopen", "rekeylimit", "logverbose",
    "channeltimeout", "dynamicforward", "addkeystoagent",
  ]

  private static let synonyms = [
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "skeyauthentication": "kbdinteractiveauthentication", "tisauthentication": "kbdinteractiveauthentication",
    "dsaauthentication": "pubkeyauthentication", "identityfile2": "identityfile",
    "hostbasedkeytypes": "hostbasedacceptedalgorithms", "pubkeyacceptedkeytypes": "pubkeyacceptedalgorithms",
    "keepalive": "tcpkeepalive",
  ]

  private static let honoured: Set<String> = [
    "addressfamily", "bindaddress", "ciphers", "connectionattempts", "connecttimeout", "globalknownhostsfile",
    "gssapiauthentication", "hashknownhosts", "hostkeyalgorithms", "hostkeyalias", "hostname", "identitiesonly",
    "identityagent", "identityfile", "ignoreunknown", "kbdinteractiveauthentication", "kexalgorithms", "macs",
    "passwordauthentication", "port", "preferredauthentications", "proxyjump", "pubkeyacceptedalgorithms",
    "pubkeyauthentication", "serveralivecountmax", "serveraliveinterval", "stricthostkeychecking", "user",
    "userknownhostsfile",
  ]

  private static let values: [String: [String]] = [
    "bindinterface": [], "canonicalizehostname": ["no", "false", "none"], "certificatefile": ["none"],
    "channeltimeout": ["none"], "checkhostip": ["no", "false"], "forkafterauthentication": ["no", "false"],
    "forwardagent": ["no", "false"], "hostbasedauthentication": ["no", "false"], "knownhostscommand": ["none"],
    "nohostauthenticationforlocalhost": ["no", "false"], "permitlocalcommand": ["no", "false"],
    "pkcs11provider": ["none"], "proxycommand": ["none"], "refuseconnection": [], "remotecommand": ["none"],
    "remoteforward": [], "requiredrsasize": ["1024"], "revokedhostkeys": ["none"], "sessiontype": ["default"],
    "setenv": [], "stdinnull": ["no", "false"], "tunnel": ["no", "false"],
    "verifyhostkeydns": ["no", "false"], "versionaddendum": ["none"],
  ]

  private static let harmless: Set<String> = [
    "addkeystoagent", "batchmode", "canonicaldomains", "canonicalizefallbacklocal", "canonicalizemaxdots",
    "canonicalizepermittedcnames", "casignaturealgorithms", "clearallforwardings", "compression", "controlmaster",
    "controlpath", "controlpersist", "dynamicforward", "enableescapecommandline", "enablesshkeysign", "escapechar",
    "exitonforwardfailure", "fingerprinthash", "forwardx11", "forwardx11timeout", "forwardx11trusted", "gatewayports",
    "gssapiclientidentity", "gssapidelegatecredentials", "gssapikexalgorithms", "gssapikeyexchange",
    "gssapirenewalforcesrekey", "gssapiserveridentity", "gssapitrustdns", "hostbasedacceptedalgorithms", "ipqos",
    "kbdinteractivedevices", "localcommand", "localforward", "loglevel", "logverbose", "numberofpasswordprompts",
    "obscurekeystroketiming", "permitremoteopen", "proxyusefdpass", "rekeylimit", "requesttty",
    "securitykeyprovider", "sendenv", "streamlocalbindmask", "streamlocalbindunlink", "syslogfacility", "tag",
    "tcpkeepalive", "tunneldevice", "updatehostkeys", "visualhostkey", "warnweakcrypto", "xauthlocation",
    // Gone from OpenSSH, which passes over them.
    "afstokenpassing", "cipher", "compressionlevel", "fallbacktorsh", "globalknownhostsfile2", "kerberosauthentication",
    "kerberostgtpassing", "protocol", "rhostsauthentication", "rhostsrsaauthentication", "rsaauthentication",
    "useprivilegedport", "useroaming", "usersh", "userknownhostsfile2",
  ]
}
