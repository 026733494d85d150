import Foundation
import Transport

/// What something took of this process's time and of the clock's.
struct Usage {
  let cpuSeconds: Double
  let wallSeconds: Double

  static func of(_ body: () async throws -> Void) async throws -> Usage {
    let (cpu, wall) = (processSeconds(), MonotonicTime.now)
    try await body()
    return Usage(cpuSeconds: processSeconds() - cpu, wallSeconds: MonotonicTime.now.seconds(since: wall))
  }

  private static func processSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(0), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
  }

  static func residentKilobytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ")
    return pages.count > 1 ? (Int(pages[1]) ?? 0) * 4 : 0
  }
}

func decimal(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

/// Cells right-aligned in columns.
func row(_ cells: [String], _ widths: [Int]) -> String {
  zip(cells, widths).map { cell, width in String(repeating: " ", count: max(0, width - cell.count)) + cell }
    .joined(separator: "  ")
}

/// A line at once, also where the output is a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
