{{/*
The copy of the endpoint's certificate on edge nodes (KubeEdge 1.12 to 1.16).

  edgecore.certificateFiles ROOT "true" if the release reads the certificate of the endpoint from files
  edgecore.copies ROOT          "true" if the copy runs
  edgecore.copyName ROOT        name of its DaemonSet
  edgecore.copyFiles ROOT       path on the node by name in the Secret, as YAML
  edgecore.copyScript ROOT      what the container does
  edgecore.endpointSecret ROOT  Secret with the certificate of the endpoint, if there is one
*/}}

{{- define "edgecore.certificateFiles" -}}
{{- $minor := .Values._site.kubeedge | trimPrefix "1." | int -}}
{{- if and (ge $minor 12) (le $minor 16) }}true{{ end -}}
{{- end -}}


{{- define "edgecore.copies" -}}
{{- if and (include "edgecore.certificateFiles" .) .Values.certificateCopy.enable }}true{{ end -}}
{{- end -}}

{{- define "edgecore.copyName" -}}
{{- /* Its pods carry the name and a hash in a label, which holds 63 characters. */ -}}
{{- printf "%s-certs" (include "edgecore.fullname" . | trunc 44 | trimSuffix "-") -}}
{{- end -}}

{{- define "edgecore.copyFiles" -}}
{{- $endpoint := .Values.metaServer -}}
{{- toYaml (dict "rootCA.crt" $endpoint.caFile "server.crt" $endpoint.certFile "server.key" $endpoint.keyFile) -}}
{{- end -}}

{{- define "edgecore.copyScript" -}}
{{- $files := include "edgecore.copyFiles" . | fromYaml -}}
set -eu
umask 077
trap 'exit 0' TERM INT
while true; do
  # A renewed secret is swapped in whole behind this link: what is read here belongs together.
  from=$(readlink -f /certificates/..data)
  if {{ range $name, $path := $files }}! cmp -s "$from/{{ $name }}" "/node{{ $path }}" || {{ end }}false; then
    # All three lie beside their places before the first takes its own.
    {{- range $name, $path := $files }}
    cp "$from/{{ $name }}" "/node{{ $path }}.new"
    chmod 0600 "/node{{ $path }}.new"
    {{- end }}
    {{- range $name, $path := $files }}
    mv "/node{{ $path }}.new" "/node{{ $path }}"
    {{- end }}
    echo "the certificate of the endpoint is new on this node; edgecore reads it at start: systemctl restart edgecore"
  fi
  sleep {{ int64 (.Values.certificateCopy.interval | default 60) }} &
  wait $!
done
{{- end -}}

{{- define "edgecore.endpointSecret" -}}
{{- $server := .Values.metaServer.serverCertificate -}}
{{- if $server.certManager.enable }}{{ include "edgecore.fullname" . }}-endpoint{{ else }}{{ $server.existingSecret }}{{ end -}}
{{- end -}}
