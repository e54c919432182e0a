#!/usr/bin/env bash
# Verifies a released image: who signed it, how it was made, what is in it. Prints the digest to deploy as its last line.
#
#   deploy/verify-image.sh OWNER/REPO ledger-api|ledger-workers X.Y.Z
#
# Needs cosign 3, gh (signed in, or GH_TOKEN) and docker with buildx. Exit code 0: everything verified; else the first that did not.
set -euo pipefail

[ $# -eq 3 ] || { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
repository=$1 image=$2 version=$3
name="ghcr.io/${repository,,}/$image"
workflow="$repository/.github/workflows/release.yml"

digest=$(docker buildx imagetools inspect "$name:$version" --format '{{json .Manifest.Digest}}' | tr -d '"')
[[ "$digest" =~ ^sha256:[0-9a-f]{64}$ ]] || { echo "$name:$version has no digest: $digest" >&2; exit 1; }
reference="$name@$digest"

# A tag can be moved, a digest cannot: everything below is about the digest.
cosign verify "$reference" \
    --certificate-identity "https://github.com/$workflow@refs/tags/v$version" \
    --certificate-oidc-issuer https://token.actions.githubusercontent.com > /dev/null
gh attestation verify "oci://$reference" --repo "$repository" --signer-workflow "$workflow" --source-ref "refs/tags/v$version" \
    --predicate-type https://slsa.dev/provenance/v1
gh attestation verify "oci://$reference" --repo "$repository" --signer-workflow "$workflow" --source-ref "refs/tags/v$version" \
    --predicate-type https://spdx.dev/Document/v2.3
echo "$reference"
