import CLibPCRE2

/// A compiled PCRE2 pattern. Matching does not change it ("the compiled pattern can be used simultaneously in multiple
/// threads", pcre2api), so it may be shared: that is what makes `@unchecked Sendable` true.
final class RegexProgram: @unchecked Sendable {
  private let code: OpaquePointer
  let groupCount: Int
  let groupNames: [String: Int]

  init(_ pattern: String, _ flags: PythonRegex.Flags) throws(PythonRegexError) {
    var options = PCRE2_UTF | PCRE2_UCP | PCRE2_ALT_CIRCUMFLEX | PCRE2_NEVER_BACKSLASH_C
    if flags.contains(.ignoreCase) { options |= PCRE2_CASELESS }
    if flags.contains(.multiline) { options |= PCRE2_MULTILINE }
    if flags.contains(.dotAll) { options |= PCRE2_DOTALL }
    if flags.contains(.verbose) { options |= PCRE2_EXTENDED }
    let context = pcre2_compile_context_create_8(nil)
    defer { pcre2_compile_context_free_8(context) }
    pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
    var status: Int32 = 0
    var offset = 0
    let bytes = Array(pattern.utf8)
    guard let code = pcre2_compile_8(bytes, bytes.count, options, &status, &offset, context) else {
      throw PythonRegexError(message: "\(Self.message(status)) at position \(offset)")
    }
    self.code = code
    _ = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
    var count: UInt32 = 0
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
    groupCount = Int(count)
    groupNames = Self.names(of: code)
  }

  deinit { pcre2_code_free_8(code) }

  private static func names(of code: OpaquePointer) -> [String: Int] {
    var count: UInt32 = 0
    var size: UInt32 = 0
    var table: UnsafePointer<UInt8>?
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table else { return [:] }
    var names: [String: Int] = [:]
    for index in 0..<Int(count) {
      let entry = table + index * Int(size)
      names[String(cString: entry + 2)] = Int(entry[0]) << 8 | Int(entry[1])
    }
    return names
  }

  /// PCRE2's words for an error.
  private static func message(_ status: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(status, &buffer, buffer.count)
    return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(status)"
  }

  func match(
    _ subject: PythonRegex.Subject, from start: Int, options: UInt32
  ) throws(PythonRegexError) -> PythonRegex.Match? {
    let results = pcre2_match_data_create_from_pattern_8(code, nil)
    defer { pcre2_match_data_free_8(results) }
    let status = subject.bytes.withUnsafeBufferPointer { bytes in
      // The text comes from a Swift string, so it is known to be valid UTF-8.
      pcre2_match_8(
        code, bytes.baseAddress ?? Self.nothing, bytes.count, start, options | PCRE2_NO_UTF_CHECK, results, nil)
    }
    if status == PCRE2_ERROR_NOMATCH { return nil }
    guard status > 0, let vector = pcre2_get_ovector_pointer_8(results) else {
      throw PythonRegexError(message: "the search was given up: \(Self.message(status))")
    }
    let ranges = (0...groupCount).map { group -> Range<Int>? in
      let (from, to) = (vector[2 * group], vector[2 * group + 1])
      return group < Int(status) && from != ~0 && from <= to ? from..<to : nil
    }
    return PythonRegex.Match(subject: subject, ranges: ranges)
  }

  /// A place to point at for empty text.
  private nonisolated(unsafe) static let nothing = {
    let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
  }()
}
