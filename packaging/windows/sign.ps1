# Sign one file (Authenticode, with a time stamp). Inno Setup calls it for the setup and the
# uninstaller, the build for the two programs. The certificate's thumbprint comes from
# SPARKWIZARD_WINDOWS_THUMBPRINT; without one nothing is signed, and that is said.
param([Parameter(Mandatory = $true)][string]$File)
$ErrorActionPreference = 'Stop'

$thumbprint = $env:SPARKWIZARD_WINDOWS_THUMBPRINT
if (-not $thumbprint) {
    Write-Warning "*** NOT SIGNED: SPARKWIZARD_WINDOWS_THUMBPRINT is empty: $File ***"
    exit 0
}
$stamp = $env:SPARKWIZARD_TIMESTAMP_URL
if (-not $stamp) { $stamp = 'http://timestamp.digicert.com' }

& signtool sign /sha1 $thumbprint /fd SHA256 /tr $stamp /td SHA256 $File
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
& signtool verify /pa $File
exit $LASTEXITCODE
