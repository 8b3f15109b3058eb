#!/usr/bin/env bash
# Builds the real servers of the conformance tests into the folder given, once; says what it does, since it takes long.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=$1
[ -f "$target/complete" ] && exit 0
mkdir -p "$target"
log="$target.log"
: >"$log"
build() {
  echo "building $3 from source, kept in $target ..."
  (cd "$home/conformance/servers/$1" && GOTOOLCHAIN=local go build -buildvcs=false -trimpath -ldflags='-s -w' -o "$target/$2" "${@:4}" >>"$log" 2>&1)
}
build kubernetes etcd "etcd" go.etcd.io/etcd/server/v3
build kubernetes "" "kube-apiserver, kube-controller-manager and kubectl (minutes)" k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kubectl}
build kubernetes garden-apiserver "the garden's API server" ./garden
build istio "" "istiod (minutes)" istio.io/istio/pilot/cmd/pilot-discovery
build helm helm "helm (minutes)" helm.sh/helm/v4/cmd/helm
crds="$(cd "$home/conformance/servers/istio" && go list -m -f '{{.Dir}}' istio.io/istio)/manifests/charts/base/files/crd-all.gen.yaml"
install -m 0644 "$crds" "$target/istio-crds.yaml"
touch "$target/complete"
