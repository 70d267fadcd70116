{{/*
What is derived from the finished cloudcore.yaml and decides several objects.

  cloudcore.ports ROOT             list of {name, port, protocol, nodePort} that cloudcore opens
  cloudcore.iptables ROOT          who writes the iptables rules: internal, external or nobody
  cloudcore.mosquitto ROOT         "true" when the MQTT broker runs
  cloudcore.mosquittoConfig ROOT   its mosquitto.conf
  cloudcore.streamSecret ROOT      secret with the certificate of cloudStream, if there is one
  cloudcore.streams ROOT           the same, while cloudStream is on
  cloudcore.streamFiles ROOT       "true" when its certificate lies on the host
  cloudcore.admissionSecret ROOT   secret with the certificate of the admission webhook
  cloudcore.socketDirectory ROOT   directory of the unix socket
  cloudcore.securityContext ROOT   security context of the cloudcore container
  cloudcore.answers ROOT           probe handler: the certificate server answers
  cloudcore.mounts ROOT            volume mounts of the cloudcore container
  cloudcore.volumes ROOT           volumes of the cloudcore pods
  cloudcore.certificate root name of dnsNames ipAddresses
                                   spec of a cert-manager Certificate; `of` is the certManager section
*/}}

{{- define "cloudcore.ports" -}}
{{- $config := index .Values._site.configs "cloudcore.yaml" -}}
{{- $hub := $config.modules.cloudHub | default dict -}}
{{- $stream := $config.modules.cloudStream | default dict -}}
{{- $service := .Values.cloudCore.service -}}
{{- $ports := list -}}
{{- /* name, section, key of the port, its default, protocol, key of the node port, on by default */ -}}
{{- $open := ne (toString $hub.enable) "false" -}}
{{- range $row := list
  (list "cloudhub" $hub.websocket "port" 10000 "TCP" "cloudhubNodePort" $open)
  (list "cloudhub-quic" $hub.quic "port" 10001 "UDP" "cloudhubQuicNodePort" false)
  (list "cloudhub-https" $hub.https "port" 10002 "TCP" "cloudhubHttpsNodePort" $open)
  (list "cloudstream" $stream "streamPort" 10003 "TCP" "cloudstreamNodePort" false)
  (list "tunnelport" $stream "tunnelPort" 10004 "TCP" "tunnelNodePort" false)
  (list "router" $config.modules.router "port" 9443 "TCP" "routerNodePort" false) -}}
{{- $module := index $row 1 | default dict -}}
{{- $on := ternary (last $row) $module.enable (kindIs "invalid" $module.enable) -}}
{{- if and $on (or $open (not (hasPrefix "cloudhub" (first $row)))) -}}
{{- $port := int64 (get $module (index $row 2) | default (index $row 3)) -}}
{{- $nodePort := int64 (get $service (index $row 5)) -}}
{{- $ports = append $ports (dict "name" (first $row) "port" $port "protocol" (index $row 4) "nodePort" $nodePort) -}}
{{- end -}}
{{- end -}}
{{- $metrics := (($config.commonConfig).monitorServer).bindAddress | default "127.0.0.1:9091" -}}
{{- if not (hasPrefix "127." $metrics) -}}
{{- $port := splitList ":" $metrics | last | int64 -}}
{{- $ports = append $ports (dict "name" "metrics" "port" $port "protocol" "TCP" "nodePort" 0) -}}
{{- end -}}
{{- toYaml $ports -}}
{{- end -}}

{{- define "cloudcore.iptables" -}}
{{- /* Up to 1.8 cloudcore writes the rules unasked (kubeedge v1.8.2 cloud/cmd/cloudcore/app/server.go:85). */ -}}
{{- if ne (include "cloudcore.since" (list . "1.9")) "true" }}internal
{{- else if .Values.iptablesManager.enable }}{{ .Values.iptablesManager.mode }}
{{- else }}nobody{{ end -}}
{{- end -}}

{{- define "cloudcore.mosquitto" -}}
{{- $wanted := .Values.mosquitto.enable -}}
{{- /* keadm join runs a broker on the node by itself before. */ -}}
{{- if kindIs "invalid" $wanted }}{{ include "cloudcore.since" (list . "1.16") }}{{ else }}{{ $wanted }}{{ end -}}
{{- end -}}

{{- define "cloudcore.streamSecret" -}}
{{- $stream := .Values.cloudCore.streamCertificate -}}
{{- if $stream.certManager.enable }}cloudcore-stream{{ else }}{{ $stream.existingSecret | default "" }}{{ end -}}
{{- end -}}

{{- define "cloudcore.admissionSecret" -}}
{{- if .Values.admission.certManager.enable }}kubeedge-admission{{ else }}{{ .Values.admission.certsSecretName | default "" }}{{ end -}}
{{- end -}}

{{- define "cloudcore.socketDirectory" -}}
{{- $hub := (index .Values._site.configs "cloudcore.yaml").modules.cloudHub | default dict -}}
{{- ($hub.unixsocket).address | default "unix:///var/lib/kubeedge/kubeedge.sock" | trimPrefix "unix://" | dir -}}
{{- end -}}

