import Model

/// A variable or an element of one that is rendered when somebody reads it, once.
final class LazyObject {
  private enum State {
    case pending(Variable)
    case busy
    case ready(Object)
  }

  private let name: String?
  private let evaluation: Evaluation
  private var state: State

  init(_ variable: Variable, named name: String?, in evaluation: Evaluation) {
    state = .pending(variable)
    self.name = name
    self.evaluation = evaluation
  }

  /// Renders it; what fails because something in it is undefined counts as undefined itself.
  func force() throws -> Object {
    switch state {
    case .ready(let object): return object
    case .busy: throw Failure.recursion(name)
    case .pending(let variable):
      state = .busy
      do {
        let object = try evaluation.render(variable)
        state = .ready(object)
        return object
      } catch let failure as Failure where failure.kind == .undefined {
        let object = Object.undefined(Undefined(name: name ?? "", failure: failure))
        state = .ready(object)
        return object
      } catch {
        state = .pending(variable)
        throw error
      }
    }
  }
}
