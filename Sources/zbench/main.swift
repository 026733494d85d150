import Model
import YAML
import Foundation
let path = CommandLine.arguments[1]
let text = try String(contentsOfFile: path, encoding: .utf8)
for _ in 0..<3 {
  let t0 = DispatchTime.now().uptimeNanoseconds
  var d = Diagnostics()
  let n = YAMLDocuments.parseSingle(SourceFile(path: path, text: text), into: &d)
  let t1 = DispatchTime.now().uptimeNanoseconds
  let v = n?.value()
  let t2 = DispatchTime.now().uptimeNanoseconds
  let mb = Double(text.utf8.count) / 1e6
  print(mb, "MB parse", mb / (Double(t1 - t0) / 1e9), "MB/s; value", Double(t2 - t1) / 1e6, "ms", v?.dict?.count ?? -1, d.all.count)
}
