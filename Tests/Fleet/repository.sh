# shellcheck shell=bash
# The local apt repository of fleet hosts: small packages of our own, each in an older and a newer version.
#
#   martlet-demo 1.0, 1.1     a command that prints its version, and a configuration file that changes between the two
#   martlet-service 1.0, 1.1  a systemd service that is enabled and started on installation; reads /etc/martlet-service.conf
#   martlet-broken 1.0        its installation fails
#   martlet-needy 1.0         needs a package that there is not

build_repository() {
  local folder=$1 version
  for version in 1.0 1.1; do
    demo_package "$folder" "$version"
    service_package "$folder" "$version"
  done
  package "$folder" martlet-broken 1.0 '' 'echo "martlet-broken: this package never installs" >&2; exit 1'
  package "$folder" martlet-needy 1.0 'martlet-that-there-is-not'
  index "$folder"
}

# Arguments: folder name version depends post-installation-script; `$tmp/root`, if there, is its content.
package() {
  local folder=$1 name=$2 version=$3 depends=$4 script=${5:-}
  local root=$folder/.build
  mkdir -p "$root/DEBIAN"
  {
    printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: Martlet <martlet@localhost>\n' "$name" "$version"
    [ -z "$depends" ] || printf 'Depends: %s\n' "$depends"
    printf 'Description: %s, for tests\n' "$name"
  } >"$root/DEBIAN/control"
  if [ -n "$script" ]; then
    printf '#!/bin/sh\nset -e\n%s\n' "$script" >"$root/DEBIAN/postinst"
    chmod 755 "$root/DEBIAN/postinst"
  fi
  (cd "$root" && find etc -type f 2>/dev/null | sed 's|^|/|' >DEBIAN/conffiles) || true
  [ -s "$root/DEBIAN/conffiles" ] || rm -f "$root/DEBIAN/conffiles"
  dpkg-deb --root-owner-group --build "$root" "$folder/${name}_${version}_all.deb"
  rm -rf "$root"
}

demo_package() {
  local root=$1/.build
  mkdir -p "$root/usr/bin" "$root/etc"
  printf '#!/bin/sh\necho "martlet-demo %s"\n' "$2" >"$root/usr/bin/martlet-demo"
  chmod 755 "$root/usr/bin/martlet-demo"
  printf '# martlet-demo %s\ngreeting=hello\n' "$2" >"$root/etc/martlet-demo.conf"
  package "$1" martlet-demo "$2" ''
}

service_package() {
  local root=$1/.build
  mkdir -p "$root/lib/systemd/system" "$root/usr/lib/martlet-service" "$root/etc"
  printf 'interval=60\n' >"$root/etc/martlet-service.conf"
  cat >"$root/usr/lib/martlet-service/run" <<END
#!/bin/sh
# Writes what it read of its configuration when it started, then sleeps.
. /etc/martlet-service.conf
echo "martlet-service $2 interval=\$interval" >/run/martlet-service.status
exec sleep infinity
END
  chmod 755 "$root/usr/lib/martlet-service/run"
  cat >"$root/lib/systemd/system/martlet-service.service" <<'END'
[Unit]
Description=A service to test with

[Service]
ExecStart=/usr/lib/martlet-service/run
ExecReload=/bin/sh -c 'echo reloaded >>/run/martlet-service.status'

[Install]
WantedBy=multi-user.target
END
  package "$1" martlet-service "$2" '' \
    'if [ -d /run/systemd/system ]; then systemctl daemon-reload; systemctl enable martlet-service; systemctl restart martlet-service; fi'
}

index() {
  local deb
  (
    cd "$1" || exit 1
    for deb in *.deb; do
      dpkg-deb --field "$deb"
      printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
    done >Packages
  )
}
