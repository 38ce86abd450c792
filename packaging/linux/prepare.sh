#!/bin/sh
# Install what building and verifying the program needs on Debian and Ubuntu.
set -eu
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# binutils: strip, objcopy, readelf. The xcb libraries are taken into the bundle.
$as_root apt-get install -y -qq --no-install-recommends \
    binutils dpkg-dev libgl1 libegl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon0 \
    libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 \
    libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libwayland-client0 \
    libwayland-cursor0 xvfb xauth fonts-dejavu-core dbus gnome-keyring libsecret-tools >/dev/null
