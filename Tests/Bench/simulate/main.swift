import Execution
import Foundation
import Simulation

// `make simulate`: a run of many hosts and tasks with the scheduler alone. Prints seeds, memory and time, and fails where a
// rule was broken or a bound was not kept.

func number(_ name: String, _ fallback: Int) -> Int { ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? fallback }

func kilobytes(_ name: String) -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
  return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) } ?? 0
}

let hosts = number("HOSTS", 10_000), tasks = number("TASKS", 200)
let seed = UInt64(number("SEED", Int(UInt32.random(in: 0...UInt32.max))))
var isBroken = false
for (name, strategy, isGraph) in [
  ("linear", RunState.Strategy.linear, false), ("free", .free, false), ("linear, needs", .linear, true), ("free, needs", .free, true),
] {
  let before = kilobytes("VmRSS")
  var simulation = RunSimulation(.init(hosts: hosts, tasks: tasks, strategy: strategy, isGraph: isGraph, seed: seed))
  let began = clock()
  simulation.run()
  let seconds = Double(clock() - began) / Double(CLOCKS_PER_SEC)
  let microseconds = seconds * 1e6 / Double(max(1, simulation.stepCount))
  let perHost = Double(max(0, kilobytes("VmHWM") - before)) / Double(hosts)
  print(
    String(
      format: "%-14@ seed %llu: %d hosts x %d tasks, %d steps, %d hosts lost, %.0f s of virtual time; "
        + "%.2f us of processor per step, checks included; at most %.1f KB per host",
      name as NSString, seed, hosts, tasks, simulation.stepCount, simulation.failedHosts,
      Double(simulation.virtualMilliseconds) / 1000, microseconds, perHost))
  for violation in simulation.violations.prefix(10) { print("  broken: \(violation)") }
  isBroken = isBroken || !simulation.violations.isEmpty || microseconds > 20 || perHost > 64
}
exit(isBroken ? 1 : 0)
