{{/*
The pod of `helm test`.

  cloudcore.testHost ROOT     address of cloudcore for the pod: the Service, else the first address that
                              edge nodes use, else empty
  cloudcore.testScript ROOT   its script
*/}}

{{- define "cloudcore.testHost" -}}
{{- $hub := (index .Values._site.configs "cloudcore.yaml").modules.cloudHub | default dict -}}
{{- $service := and .Values.cloudCore.service.enable .Values._site.ports -}}
{{- $address := .Values.cloudCore.loadBalancerAddress | default (first (append ($hub.advertiseAddress | default list) "")) -}}
{{- if $service }}cloudcore.{{ .Release.Namespace }}.svc
{{- else if contains ":" $address }}[{{ $address }}]
{{- else }}{{ $address }}{{ end -}}
{{- end -}}

{{- define "cloudcore.testScript" -}}
{{- $host := include "cloudcore.testHost" . -}}
{{- $hub := (index .Values._site.configs "cloudcore.yaml").modules.cloudHub | default dict -}}
failed=0
# Check that a server accepts connections at port $2; $1 is its name. The server may request a certificate.
listens() {
  curl --silent --insecure --max-time 10 --output /dev/null {{ printf "https://%s:" $host | squote }}"$2/"
  case $? in
  6 | 7 | 28) echo "not healthy: nothing answers at {{ $host }}:$2 ($1)"; return 1 ;;
  esac
  echo "healthy: $1 listens at {{ $host }}:$2"
}
# Run a command up to six times, with pauses of 5 s.
retry() {
  for try in 1 2 3 4 5; do
    "$@" && return 0
    sleep 5
  done
  "$@" || failed=1
}
{{- if ne (toString $hub.enable) "false" }}
{{- $url := printf "https://%s:%d/ca.crt" $host (int64 (($hub.https).port | default 10002)) }}
# Edge nodes get the CA here when they join. The server has a certificate that cloudcore has signed.
certificates() {
  code=$(curl --silent --show-error --insecure --max-time 10 --output /dev/null --write-out '%{http_code} %{size_download}' {{ squote $url }})
  case $code in
  "200 0" | [!2]* | "") echo "not healthy: {{ $url }} answers $code (HTTP status, bytes)"; return 1 ;;
  esac
  echo "healthy: {{ $url }} answers with the CA"
}
retry certificates
{{- end }}
{{- range .Values._site.ports }}
{{- if eq .name "cloudstream" }}
retry listens "the stream of kubectl logs and exec" {{ .port }}
{{- else if eq .name "tunnelport" }}
retry listens "the tunnel of edge nodes" {{ .port }}
{{- end }}
{{- end }}
if [ "$failed" = 1 ]; then
  echo "Check that the cloudcore pod is ready (kubectl --namespace {{ .Release.Namespace }} logs deployment/cloudcore) and that no NetworkPolicy blocks this pod."
fi
exit "$failed"
{{- end -}}
