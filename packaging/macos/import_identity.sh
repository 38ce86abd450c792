#!/bin/bash
# Put the signing identity of the environment into a keychain of its own, and the notary's key
# where make_dmg.sh finds it. For machines of a build service only.
set -euo pipefail

folder=${RUNNER_TEMP:?}
keychain=$folder/signing.keychain-db
once=$(uuidgen)

printf %s "${CERTIFICATE:?}" | base64 --decode >"$folder/signing.p12"
security create-keychain -p "$once" "$keychain"
security set-keychain-settings -lut 3600 "$keychain"
security unlock-keychain -p "$once" "$keychain"
security import "$folder/signing.p12" -P "${PASSWORD:?}" -f pkcs12 -k "$keychain" -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -k "$once" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
rm "$folder/signing.p12"

if [ -n "${NOTARY_KEY:-}" ]; then
    printf %s "$NOTARY_KEY" >"$folder/notary.p8"
    echo "SPARKWIZARD_NOTARY_KEY=$folder/notary.p8" >>"${GITHUB_ENV:?}"
fi
