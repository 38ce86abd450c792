#!/bin/bash
# Sign, pack, notarize and staple: make_dmg.sh APP DMG
# Identity and account come from the environment:
#   SPARKWIZARD_MACOS_IDENTITY         "Developer ID Application: …", in the keychain
#   SPARKWIZARD_NOTARY_KEY             path of the App Store Connect key (.p8)
#   SPARKWIZARD_NOTARY_KEY_ID, SPARKWIZARD_NOTARY_ISSUER
# Without an identity nothing is signed, and that is said: macOS then asks before it opens the
# program, and asks for the keychain again after each update.
set -euo pipefail

app=$1
dmg=$2
here=$(cd "$(dirname "$0")" && pwd)
identity=${SPARKWIZARD_MACOS_IDENTITY:-}
notary_key=${SPARKWIZARD_NOTARY_KEY:-}

loudly() { printf '\n*** %s ***\n\n' "$*" >&2; }

sign() { codesign --force --timestamp --options runtime --sign "$identity" "$@"; }

if [ -n "$identity" ]; then
    # from the inside out: a signature covers what it finds signed
    find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 |
        while IFS= read -r -d '' library; do sign "$library"; done
    sign --entitlements "$here/entitlements.plist" "$app"
    codesign --verify --deep --strict --verbose=2 "$app"
else
    loudly "NOT SIGNED: SPARKWIZARD_MACOS_IDENTITY is empty"
fi

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
rm -f "$dmg"
hdiutil create -quiet -volname SparkWizard -srcfolder "$stage" -format UDZO "$dmg"

if [ -n "$identity" ]; then
    sign "$dmg"
fi
if [ -n "$identity" ] && [ -n "$notary_key" ]; then
    xcrun notarytool submit "$dmg" --wait --key "$notary_key" \
        --key-id "${SPARKWIZARD_NOTARY_KEY_ID:?}" --issuer "${SPARKWIZARD_NOTARY_ISSUER:?}"
    xcrun stapler staple "$dmg"
    spctl --assess --type open --context context:primary-signature --verbose "$dmg"
else
    loudly "NOT NOTARIZED: SPARKWIZARD_MACOS_IDENTITY or SPARKWIZARD_NOTARY_KEY is empty"
fi
