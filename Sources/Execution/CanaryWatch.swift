import Model
import Parsing
import Planning
import Templating

/// What stands between two batches of a play: a pause, then conditions that must come to hold before the next batch starts.
struct CanaryWatch: Sendable {
  private let canary: Canary
  private let pauseSeconds: Double
  private let timeoutSeconds: Double
  private let delaySeconds: Double
  private let environment: RunEnvironment
  private let scope: any VariableScope

  enum Verdict: Sendable, Equatable {
    case healthy
    case interrupted
    case unhealthy(String)
  }

  /// Conditions see the first host of the batch that is done: its variables, facts and registered results, and lookups made anew each time.
  init(_ canary: Canary, play: PlayVariables, host: HostRecord, environment: RunEnvironment) throws(TemplateError) {
    self.canary = canary
    self.environment = environment
    let scope = StepScope(run: environment.variables, play: play, host: host)
    self.scope = scope
    func seconds(_ source: SourceValue?, _ standard: Double) throws(TemplateError) -> Double {
      guard let source, let number = try environment.renderer.value(of: source, in: scope).asNumber else { return standard }
      return max(0, number)
    }
    pauseSeconds = try seconds(canary.pauseSeconds, 0)
    timeoutSeconds = try seconds(canary.timeoutSeconds, 300)
    delaySeconds = max(0.1, try seconds(canary.delaySeconds, 5))
  }

  var words: String {
    let pause = pauseSeconds > 0 ? "\(pauseSeconds.shown) s" : nil
    let until = canary.until.isEmpty ? nil : "until \(canary.until.map(\.text).joined(separator: " and "))"
    return [pause, until].compactMap(\.self).joined(separator: ", then ")
  }

  /// Returns when the conditions hold, when they did not in time, or soon after `isStopping` says so.
  func wait(while isGoing: @Sendable () async -> Bool) async -> Verdict {
    let clock = ContinuousClock()
    guard await sleep(pauseSeconds, while: isGoing) else { return .interrupted }
    let end = clock.now + .seconds(timeoutSeconds)
    while true {
      let missing = failing()
      guard let missing else { return .healthy }
      if clock.now >= end { return .unhealthy("\(missing) within \(timeoutSeconds.shown) s") }
      guard await sleep(min(delaySeconds, max(0.1, (end - clock.now) / .seconds(1))), while: isGoing) else { return .interrupted }
    }
  }

  /// What does not hold, in words; a condition that can't be evaluated does not hold.
  private func failing() -> String? {
    for condition in canary.until {
      do throws(TemplateError) {
        if try !environment.renderer.isTrue(condition.source, at: condition.span, in: scope) { return "'\(condition.text)' did not hold" }
      } catch {
        return "'\(condition.text)' could not be evaluated (\(error.message))"
      }
    }
    return nil
  }
}

/// False, and early, where the run is being stopped.
func sleep(_ seconds: Double, while isGoing: @Sendable () async -> Bool) async -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < end {
    guard await isGoing() else { return false }
    try? await Task.sleep(for: min(.milliseconds(200), end - ContinuousClock.now))
  }
  return await isGoing()
}

extension Double {
  /// Without a fraction where there is none.
  fileprivate var shown: String { self == rounded() && magnitude < 1e15 ? String(Int(self)) : String(self) }
}
