import Model

/// One run per host at a time: a lease that a run's first shell on a host takes as it starts, and that lives as long as that
/// shell does. Whoever dies, dies with the lease: nobody has to clean up, and no dead run blocks anybody.
///
/// It is a link in /tmp whose target says whose it is: making one is atomic, any user may, and reading it needs no file to be
/// complete. Numbers grow: the highest counts, so that nobody needs to remove what another user left. Taking it costs no
/// round trip, since it is part of the shell's greeting.
package struct HostLease: Sendable, Hashable {
  /// The run as others are told of it.
  package var run: String
  /// Whose it is: the user and the controller.
  package var owner: String
  /// Tells this process from an earlier one of the same run.
  package var sitting: String
  /// How long to wait for another run to end.
  package var waitSeconds: Double
  /// Takes the lease though another run holds it.
  package var steals: Bool
  /// Where any user may make a link.
  var folder = "/tmp"

  package init(run: String, owner: String, sitting: String, waitSeconds: Double, steals: Bool) {
    self.run = Self.word(run)
    self.owner = Self.word(owner)
    self.sitting = Self.word(sitting)
    self.waitSeconds = waitSeconds
    self.steals = steals
  }

  /// What can stand between the colons of a link's target, and in a script without quotes.
  private static func word(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { allowed.contains($0) ? $0 : "_" }))
  }

  private static let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@".unicodeScalars)
}

extension HostLease {
  /// Shell text for a shell that has just started: takes the lease, or prints who holds it behind a word that only we know.
  func script(_ token: FrameToken) -> String {
    """
    read -r _martlet_b </proc/sys/kernel/random/boot_id
    _martlet_start() { read -r _martlet_t 2>/dev/null <"/proc/$1/stat" || return 1; set -- ${_martlet_t##*) }; shift 19; _martlet_t=$1; }
    _martlet_n=0
    for _martlet_f in \(folder)/.martlet-lease.*; do
    _martlet_f=${_martlet_f##*.}
    case $_martlet_f in *[!0-9]*|'') continue;; esac
    [ "$_martlet_f" -gt "$_martlet_n" ] && _martlet_n=$_martlet_f
    done
    _martlet_h=
    [ "$_martlet_n" -gt 0 ] && _martlet_h=$(readlink "\(folder)/.martlet-lease.$_martlet_n")
    _martlet_held() {
    _martlet_i=$IFS; IFS=:; set -- $_martlet_h; IFS=$_martlet_i
    [ $# -eq 5 ] && [ "$5" = "$_martlet_b" ] && _martlet_s=$2 && _martlet_a=$4 && _martlet_start "$3" && [ "$_martlet_t" = "$_martlet_a" ]
    }
    if _martlet_held && { [ "$_martlet_s" = '\(sitting)' ] || [ -z '\(steals ? "1" : "")' ]; }; then
    [ "$_martlet_s" = '\(sitting)' ] || echo "\(Self.mark)\(token) $_martlet_h"
    else
    _martlet_start $$
    _martlet_f="\(folder)/.martlet-lease.$((_martlet_n+1))"
    _martlet_take() { ln -s "\(run),\(owner):\(sitting):$$:$_martlet_t:$_martlet_b" "$_martlet_f"; }
    if _martlet_take 2>/dev/null || { ! _martlet_h=$(readlink "$_martlet_f" 2>/dev/null) && _martlet_e=$(_martlet_take 2>&1); }; then
    trap "rm -f $_martlet_f" EXIT
    [ "$_martlet_n" -gt 0 ] && rm -f "\(folder)/.martlet-lease.$_martlet_n" 2>/dev/null
    else echo "\(Self.mark)\(token) ${_martlet_h:-\(Self.nobody) $_martlet_e}"; fi
    fi
    unset _martlet_b _martlet_e _martlet_n _martlet_f _martlet_h _martlet_i _martlet_s _martlet_a _martlet_t

    """
  }

  private static let mark = "martlet-lease-"

  /// What a user can do who is refused.
  static let advice = "--wait waits for it, --steal goes ahead"

  /// Stands for the holder where there is none, before the reason why no link can be made.
  private static let nobody = "-"

  enum Answer: Equatable {
    case ours
    /// Another run holds it; or nobody knows who.
    case refused(String)
    /// The host can't hold a lease, as where /tmp is full or read-only; work there must go on all the same.
    case impossible(String)
  }

  /// What came of it, as the script said.
  func answer(in said: [UInt8], _ token: FrameToken) -> Answer {
    let start = "\(Self.mark)\(token) "
    guard let line = String(decoding: said, as: UTF8.self).split(separator: "\n").first(where: { $0.hasPrefix(start) }) else {
      return .ours
    }
    let answer = line.dropFirst(start.count)
    if answer.hasPrefix("\(Self.nobody) ") {
      return .impossible("no lease is held, so another run there would not be noticed: \(answer.dropFirst(2))")
    }
    let parts = answer.split(separator: ":", omittingEmptySubsequences: false)
    let who = parts.first.map { $0.split(separator: ",") } ?? []
    guard parts.count >= 3, who.count == 2 else { return .refused("the host is in use by another run, which has just taken it") }
    return .refused("the host is in use by run \(who[0]) of \(who[1]) (process \(parts[2]) there)")
  }
}
