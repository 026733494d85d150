import CLibCrypto
import Glibc
import Model
import Templating

// Renders the workloads of a folder: nanoseconds of processor time per rendering, and a checksum of the output, as peer.py
// prints them. A second argument names the only workload to run.

func contents(_ path: String) -> String {
  guard let bytes = try? ControllerAccess.local.read(path) else { fatalError("can't read \(path)") }
  return String(decoding: bytes, as: UTF8.self)
}

func nanoseconds() -> Int {
  var clock = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &clock)
  return clock.tv_sec * 1_000_000_000 + clock.tv_nsec
}

func checksum(_ text: String) -> String {
  var digest = [UInt8](repeating: 0, count: 32)
  var length: UInt32 = 0
  let bytes = Array(text.utf8)
  EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
  return digest.prefix(6).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

func measure(_ name: String, _ render: () throws -> String) rethrows {
  if let only, only != name { return }
  let output = try render()
  var count = 0
  let start = nanoseconds()
  while nanoseconds() - start < 1_000_000_000 {
    _ = try render()
    count += 1
  }
  print(name, (nanoseconds() - start) / count, checksum(output))
}

let folder = CommandLine.arguments[1]
let only = CommandLine.arguments.dropFirst(2).first
let context = try Value(json: contents("\(folder)/context.json")).dict ?? [:]
var variables: [String: Variable] = [:]
for (name, value) in context { variables[name.string ?? ""] = .value(value) }
let scope = LayeredScope(variables)
let renderer = Renderer()

func span(_ path: String, _ text: String) -> SourceSpan {
  SourceSpan(file: SourceFile(path: path, text: text), line: 1, column: 1)
}

for name in ["configuration", "loop", "macros"] {
  let source = contents("\(folder)/\(name).j2")
  let template = try Template.compile(source, at: span(name, source), syntax: .file)
  try measure(name) { try renderer.text(of: template, in: scope).string ?? "" }
}
let lines = contents("\(folder)/expressions.txt").split(separator: "\n").map(String.init)
let expressions = try lines.map {
  SourceValue.template(try Template.compileExpression($0, at: span("expressions", $0)))
}
try measure("expressions") {
  try expressions.map { try renderer.value(of: $0, in: scope).pythonText }.joined(separator: "\n")
}
