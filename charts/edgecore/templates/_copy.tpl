{{/*
The DaemonSet that copies the endpoint's certificate to edge nodes (KubeEdge 1.12 to 1.16).

  edgecore.certificateFiles ROOT "true" if the release reads the certificate of the endpoint from files
  edgecore.copies ROOT          "true" if a DaemonSet copies the certificate
  edgecore.copiesOnly ROOT      "true" if it does nothing else; otherwise the rollout copies it too
  edgecore.copyName ROOT        name of its DaemonSet
  edgecore.copyFiles ROOT       path on the node by name in the Secret, as YAML
  edgecore.copySecret ROOT      volume source with the files of the certificate
  edgecore.copyScript ROOT      script of the container
  edgecore.endpointSecret ROOT  Secret with the certificate of the endpoint, if there is one
*/}}

{{- define "edgecore.certificateFiles" -}}
{{- $minor := .Values._site.kubeedge | trimPrefix "1." | int -}}
{{- if and (ge $minor 12) (le $minor 16) }}true{{ end -}}
{{- end -}}

{{- define "edgecore.copies" -}}
{{- if and (include "edgecore.certificateFiles" .) .Values.certificateCopy.enable }}true{{ end -}}
{{- end -}}

{{- define "edgecore.copiesOnly" -}}
{{- $rollout := .Values.edgeCore.rollout.enable -}}
{{- $restart := ternary $rollout .Values.certificateCopy.restart (kindIs "invalid" .Values.certificateCopy.restart) -}}
{{- if and (include "edgecore.copies" .) (not (and $rollout $restart)) }}true{{ end -}}
{{- end -}}

{{- define "edgecore.copyName" -}}
{{- /* A label of its pods contains the name and a hash; a label has at most 63 characters. */ -}}
{{- printf "%s-certs" (include "edgecore.fullname" . | trunc 44 | trimSuffix "-") -}}
{{- end -}}

{{- define "edgecore.copyFiles" -}}
{{- $endpoint := .Values.metaServer -}}
{{- toYaml (dict "rootCA.crt" $endpoint.caFile "server.crt" $endpoint.certFile "server.key" $endpoint.keyFile) -}}
{{- end -}}

{{- define "edgecore.copySecret" -}}
{{- $names := dict "rootCA.crt" "rootCA.crt" "server.crt" "server.crt" "server.key" "server.key" -}}
{{- if .Values.metaServer.serverCertificate.certManager.enable -}}
{{- $names = dict "rootCA.crt" "ca.crt" "server.crt" "tls.crt" "server.key" "tls.key" -}}
{{- end -}}
secret:
  secretName: {{ include "edgecore.endpointSecret" . | quote }}
  defaultMode: 256
  items:
  {{- range $file, $key := $names }}
  - key: {{ $key }}
    path: {{ $file }}
  {{- end }}
{{- end -}}

{{- define "edgecore.copyScript" -}}
{{- $files := include "edgecore.copyFiles" . | fromYaml -}}
set -eu
umask 077
trap 'exit 0' TERM INT
while true; do
  # The kubelet replaces the target of this link when the Secret changes, so all files are of one version.
  from=$(readlink -f /certificates/..data)
  if {{ range $name, $path := $files }}! cmp -s "$from/{{ $name }}" "/node{{ $path }}" || {{ end }}false; then
    # First copy all three files, then rename them.
    {{- range $name, $path := $files }}
    cp "$from/{{ $name }}" "/node{{ $path }}.new"
    chmod 0600 "/node{{ $path }}.new"
    {{- end }}
    {{- range $name, $path := $files }}
    mv "/node{{ $path }}.new" "/node{{ $path }}"
    {{- end }}
    echo "the certificate of the endpoint has changed on this node; restart edgecore to use it: systemctl restart edgecore"
  fi
  sleep {{ int64 (.Values.certificateCopy.interval | default 60) }} &
  wait $!
done
{{- end -}}

{{- define "edgecore.endpointSecret" -}}
{{- $server := .Values.metaServer.serverCertificate -}}
{{- if $server.certManager.enable }}{{ include "edgecore.fullname" . }}-endpoint{{ else }}{{ $server.existingSecret }}{{ end -}}
{{- end -}}
