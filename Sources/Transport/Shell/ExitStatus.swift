/// A shell's `$?` as 0…255. ksh93 says 256 + n for a signal and yash 384 + n, where the others say 128 + n.
func normalisedExitStatus(_ status: Int) -> Int32 {
  switch status {
  case 385...: Int32(truncatingIfNeeded: status - 256) & 0xFF
  case 257..<385: Int32(truncatingIfNeeded: status - 128) & 0xFF
  default: Int32(truncatingIfNeeded: status) & 0xFF
  }
}
