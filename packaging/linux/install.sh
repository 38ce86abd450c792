#!/bin/sh
# Install SparkWizard for this user, or for everybody with a prefix such as /usr/local.
#   ./install.sh [PREFIX]            install or update; PREFIX is ~/.local by default
#   ./install.sh --remove [PREFIX]   remove it again; setups and journal stay
set -eu

here=$(cd "$(dirname "$0")" && pwd)
remove=no
if [ "${1:-}" = "--remove" ]; then
    remove=yes
    shift
fi
prefix=${1:-"$HOME/.local"}

(cd "$here/share" && find . -type f) | while IFS= read -r file; do
    if [ "$remove" = yes ]; then
        rm -f "$prefix/share/$file"
    else
        mkdir -p "$prefix/share/$(dirname "$file")"
        cp "$here/share/$file" "$prefix/share/$file"
    fi
done

rm -rf "$prefix/lib/sparkwizard" "$prefix/bin/sparkwizard"
if [ "$remove" = yes ]; then
    echo "SparkWizard was removed from $prefix. Setups, journal and logs are still there."
    exit 0
fi
mkdir -p "$prefix/lib" "$prefix/bin"
cp -R "$here/sparkwizard" "$prefix/lib/sparkwizard"
ln -s ../lib/sparkwizard/sparkwizard "$prefix/bin/sparkwizard"
echo "SparkWizard is in $prefix/bin/sparkwizard."
