{{/*
The copy of the endpoint's certificate on edge nodes (KubeEdge 1.12 to 1.16).

  edgecore.copies ROOT          "true" when the copy runs
  edgecore.copyName ROOT        name of its DaemonSet
  edgecore.copySelector ROOT    labels that select its pods; they never change
  edgecore.copyLabels ROOT, labels
                                labels of the DaemonSet and its pods
  edgecore.copyImage ROOT       image reference
  edgecore.copyPullSecrets ROOT image pull secrets, as a list
  edgecore.copyFiles ROOT       path on the node by name in the secret, as YAML
  edgecore.copyScript ROOT      what the container does
  edgecore.copyPod ROOT         its pod's spec without containers and volumes
  edgecore.copyVolumes root directories
                                its volumes: the secret, and the directories on the node
  edgecore.endpointSecret ROOT  secret with the certificate of the endpoint, if there is one
*/}}

{{- define "edgecore.copies" -}}
{{- $files := and (semverCompare ">=1.12.0" (printf "%s.0" .Values._site.kubeedge)) (semverCompare "<1.17.0" (printf "%s.0" .Values._site.kubeedge)) -}}
{{- if and $files .Values.certificateCopy.enable }}true{{ end -}}
{{- end -}}

{{- define "edgecore.copyName" -}}
{{- /* Its pods carry the name and a hash in a label, which holds 63 characters. */ -}}
{{- printf "%s-certs" (include "edgecore.fullname" . | trunc 44 | trimSuffix "-") -}}
{{- end -}}

{{- define "edgecore.copySelector" -}}
k8s-app: kubeedge
kubeedge: certificate-copy
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "edgecore.copyLabels" -}}
{{- $fixed := include "edgecore.labels" .root | fromYaml -}}
{{- $_ := set $fixed "app.kubernetes.io/component" "certificate-copy" -}}
{{- $_ := mergeOverwrite $fixed (include "edgecore.copySelector" .root | fromYaml) -}}
{{- toYaml (mergeOverwrite (deepCopy (.labels | default dict)) $fixed) -}}
{{- end -}}

{{- define "edgecore.copyImage" -}}
{{- $image := .Values.certificateCopy.image -}}
{{- $name := $image.repository | default "busybox" -}}
{{- $name = ternary (printf "%s@%s" $name $image.digest) (printf "%s:%s" $name ($image.tag | default "1.37.0")) (not (empty $image.digest)) -}}
{{- list (trimSuffix "/" (.Values.images.registry | default "")) $name | compact | join "/" -}}
{{- end -}}

{{- define "edgecore.copyPullSecrets" -}}
{{- $secrets := list -}}
{{- range concat (.Values.images.pullSecrets | default list) (.Values.certificateCopy.image.pullSecrets | default list) -}}
{{- $secrets = append $secrets (dict "name" (ternary (get (ternary . dict (kindIs "map" .)) "name") . (kindIs "map" .))) -}}
{{- end -}}
{{- with uniq $secrets }}{{ toYaml . }}{{ end -}}
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

{{- define "edgecore.copyPod" -}}
{{- $copy := .Values.certificateCopy -}}
automountServiceAccountToken: false
{{- /* It needs no network; an edge node without a CNI runs it too. */}}
hostNetwork: true
{{- range $key := list "affinity" "tolerations" "nodeSelector" }}
{{- with index $copy $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with $copy.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- if not (kindIs "invalid" $copy.terminationGracePeriodSeconds) }}
terminationGracePeriodSeconds: {{ int64 $copy.terminationGracePeriodSeconds }}
{{- end }}
{{- with $copy.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "edgecore.copyPullSecrets" . }}
imagePullSecrets:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "edgecore.copyVolumes" -}}
{{- $keys := dict "rootCA.crt" "rootCA.crt" "server.crt" "server.crt" "server.key" "server.key" -}}
{{- if .root.Values.metaServer.serverCertificate.certManager.enable -}}
{{- $keys = dict "rootCA.crt" "ca.crt" "server.crt" "tls.crt" "server.key" "tls.key" -}}
{{- end -}}
- name: certificates
  secret:
    secretName: {{ include "edgecore.endpointSecret" .root | quote }}
    defaultMode: 256
    items:
    {{- range $path, $key := $keys }}
    - {key: {{ $key }}, path: {{ $path }}}
    {{- end }}
{{- range $number, $directory := .directories }}
- name: node-{{ $number }}
  hostPath:
    path: {{ $directory | quote }}
    type: DirectoryOrCreate
{{- end }}
{{- with .root.Values.certificateCopy.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "edgecore.endpointSecret" -}}
{{- $server := .Values.metaServer.serverCertificate -}}
{{- if $server.certManager.enable }}{{ include "edgecore.fullname" . }}-endpoint{{ else }}{{ $server.existingSecret }}{{ end -}}
{{- end -}}