{{- define "cloudcore.securityContext" -}}
{{- $user := deepCopy .Values.cloudCore.securityContext -}}
{{- $internal := eq (include "cloudcore.iptables" .) "internal" -}}
{{- $adds := ternary (list "NET_ADMIN" "NET_RAW") list $internal -}}
{{- range include "cloudcore.ports" . | fromYamlArray -}}
{{- if lt (int64 .port) 1024 }}{{ $adds = append $adds "NET_BIND_SERVICE" | uniq }}{{ end -}}
{{- end -}}
{{- $capabilities := dict "drop" (list "ALL") -}}
{{- if $adds }}{{ $_ := set $capabilities "add" $adds }}{{ end -}}
{{- /* iptables locks a file under /run; else cloudcore writes nothing but its socket. */ -}}
{{- $own := dict
  "allowPrivilegeEscalation" false
  "capabilities" $capabilities
  "readOnlyRootFilesystem" (not $internal)
  "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- if $user.privileged }}{{ $own = dict }}{{ end -}}
{{- toYaml (mergeOverwrite $own $user) -}}
{{- end -}}

{{- define "cloudcore.answers" -}}
{{- $hub := (index .Values._site.configs "cloudcore.yaml").modules.cloudHub | default dict -}}
{{- /* The server runs whatever https.enable says (kubeedge v1.23.1 cloud/pkg/cloudhub/cloudhub.go:125). */ -}}
{{- if ne (toString $hub.enable) "false" -}}
{{- $get := dict "path" "/ca.crt" "port" (int64 (($hub.https).port | default 10002)) "scheme" "HTTPS" -}}
{{- $address := ($hub.https).address | default "0.0.0.0" -}}
{{- if ne $address "0.0.0.0" }}{{ $_ := set $get "host" $address }}{{ end -}}
{{- toYaml (dict "httpGet" $get) -}}
{{- end -}}
{{- end -}}

{{- define "cloudcore.certificate" -}}
{{- $of := .of -}}
secretName: {{ .name }}
commonName: {{ first .dnsNames }}
dnsNames:
{{- toYaml .dnsNames | nindent 0 }}
{{- with .ipAddresses }}
ipAddresses:
{{- toYaml . | nindent 0 }}
{{- end }}
usages: [digital signature, key encipherment, server auth]
duration: {{ $of.duration }}
renewBefore: {{ $of.renewBefore }}
privateKey:
  algorithm: ECDSA
  size: 256
  rotationPolicy: Always
issuerRef:
  name: {{ $of.issuerRef.name | quote }}
  kind: {{ $of.issuerRef.kind }}
  group: {{ $of.issuerRef.group }}
{{- end -}}

{{- define "cloudcore.streams" -}}
{{- $config := index .Values._site.configs "cloudcore.yaml" -}}
{{- if $config.modules.cloudStream.enable }}{{ include "cloudcore.streamSecret" . }}{{ end -}}
{{- end -}}

{{- define "cloudcore.streamFiles" -}}
{{- $config := index .Values._site.configs "cloudcore.yaml" -}}
{{- if and $config.modules.cloudStream.enable .Values.cloudCore.streamCertificate.files.enable }}true{{ end -}}
{{- end -}}

{{- define "cloudcore.mounts" -}}
- name: config
  mountPath: /etc/kubeedge/config
  readOnly: true
- name: socket
  mountPath: {{ include "cloudcore.socketDirectory" . }}
{{- if include "cloudcore.streams" . }}
{{- range $path := list "ca/streamCA.crt" "certs/stream.crt" "certs/stream.key" }}
{{- /* One file each: a mounted directory would hide certificates that extraVolumes may bring. */}}
- name: stream-certificate
  mountPath: /etc/kubeedge/{{ $path }}
  subPath: {{ base $path }}
  readOnly: true
{{- end }}
{{- end }}
{{- if include "cloudcore.streamFiles" . }}
- {name: stream-ca, mountPath: /etc/kubeedge/ca/streamCA.crt, readOnly: true}
- {name: stream-cert, mountPath: /etc/kubeedge/certs/stream.crt, readOnly: true}
- {name: stream-key, mountPath: /etc/kubeedge/certs/stream.key, readOnly: true}
{{- end }}
{{- with .Values.cloudCore.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "cloudcore.volumes" -}}
{{- $hub := (index .Values._site.configs "cloudcore.yaml").modules.cloudHub | default dict -}}
- name: config
  configMap:
    name: cloudcore
- name: socket
  {{- /* A CSI driver on the host talks to cloudcore through it; off, cloudcore still makes the directory. */}}
  {{- if eq (toString ($hub.unixsocket).enable) "false" }}
  emptyDir: {}
  {{- else }}
  hostPath:
    path: {{ include "cloudcore.socketDirectory" . }}
    type: DirectoryOrCreate
  {{- end }}
{{- with include "cloudcore.streams" . }}
{{- $names := $.Values.cloudCore.streamCertificate.secretKeys }}
{{- if $.Values.cloudCore.streamCertificate.certManager.enable }}
{{- $names = dict "ca" "ca.crt" "cert" "tls.crt" "key" "tls.key" }}
{{- end }}
- name: stream-certificate
  secret:
    secretName: {{ . | quote }}
    items:
    - {key: {{ $names.ca | quote }}, path: streamCA.crt}
    - {key: {{ $names.cert | quote }}, path: stream.crt}
    - {key: {{ $names.key | quote }}, path: stream.key}
{{- end }}
{{- if include "cloudcore.streamFiles" . }}
{{- range $name := list "ca" "cert" "key" }}
- name: stream-{{ $name }}
  hostPath:
    path: {{ index $.Values.cloudCore.streamCertificate.files $name | quote }}
    type: File
{{- end }}
{{- end }}
{{- with .Values.cloudCore.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "cloudcore.mosquittoConfig" -}}
# edgecore's eventBus connects from the same node; on every interface anybody could.
listener 1883 {{ .Values.mosquitto.address }}
allow_anonymous true
persistence true
persistence_location /mosquitto/data/
log_dest stdout
{{- with .Values.mosquitto.extraConfig }}
{{ trim . }}
{{- end }}
{{- end -}}
