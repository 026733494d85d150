/// How records that nobody else may read are sealed: the key is the command line's to find.
package struct RecordSeal: Sendable {
  package var seal: @Sendable ([UInt8]) -> [UInt8]
  /// Nil where it was sealed with another key, or changed since.
  package var open: @Sendable ([UInt8]) -> [UInt8]?

  package init(seal: @escaping @Sendable ([UInt8]) -> [UInt8], open: @escaping @Sendable ([UInt8]) -> [UInt8]?) {
    self.seal = seal
    self.open = open
  }
}
