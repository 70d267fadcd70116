{{/*
  edgemesh.pod ROOT, component, values, suffix, file, nodeSelector, affinity
                                          pod template of agent, cloud agent and gateway
  edgemesh.podMetadata (the same)         its labels and annotations
  edgemesh.volumes (the same)             its volumes
  edgemesh.mounts (the same)              the mounts of its container
`suffix` names the objects that belong to it (agent, gateway), `file` its finished config.
*/}}

{{- define "edgemesh.pod" -}}
{{- $root := .root -}}{{- $values := .values -}}
{{- $image := dict "root" $root "image" $values.image "repository" (printf "kubeedge/edgemesh-%s" .suffix) -}}
metadata:
  {{- include "edgemesh.podMetadata" . | nindent 2 }}
spec:
  serviceAccountName: {{ include "edgemesh.account" . | quote }}
  {{- /* The endpoint knows the program by this token. */}}
  automountServiceAccountToken: true
  hostNetwork: {{ ternary $values.hostNetwork true (hasKey $values "hostNetwork") }}
  {{- with $values.dnsPolicy }}
  dnsPolicy: {{ . }}
  {{- end }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  {{- if not (kindIs "invalid" $values.terminationGracePeriodSeconds) }}
  terminationGracePeriodSeconds: {{ int64 $values.terminationGracePeriodSeconds }}
  {{- end }}
  {{- with $values.podSecurityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with include "edgemesh.pullSecrets" $image }}
  imagePullSecrets:
    {{- . | nindent 4 }}
  {{- end }}
  {{- with .nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .affinity }}
  affinity:
    {{- . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
  - name: {{ printf "edgemesh-%s" .suffix }}
    image: {{ include "edgemesh.image" $image | quote }}
    imagePullPolicy: {{ include "edgemesh.pullPolicy" $image }}
    {{- with $values.securityContext }}
    securityContext:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    env:
    - name: NODE_NAME
      valueFrom:
        fieldRef:
          fieldPath: spec.nodeName
    - name: NAMESPACE
      valueFrom:
        fieldRef:
          fieldPath: metadata.namespace
    {{- with $values.extraEnv }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- range $key := list "resources" "livenessProbe" "readinessProbe" }}
    {{- with index $values $key }}
    {{ $key }}:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- end }}
    volumeMounts:
    {{- include "edgemesh.mounts" . | nindent 4 }}
  volumes:
  {{- include "edgemesh.volumes" . | nindent 2 }}
{{- end -}}

{{- define "edgemesh.podMetadata" -}}
labels:
  {{- include "edgemesh.podLabels" . | nindent 2 }}
annotations:
  {{- with .values.podAnnotations }}
  {{- toYaml (omit . "checksum/config" "checksum/psk") | nindent 2 }}
  {{- end }}
  checksum/config: {{ include "edgemesh.checksum" . }}
  {{- $psk := .values.psk | default .root.Values.agent.psk }}
  {{- if and $psk (not .values.pskSecret) (include "edgemesh.pskSecret" .) }}
  {{- /* The network's key is the sha256 of the PSK itself (edgemesh v1.17 pkg/tunnel/util.go), which
         must not stand here; with other text before it the hash gives nothing away. */}}
  checksum/psk: {{ printf "psk of release %s in %s: %s." .root.Release.Name .root.Release.Namespace (trim $psk) | sha256sum }}
  {{- end }}
{{- end -}}

{{- define "edgemesh.mounts" -}}
- name: conf
  mountPath: /etc/edgemesh/config
  readOnly: true
{{- if include "edgemesh.pskSecret" . }}
- name: psk
  mountPath: {{ include "edgemesh.pskPath" . | dir | quote }}
  readOnly: true
{{- end }}
{{- if include "edgemesh.certificates" . }}
- name: metaserver-certs
  mountPath: /etc/edgemesh/metaserver
  readOnly: true
{{- end }}
- name: host-time
  mountPath: /etc/localtime
  readOnly: true
{{- if eq .suffix "agent" }}
{{- /* The DNS module reads the host's name servers here, and puts its own first. */}}
- name: resolv
  mountPath: /etc/resolv.conf
{{- end }}
{{- with .values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "edgemesh.volumes" -}}
- name: conf
  configMap:
    name: {{ include "edgemesh.name" (dict "root" .root "suffix" (printf "%s-cfg" (trimSuffix ".yaml" .file | trimPrefix "edgemesh-"))) }}
{{- with include "edgemesh.pskSecret" . }}
- name: psk
  secret:
    secretName: {{ . | quote }}
    defaultMode: 256
    items:
    - key: psk
      path: {{ include "edgemesh.pskPath" $ | base | quote }}
{{- end }}
{{- with include "edgemesh.certificates" . }}
- name: metaserver-certs
  secret:
    secretName: {{ . | quote }}
    defaultMode: 256
    {{- if and $.root.Values.metaServer.clientCertificate.certManager.enable (eq . (toString $.root.Values.agent.metaServerSecret)) }}
    {{- /* cert-manager names them in its own way. */}}
    items:
    - {key: ca.crt, path: rootCA.crt}
    - {key: tls.crt, path: server.crt}
    - {key: tls.key, path: server.key}
    {{- end }}
{{- end }}
- name: host-time
  hostPath:
    path: /etc/localtime
{{- if eq .suffix "agent" }}
- name: resolv
  hostPath:
    path: /etc/resolv.conf
    type: File
{{- end }}
{{- with .values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}
