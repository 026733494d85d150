import Reporting

/// What the command line says beside its output. Where nobody listens any more, it is lost, and nothing else is.
enum StandardError {
  private static let sink = DescriptorSink()

  static func write(_ text: String) { sink.write(text, to: .standardError) }
}
