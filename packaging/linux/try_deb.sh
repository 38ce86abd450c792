#!/bin/sh
# Install, run, update, verify and remove the .deb, as root: try_deb.sh FILE.deb
set -eu
deb=$(realpath "$1")
cd "$(dirname "$0")/../.."
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
export DEBIAN_FRONTEND=noninteractive

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

$as_root apt-get install -y -qq --no-install-recommends "$deb" >/dev/null
[ "$(cd / && env -i LC_ALL=C.UTF-8 /usr/bin/sparkwizard --version)" = \
    "sparkwizard $(dpkg-query --show --showformat='${Version}' sparkwizard | tr '~' ' ' | tr -d ' ')" ] ||
    fail "the installed program states another version than its package"
dpkg --verify sparkwizard || fail "installed files differ from the package's"
[ -z "$(find /usr/lib/sparkwizard ! -user root -o -perm /022 ! -type l)" ] ||
    fail "others than root may write to the installed program"
test -f /usr/share/applications/sparkwizard.desktop
test -f /usr/share/icons/hicolor/48x48/apps/sparkwizard.png
test -f /usr/share/bash-completion/completions/sparkwizard
test -f /usr/share/zsh/vendor-completions/_sparkwizard
test -f /usr/share/fish/vendor_completions.d/sparkwizard.fish
gzip -dc /usr/share/man/man1/sparkwizard.1.gz 2>/dev/null | grep -q '^\.TH SPARKWIZARD' ||
    grep -rqs '^path-exclude=/usr/share/man' /etc/dpkg/dpkg.cfg.d || fail "there is no manual page"
uv=$(command -v uv || echo "python3 -m uv")
$uv run packaging/verify_bundle.py --in-place /usr/lib/sparkwizard

# the same again is an update in place
$as_root apt-get install -y -qq --reinstall "$deb" >/dev/null
sparkwizard --version

$as_root apt-get purge -y -qq sparkwizard >/dev/null
for place in /usr/lib/sparkwizard /usr/bin/sparkwizard /usr/share/applications/sparkwizard.desktop \
    /usr/share/doc/sparkwizard; do
    if [ -e "$place" ] || [ -L "$place" ]; then fail "$place is still there"; fi
done
echo "The .deb installs, runs, updates and removes without a trace."
