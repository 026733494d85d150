import Testing
import Transport

/// A script that tries to break its shell, or the protocol around it, and what must come of it.
struct HostileCommand: Sendable, CustomTestStringConvertible {
  enum Expectation: Sendable {
    case exits(Int32)
    /// 128 + n; ksh93, whose subshells are no processes, says n or 1.
    case endsBySignal(Int32)
    case fails
    case ends
    case dies
    case timesOut
  }

  var name: String
  var script: String
  var expectation: Expectation
  /// Nil where shells may differ.
  var stdout: [UInt8]?
  var timeoutSeconds: Double?

  init(
    _ name: String, _ script: String, _ expectation: Expectation, stdout: String? = nil, timeoutSeconds: Double? = 20
  ) {
    self.name = name
    self.script = script
    self.expectation = expectation
    self.stdout = stdout.map { Array($0.utf8) }
    self.timeoutSeconds = timeoutSeconds
  }

  var testDescription: String { name }

  static let all: [HostileCommand] = [
    HostileCommand("exit", "echo a; exit 3; echo b", .exits(3), stdout: "a\n"),
    HostileCommand("exec true", "exec true", .exits(0), stdout: ""),
    HostileCommand("exec with a status", "exec sh -c 'exit 7'", .exits(7), stdout: ""),
    HostileCommand("kill -9 of the shell", "echo before; kill -9 $$; sleep 2", .dies, stdout: "before\n"),
    HostileCommand("TERM to the shell", "kill -TERM $$; echo still here", .ends),
    HostileCommand("TERM to the group", "kill -TERM 0; sleep 5; echo no", .endsBySignal(15), stdout: ""),
    HostileCommand("HUP to the group", "kill -HUP 0; sleep 5; echo no", .endsBySignal(1), stdout: ""),
    HostileCommand("reads stdin", "cat; echo end", .exits(0), stdout: "end\n"),
    HostileCommand("reads a line", "read line", .exits(1), stdout: ""),
    HostileCommand("unbalanced single quote", "echo 'abc", .fails),
    HostileCommand("unbalanced double quote", "echo \"abc", .fails),
    HostileCommand("syntax error", "echo a\nif then", .fails),
    HostileCommand("closing parenthesis", "echo a ) ; (", .fails),
    HostileCommand("unfinished here-document", "cat <<EOF\nabc", .ends, stdout: nil),
    HostileCommand("here-document", "cat <<'EOF'\na'b\\c $x\nEOF", .exits(0), stdout: "a'b\\c $x\n"),
    HostileCommand("traps", "trap '' TERM; trap 'echo bye' EXIT; echo hi", .exits(0), stdout: "hi\nbye\n"),
    HostileCommand("readonly", "readonly PATH=/nonexistent; readonly LEAK=1; :", .exits(0), stdout: ""),
    HostileCommand("no PATH", "unset PATH; PATH=; export PATH; echo ok", .exits(0), stdout: "ok\n"),
    HostileCommand(
      "leaks", "cd /; umask 000; LEAK=1; export LEAK; set -f; alias echo=false; echo() { :; }; unset HOME", .exits(0)),
    HostileCommand("set -e", "set -e; echo a; false; echo no", .exits(1), stdout: "a\n"),
    HostileCommand("set -u", "set -u; echo $NO_SUCH_VARIABLE; echo no", .fails, stdout: ""),
    HostileCommand("a child's segmentation fault", "sh -c 'kill -SEGV $$'", .exits(139), stdout: ""),
    HostileCommand("a background child holds the streams", "sleep 3 & echo hi", .exits(0), stdout: "hi\n"),
    HostileCommand("dies with a background child", "sleep 3 & echo hi; kill -9 $$; sleep 2", .dies, stdout: "hi\n"),
    HostileCommand("closes its streams", "exec >&- 2>&- <&-; true", .exits(0), stdout: ""),
    HostileCommand("prints what looks like a marker", "printf '\\03600112233445566778899aabbccddeeff 0\\n'", .exits(0),
      stdout: "\u{1E}00112233445566778899aabbccddeeff 0\n"),
    HostileCommand("no newline at the end", "printf abc; printf def >&2", .exits(0), stdout: "abc"),
    HostileCommand("trailing backslash", "echo a \\", .exits(0)),
    HostileCommand("trailing comment", "echo a # b", .exits(0), stdout: "a\n"),
    HostileCommand("empty", "", .exits(0), stdout: ""),
    HostileCommand("only blank lines", "\n\n", .exits(0), stdout: ""),
    HostileCommand("a megabyte of script", "x='\(String(repeating: "y", count: 1 << 20))'; echo ${#x}", .exits(0),
      stdout: "1048576\n", timeoutSeconds: 300),
    HostileCommand("endless loop", "while :; do :; done", .timesOut, timeoutSeconds: 0.3),
    HostileCommand("ignores TERM", "trap '' TERM INT HUP; sleep 30", .timesOut, stdout: "", timeoutSeconds: 0.3),
    HostileCommand("stops its shell", "kill -STOP $$; sleep 30", .timesOut, stdout: "", timeoutSeconds: 0.3),
    HostileCommand("sleeps too long", "echo a; sleep 30; echo no", .timesOut, stdout: "a\n", timeoutSeconds: 0.3),
  ]
}
