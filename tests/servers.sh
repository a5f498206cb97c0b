#!/bin/sh
# Installs the real servers that the tests use: with apt where root or sudo allows, else it names what is missing.
set -u
missing=
need() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || missing="$missing $2"; }
need mosquitto mosquitto
need mosquitto_passwd mosquitto
need influxd influxdb
need victoria-metrics victoria-metrics
need gpsd gpsd
need gpsfake gpsd-clients
need chromium chromium
need openssl openssl
need docker-compose docker-compose
need caddy caddy
[ -z "$missing" ] && exit 0
missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')

as_root=
if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root=none; fi
fi
if [ "$as_root" != none ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing for the tests: $missing"
    $as_root apt-get update -qq
    # Only the programs are wanted: a policy of 101 keeps the packages from starting services of their own.
    policy=/usr/sbin/policy-rc.d
    [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null; $as_root chmod +x $policy; ours=yes; }
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    status=$?
    [ "${ours:-}" = yes ] && $as_root rm -f $policy
    [ $status = 0 ] && exit 0
fi
echo "MISSING for the tests: $missing" >&2
echo "install them (Debian: apt-get install $missing); until then the tests that need them cannot run" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
