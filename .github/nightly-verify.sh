#!/usr/bin/env bash
# The whole way once, on this machine: start the DevHost, append, wait for the anchor, then verify with ledger-verify and cosign, rebuild
# the log, sweep the transparency log, refuse a changed payload, and ask the doctor. Exit code 0: all of it did as it should.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
dotnet build -v q --nologo Ledger.DevHost
dotnet build -v q --nologo Ledger.Verify
dotnet run --no-build --project Ledger.DevHost -- --state "$work/state" > "$work/devhost.log" 2>&1 &
devhost=$!
end() {
    code=$?
    kill -TERM "$devhost" 2> /dev/null || true
    wait "$devhost" 2> /dev/null || true
    [ "$code" -eq 0 ] || tail -n 50 "$work"/devhost.log "$work"/state/logs/* >&2
    rm -rf "$work"
    exit "$code"
}
trap end EXIT

for _ in $(seq 300); do [ -f "$work/state/env" ] && break; kill -0 "$devhost"; sleep 1; done
# shellcheck source=/dev/null
. "$work/state/env"
verify() { dotnet run --no-build --project Ledger.Verify -- "$@"; }
ask() { curl -sSf -H "Authorization: Bearer $LEDGER_TOKEN" "$@"; }

printf 'Hello World' > "$work/hello.txt"
ask -X POST "$LEDGER_API/append" -H 'Content-Type: application/json' -o "$work/R.json" \
    -d "{\"subject\":\"nightly\",\"payload\":\"$(base64 -w0 "$work/hello.txt")\",\"meta\":{}}"
verify receipt "$work/R.json" --trust "$LEDGER_TRUST"
id=$(sed 's/.*"id":"\([^"]*\)".*/\1/' "$work/R.json")

anchored=
for _ in $(seq 60); do
    ask "$LEDGER_API/entries/$id/bundle" -o "$work/b.json" \
        && verify "$work/b.json" --artifact "$work/hello.txt" --trust "$LEDGER_TRUST" > "$work/verdict" && anchored=yes && break
    sleep 1
done
cat "$work/verdict"
[ "$anchored" = yes ] || { echo "the entry is not anchored after a minute" >&2; exit 1; }

printf 'Hello world' > "$work/other.txt"
if verify "$work/b.json" --artifact "$work/other.txt" --trust "$LEDGER_TRUST" > "$work/refused"; then
    echo "a changed payload was believed" >&2
    exit 1
fi
grep -q '^payload-digest fail artifact-mismatch$' "$work/refused"

size=$(ask "$LEDGER_API/anchors?kind=checkpoint&limit=1" | sed 's/.*"size":\([0-9]*\).*/\1/')
ask "$LEDGER_API/checkpoints/$size/body" -o "$work/body.txt"
ask "$LEDGER_API/checkpoints/$size/anchor.sigstore.json" -o "$work/anchor.sigstore.json"
cosign verify-blob --key "$LEDGER_ANCHOR_PUB" --bundle "$work/anchor.sigstore.json" --trusted-root "$TRUSTED_ROOT" "$work/body.txt"

verify fsck "$LEDGER_API/log/demo" --trust "$LEDGER_TRUST"
verify anchors "$LEDGER_API/log/demo" --trust "$LEDGER_TRUST" --rekor "$REKOR_URL" --rekor-version 1
dotnet run --no-build --project Ledger.Workers -- doctor
