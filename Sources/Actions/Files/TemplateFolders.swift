import Model
import Templating

/// Where a template's `include`, `import` and `extends` look: `templates/` and itself of each folder of the task, then the
/// template's own folder.
struct TemplateFolders: TemplateSource {
  let step: ActionStep
  /// The template that is rendered.
  let main: String
  let syntax: TemplateSyntax

  func template(named name: String, from path: String) throws(TemplateError) -> Template? {
    // As in Jinja, a name can't climb out of the folders.
    guard !name.split(separator: "/").contains("..") else { return nil }
    for folder in folders {
      let path = "\(folder)/\(name)"
      guard step.files.isFile(path) else { continue }
      let span = SourceSpan(file: SourceFile(path: path, text: ""), line: 1, column: 1)
      let bytes: [UInt8]
      do throws(ActionFailure) { bytes = try step.files.read(path) } catch {
        throw TemplateError(.syntax, .error("cannot read \(path)", at: span))
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw TemplateError(.syntax, .error("template \(path) is not valid UTF-8", at: span))
      }
      return try Template.compile(
        text, at: SourceSpan(file: SourceFile(path: path, text: text), line: 1, column: 1), syntax: syntax)
    }
    return nil
  }

  private var folders: [String] {
    let places = step.files.directories + [main.directoryPart]
    var seen = Set<String>()
    return places.flatMap { ["\($0)/templates", $0] }.filter { seen.insert($0).inserted }
  }
}
