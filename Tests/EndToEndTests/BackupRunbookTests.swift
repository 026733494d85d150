import Foundation
import Support
import Testing

/// Runbooks/backup.yml and restore-drill.yml with a live PostgreSQL. Needs Debian packages and minutes: `make drill-backup`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["MARTLET_DRILL"] != nil))
struct BackupRunbookTests {
  private let runbooks = "\(SourceTree.root)/Runbooks"
  /// 1024 in the make target.
  private let megabytes = ProcessInfo.processInfo.environment["MARTLET_DRILL_MEGABYTES"] ?? "64"

  @Test func `what was backed up restores byte for byte, and a corrupted repository is noticed`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    try await prepare(fleet)
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      let settings = "\(home)/backup.yml"
      try """
        backup_hosts: h1
        backup_repository: /var/restic
        backup_password: it's "a" secret
        backup_paths: [/etc, /srv/files]
        backup_databases: [postgresql]

        """.write(toFile: settings, atomically: true, encoding: .utf8)
      func run(_ runbook: String) async throws -> ChildProcess.Ending {
        try await martlet.run(
          "run", "-i", fleet.inventory, "\(runbooks)/\(runbook).yml", "-e", "@\(settings)", deadlineSeconds: 1200)
      }
      let backup = try await run("backup")
      #expect(backup.status == 0, "\(backup.stdout)\(backup.stderr)")
      let drill = try await run("restore-drill")
      #expect(drill.status == 0 && drill.stdout.contains("rows in restored databases: 50000"), "\(drill.stdout)\(drill.stderr)")
      print(drill.stdout.split(separator: "\n").first { $0.contains("files equal") } ?? "the drill said nothing")
      #expect(try await fleet.onHost("h1", "test -e /var/tmp/restore-drill").status != 0, "the scratch folder is gone")

      // One byte in the middle of the largest pack.
      let damage = "pack=$(find /var/restic/data -type f -printf '%s %p\\n' | sort -n | tail -n 1 | cut -d' ' -f2-); "
        + "chmod u+w $pack; printf '\\377\\000' | dd of=$pack bs=1 seek=$(($(stat -c %s $pack) / 2)) conv=notrunc status=none"
      #expect(try await fleet.onHost("h1", damage).status == 0)
      let damaged = try await run("restore-drill")
      #expect(damaged.status == 2, "\(damaged.stdout)")
      #expect((damaged.stdout + damaged.stderr).contains("restic failed with exit status 1"), "\(damaged.stdout)\(damaged.stderr)")
    }
  }

  private func prepare(_ fleet: TestFleet) async throws {
    let offered = try await fleet.script("offer", "h1", "postgresql", "restic", deadlineSeconds: 900)
    try #require(offered.status == 0, "\(offered.stderr)")
    let asPostgres = "setpriv --reuid=postgres --regid=postgres --init-groups"
    let text = """
      set -e
      DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql restic >/dev/null 2>&1
      mkdir -p /srv/files && head -c \(megabytes)M /dev/urandom | split -b 1M - /srv/files/part.
      printf x >'/srv/files/a b'; printf x >"/srv/files/-n'ü"
      cd / && \(asPostgres) createdb shop
      \(asPostgres) psql -q shop -c 'CREATE TABLE item AS SELECT g, md5(g::text) FROM generate_series(1, 50000) g'
      """
    let prepared = try await fleet.onHost("h1", text, deadlineSeconds: 900)
    try #require(prepared.status == 0, "\(prepared.stderr)")
  }
}
